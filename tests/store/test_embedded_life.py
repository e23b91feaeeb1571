from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from pathlib import Path

import asyncpg
import pytest

from commons.errors import Conflict, Unavailable
from marketplace.database import Database
from marketplace.embedded.server import EmbeddedPostgres, embedded
from tests.store.processes import (
    AS_ROOT,
    durable,
    gone,
    hold,
    is_alive,
    mode_of,
    nothing_left,
    owner_of,
    root,
    server,
    state_of,
)

__all__ = ["durable", "root", "server"]


async def ask(dsn: str, query: str = "SELECT 1") -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_a_server_starts_answers_and_leaves_nothing_when_stopped(durable: EmbeddedPostgres) -> None:
    began = time.monotonic()
    dsn = await durable.start()
    cold = time.monotonic() - began
    pids = state_of(durable)["keeper"], state_of(durable)["postmaster"]
    assert await ask(dsn, "SELECT current_database()") == "marketplace"
    await ask(dsn, "CREATE TABLE kept AS SELECT 7 AS seven")
    await durable.stop()
    assert not any(map(is_alive, pids))
    assert await nothing_left(durable)

    began = time.monotonic()
    dsn = await durable.start()
    print(f"cold start {cold:.2f} s, warm start {time.monotonic() - began:.2f} s")  # noqa: T201 - the figure
    assert await ask(dsn, "SELECT seven FROM kept") == 7
    await durable.stop()
    await durable.stop()  # twice is harmless
    assert await nothing_left(durable)


async def test_the_only_way_in_is_a_socket_that_only_the_servers_account_may_enter(server: EmbeddedPostgres) -> None:
    dsn = await server.start()
    assert await ask(dsn, "SHOW listen_addresses") == ""
    socket = Path(state_of(server)["socket"])
    assert [mode_of(path) for path in (socket, server.place.cluster, server.place.folder)] == [0o700] * 3
    owner = owner_of(server.place.cluster)
    assert owner_of(Path(f"/proc/{state_of(server)['postmaster']}")) == owner
    assert (owner != 0) if AS_ROOT else (owner == os.geteuid())


async def test_the_cluster_is_durable_and_the_same_on_every_machine(durable: EmbeddedPostgres) -> None:
    dsn = await durable.start()
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert await ask(dsn, f"SHOW {setting}") == "on", setting
    assert await ask(dsn, "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
    assert await ask(dsn, "SELECT lower('ÄΩ') || ('中' > 'z')::text") == "äωtrue"
    await ask(dsn, "ALTER SYSTEM SET fsync = off")
    await ask(dsn, "SELECT pg_reload_conf()")
    await durable.stop()
    assert await ask(await durable.start(), "SHOW fsync") == "on"


async def test_what_a_failing_statement_carries_is_not_logged(server: EmbeddedPostgres) -> None:
    dsn = await server.start()
    await ask(dsn, "CREATE TABLE priced (id int PRIMARY KEY CHECK (id < 9), note text)")
    for statement in ("INSERT INTO priced VALUES (12, 'canary-8431')", "SELECT 'canary-8431'::int"):
        with pytest.raises(asyncpg.PostgresError):
            await ask(dsn, statement)
    await server.stop()
    log = server.place.log.read_text(encoding="utf-8")
    assert 'violates check constraint "priced_id_check"' in log  # the log does tell that something failed
    assert "Failing row" not in log
    assert "INSERT" not in log


async def test_several_users_share_one_server_and_the_last_one_out_stops_it(server: EmbeddedPostgres) -> None:
    dsn = await server.start()
    neighbour = EmbeddedPostgres(server.place.folder)
    assert await neighbour.start() == dsn
    other_process = await hold(server.place.folder)
    assert other_process.said["postmaster"] == state_of(server)["postmaster"]
    await server.stop()
    assert await ask(dsn) == 1
    await neighbour.stop()
    assert await ask(dsn) == 1
    await other_process.leave()
    assert await gone(other_process.said["postmaster"], other_process.said["keeper"], within=0)


async def test_two_starts_at_the_same_moment_make_one_server(root: Path) -> None:
    first, second = await asyncio.gather(hold(root / "data"), hold(root / "data"))
    assert first.said == second.said
    await asyncio.gather(first.leave(), second.leave())
    assert await gone(first.said["postmaster"], first.said["keeper"], within=0)


async def test_erase_refuses_a_server_in_use_and_removes_it_otherwise(server: EmbeddedPostgres) -> None:
    dsn = await server.start()
    await ask(dsn, "CREATE TABLE kept AS SELECT 7 AS seven")
    neighbour = EmbeddedPostgres(server.place.folder)
    with pytest.raises(Conflict):
        await neighbour.erase()
    assert await ask(dsn, "SELECT seven FROM kept") == 7
    folder = server.place.folder
    await server.erase()
    assert not folder.exists()
    assert await ask(await server.start(), "SELECT to_regclass('kept')") is None


async def test_a_server_that_cannot_start_says_why(server: EmbeddedPostgres) -> None:
    await server.start()
    await server.stop()
    with (server.place.cluster / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("no_such_setting = 1\n")
    began = time.monotonic()
    with pytest.raises(Unavailable, match="no_such_setting"):
        await server.start()
    assert time.monotonic() - began < 30
    assert await nothing_left(server)


async def test_a_cancelled_start_leaves_no_process(server: EmbeddedPostgres) -> None:
    task = asyncio.create_task(server.start())
    while not server._place or not server.place.state.exists():  # noqa: ASYNC110 - the keeper writes this file
        await asyncio.sleep(0.001)
    pid = state_of(server)["postmaster"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await gone(pid)
    dsn = await server.start()
    assert await ask(dsn) == 1


def left_in(folder: Path) -> list[Path]:
    return list(folder.glob("*")) if folder.is_dir() else []


def is_there(path: Path) -> bool:
    return path.exists()


@pytest.mark.parametrize("name", ["有 空格 的 数据", 'it\'s, "quoted" % $HOME; x', "很长的路径" * 12])
async def test_any_path_will_do(root: Path, name: str) -> None:
    folder = root / name / "data 目录"
    async with embedded(folder) as dsn:
        database = await Database.open(dsn)
        async with database.transaction() as connection:
            assert await connection.fetchval("SELECT 1") == 1
        await database.close()
        socket = Path(json.loads((folder / "keeper.json").read_text(encoding="utf-8"))["socket"])
        assert len(os.fsencode(socket)) < 90
    assert left_in(socket) == []
    assert socket.parent == folder or not is_there(socket)


async def test_a_draft_left_by_a_killed_start_is_cleared(server: EmbeddedPostgres) -> None:
    await server.start()
    await server.stop()
    draft = server.place.folder / "cluster.new-12345"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18")
    await server.start()
    assert not draft.exists()


async def test_a_stop_signal_to_the_keeper_stops_the_server(server: EmbeddedPostgres) -> None:
    await server.start()
    state = state_of(server)
    os.kill(state["keeper"], signal.SIGTERM)
    assert await gone(state["postmaster"], state["keeper"])
