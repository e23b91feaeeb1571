"""``room``: an offer's commit until the last of so many watchers has it, and what a watcher costs in memory.

The site, the watchers and whoever offers are three processes; the room has ten bidders and takes an offer a second, so
that each update goes out at once (four a second are the most). A figure is the median over the offers.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop

from commons.instants import format_instant
from marketplace.database import Database
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.sign_up import SignedUp
from tests.bench.load import ENDING, PROJECT, STARTING
from tests.bench.measuring import Row, most
from tests.faults.ground import own_market
from tests.usecases.market import Market

NAME = "room"
MOST_MS = {1_000: 100.0, 3_000: 250.0}
MOST_KIB = 35.0
BIDDERS = 10
SIGNING_S = 6.0
BETWEEN = 1.0
SEATED = 60.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much is played."""

    watchers: tuple[int, ...] = (1_000, 3_000)
    offers: int = 15


SMOKE = Size(watchers=(20,), offers=2)


@dataclass(frozen=True, slots=True)
class Heard:
    """When an update was had, in seconds after its offer was acknowledged, and kibibytes a watcher."""

    middle: list[float]
    last: list[float]
    kib: float


@contextlib.asynccontextmanager
async def process(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of ours, ended by its id at the end."""
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.terminate()
            try:
                async with asyncio.timeout(ENDING):
                    await started.wait()
            except TimeoutError:
                started.kill()
                await started.wait()


async def line(started: asyncio.subprocess.Process, seconds: float) -> str:
    """The next line that it writes."""
    assert started.stdout is not None, "a pipe"
    async with asyncio.timeout(seconds):
        return (await started.stdout.readline()).decode().strip()


def resident(pid: int) -> int:
    """Kibibytes of memory that a process has."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(one.split()[1] for one in status.splitlines() if one.startswith("VmRSS:")))


async def opened(market: Market) -> str:
    """A room whose one open round lasts for an hour, its bidders in; its selection."""
    for number in range(1, BIDDERS + 1):
        await market.file(number)
    start = datetime.now(UTC) + timedelta(seconds=SIGNING_S)
    end = start + timedelta(hours=1)
    terms = {
        "mode": "multi_round", "ceiling_fen": 90_000_000, "min_bidders": 3, "step_fen": 100, "step_basis": "own",
        "rounds": [{"kind": "open", "opens_at": format_instant(start), "closes_at": format_instant(end)}],
        "ties": ["received"],
    }  # fmt: skip
    published = await market.publish(terms, sign_up_s=SIGNING_S - 0.5)
    for number in range(1, BIDDERS + 1):
        assert isinstance(await market.sign_up(published.selection, number), SignedUp), "too slow: raise SIGNING_S"
    await asyncio.sleep(max(0.0, (start - datetime.now(UTC)).total_seconds()) + 0.1)
    for number in range(1, BIDDERS + 1):
        assert isinstance(await market.offer(published.selection, number, 80_000_000 - number), OfferPlaced)
    return published.selection


async def watched(database: Database, selection: str, count: int, offers: int, price_fen: int) -> Heard:
    """So many watchers on a site of their own; an offer a second."""
    market, middle, last = Market(database), list[float](), list[float]()
    async with process("tests.bench.room_site", database.dsn) as site:
        port = await line(site, STARTING)
        path = f"/rooms/{selection}/events"
        async with process("tests.bench.room_watchers", port, path, "1") as one:
            assert await line(one, SEATED) == "ready", "somebody watches, so that the room is there"
            before = resident(site.pid)
            async with process("tests.bench.room_watchers", port, path, str(count)) as crowd:
                assert await line(crowd, SEATED) == "ready", "everybody watches"
                await asyncio.sleep(BETWEEN)
                for number in range(offers):
                    placed = await market.offer(selection, number % BIDDERS + 1, price_fen - 1_000 * number)
                    acknowledged = time.perf_counter()
                    assert isinstance(placed, OfferPlaced), placed
                    told = json.loads(await line(crowd, SEATED))
                    assert "lost" not in told, "nobody is sent away"
                    middle.append(told["middle"] - acknowledged)
                    last.append(told["last"] - acknowledged)
                    await asyncio.sleep(BETWEEN)
                kib = (resident(site.pid) - before) / count
    return Heard(middle, last, kib)


async def measure(size: Size, *, smoke: bool) -> list[Row]:
    """Each crowd in turn."""
    rows: list[Row] = []
    async with own_market(maximum=4) as database:
        selection = await opened(Market(database))
        for place, count in enumerate(size.watchers):
            heard = await watched(database, selection, count, size.offers, 70_000_000 - 10_000_000 * place)
            in_ms, worst = statistics.median(heard.last) * 1000, max(heard.last) * 1000
            what = f"{count:,} watchers, commit → last (slowest of {size.offers}: {worst:.0f} ms)"
            half = statistics.median(heard.middle) * 1000
            rows += [
                most(what, in_ms, "ms", None if smoke else MOST_MS[count]),
                most(f"{count:,} watchers, commit → half of them", half, "ms", None),
                most(f"memory of the site for each of {count:,}", heard.kib, "KiB", None if smoke else MOST_KIB),
            ]
    return rows


def run(*, smoke: bool) -> list[Row]:
    """Measure; a smoke run seats a few."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(measure(SMOKE if smoke else Size(), smoke=smoke))
