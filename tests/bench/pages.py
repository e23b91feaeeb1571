"""``pages``: how long every public page takes to its first byte, beside an empty page of the same site by turns.

The addresses are the public ones of ``tests.gallery.places``, so that a page that is added is measured with them, and
filters, words and deep pages of the lists. The lists stand over a million demands; single ones are played by the use
cases. ``BENCH_READ_DSN`` names a market that ``python -m tests.bench.many`` has loaded already. Warm: each page is
asked for before anything is measured. Source: performance.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from string import Formatter
from urllib.parse import quote

from marketplace.database import Database
from marketplace.jobs.ticker import PAUSE
from marketplace.migrate import all_tables, migrate_forward
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.usecases.count_statistics import count_all
from marketplace.usecases.settle_selection import due_selections, settle_selection
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.bench.load import site
from tests.bench.many import load
from tests.bench.many_rows import Sizes
from tests.bench.measuring import Row
from tests.faults.ground import own_market
from tests.gallery.places import PLACES
from tests.usecases.market import Market, code, instant_terms, owner, round_terms, sealed_terms

NAME = "pages"
EMPTY, FRAME = "/bench/empty", "/bench/frame"
"""A page with nothing in it, made as every page is in a snapshot of the database; and the same without one."""
MOST_TIMES = 5.0
CLOSES_S = 20.0
FILTERED = (
    "/demands?state=open&city=330300", f"/demands?q={quote('水土')}", f"/demands?q={quote('区域评价')}&state=decided",
    "/demands?mode=multi_round", "/awards?city=330300", "/statistics", "/statistics?city=330300",
    f"/agencies?q={quote('测绘')}", "/agencies?city=330100",
)  # fmt: skip
"""Lists under filters and words; the lists themselves are places."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is, and how often each page is asked for."""

    sizes: Sizes = field(default_factory=Sizes)
    turns: int = 25
    closes_s: float = CLOSES_S


SMOKE = Size(Sizes(demands=60, agencies=20), turns=1, closes_s=0.0)


async def played(database: Database, size: Size) -> dict[str, str]:
    """A few demands of flesh and blood, by the names that addresses use; a smoke run waits for no close."""
    market = Market(database)
    first = 900_000 + int(time.time()) % 90_000  # others each time, on a market that is loaded already
    numbers = range(first, first + 3)
    for number in numbers:
        await market.file(number)
        await market.shelve(number, 100_000)
    collecting = await market.publish(sealed_terms(), title="正在征集（示例）", sign_up_s=3_000.0, close_s=3_600.0)
    for _ in range(2):  # the home page shows the three that end next
        await market.publish(round_terms(opens_in=3_100.0, length=600), title="竞价（示例）", sign_up_s=3_000.0)
    instant = await market.publish(instant_terms(), title="立等可取（示例）")
    done = await take_instant_award(database, owner(), TakeInstantAward(demand=instant.demand))
    assert isinstance(done, InstantAwarded), done
    names = {
        "demand": collecting.demand, "selection": collecting.selection, "award:instant": instant.demand,
        "agency": code(numbers[0]), "restricted": code(numbers[1]), "owner": "",
    }  # fmt: skip
    if size.closes_s:
        began = datetime.now(UTC)
        clocks = {"sign_up_s": size.closes_s - 1, "close_s": size.closes_s}
        sealed = await market.publish(sealed_terms(), title="综合比选（示例）", **clocks)
        for number in numbers:
            await market.sign_up(sealed.selection, number)
            await market.offer(sealed.selection, number, 12_000_000 + number)
        await asyncio.sleep((began + timedelta(seconds=size.closes_s + 0.2) - datetime.now(UTC)).total_seconds())
        await settle_selection(database, sealed.selection)
        names["award:comprehensive"] = sealed.demand
    return names


def addresses(names: Mapping[str, str]) -> list[str]:
    """Every public page that is there; what names something that is not is left out."""
    found = []
    for place in PLACES:
        wanted = {f"{key}:{spec}" if spec else key for _, key, spec, _ in Formatter().parse(place.address) if key}
        if not place.role and place.name != "nowhere" and wanted <= set(names):
            address = place.address
            for one in wanted:
                address = address.replace(f"{{{one}}}", names[one])
            found.append(address)
    return [*dict.fromkeys(found), *FILTERED]


async def first_byte(port: int, path: str) -> tuple[float, int]:
    """Milliseconds from the last byte sent to the first one received, over a connection of its own; the status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        began = time.perf_counter_ns()
        writer.write(head.encode())
        first = await reader.read(1)
        taken = (time.perf_counter_ns() - began) / 1e6
        rest = first + await reader.read()
        return taken, int(rest[9:12])
    finally:
        writer.close()


@contextlib.asynccontextmanager
async def loaded(size: Size) -> AsyncIterator[Database]:
    """A market with the rows of the lists in it: the one that is named, else one of this run alone."""
    named = os.environ.get("BENCH_READ_DSN")
    if named is None:
        async with own_market(maximum=4) as database:
            await load(database, size.sizes, at=datetime.now(UTC).replace(minute=0, second=0, microsecond=0))
            yield database
        return
    database = await Database.open(named, maximum=4)
    ENGINE.attach(database)
    bind(all_tables())
    try:
        await migrate_forward(database)  # it may have been loaded before the last migration
        yield database
    finally:
        ENGINE.attach(None)
        await database.close()


@contextlib.asynccontextmanager
async def settled(database: Database) -> AsyncIterator[None]:
    """What is due is settled twice a second, as the ticker of a server does; the bench's site has none."""

    async def go_on() -> None:
        while True:
            for one in await due_selections(database):
                await settle_selection(database, one)
            await asyncio.sleep(PAUSE)

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def play(size: Size) -> dict[str, list[float]]:
    """Milliseconds of every page and of the empty one, by turns."""
    async with loaded(size) as database:
        await count_all(database)  # nothing, where the market was loaded by ``many``
        paths = [EMPTY, FRAME, *addresses(await played(database, size))]
        taken: dict[str, list[float]] = {path: [] for path in paths}
        async with settled(database), site(database.dsn) as port:
            for turn in range(-2 if size.turns > 1 else -1, size.turns):
                for path in paths:
                    milliseconds, status = await first_byte(port, path)
                    assert status == HTTPStatus.OK, (path, status)
                    if turn >= 0:
                        taken[path].append(milliseconds)
    return taken


def rows_of(taken: Mapping[str, Sequence[float]], *, smoke: bool) -> list[Row]:
    """Each page beside the empty one."""
    empty = statistics.median(taken[EMPTY])
    frame = statistics.median(taken[FRAME])
    rows = [
        Row("the frame alone, nothing asked of the database", "ms", ok=True, value=round(frame, 2)),
        Row("an empty page: the frame, in a snapshot that nothing is read in", "ms", ok=True, value=round(empty, 2)),
    ]
    for path, each in taken.items():
        if path not in {EMPTY, FRAME}:
            ratio = statistics.median(each) / empty
            target = None if smoke else f"≤ {MOST_TIMES:g}"
            rows.append(Row(path, "×", smoke or ratio <= MOST_TIMES, ratio=round(ratio, 2), target=target))
    return rows


def run(*, smoke: bool) -> list[Row]:
    """Ratios to the empty page."""
    return rows_of(asyncio.run(play(SMOKE if smoke else Size())), smoke=smoke)
