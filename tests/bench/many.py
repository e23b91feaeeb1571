"""``python -m tests.bench.many DSN``: a market of a million demands in a few minutes, by COPY, from seeded dice.

What lists read is there, and only that: no demand has a record, so a page of a single one is not. It is for measuring
and for looking at long lists; the database must hold none yet. Says how fast it goes and what remains.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeAlias

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from marketplace.database import Database
from marketplace.migrate import migrate_forward
from marketplace.usecases.count_statistics import count_all
from marketplace.usecases.rebuild_search import rebuild_tally
from tests.bench.many_rows import (
    AGENCY_COLUMNS,
    DEMAND_COLUMNS,
    SELECTION_COLUMNS,
    Filed,
    Sizes,
    agencies,
    demands,
)

AT_ONCE = 10_000
Plain: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Done = Callable[[str, int], None]
_INDEXES = """
SELECT format('DROP INDEX %I', indexname) AS dropping, indexdef
FROM pg_indexes JOIN pg_class ON pg_class.oid = indexname::regclass
JOIN pg_index ON indexrelid = pg_class.oid
WHERE schemaname = 'public' AND tablename = ANY($1::text[]) AND NOT indisunique ORDER BY indexname
"""


async def load(database: Database, sizes: Sizes, *, at: datetime, done: Done = lambda _what, _number: None) -> None:
    """Fill an empty market; ``done`` hears of every batch. Indexes are made when the rows are there."""
    connection = await asyncpg.connect(database.dsn)  # one of its own: COPY is binary, the pool's JSON is text
    try:
        assert not await connection.fetchval("SELECT EXISTS (SELECT FROM demand)"), "the market holds demands already"
        await connection.execute("SET statement_timeout = 0; SET maintenance_work_mem = '512MB'")
        indexes = await connection.fetch(_INDEXES, ["demand", "selection"])
        filed = [Filed(row[0], row[1], row[7]) for row in await _agencies(connection, sizes, at, done)]
        await connection.execute("ALTER TABLE demand DISABLE TRIGGER USER")
        for row in indexes:
            await connection.execute(row["dropping"])
        rows = demands(sizes, at, filed)
        while batch := list(islice(rows, AT_ONCE)):
            await _copy(connection, "demand", DEMAND_COLUMNS, (one for one, _ in batch))
            await _copy(connection, "selection", SELECTION_COLUMNS, (one for _, one in batch))
            done("demands", len(batch))
        for row in indexes:
            await connection.execute(row["indexdef"])
            done("indexes", 1)
        await connection.execute("ALTER TABLE demand ENABLE TRIGGER USER")
        async with database.transaction() as writing:
            await rebuild_tally(writing)
        await count_all(database)  # the directory: nothing is counted of demands without a record
        await connection.execute("VACUUM (ANALYZE)")  # as the server does by itself, given the time
        done("indexes", 1)
    finally:
        await connection.close()


async def _agencies(connection: Plain, sizes: Sizes, at: datetime, done: Done) -> list[tuple[Any, ...]]:
    rows = agencies(sizes, at)
    every: list[tuple[Any, ...]] = []
    while batch := list(islice(rows, AT_ONCE)):
        await _copy(connection, "agency", AGENCY_COLUMNS, batch)
        await _copy(connection, "agency_status", ("agency",), ((one[0],) for one in batch))
        every += batch
        done("agencies", len(batch))
    return every


async def _copy(connection: Plain, table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    await connection.copy_records_to_table(table, records=rows, columns=list(columns))


def bar(console: Console) -> Progress:
    """How far, how fast, how long yet."""
    return Progress(
        TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"), TimeRemainingColumn(), console=console,
    )  # fmt: skip


async def main(arguments: list[str] | None = None) -> int:
    """Load into the database of the DSN."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.many", description=__doc__)
    parser.add_argument("dsn")
    parser.add_argument("--demands", type=int, default=Sizes().demands)
    parser.add_argument("--agencies", type=int, default=Sizes().agencies)
    parser.add_argument("--seed", type=int, default=Sizes().seed)
    given = parser.parse_args(arguments)
    sizes = Sizes(given.demands, given.agencies, given.seed)
    database = await Database.open(given.dsn, maximum=2)
    try:
        await migrate_forward(database)
        with bar(Console(stderr=True)) as progress:
            totals = {"agencies": sizes.agencies, "demands": sizes.demands, "indexes": None}
            tasks = {what: progress.add_task(what, total=total, speed="") for what, total in totals.items()}
            begun = {"agencies": time.monotonic()}

            def done(what: str, number: int) -> None:
                seconds = time.monotonic() - begun.setdefault(what, time.monotonic())
                completed = progress.tasks[tasks[what]].completed + number
                speed = f"{completed / seconds:,.0f}/s" if seconds > 0 and what != "indexes" else ""
                progress.update(tasks[what], advance=number, speed=speed)

            started = time.monotonic()
            await load(database, sizes, at=datetime.now(UTC).replace(minute=0, second=0, microsecond=0), done=done)
        print(f"{sizes.demands:,} demands, {sizes.agencies:,} agencies in {time.monotonic() - started:.0f} s")
    finally:
        await database.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
