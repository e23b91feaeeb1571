"""Looking at processes, and running holder.py, for the tests of the embedded server."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import stat
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from marketplace.embedded.leftovers import server_processes
from marketplace.embedded.server import EmbeddedPostgres
from tests.store.fixtures import HASTY, base_folder

HOLDER = Path(__file__).with_name("holder.py")
AS_ROOT = os.geteuid() == 0


def is_alive(pid: int) -> bool:
    """Say whether a process runs (one that has ended and waits to be noticed does not)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


async def gone(*pids: int, within: float = 15.0) -> bool:
    """Wait for processes to end; say whether all did."""
    until = time.monotonic() + within
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.02)
    return True


def mode_of(path: Path) -> int:
    """Read a path's permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def owner_of(path: Path) -> int:
    """Read the uid that a path (a process's folder under /proc too) belongs to."""
    return path.stat().st_uid


def state_of(server: EmbeddedPostgres) -> dict[str, Any]:
    """Read what the keeper wrote of itself."""
    state: dict[str, Any] = json.loads(server.place.state.read_text(encoding="utf-8"))
    return state


async def nothing_left(server: EmbeddedPostgres) -> bool:
    """Say whether neither a server process nor a socket folder of this server remains."""
    return server_processes(server.place.cluster) == [] and not server.place.state.exists()


@dataclass
class Holder:
    """A running holder.py."""

    process: asyncio.subprocess.Process
    said: dict[str, Any]

    async def kill(self) -> None:
        """Kill it with SIGKILL."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def leave(self) -> None:
        """Let it stop in order."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()


async def hold(folder: Path, *more: str, python: str = sys.executable, **options: Any) -> Holder:
    """Start a holder and wait until its server is up."""
    process = await asyncio.create_subprocess_exec(
        *(python, str(HOLDER), str(folder), *more),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        **options,
    )
    assert process.stdout is not None
    return Holder(process, json.loads(await asyncio.wait_for(process.stdout.readline(), 60)))


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder that every account may enter, removed afterwards."""
    made = Path(tempfile.mkdtemp(prefix="shepi-embedded-", dir=base_folder()))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest_asyncio.fixture
async def server(root: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server's handle, not started, that spares the disk; stopped afterwards whatever the test did."""
    made = EmbeddedPostgres(root / "data", settings=HASTY)
    yield made
    await made.stop()


@pytest_asyncio.fixture
async def durable(root: Path) -> AsyncIterator[EmbeddedPostgres]:
    """The same with the settings that ``serve`` uses."""
    made = EmbeddedPostgres(root / "data")
    yield made
    await made.stop()
