from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from marketplace.database import Database
from marketplace.migrate import all_steps, migrate_backward, migrate_forward, steps_in

STEP = """
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from marketplace.piccolo_engine import ENGINE

ID = "{id}"
VERSION = "1"
DESCRIPTION = ""
{bounds}

async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="scratch", description=DESCRIPTION)

    async def do():
        async with ENGINE.database.borrow() as connection:
            await connection.execute("{do}")

    async def undo():
        async with ENGINE.database.borrow() as connection:
            await connection.execute("{undo}")

    manager.add_raw(do)
    manager.add_raw_backwards(undo)
    return manager
"""
BOUNDS = 'LOCK_TIMEOUT = "300ms"\nSTATEMENT_TIMEOUT = "7s"'


def write(folder: Path, number: int, do: str, undo: str = "", bounds: str = BOUNDS) -> None:
    text = STEP.format(id=f"step-{number}", do=do, undo=undo, bounds=bounds)
    (folder / f"scratch_{number}.py").write_text(text, encoding="utf-8")


@pytest.fixture
async def empty(empty_dsn: str) -> AsyncIterator[Database]:
    opened = await Database.open(empty_dsn)
    yield opened
    await opened.close()


@pytest.mark.parametrize("bounds", ["", 'LOCK_TIMEOUT = "1s"', 'STATEMENT_TIMEOUT = "1s"'])
def test_a_step_without_both_bounds_is_refused(tmp_path: Path, bounds: str) -> None:
    write(tmp_path, 1, "SELECT 1", bounds=bounds)
    with pytest.raises(AssertionError, match="must begin with"):
        steps_in("scratch", tmp_path)


async def test_a_step_runs_under_its_bounds(empty: Database, tmp_path: Path) -> None:
    write(
        tmp_path,
        1,
        "CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS l, current_setting('statement_timeout') AS s",
    )
    await migrate_forward(empty, steps_in("scratch", tmp_path))
    async with empty.borrow() as connection:
        assert tuple(await connection.fetchrow("SELECT * FROM seen") or ()) == ("300ms", "7s")
        assert await connection.fetchval("SHOW lock_timeout") == "2s"


async def test_a_step_that_meets_a_lock_gives_up_and_leaves_nothing(empty: Database, tmp_path: Path) -> None:
    async with empty.transaction() as connection:
        await connection.execute("CREATE TABLE busy (id int)")
    write(tmp_path, 1, "CREATE TABLE made (id int); LOCK TABLE busy")
    async with empty.transaction() as connection:
        await connection.execute("LOCK TABLE busy IN ACCESS SHARE MODE")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await asyncio.create_task(migrate_forward(empty, steps_in("scratch", tmp_path)))
    async with empty.borrow() as connection:
        assert await connection.fetchval("SELECT to_regclass('made')") is None
    assert len(await migrate_forward(empty, steps_in("scratch", tmp_path))) == 1


async def test_only_the_missing_steps_run_and_backward_takes_the_last_first(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, 1, "CREATE TABLE one (id int)", "DROP TABLE one")
    assert [step.id for step in await migrate_forward(empty, steps_in("scratch", tmp_path))] == ["step-1"]
    write(tmp_path, 2, "ALTER TABLE one ADD COLUMN two int", "ALTER TABLE one DROP COLUMN two")
    steps = steps_in("scratch", tmp_path)
    assert [step.id for step in await migrate_forward(empty, steps)] == ["step-2"]
    assert [step.id for step in await migrate_backward(empty, steps)] == ["step-2", "step-1"]
    async with empty.borrow() as connection:
        assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


async def test_processes_that_migrate_at_once_run_each_step_once(empty_dsn: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from marketplace.database import Database\n"
        "from marketplace.migrate import migrate_forward\n"
        "async def main():\n"
        "    database = await Database.open(sys.argv[1])\n"
        "    print(len(await migrate_forward(database)))\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
    )
    pair = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, empty_dsn, stdout=asyncio.subprocess.PIPE)
        for _ in range(2)
    ]
    outputs = [await process.communicate() for process in pair]
    assert [process.returncode for process in pair] == [0, 0]
    assert sum(int(output[0]) for output in outputs) == len(all_steps())
