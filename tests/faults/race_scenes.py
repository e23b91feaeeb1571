"""What two server processes do in a restriction race: one restricts, the other lets the same agencies act.

The naive order, for the control, reads an agency's restrictions without holding its status row or its shelf, and holds
the agency's record only when it writes to it: what most sites do.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

import pytest

from agencies import store as agencies
from bidding import store as bidding
from commons.errors import Unavailable, Unrecognised
from commons.events import Actor
from commons.verdicts import Refused
from credit import store as credit
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases import offer_batch, signing_in, standing
from marketplace.usecases import put_shelf_offer as shelf
from marketplace.usecases import take_instant_award as instant
from marketplace.usecases.award_directly import AwardDirectly, award_directly
from marketplace.usecases.confirm_contract import ConfirmContract, confirm_contract
from marketplace.usecases.put_shelf_offer import PutShelfOffer, put_shelf_offer
from marketplace.usecases.restrict_agency import AgencyRestricted, RestrictAgency, restrict_agency
from marketplace.usecases.session_acts import ChooseRole, choose_role
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.signing_in import Device
from marketplace.usecases.take_instant_award import TakeInstantAward, take_instant_award
from tests.usecases.market import REGULATOR, Market, agency, code, nonce, now, owner

Kind = Literal["offer", "sign-up", "shelf", "instant", "direct", "close", "contract", "session"]
KINDS: tuple[Kind, ...] = ("offer", "sign-up", "shelf", "instant", "direct", "close", "contract", "session")
WORK = 0.05
"""Seconds that the naive order works between reading and deciding, as a busy site does; the control alone has it."""
EARLY = 0.25
"""Seconds before it settles at which the naive order has read who is void."""
Read = Callable[[Connection, Sequence[str]], Awaitable[dict[str, Any]]]
KNOWN: ContextVar[dict[str, Any]] = ContextVar("KNOWN")
"""What an act in the naive order has read, by agency or selection: it reads each once."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One act: who, at what (a selection, a demand, an item, a region), how many seconds after the start."""

    kind: Kind | Literal["restrict"]
    number: int
    target: str
    delay: float


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it: when it was asked and answered, the instant it counts from (None: refused), who is bound."""

    planned: Planned
    asked: datetime
    answered: datetime
    at: datetime | None
    bound: str
    withdrawn: int = 0


async def play(database: Database, start: datetime, acts: Sequence[Planned], is_naive: bool) -> list[Told]:
    """Let everybody act at their moments; what the database was too busy for is asked again."""
    market = Market(database)

    async def one(planned: Planned) -> Told:
        wait = (start - datetime.now(UTC)).total_seconds() + planned.delay
        await asyncio.sleep(max(0.0, wait))
        KNOWN.set({})
        if is_naive and planned.kind == "close":
            async with database.read() as connection:
                await bidding.voids(connection, [planned.target])
            await asyncio.sleep(EARLY)
        asked = datetime.now(UTC)
        while True:
            try:
                answer = await ask(market, planned)
                break
            except Unavailable:
                continue
        withdrawn = answer.shelf_offers_withdrawn if isinstance(answer, AgencyRestricted) else 0
        at, bound = counted(answer)
        return Told(planned, asked, datetime.now(UTC), at, bound or code(planned.number), withdrawn)

    with naive_order() if is_naive else contextlib.nullcontext():
        return await asyncio.gather(*(one(planned) for planned in acts))


async def ask(market: Market, planned: Planned) -> Any:
    """Do the act by its use case."""
    number, target, database = planned.number, planned.target, market.database
    match planned.kind:
        case "offer":
            answer: Any = await market.offer(target, number, 9_000_000)
        case "sign-up":
            answer = await market.sign_up(target, number)
        case "shelf":
            answer = await put_shelf_offer(database, agency(number), shelf_offer(number, target))
        case "instant":
            answer = await take_instant_award(database, owner(), TakeInstantAward(demand=target))
        case "direct":
            answer = await award_directly(database, owner(), named(target, number))
        case "contract":
            answer = await confirm_contract(database, owner(), ConfirmContract(contract=target, number=1))
        case "session":
            secret, person, role = target.split()
            answer = None
            with contextlib.suppress(Unrecognised):  # the restriction has signed it out already
                answer = await choose_role(database, secret, person, ChooseRole(role=role), Device(""))
        case "close":
            await settle_selection(database, target)
            answer = None
        case "restrict":
            answer = await restrict_agency(database, REGULATOR, restriction(number, target))
    return answer


def named(selection: str, number: int) -> AwardDirectly:
    """The owner's own choice of an agency."""
    return AwardDirectly(
        selection=selection, agency=code(number), price_fen=9_000_000, days=30, reason="延续前期勘察（示例）"
    )


def restriction(number: int, region: str, *, ends_at: datetime | None = None) -> RestrictAgency:
    """A restriction decided by two regulators in a region."""
    return RestrictAgency(
        agency=code(number), basis="出具虚假报告（示例）", region=region, approvers=["R1", "R2"], ends_at=ends_at
    )


def counted(answer: Any) -> tuple[datetime | None, str | None]:
    """The instant from which an answer counts, None for a refusal; and whom it binds where it says so."""
    if answer is None or isinstance(answer, Refused):
        return None, None
    names = ("at", "opened_at", "admitted_at", "put_at", "awarded_at", "starts_at")
    at = next(getattr(answer, name) for name in names if hasattr(answer, name))
    return at, getattr(answer, "winner", None)


def shelf_offer(number: int, item: str, *, capacity: int = 1) -> PutShelfOffer:
    """What an agency puts on the shelf; a lower number is cheaper."""
    at = now()
    return PutShelfOffer(
        agency=code(number), item=item, unit_price_fen=100_000 + number, minimum_fee_fen=0, days=10,
        capacity=capacity, valid_from=at, valid_until=at.replace(year=at.year + 1, day=1), nonce=nonce("shelf", number),
    )  # fmt: skip


@contextlib.contextmanager
def naive_order() -> Iterator[None]:
    """The control: nobody holds the agency's rows, so what was read of its restrictions may be past."""

    async def nothing(*_: Any) -> Any:
        return ()

    look, look_at_shelf = offer_batch.look, instant.look

    async def unsure(*given: Any) -> Any:
        """Read one after another what our own order knows by a single look."""
        ends, _ = await look(*given)
        return ends, None

    async def unsure_at_shelf(connection: Connection, who: Sequence[str], owner: str) -> tuple[datetime, bool]:
        await credit.restrictions(connection, who)
        at, _ = await look_at_shelf(connection, who, owner)
        return at, False

    async def held_late(
        connection: Connection, subject: str, acts: Sequence[Act], *, actor: Actor, at: datetime
    ) -> Any:
        last = await hold(connection, subject)
        return await append(connection, subject, acts, actor=actor, at=max([at, *last]))

    take, bars, voids = agencies.take_capacity, credit.restrictions, bidding.voids

    async def taken_anyway(connection: Connection, offer: str) -> bool:
        await take(connection, offer)
        return True

    async def once(read: Read, connection: Connection, asked: Sequence[str]) -> dict[str, Any]:
        known = KNOWN.get()
        if fresh := [one for one in asked if one not in known]:
            known.update({key: {} for key in fresh}, **await read(connection, fresh))
            await asyncio.sleep(WORK)
        return {one: known[one] for one in asked}

    now = signing_in.clock

    async def clock_read_early(connection: Connection, *not_before: datetime) -> datetime:
        at = await now(connection, *not_before)
        await asyncio.sleep(WORK)
        return at

    with pytest.MonkeyPatch.context() as planted:
        planted.setattr(signing_in, "clock", clock_read_early)
        planted.setattr(offer_batch, "look", unsure)
        planted.setattr(instant, "look", unsure_at_shelf)
        planted.setattr(credit, "restrictions", partial(once, bars))
        planted.setattr(bidding, "voids", partial(once, voids))
        planted.setattr(agencies, "take_capacity", taken_anyway)
        planted.setattr(agencies, "lock_shared", nothing)
        planted.setattr(standing, "_lock_status", nothing)
        planted.setattr(agencies, "lock_shelf_offers", nothing)
        planted.setattr(shelf, "hold", nothing)
        planted.setattr(shelf, "append", held_late)
        yield
