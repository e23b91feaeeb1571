from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from marketplace.embedded.binaries import binaries_for
from marketplace.embedded.leftovers import server_processes
from marketplace.embedded.place import make_socket_folder
from marketplace.embedded.server import EmbeddedPostgres
from tests.store.processes import Holder, durable, gone, hold, is_alive, nothing_left, root, server, state_of

__all__ = ["durable", "root", "server"]


async def numbers(dsn: str) -> set[int]:
    connection = await asyncpg.connect(dsn)
    try:
        return {row["number"] for row in await connection.fetch("SELECT number FROM written")}
    finally:
        await connection.close()


class Acknowledged:
    """Collects what a writing holder says was committed."""

    def __init__(self, holder: Holder) -> None:
        self.numbers: set[int] = set()
        self._task = asyncio.create_task(self._read(holder))

    async def _read(self, holder: Holder) -> None:
        assert holder.process.stdout is not None
        async for line in holder.process.stdout:
            if line.endswith(b"\n"):
                self.numbers.add(int(line))

    async def more(self, count: int) -> None:
        """Wait for this many further acknowledgements."""
        goal = len(self.numbers) + count
        async with asyncio.timeout(30):
            while len(self.numbers) < goal:  # noqa: ASYNC110 - lines of another process
                await asyncio.sleep(0.005)


async def test_an_owner_killed_while_writing_takes_its_server_along(
    durable: EmbeddedPostgres,
) -> None:
    holder = await hold(durable._wanted, "written")
    acknowledged = Acknowledged(holder)
    await acknowledged.more(50)
    await holder.kill()
    assert await gone(holder.said["keeper"], holder.said["postmaster"])  # by themselves, before anybody starts again
    dsn = await durable.start()
    lost = acknowledged.numbers - await numbers(dsn)
    print(f"{len(acknowledged.numbers)} acknowledged, {len(lost)} lost")  # noqa: T201 - the figure
    assert not lost
    await durable.stop()
    assert await nothing_left(durable)


async def living(server: EmbeddedPostgres) -> int:
    """The postmaster that runs now: the keeper notes a new one a moment after it answers."""
    for _ in range(200):
        postmaster = int(state_of(server)["postmaster"])
        if is_alive(postmaster):
            return postmaster
        await asyncio.sleep(0.05)
    pytest.fail("no postmaster came back")


async def test_a_database_killed_while_writing_comes_back_by_itself(
    durable: EmbeddedPostgres,
) -> None:
    dsn = await durable.start()
    holder = await hold(durable._wanted, "written")
    acknowledged = Acknowledged(holder)
    await acknowledged.more(20)
    killed = []
    for _ in range(3):
        await acknowledged.more(20)
        killed.append(await living(durable))
        os.kill(killed[-1], signal.SIGKILL)
        assert await gone(killed[-1])
        await acknowledged.more(20)  # the writer goes on without anybody's help
    await holder.leave()
    lost = acknowledged.numbers - await numbers(dsn)
    print(f"{len(acknowledged.numbers)} acknowledged over {len(killed)} kills, {len(lost)} lost")  # noqa: T201 - the figure
    assert not lost
    assert len(set(killed)) == 3
    await durable.stop()
    assert await nothing_left(durable)


async def test_everything_killed_at_once_leaves_a_folder_that_starts_again(durable: EmbeddedPostgres) -> None:
    holder = await hold(durable._wanted, "written")
    acknowledged = Acknowledged(holder)
    await acknowledged.more(50)
    for pid in (holder.process.pid, holder.said["keeper"], holder.said["postmaster"]):
        os.kill(pid, signal.SIGKILL)
    await holder.process.wait()
    dsn = await durable.start()
    assert acknowledged.numbers <= await numbers(dsn)
    await durable.stop()
    assert await nothing_left(durable)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells a child of its parent's end on Linux only")
async def test_a_keeper_killed_takes_its_server_along_and_the_next_start_works(server: EmbeddedPostgres) -> None:
    await server.start()
    state = state_of(server)
    os.kill(state["keeper"], signal.SIGKILL)
    assert await gone(state["postmaster"])
    await server.stop()
    assert await nothing_left(server)
    await server.start()
    assert is_alive(state_of(server)["postmaster"])


async def test_a_server_that_nobody_keeps_is_stopped_by_the_next_start(server: EmbeddedPostgres, root: Path) -> None:
    await server.start()
    await server.stop()
    place = server.place
    options = place.account.child_options()
    binaries = binaries_for(place.account, root / "cache")
    with (root / "orphan.log").open("wb") as log:
        orphan = subprocess.Popen(  # noqa: ASYNC220 - it is meant to run beside us
            [binaries.postgres, "-D", place.cluster, "-k", make_socket_folder(place), "-c", "listen_addresses="],
            stdout=log,
            stderr=log,
            **options,
        )
    try:
        async with asyncio.timeout(20):
            while "ready to accept" not in (root / "orphan.log").read_text():  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.05)
        assert orphan.pid in server_processes(place.cluster)
        await server.start()
        assert await gone(orphan.pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            orphan.kill()
        orphan.wait()


async def test_a_pid_file_with_the_number_of_another_program_is_no_hindrance(
    server: EmbeddedPostgres,
) -> None:
    await server.start()
    await server.stop()
    pid_file = server.place.cluster / "postmaster.pid"
    options = server.place.account.child_options()
    stranger = subprocess.Popen(["/bin/sleep", "60"], **options)  # noqa: ASYNC220 - it is meant to run beside us
    try:
        pid_file.write_text(f"{stranger.pid}\n{server.place.cluster}\n1\n5432\n\n\n\n")
        await server.start()
        assert stranger.poll() is None  # and the stranger is left alone
    finally:
        stranger.kill()
        stranger.wait()


async def test_a_backend_killed_is_no_reason_to_lose_the_server(server: EmbeddedPostgres) -> None:
    dsn = await server.start()
    connection = await asyncpg.connect(dsn)
    postmaster = state_of(server)["postmaster"]
    os.kill(connection.get_server_pid(), signal.SIGKILL)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.fetchval("SELECT pg_sleep(5)")
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(asyncpg.PostgresError, OSError):
                other = await asyncpg.connect(dsn)
                break
            await asyncio.sleep(0.05)
    assert await other.fetchval("SELECT 1") == 1
    await other.close()
    assert state_of(server)["postmaster"] == postmaster
