"""``deadline-race``: offers around the close. Acknowledged ones missing from the decision, late ones in it.

In every selection three agencies offer again and again around the closing instant while two others settle it. Each
acknowledged offer must be in the record with an instant before the close, each bidder's last must be what was decided
on, and nothing refused as late may count. Control: an endpoint that takes ``now()``, the instant at which its
transaction began, for the instant of the offer: what waited for the lock over the close is acknowledged and missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bidding import store as bidding
from bidding.commitments import pseudonym
from bidding.selection import Selection
from commons.canonical import Json
from commons.errors import Unavailable
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.publish_demand import PublishDemand, publish_demand
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.standing import selection_state
from tests.faults.figures import Figure, progress
from tests.faults.ground import file_many, own_market
from tests.usecases.market import Market, code, owner, sealed_terms

NAME = "deadline-race"
DEFAULT_SIZE = 10_000
AT_ONCE = 10
BIDDERS = (2, 3, 4)
OFFERS = 4
"""Offers of each bidder, spread around the close."""
BEFORE, AFTER = 0.25, 0.05
"""Seconds before and after the close between which offers are sent; they take their time. Settlements come after."""
WORK = 0.02
"""Seconds that the control works between the start of its transaction and its lock."""
CONTROLS = 5
"""Groups of the control: it ends at the first that breaks."""

Place = Callable[[str, int, int], Awaitable[datetime | None]]
"""Selection, agency's number, price in fen → the instant it was acknowledged with, None when refused."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a bidder was told of one offer: its price and instant, None where it was refused."""

    number: int
    price_fen: int
    at: datetime | None


def ours(database: Database) -> Place:
    """Place by the use case; what the database was too busy for was not placed."""

    async def place(selection: str, number: int, price_fen: int) -> datetime | None:
        with contextlib.suppress(Unavailable):
            answer = await Market(database).offer(selection, number, price_fen)
            return answer.at if isinstance(answer, OfferPlaced) else None
        return None

    return place


def naive(database: Database, closes_at: Callable[[str], datetime]) -> Place:
    """Place by an endpoint that trusts ``now()``: it locks the selection as ours does, and asks for no clock after."""

    async def place(selection: str, number: int, price_fen: int) -> datetime | None:
        async def work(connection: Connection) -> datetime | None:
            at: datetime = await connection.fetchval("SELECT now()")
            await asyncio.sleep(WORK)
            lock = await bidding.lock_selection(connection, selection)
            assert lock is not None, "published"
            if at >= closes_at(selection):
                return None
            state = await selection_state(connection, selection)
            private: dict[str, Json] = {
                "bidder": code(number), "price_fen": price_fen, "days": 20, "nonce": "0" * 64, "reason": None,
            }  # fmt: skip
            act = Act("offer.placed", {"bidder": pseudonym(state, code(number))}, private=private)
            written = max(at, lock.last_at)
            await append(connection, f"selection/{selection}", [act], actor=Actor("agency", "naive"), at=written)
            await bidding.note(connection, selection, at=written)
            return at

        with contextlib.suppress(Unavailable):
            return await database.retrying(work)
        return None

    return place


@dataclass
class Course:
    """Selections made ready in groups; the next closes as far ahead as making the last one ready took."""

    market: Market
    dice: random.Random
    lead: float = 5.0

    async def ready(self, count: int) -> list[tuple[str, datetime]]:
        """Publish and sign up; all anew when the machine was too slow for one of the clocks."""
        began = time.monotonic()
        closes_at = datetime.now(UTC) + timedelta(seconds=self.lead)
        made = await asyncio.gather(*(self._one(closes_at) for _ in range(count)))
        self.lead = 2 * (time.monotonic() - began) + 2
        if None in made:
            return await self.ready(count)
        return [(one, closes_at) for one in made if one is not None]

    async def _one(self, closes_at: datetime) -> str | None:
        signing = closes_at - timedelta(seconds=BEFORE)
        draft = await self.market.post(sealed_terms(), sign_up_closes_at=signing, closes_at=closes_at)
        published = await publish_demand(self.market.database, owner(), PublishDemand(demand=draft))
        if isinstance(published, Refused):
            return None
        answers = [await self.market.sign_up(published.selection, number) for number in BIDDERS]
        return None if any(isinstance(one, Refused) for one in answers) else published.selection

    async def race(self, selection: str, closes_at: datetime, place: Place) -> list[Heard]:
        """Offer and settle around the close; what every bidder heard, in the order in which each of them asked."""

        async def bids(number: int) -> list[Heard]:
            heard = []
            for late in sorted(self.dice.uniform(-BEFORE, AFTER) for _ in range(OFFERS)):
                await sleep_until(closes_at, late)
                price_fen = self.dice.randrange(9_000_000, 15_000_000)
                heard.append(Heard(number, price_fen, await place(selection, number, price_fen)))
            return heard

        async def settles() -> None:
            await sleep_until(closes_at, self.dice.uniform(0, AFTER))
            with contextlib.suppress(Unavailable):
                await settle_selection(self.market.database, selection)

        told = await asyncio.gather(*(bids(number) for number in BIDDERS), *(settles() for _ in range(2)))
        return [one for each in told if each is not None for one in each]


async def sleep_until(instant: datetime, late: float) -> None:
    """Sleep until so many seconds after an instant (before it when negative)."""
    await asyncio.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds() + late))


def faults_of(state: Selection, closes_at: datetime, heard: list[Heard]) -> int:
    """Acknowledged offers that are missing or dated at or after the close, and late or refused ones that count."""
    assert state.closed_at is not None, "settled"
    accepted = [one for one in state.offers if one.reason is None]
    case = state.case or state.evaluated_case or {}
    lines = case.get("bids") or []
    assert isinstance(lines, list), "the case's bids"
    decided = {row["bidder"]: row["price_fen"] for row in lines if isinstance(row, dict)}
    wrong = sum(1 for one in accepted if one.at >= closes_at)
    for number in {one.number for one in heard}:
        told = [one for one in heard if one.number == number and one.at is not None]
        kept = {(one.at, one.price_fen) for one in accepted if one.bidder == code(number)}
        wrong += sum(1 for one in told if (one.at, one.price_fen) not in kept or one.at is None or one.at >= closes_at)
        last = told[-1].price_fen if told else None
        wrong += decided.get(code(number)) != last
    return wrong


async def group(course: Course, place: Place, made: list[tuple[str, datetime]]) -> tuple[int, int, int]:
    """Race a group of selections; faults, and how many offers were acknowledged and refused."""
    told = await asyncio.gather(*(course.race(selection, closes_at, place) for selection, closes_at in made))
    faults = 0
    for (selection, closes_at), heard in zip(made, told, strict=True):
        state = await settle_selection(course.market.database, selection)
        faults += faults_of(state, closes_at, heard)
    every = [one for heard in told for one in heard]
    acknowledged = sum(one.at is not None for one in every)
    return faults, acknowledged, len(every) - acknowledged


async def measure(database: Database, size: int, seed: int) -> Figure:
    """Take the figure on an open database: ``size`` selections, then the control's."""
    began = time.monotonic()
    course = Course(Market(database), random.Random(seed))
    await file_many(database, BIDDERS)
    found, acknowledged, refused = 0, 0, 0
    made = await course.ready(min(AT_ONCE, size))
    for played in range(0, size, AT_ONCE):
        left = size - played - len(made)
        following = asyncio.create_task(course.ready(min(AT_ONCE, left))) if left > 0 else None
        faults, kept, late = await group(course, ours(database), made)
        found, acknowledged, refused = found + faults, acknowledged + kept, refused + late
        progress(f"{NAME}: {played + len(made)} of {size}, acknowledged {acknowledged}, refused {refused}: {found}")
        made = await following if following is not None else made
    broken = 0
    for _ in range(CONTROLS):
        made = await course.ready(AT_ONCE)
        closes = dict(made)
        broken += (await group(course, naive(database, closes.__getitem__), made))[0]
        if broken:
            break
    ok = found == 0 and broken > 0 and acknowledged > 0 and refused > 0
    bar = "0 acknowledged missing, 0 late in; now() loses some"
    return Figure(NAME, size, found, broken, bar, ok, round(time.monotonic() - began, 1))


async def run(size: int, seed: int) -> Figure:
    """Take the figure on a server of its own."""
    async with own_market(maximum=40) as database:
        return await measure(database, size, seed)
