"""``health``: what is in order, what is not, and why; exit status for whoever watches."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marketplace.command_line import UNEXPECTED
from marketplace.database import Database
from marketplace.files.disk import DiskFiles
from marketplace.settings import Mode, Settings
from marketplace.usecases import read_health as health
from marketplace.usecases.read_health import is_ready
from tests.store.commanding import *  # noqa: F403 - pytest finds fixtures by their names here
from tests.store.commanding import Machine

NOBODY = "postgresql://nobody@127.0.0.1:9/none"
_NOTE = """
WITH note AS (
  INSERT INTO outbox (id, type, about, payload, noted_at)
  VALUES (gen_random_uuid(), 'test', 'test/1', '{}', clock_timestamp() - interval '2 hours') RETURNING id
)
INSERT INTO outbox_delivery (id, event, receiver, attempts, due_at)
SELECT gen_random_uuid(), id, 'somebody', 3, clock_timestamp() FROM note
"""
_FORGET = "DELETE FROM migration WHERE name = (SELECT max(name) FROM migration)"


def told(machine: Machine, **where: str) -> tuple[int, dict[str, tuple[bool, str]]]:
    """The exit status, and by name whether it is in order and what was found."""
    status, said, _ = machine.run("health", "--json", **where)
    body = json.loads(said)
    assert body["ok"] == (status == 0)
    return status, {one["name"]: (one["ok"], one["found"]) for one in body["checks"]}


def test_a_market_in_order_says_so_line_by_line(machine: Machine) -> None:
    status, found = told(machine)
    assert status == 0, found
    assert list(found) == [
        "database", "server", "migrations", "clock", "settling", "outbox", "disk", "files", "identifier-key",
    ]  # fmt: skip
    status, said, complained = machine.run("health")
    assert (status, said.count("正常"), "异常" in said, complained) == (0, 9, False, "")


def test_what_is_not_in_order_is_named_and_the_exit_status_says_so(machine: Machine) -> None:
    async def spoil(database: Database) -> None:
        async with database.transaction() as connection:
            await connection.execute(_NOTE)
            await connection.execute(_FORGET)

    machine.on(spoil)
    status, found = told(machine)
    assert status == UNEXPECTED
    assert {name for name, (is_ok, _) in found.items() if not is_ok} == {"migrations", "outbox"}
    assert found["outbox"][1].startswith("1 waiting, the oldest 72")
    assert found["migrations"][1].startswith("1 apart")


def test_a_database_that_does_not_answer_is_a_line_and_no_traceback(machine: Machine) -> None:
    status, found = told(machine, dsn=NOBODY)
    assert (status, found["database"]) == (UNEXPECTED, (False, "does not answer"))
    assert found["disk"][0]
    assert "server" not in found


async def test_each_bound_is_told_when_it_is_passed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "LATE", timedelta(days=-1))
    monkeypatch.setattr(health, "ROOM", 2**63)
    settings = Settings(mode=Mode.PRODUCTION, data_dir=tmp_path)

    def behind() -> datetime:
        return datetime.now(UTC) - timedelta(seconds=1.5)

    (tmp_path / "files").write_bytes(b"no folder")
    async with database.transaction() as connection:
        await connection.execute("SET LOCAL synchronous_commit = off")
        checks = await health.read_health(database, settings, DiskFiles(tmp_path / "files"), here=behind)
    wrong = {one.name for one in checks if not one.is_ok}
    assert wrong == {"server", "clock", "settling", "disk", "identifier-key"}


async def test_a_database_that_is_away_is_not_ready(database: Database) -> None:
    assert await is_ready(database)
    await database.close()
    assert not await is_ready(database)
