"""``eligible``: who could take part in a demand, of 100,000 agencies with certificates, restrictions and suspensions.

The whole use case is timed, from the pool to the page; beside it in the same run, by turns, a ``SELECT 1`` round trip
and the naive query, which asks each agency one by one and must find as many. The directory is loaded by COPY, from
seeded dice, into a database of this run alone. Then the fairness check (公平性检查) that an owner waits for while
writing the same demand, beside as many awards of each item as it looks at.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.requirements import requirement_of
from marketplace.database import Database
from marketplace.usecases.check_terms import CheckTerms, check_terms
from marketplace.usecases.read_eligible import read_eligible
from marketplace.usecases.read_similar import MOST as MOST_AWARDS
from tests.bench.measuring import Row, most, times
from tests.faults.ground import CITIES, own_market
from tests.usecases.market import PROFILE, Market, code, sealed_terms

NAME = "eligible"
SEED = 20261124
MOST_MS, LEAST_TIMES = 25.0, 3.0
AT = datetime(2026, 1, 1, tzinfo=UTC)
ITEMS = {"one qualification (SV22)": "SV22", "any grade of it (SV13)": "SV13", "the commitment alone (RA02)": "RA02"}
NAIVE = """
SELECT count(*) FROM agency WHERE uscc <> $1
  AND ($2::text = '' OR (SELECT count(*) FROM qualification_as_it_ends AS held WHERE held.agency = uscc AND kind = $2
    AND (cardinality($3::text[]) = 0 OR grade = ANY($3)) AND ended_at IS NULL
    AND valid_from <= $4 AND (valid_until IS NULL OR $4 < valid_until)
    AND (cardinality(items) = 0 OR $5 = ANY(items)) AND (cardinality(regions) = 0 OR '330300' = ANY(regions))) > 0)
  AND (SELECT count(*) FROM restriction_as_it_ends WHERE subject = uscc AND starts_at <= $6
    AND (ends_at IS NULL OR $6 < ends_at)) = 0
  AND (SELECT standing FROM agency_status WHERE agency = uscc) = 'active'
"""
AWARDED = """
INSERT INTO demand SELECT (jsonb_populate_record(NULL::demand, to_jsonb(first) || jsonb_build_object(
  'id', 'A' || bought || '-' || number, 'selection', 'S' || bought || '-' || number, 'item', bought,
  'state', 'awarded', 'outcome', 'award', 'winner', $2::text, 'winning_fen', 10000000 + number,
  'published_at', $3::timestamptz - interval '40 days', 'publicity_until', $3 - interval '10 days',
  'decided_at', $3 - number * interval '1 minute' - interval '20 days'))).*
FROM demand AS first, unnest($4::text[]) AS bought, generate_series(1, $5::int) AS number WHERE first.id = $1
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many agencies and awards of each item, and how often each question is asked."""

    agencies: int = 100_000
    turns: int = 60
    naive_turns: int = 5
    awards: int = MOST_AWARDS


SMOKE = Size(agencies=300, turns=3, naive_turns=2, awards=20)
Rows = list[tuple[Any, ...]]
Taken = dict[str, tuple[list[float], list[float], list[float]]]


def directory(count: int) -> tuple[Rows, Rows, Rows, Rows, Rows]:
    """Agencies, status rows, certificates, what followed them, restrictions: the same for the same count."""
    dice = random.Random(SEED)
    kinds = load_catalogue().kinds
    agencies: Rows = []
    statuses: Rows = []
    papers: Rows = []
    followed: Rows = []
    bound: Rows = []
    for number in range(1, count + 1):
        uscc, city = code(number), CITIES[number % len(CITIES)]
        agencies.append((uscc, f"第{number}号（示例）", "company", city, city, AT, True))
        is_away = dice.random() < 0.005
        statuses.append((uscc, "suspended" if is_away else "active", AT if is_away else None))
        for kind in dice.sample(kinds, dice.choice((0, 1, 1, 2, 3))):
            identifier = UUID(int=dice.getrandbits(128))
            grade = dice.choice(kind.grades_best_first) if kind.grades_best_first else None
            until = dice.choice((None, date(2040, 1, 1), date(2040, 1, 1), date(2025, 1, 1)))
            regions = dice.choice(([], [], [], [], [city]))
            papers.append((identifier, uscc, kind.kind, grade, str(number), date(2020, 1, 1), until, regions))
            if dice.random() < 0.02:
                followed.append((UUID(int=dice.getrandbits(128)), identifier, "withdrawn", AT))
        if dice.random() < 0.01:
            bound.append((f"R{number}", uscc, AT))
    return agencies, statuses, papers, followed, bound


async def fill(database: Database, count: int) -> None:
    """Load the directory by COPY, and leave it as the server would after a while."""
    agencies, statuses, papers, followed, bound = directory(count)
    tables: tuple[tuple[str, tuple[str, ...], Rows], ...] = (
        ("agency", ("uscc", "name", "kind", "region", "city", "filed_at", "is_example"), agencies),
        ("agency_status", ("agency", "standing", "standing_since"), statuses),
        (
            "qualification",
            ("id", "agency", "kind", "grade", "number", "valid_from", "valid_until", "regions"),
            papers,
        ),
        ("qualification_followed", ("id", "qualification", "kind", "effective_at"), followed),
        ("restriction", ("id", "subject", "starts_at"), bound),
    )
    async with database.transaction() as connection:
        await connection.execute("SET LOCAL statement_timeout = 0")
        for table, columns, rows in tables:
            await connection.copy_records_to_table(table, records=rows, columns=columns)
    await vacuumed(database)


async def vacuumed(database: Database) -> None:
    """Do what the server does by itself, given the time."""
    async with database.borrow() as connection:
        await connection.execute("SET statement_timeout = 0")
        try:
            await connection.execute("VACUUM (ANALYZE)")
        finally:
            await connection.execute("RESET statement_timeout")


async def timed(ask: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    """Milliseconds of one question, and its answer."""
    started = time.perf_counter_ns()
    answer = await ask()
    return (time.perf_counter_ns() - started) / 1e6, answer


def percentile(values: list[float], share: float) -> float:
    """The value that so many lie at or below, the nearest rank."""
    return sorted(values)[max(0, round(share * len(values)) - 1)]


async def play(size: Size) -> tuple[Taken, dict[str, list[float]]]:
    """By kind of demand: milliseconds of the use case, of ``SELECT 1``, of the naive query; of the fairness check."""
    taken: Taken = {}
    async with own_market(maximum=4) as database:
        await fill(database, size.agencies)
        market = Market(database)
        for what, item in ITEMS.items():
            published = await market.publish(
                sealed_terms(), item=item, region="330300", sign_up_s=3600.0, close_s=3700.0
            )

            async def ask(demand: str = published.demand) -> int:
                return (await read_eligible(database, demand)).total

            async def naive(item: str = item) -> int:
                return await by_one(database, item)

            found: tuple[list[float], list[float], list[float]] = ([], [], [])
            for turn in range(size.turns + 1):
                milliseconds, total = await timed(ask)
                trip, _ = await timed(lambda: trivial(database))
                if turn:
                    found[0].append(milliseconds)
                    found[1].append(trip)
                if turn < size.naive_turns:
                    slow, counted = await timed(naive)
                    assert counted == total, (what, counted, total)
                    found[2].append(slow)
            taken[what] = found
        return taken, await checked(database, published.demand, size)


async def checked(database: Database, pattern: str, size: Size) -> dict[str, list[float]]:
    """By kind of demand: milliseconds of each fairness check, once every item has its awards, copies of the pattern."""
    now = datetime.now(UTC)
    async with database.transaction() as connection:
        await connection.execute("SET LOCAL statement_timeout = 0")
        await connection.execute(AWARDED, pattern, code(2), now, list(ITEMS.values()), size.awards)
    await vacuumed(database)
    taken: dict[str, list[float]] = {}
    for what, item in ITEMS.items():
        command = CheckTerms(
            terms=sealed_terms(), item=item, region="330300", owner_code=code(1, "11990000MA"), recused=[code(3)],
            closes_at=now + timedelta(days=7), is_example=True,
        )  # fmt: skip

        async def ask(command: CheckTerms = command) -> int:
            found = await check_terms(database, command, profile=PROFILE)
            assert found.similar.count == size.awards, "every award is compared with"
            assert found.reach.filed > found.reach.qualified > 0, "some of the directory could take part"
            return found.reach.qualified

        turns = [await timed(ask) for _ in range(size.turns + 1)]
        taken[what] = [milliseconds for milliseconds, _ in turns[1:]]
    return taken


async def trivial(database: Database) -> int:
    """A round trip that does nothing."""
    async with database.borrow() as connection:
        one: int = await connection.fetchval("SELECT 1")
        return one


async def by_one(database: Database, item: str) -> int:
    """The control: every agency is asked for its papers, its restrictions and how it stands."""
    catalogue = load_catalogue()
    found = catalogue.item(item)
    assert found is not None, "an item of the catalogue"
    asked = requirement_of(found, catalogue)
    now = datetime.now(UTC)
    async with database.borrow() as connection:
        count: int = await connection.fetchval(
            NAIVE, code(1, "11990000MA"), asked.kind if asked else "", list(asked.grades or ()) if asked else [],
            (now + timedelta(hours=9)).date(), item, now,
        )  # fmt: skip
        return count


def rows_of(taken: Taken, checks: dict[str, list[float]], *, smoke: bool) -> Iterator[Row]:
    """A row for each figure; a smoke run has no targets."""
    for what, (ours, trips, slow) in taken.items():
        yield most(f"{what}, p95", percentile(ours, 0.95), "ms", None if smoke else MOST_MS)
        yield most(f"{what}, median", statistics.median(ours), "ms", None)
        yield most(f"{what}, SELECT 1 round trip", statistics.median(trips), "ms", None)
        ratio = statistics.median(slow) / statistics.median(ours)
        yield times(f"{what}, against the naive query", ratio, None if smoke else LEAST_TIMES)
    for what, each in checks.items():
        yield most(f"fairness check, {what}, p95", percentile(each, 0.95), "ms", None if smoke else MOST_MS)
        yield most(f"fairness check, {what}, median", statistics.median(each), "ms", None)


def run(*, smoke: bool) -> list[Row]:
    """Measure."""
    return list(rows_of(*asyncio.run(play(SMOKE if smoke else Size())), smoke=smoke))
