"""``restrict``: a restriction is acknowledged while offers of the restricted agencies pour into one hot selection.

A violation is an offer accepted with an instant at or after its bidder's restriction, or accepted though it was sent
after the restriction had been acknowledged. Both are counted: from the answers, and from the record afterwards.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import uvloop

from commons.instants import parse_instant
from marketplace.database import Database
from marketplace.usecases.standing import selection_state
from tests.bench.hot_ground import FIRST, Ground, Opened, offers
from tests.bench.load import load, post, site
from tests.bench.measuring import Row, most
from tests.faults.ground import own_market
from tests.usecases.market import code

NAME = "restrict"
CREATED = 201
API = "/api/v1"
MOST_MS = 50.0
BETWEEN = 0.05
"""Seconds between the acknowledgement of one restriction and the next one."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is played."""

    restrictions: int = 100
    bidders: int = 200
    connections: int = 64
    earlier: int = 1_000


SMOKE = Size(restrictions=3, bidders=10, connections=8, earlier=10)


@dataclass
class Ledger:
    """Since when who is restricted, by the database's clock and by ours when it was acknowledged; who offered when."""

    since: dict[str, datetime] = field(default_factory=dict)
    acknowledged: dict[str, float] = field(default_factory=dict)
    accepted: list[tuple[str, datetime, float]] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)

    def offered(self, status: int, sent: float, _: float, body: bytes) -> None:
        """Note an accepted offer."""
        if status == CREATED:
            told = json.loads(body)
            self.accepted.append((told["agency"], parse_instant(told["at"]), sent))

    def violations(self) -> int:
        """Accepted offers that a restriction should have barred."""
        return sum(
            who in self.since and (at >= self.since[who] or sent >= self.acknowledged[who])
            for who, at, sent in self.accepted
        )


async def proposed(port: int, sent: bytes) -> str:
    """The proposal that the first regulator made; what is measured is the second one's approval."""
    answers: list[bytes] = []
    await load(
        [port], iter([sent]), connections=1, seconds=10,
        seen=lambda _status, _sent, _came, told: answers.append(told),
    )  # fmt: skip
    return str(json.loads(answers[0])["proposal"])


async def strike(port: int, opened: Opened, count: int, ledger: Ledger) -> None:
    """Restrict one bidder after another, each as soon as the last was acknowledged and a moment is over."""
    for number in list(opened.bidders)[:count]:
        body = {"basis": "出具虚假报告（示例）", "region": "330302"}
        path = f"{API}/agencies/{code(number)}/restrictions"
        proposal = await proposed(port, post(path, "regulator:R1", json.dumps(body).encode()))
        answers: list[tuple[int, bytes]] = []
        sent = post(f"{API}/proposals/{proposal}/approval", "regulator:R2", b"{}")
        done = await load(
            [port], iter([sent]), connections=1, seconds=10,
            seen=lambda status, _sent, _came, told: answers.append((status, told)),  # noqa: B023 - used at once
        )  # fmt: skip
        ((status, told),) = answers
        assert status == CREATED, told
        ledger.acknowledged[code(number)] = time.perf_counter()
        ledger.since[code(number)] = parse_instant(json.loads(told)["result"]["starts_at"])
        ledger.taken += done.taken[status]
        await asyncio.sleep(BETWEEN)


async def in_the_record(database: Database, opened: Opened, ledger: Ledger) -> int:
    """Offers that the record has as accepted at or after their bidder's restriction."""
    async with database.read() as connection:
        state = await selection_state(connection, opened.id)
    return sum(
        one.reason is None and one.bidder in ledger.since and one.at >= ledger.since[one.bidder] for one in state.offers
    )


async def measure(size: Size, *, smoke: bool) -> list[Row]:
    """Pour offers, restrict meanwhile, count."""
    async with own_market(maximum=8) as database:
        ground = Ground(database)
        await ground.begin(size.bidders)
        opened = await ground.open(range(FIRST, FIRST + size.bidders))
        await ground.fill(opened, size.earlier)
        ledger, over = Ledger(), asyncio.Event()

        def until_over() -> Iterator[bytes]:
            for one in offers([opened], API):
                if over.is_set():
                    return
                yield one

        async with site(database.dsn) as port:
            stream = until_over()
            await load([port], offers([opened], API), connections=size.connections, seconds=0.5)
            pouring = asyncio.create_task(
                load([port], stream, connections=size.connections, seconds=120, seen=ledger.offered)
            )
            await strike(port, opened, size.restrictions, ledger)
            over.set()
            poured = await pouring
        violations = ledger.violations() + await in_the_record(database, opened, ledger)
    taken = sorted(ledger.taken)
    late = taken[min(len(taken) - 1, int(0.99 * len(taken)))] * 1000
    told = f"{size.restrictions} restrictions while {poured.rate:,.0f} offers a second pour in"
    return [
        most(f"{told}: acknowledged, p99", late, "ms", None if smoke else MOST_MS),
        most(f"{told}: acknowledged, median", statistics.median(taken) * 1000, "ms", None),
        most(f"accepted though restricted, of {poured.count(CREATED):,} accepted", violations, "offers", 0),
    ]


def run(*, smoke: bool) -> list[Row]:
    """Measure; a smoke run restricts a few."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        rows = runner.run(measure(SMOKE if smoke else Size(), smoke=smoke))
    return [Row(row.what, row.unit, row.ok, value=row.value) if smoke else row for row in rows]
