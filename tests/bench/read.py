"""``read``: lists and searches of a market with 1,000,000 demands and 100,000 agencies, made by ``many_rows``.

A page of the open list under each filter, first and deep, on a snapshot that is open, stands beside a ``SELECT 1`` that
is borrowed and given back, by turns. Searches are timed whole: the snapshot, the count and the page. Pages of the site
are timed to their first byte, beside the empty page of ``pages``: made in a snapshot that nothing is read in.
``BENCH_READ_DSN`` names a market that ``python -m tests.bench.many`` has loaded already; else one is loaded first.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from marketplace.database import Database
from marketplace.migrate import all_tables, migrate_forward
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.usecases.list_places import Asked, Place
from marketplace.usecases.list_reading import Question
from marketplace.usecases.read_agencies import AgencyQuery, read_agencies
from marketplace.usecases.read_awards import AwardQuery, read_awards
from marketplace.usecases.read_demands import LISTS, DemandQuery, narrowing_of, read_demands
from marketplace.usecases.read_listing import Slice, columns_of
from marketplace.usecases.read_snapshot import reading
from tests.bench.load import site
from tests.bench.many import load
from tests.bench.many_rows import Sizes
from tests.bench.measuring import Row, most
from tests.bench.pages import EMPTY, FRAME, first_byte
from tests.faults.ground import own_market

NAME = "read"
MOST_TRIPS, MOST_DEEP, MOST_OPEN_MS, MOST_ALL_MS, MOST_EMPTY = 5.0, 1.5, 25.0, 100.0, 5.0
FILTERS: dict[str, DemandQuery] = {
    "no filter": DemandQuery(state="open"),
    "item": DemandQuery(state="open", item="SV22"),
    "city": DemandQuery(state="open", city="330300"),
    "county": DemandQuery(state="open", city="330302"),
    "mode": DemandQuery(state="open", mode="random_draw"),
    "ceiling": DemandQuery(state="open", ceiling_min_fen=100_000_000, ceiling_max_fen=200_000_000),
    "regional": DemandQuery(state="open", regional_only=True),
    "item and city": DemandQuery(state="open", item="SV22", city="330300"),
}
WORDS = (
    "水土", "桥", "测绘", "监理", "污水", "鹿城", "码头", "梧田", "水土保持", "安置房", "轨道交通", "污水处理厂",
    "光伏复合发电", "鹿城 监理", "水库 环境", "壹号地块", "工业园区二期", "温州市", "工程", "不存在的",
)  # fmt: skip
"""Rare and common, one character to six, two words, one that everything holds, one that nothing holds."""
PAGES = {
    "demands": "/demands", "open demands of a city": "/demands?state=open&city=330300", "results": "/awards",
    "a search for demands": "/demands?q=" + quote("水土保持"), "agencies": "/agencies",
    "a search over everything": "/search?q=" + quote("污水处理厂"), "the feed": "/demands.atom?state=open",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How large a market, and how often each question is asked."""

    sizes: Sizes = field(default_factory=Sizes)
    turns: int = 40
    search_turns: int = 7


SMOKE = Size(Sizes(600, 60, open_share=0.3), 2, 1)
WARMING = 3
"""Turns that are not counted."""
Taken = dict[str, list[float]]


async def timed(ask: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    """Milliseconds of one question, and its answer."""
    started = time.perf_counter_ns()
    answer = await ask()
    return (time.perf_counter_ns() - started) / 1e6, answer


@contextlib.asynccontextmanager
async def loaded(size: Size, *, smoke: bool) -> AsyncIterator[Database]:
    """The market that was named, or one of this run alone."""
    dsn = None if smoke else os.environ.get("BENCH_READ_DSN")
    if dsn is not None:
        database = await Database.open(dsn, maximum=4)
        ENGINE.attach(database)
        bind(all_tables())
        try:
            await migrate_forward(database)  # it may have been loaded before the last migration
            yield database
        finally:
            ENGINE.attach(None)
            await database.close()
        return
    async with own_market(maximum=4) as database:
        await load(database, size.sizes, at=datetime.now(UTC).replace(minute=0, second=0, microsecond=0))
        yield database


async def trip(database: Database) -> None:
    """A round trip that does nothing."""
    async with database.borrow() as connection:
        await connection.fetchval("SELECT 1")


async def lists(database: Database, size: Size) -> tuple[Taken, Taken, list[float]]:
    """By filter, milliseconds of the first page and of a deep one; beside them the round trip."""
    first: Taken = {}
    deep: Taken = {}
    trips: list[float] = []
    for name, query in FILTERS.items():
        async with reading(database) as snapshot:
            question = Question(snapshot, columns_of(()), LISTS[query.state], narrowing_of(query))
            first[name], deep[name] = await _by_turns(database, question, size, trips)
    return first, deep, trips


async def _by_turns(
    database: Database, question: Question, size: Size, trips: list[float]
) -> tuple[list[float], list[float]]:
    """Milliseconds of the first page and of a deep one of one list, and of the round trip each time."""
    rows, first, deep = Slice().size, [], []
    far = Asked(after=await _far(question))
    await question.plan(rows)
    for turn in range(size.turns + WARMING):
        near, _ = await timed(lambda: question.page(Asked(), rows))
        there, _ = await timed(lambda: question.page(far, rows))
        one, _ = await asyncio.create_task(timed(lambda: trip(database)))  # a task borrows for itself
        if turn >= WARMING:
            first.append(near)
            deep.append(there)
            trips.append(one)
    return first, deep


async def _far(question: Question) -> Place | None:
    """A place half way down the demands that collect until a close, under the same filter."""
    page, _ = await question.page(Asked(), 10_000)
    closing = [one for one in page if one.closes_at is not None]
    if not closing:
        return None
    last = closing[len(closing) // 2]
    assert last.closes_at is not None, "chosen so"
    return Place("c", last.closes_at, last.id)


async def searches(database: Database, size: Size) -> dict[str, list[float]]:
    """Milliseconds of whole searches, each word several times, by what is searched."""
    asked: dict[str, Callable[[str], Awaitable[Any]]] = {
        "open demands": lambda q: read_demands(database, DemandQuery(q=q, state="open"), Slice()),
        "all demands": lambda q: read_demands(database, DemandQuery(q=q), Slice()),
        "results": lambda q: read_awards(database, AwardQuery(q=q), Slice()),
        "agencies": lambda q: read_agencies(database, AgencyQuery(q=q), Slice()),
    }
    taken: dict[str, list[float]] = {what: [] for what in asked}
    for turn in range(size.search_turns + 1):
        for word in WORDS:
            for what, ask in asked.items():
                milliseconds, _ = await timed(lambda ask=ask, word=word: ask(word))  # type: ignore[misc]  # defaults bind
                if turn:
                    taken[what].append(milliseconds)
    return taken


async def pages(database: Database, size: Size) -> Taken:
    """Milliseconds to the first byte by page, and of the empty one and its frame alone, by turns."""
    paths = {**PAGES, EMPTY: EMPTY, FRAME: FRAME}
    taken: Taken = {name: [] for name in paths}
    async with site(database.dsn) as port:
        for turn in range(size.turns + WARMING):
            for name, path in paths.items():
                milliseconds, status = await first_byte(port, path)
                assert status == HTTPStatus.OK, (path, status)
                if turn >= WARMING:
                    taken[name].append(milliseconds)
    return taken


def percentile(values: list[float], share: float) -> float:
    """The value that so many lie at or below, the nearest rank."""
    return sorted(values)[max(0, round(share * len(values)) - 1)]


def ratio(what: str, value: float, bound: float | None) -> Row:
    """How many times as much as the control, at most its bound."""
    target = None if bound is None else f"≤ {bound:g} ×"
    return Row(what, "×", bound is None or value <= bound, ratio=round(value, 2), target=target)


async def play(size: Size, *, smoke: bool) -> list[Row]:
    """All of it on one market."""
    async with loaded(size, smoke=smoke) as database:
        first, deep, trips = await lists(database, size)
        searched = await searches(database, size)
        shown = await pages(database, size)
    rows = list(_list_rows(first, deep, trips, smoke=smoke))
    rows += _search_rows(searched, smoke=smoke)
    nothing = statistics.median(shown[EMPTY])
    for name in PAGES:
        value = statistics.median(shown[name])
        rows.append(ratio(f"page, {name}: first byte ({value:.1f} ms)", value / nothing, None if smoke else MOST_EMPTY))
    rows.append(most("an empty page, made in a snapshot that nothing is read in: first byte", nothing, "ms", None))
    rows.append(most("its frame alone, nothing asked of the database", statistics.median(shown[FRAME]), "ms", None))
    return rows


def _list_rows(first: Taken, deep: Taken, trips: list[float], *, smoke: bool) -> Iterator[Row]:
    one = statistics.median(trips)
    for name in FILTERS:
        near, far = statistics.median(first[name]), statistics.median(deep[name])
        told = f"open list, {name}"
        yield ratio(f"{told}: first page ({near:.2f} ms)", near / one, None if smoke else MOST_TRIPS)
        yield ratio(f"{told}: deep page, than the first", far / near, None if smoke else MOST_DEEP)
    yield most("SELECT 1, borrowed and given back", one, "ms", None)


def _search_rows(searched: Taken, *, smoke: bool) -> list[Row]:
    bounds = {"open demands": MOST_OPEN_MS, "all demands": MOST_ALL_MS}
    rows = []
    for what, taken in searched.items():
        rows.append(most(f"search, {what}: p95", percentile(taken, 0.95), "ms", None if smoke else bounds.get(what)))
        rows.append(most(f"search, {what}: median", statistics.median(taken), "ms", None))
    return rows


def run(*, smoke: bool) -> list[Row]:
    """Measure."""
    return asyncio.run(play(SMOKE if smoke else Size(), smoke=smoke))
