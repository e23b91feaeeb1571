"""Steps that several journeys share: a demand is posted and published, agencies sign up and offer, an award stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from commons.instants import format_instant
from tests.journeys.people import Agency, House, done, wait_until
from tests.usecases.market import instant_terms, nonce, sealed_terms
from tests.web_api.browser import Browser
from tests.web_api.caller import demand, shelf_offer

SIGN_UP_S, CLOSE_S = 5.0, 5.4
"""Seconds from the posting until sign-up and offers close: enough for all of them to act."""
DAYS = 25
"""Days that are offered; a day of the demonstration is a second."""


@dataclass(frozen=True)
class Opened:
    """A demand that is published."""

    demand: str
    selection: str
    closes_at: str | None
    posted: Mapping[str, Any]


def clocks(sign_up_s: float = SIGN_UP_S, close_s: float = CLOSE_S) -> dict[str, str]:
    """Ends of sign-up and offers, from now."""
    at = datetime.now(UTC)
    ends = {"sign_up_closes_at": sign_up_s, "closes_at": close_s}
    return {name: format_instant(at + timedelta(seconds=after)) for name, after in ends.items()}


def wanted(house: House, terms: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A demand of this journey's owner."""
    terms = terms or sealed_terms()
    ends = clocks() if terms["mode"] == "comprehensive" else {}
    given = {"owner_code": house.owner_code, "nonce": nonce("owner", house.number), "recusals": [], **ends, **changes}
    return demand(terms, **given)


async def publish(house: House, poster: Browser, terms: dict[str, Any] | None = None, **changes: Any) -> Opened:
    """Post and publish a demand."""
    body = wanted(house, terms, **changes)
    posted = await done(poster, "/demands", body)
    published = await done(poster, f"/demands/{posted['demand']}/publication")
    return Opened(posted["demand"], published["selection"], body.get("closes_at"), posted)


async def sign_up(selection: str, one: Agency) -> None:
    """Sign an agency up."""
    await done(one.browser, f"/selections/{selection}/sign-ups", {"agency": one.uscc, "commitment_signed": True})


async def offer(selection: str, one: Agency, price_fen: int) -> None:
    """Place an agency's offer."""
    body = {"agency": one.uscc, "price_fen": price_fen, "days": DAYS, "nonce": nonce(one.uscc)}
    await done(one.browser, f"/selections/{selection}/offers", body)


async def compete(opened: Opened, agencies: Sequence[Agency], prices: Sequence[int]) -> None:
    """Everybody signs up and offers; then the offers close."""
    for one in agencies:
        await sign_up(opened.selection, one)
    for one, price in zip(agencies, prices, strict=True):
        await offer(opened.selection, one, price)
    await wait_until(opened.closes_at)


async def confirm(opened: Opened, one: Agency) -> dict[str, Any]:
    """The agency takes the work."""
    return await done(one.browser, f"/selections/{opened.selection}/award-confirmations", {"agency": one.uscc})


async def proposed(house: House, opened: Opened) -> str | None:
    """Who is proposed now, as the result's page tells anybody."""
    winner = (await house.read(f"/awards/{opened.demand}"))["demand"]["winner"]
    return winner["uscc"] if winner else None


async def award_stands(house: House, opened: Opened) -> dict[str, Any]:
    """Let publicity pass; the contract that follows."""
    await wait_until((await house.read(f"/awards/{opened.demand}"))["demand"]["publicity_until"])
    assert await house.stage(opened.demand) == "awarded"
    return await house.read(f"/contracts/{opened.selection}")


async def shelve(one: Agency, item: str, unit_price_fen: int = 100_000) -> None:
    """Put a binding offer on the shelf."""
    body = shelf_offer(1, item=item, unit_price_fen=unit_price_fen, capacity=100, nonce=nonce("shelf", one.uscc, item))
    await done(one.browser, f"/agencies/{one.uscc}/shelf-offers", body)


async def take_from_shelf(house: House, owner: Browser, item: str) -> Opened:
    """Publish a demand that is awarded at once, and take what is on the shelf."""
    opened = await publish(house, owner, instant_terms(), item=item, quantity=10)
    await done(owner, f"/demands/{opened.demand}/award")
    return opened
