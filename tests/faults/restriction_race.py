"""``restriction-race``: acts of an agency accepted from its restriction on. Control: the naive order of reading.

In every race one agency is restricted by one server process while another lets it offer, sign up, go on the shelf, be
taken from the shelf, be named directly, have its contract confirmed by the owner, sign in, and have a selection close
that it leads; ``size`` races of each kind, in all eleven regions at once. A violation is: accepted with an instant at
or after the restriction's, accepted though asked for after the restriction was acknowledged, or accepted before it and
not undone by it (a session opened before it ends with it).
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bidding.selection import Selection
from commons.instants import beijing_date
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.contract_desk import ContractMoved
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.standing import selection_state
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from marketplace.usecases.upload_contract import UploadContract, upload_contract
from tests.faults.figures import Figure, progress
from tests.faults.ground import CITIES, city_of, file_many, own_market, without_triggers
from tests.faults.personas import Who, admit
from tests.faults.players import Player
from tests.faults.race_scenes import EARLY, KINDS, Kind, Planned, Told, play, shelf_offer
from tests.usecases.market import Market, agency, code, instant_terms, owner, sealed_terms

NAME = "restriction-race"
DEFAULT_SIZE = 10_000
A_REGION = 4
"""Agencies of each region in one batch at most; that many races of each kind at once, times eleven."""
ITEMS = ("RA02", "RA03", "RA04", "RA05", "RA07", "RA08", "RA09", "SV12", "SV21", "SV25", "SV28")
"""One shelf a region: items that ask for no certificate."""
SPREAD = 3.0
"""Seconds over which the regions' closes are spread; each region's acts lie around its own close."""
BEFORE, AFTER = 0.2, 0.05
"""Seconds before and after its region's close between which acts and restrictions are sent; they take their time."""
DIRECT: dict[str, Any] = {"mode": "direct", "ceiling_fen": 20_000_000, "max_days": 40}
EPOCH = datetime.fromtimestamp(0, UTC)
RIVALS = (2, 3, 4)
"""Agencies that nobody restricts: enough for every close to give an award."""
OPEN: tuple[Kind, ...] = ("offer", "sign-up")
WITH_OFFERS: tuple[Kind, ...] = ("offer", "close")
MOST_CONTROLS = 12
"""Batches of the control, which ends when every kind has been seen to break."""


@dataclass
class Batch:
    """Races made ready: who, in which selections of which kind, at which demands on the shelf, and when it starts."""

    numbers: list[int]
    kind_of: dict[str, Kind] = field(default_factory=dict)
    acts: list[Planned] = field(default_factory=list)
    start: datetime = EPOCH
    is_late: bool = False

    def selections(self, kind: Kind) -> list[str]:
        """The selections of a kind, one a region."""
        return [one for one, its in self.kind_of.items() if its == kind]


@dataclass
class Course:
    """Batches one after another; how long making one ready took decides how far ahead the next one closes."""

    database: Database
    dice: random.Random
    a_region: int
    numbers: Iterable[int] = field(default_factory=lambda: itertools.count(100))
    lead: float = 8.0
    numbered: dict[str, int] = field(default_factory=dict)

    async def ready(self) -> Batch:
        """File, publish, sign up, offer: everything that comes before the race; anew when a close came too early."""
        while True:
            batch = await self._prepared()
            if not batch.is_late:
                return batch
            progress(f"{NAME}: the machine was too slow for closes {self.lead:.0f} s ahead; once more")

    async def _prepared(self) -> Batch:
        fresh = iter(self.numbers)
        batch = Batch([next(fresh) for _ in range(self.a_region * len(CITIES))])
        self.numbered = {code(number): number for number in batch.numbers}
        await file_many(self.database, batch.numbers)
        began = time.monotonic()
        batch.start = datetime.now(UTC) + timedelta(seconds=self.lead)
        await asyncio.gather(*(self._region(batch, city) for city in CITIES))
        self.lead = 1.5 * (time.monotonic() - began) + 1.5
        batch.is_late |= datetime.now(UTC) >= batch.start
        return batch

    async def _region(self, batch: Batch, city: str) -> None:
        market = Market(self.database)
        own = [number for number in batch.numbers if city_of(number) == city]
        opened: dict[Kind, str] = {}
        closes_at = batch.start + timedelta(seconds=moment(city))
        clocks = {"sign_up_closes_at": closes_at - timedelta(seconds=0.1), "closes_at": closes_at}
        for kind in OPEN:
            opened[kind] = (await market.publish(sealed_terms(), region=city, sign_up_s=600, close_s=900)).selection
        opened["close"] = (await market.publish(sealed_terms(), region=city, **clocks)).selection
        batch.kind_of.update({selection: kind for kind, selection in opened.items()})
        for number in RIVALS:
            await market.sign_up(opened["close"], number)
            await market.offer(opened["close"], number, 12_000_000 + number)
        for rank, number in enumerate(own):
            await market.sign_up(opened["offer"], number)
            await market.sign_up(opened["close"], number)
            placed = await market.offer(opened["close"], number, 9_000_000 + rank)
            batch.is_late |= isinstance(placed, Refused)
            await self._own(batch, opened, market, number)
        for first, last in ((-EARLY, -EARLY / 2), (0.0, AFTER)):
            late = self.dice.uniform(first, last)
            batch.acts.append(Planned("close", own[0], opened["close"], max(0.0, moment(city) + late)))

    async def _own(self, batch: Batch, opened: dict[Kind, str], market: Market, number: int) -> None:
        item, other = (ITEMS[(number + step) % len(ITEMS)] for step in (0, 1))
        put = shelf_offer(number, item)
        await market.shelve(number, put.unit_price_fen, capacity=1, item=item)
        taken = await market.publish(instant_terms(), region=city_of(number), item=item)
        named = await market.publish(DIRECT, region=city_of(number), buyer_class="voluntary", sign_up_closes_at=None)
        batch.kind_of[named.selection] = "direct"
        plan: list[tuple[Kind, str]] = [
            ("offer", opened["offer"]), ("offer", opened["offer"]), ("sign-up", opened["sign-up"]), ("shelf", other),
            ("instant", taken.demand), ("direct", named.selection),
        ]  # fmt: skip
        batch.acts += [self._planned(kind, number, target) for kind, target in plan]
        batch.acts.append(await self._contract(market, number))
        visitor = await admit(self.database, Who(f"a{number}", "agency", code(number), "administrator"))
        batch.acts.append(self._planned("session", number, f"{visitor.secret} {visitor.person} M-a{number}"))
        far = CITIES[self.dice.randrange(len(CITIES))]
        batch.acts.append(self._planned("restrict", number, far))

    async def _contract(self, market: Market, number: int) -> Planned:
        """A contract that its agency has uploaded, for the owner to confirm; of whoever is first on the shelf now."""
        await market.shelve(number, 100_000 + number, capacity=1)
        demand = (await market.publish(instant_terms(), region=city_of(number))).demand
        taken = await take_instant_award(self.database, owner(), TakeInstantAward(demand=demand))
        assert isinstance(taken, InstantAwarded), taken
        first = self.numbered[taken.winner]
        paper = UploadContract(
            contract=taken.selection, amount_fen=taken.price_fen, days=10, signed_on=beijing_date(taken.awarded_at),
            same_terms=True, attachments=[],
        )  # fmt: skip
        uploaded = await upload_contract(self.database, agency(first), paper)
        assert isinstance(uploaded, ContractMoved), uploaded
        return self._planned("contract", first, taken.selection)

    def _planned(self, kind: Any, number: int, target: str) -> Planned:
        delay = moment(city_of(number)) + self.dice.uniform(-BEFORE, AFTER)
        return Planned(kind, number, target, max(0.0, delay))


def moment(city: str) -> float:
    """Seconds after a batch's start at which the region's selection closes."""
    return BEFORE + SPREAD * (CITIES.index(city) + 0.5) / len(CITIES)


async def violations(database: Database, batch: Batch, told: list[Told]) -> Counter[Kind]:
    """Count by kind what was accepted of a restricted agency and should not have been, or was not undone."""
    strikes = {code(one.planned.number): one for one in told if one.planned.kind == "restrict"}
    found: Counter[Kind] = Counter()
    for one in told:
        kind, strike = one.planned.kind, strikes.get(one.bound)
        if kind == "restrict" or strike is None or one.at is None:  # whom an award binds may be nobody of this batch
            continue
        assert strike.at is not None, "no restriction is refused here"
        if kind == "session":  # whoever signs in after it finds what stays open; what was open before is over
            continue
        found[kind] += one.at >= strike.at or one.asked >= strike.answered
    for selection in batch.selections("close"):
        await settle_selection(database, selection)
    since = {bidder: one.at for bidder, one in strikes.items() if one.at is not None}
    async with database.read() as connection:
        for kind in WITH_OFFERS:
            for selection in batch.selections(kind):
                found[kind] += wrongly_counted(await selection_state(connection, selection), since)
        still = await connection.fetch(_NOT_VOIDED, sorted(strikes), sorted(batch.kind_of))
        for row in still:
            found[batch.kind_of[row["selection"]]] += 1
        found["shelf"] += await connection.fetchval(_ON_SHELF, sorted(strikes))
        whose, when = list(since), list(since.values())
        found["session"] += await connection.fetchval(_SIGNED_IN, whose, when)
    return found


_NOT_VOIDED = """
SELECT bidder.selection FROM selection_bidder bidder JOIN selection ON selection.id = bidder.selection
WHERE bidder.agency = ANY($1::text[]) AND bidder.selection = ANY($2::text[]) AND selection.state <> 'closed'
  AND NOT EXISTS (SELECT 1 FROM selection_void gone
    WHERE gone.selection = bidder.selection AND gone.agency = bidder.agency)
"""
_SIGNED_IN = """
SELECT count(*) FROM unnest($1::text[], $2::timestamptz[]) AS struck(agency, at)
JOIN account_role ON account_role.organisation = struck.agency
JOIN session ON session.role = account_role.id AND session.ended_at IS NULL AND session.made_at < struck.at
"""
_ON_SHELF = "SELECT count(*) FROM shelf_offer WHERE agency = ANY($1::text[]) AND withdrawn_at IS NULL"


def wrongly_counted(state: Selection, since: dict[str, datetime]) -> int:
    """Offers kept as accepted after their bidder's restriction; ranks at the close, and awards, that it should bar."""
    after = sum(1 for one in state.offers if one.reason is None and one.bidder in since and one.at >= since[one.bidder])
    ranked = 0
    if state.decision is not None and state.closed_at is not None:
        ranking = state.decision.get("ranking") or []
        assert isinstance(ranking, list), "the ranking of a decision"
        barred = {bidder for bidder, at in since.items() if at < state.closed_at}
        ranked = sum(1 for row in ranking if isinstance(row, dict) and row["bidder"] in barred)
    stands = state.proposed is not None and state.proposed in since
    if stands and state.proposed is not None:  # an award whose publicity was over before the restriction is final
        stands = since[state.proposed] < state.publicity[state.proposed].at
    return after + ranked + stands


async def race(
    database: Database, players: tuple[Player, Player], batch: Batch, *, is_naive: bool
) -> tuple[Counter[Kind], Counter[str]]:
    """Play a batch in two processes; what was violated, and how many acts came before and after their restriction."""
    phase = "naive" if is_naive else "ours"
    sides = ([one for one in batch.acts if (one.kind == "restrict") is first] for first in (True, False))
    played = await asyncio.gather(
        *(
            player.play(database.dsn, phase, play, batch.start, side, is_naive)
            for player, side in zip(players, sides, strict=True)
        )
    )
    told = [*played[0], *played[1]]
    sides_of = Counter(f"{one.planned.kind} {'yes' if one.at else 'no'}" for one in played[1] if one.planned.target)
    return await violations(database, batch, told), sides_of


async def measure(database: Database, size: int, seed: int) -> Figure:
    """Take the figure on an open database: ``size`` races of each kind, and the control beside them."""
    began = time.monotonic()
    course = Course(database, random.Random(seed), min(A_REGION, -(-size // len(CITIES))))
    players = (Player(), Player())
    try:
        await file_many(database, RIVALS)
        for player in players:  # started and connected before anything races
            await player.play(database.dsn, "ours", play, datetime.now(UTC), [], False)
        found, sides = await ours(course, players, size)
        async with without_triggers(database):
            broken = await control(course, players)
    finally:
        for player in players:
            await player.leave()
    ok = not found.total() and all(broken[kind] for kind in KINDS) and min(sides.values()) > 0 and len(sides) > 1
    bar = "0 violations in each kind; the naive order violates in each kind"
    return Figure(NAME, size, found.total(), broken.total(), bar, ok, round(time.monotonic() - began, 1))


async def ours(course: Course, players: tuple[Player, Player], size: int) -> tuple[Counter[Kind], Counter[str]]:
    """Play ``size`` races of each kind."""
    found: Counter[Kind] = Counter()
    sides: Counter[str] = Counter()
    played = 0
    while played < size:
        batch = await course.ready()
        wrong, these = await race(course.database, players, batch, is_naive=False)
        played, found, sides = played + len(batch.numbers), found + wrong, sides + these
        progress(f"{NAME}: {played} of {size} races of each kind, violations {dict(+found)}, acts {dict(sides)}")
    return found, sides


async def control(course: Course, players: tuple[Player, Player]) -> Counter[Kind]:
    """Play the naive order until every kind has broken, or ``MOST_CONTROLS`` batches."""
    broken: Counter[Kind] = Counter()
    for _ in range(MOST_CONTROLS):
        wrong, _sides = await race(course.database, players, await course.ready(), is_naive=True)
        broken += wrong
        progress(f"{NAME}: the control has broken {dict(+broken)}")
        if all(broken[kind] for kind in KINDS):
            break
    return broken


async def run(size: int, seed: int) -> Figure:
    """Take the figure on a server of its own."""
    async with own_market(maximum=16) as database:
        return await measure(database, size, seed)
