"""Commands of the product as processes of their own, with a data folder of their own, read line by line."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marketplace.embedded.leftovers import server_processes
from tests.store.fixtures import base_folder

PROJECT = Path(__file__).parents[2]
PATIENCE = 90.0
SETTINGS = ("DATABASE_URL", "TEST_DATABASE_URL", "MODE", "PROFILE", "PORT", "POOL_SIZE")


@dataclass
class Run:
    """A running command and what it has said so far."""

    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)

    async def line_with(self, words: str, *, within: float = PATIENCE) -> str:
        """The next line that holds the words."""
        assert self.process.stdout is not None
        async with asyncio.timeout(within):
            while True:
                line = (await self.process.stdout.readline()).decode()
                assert line, f"ended without saying {words!r}:\n{self.text}"
                self.said.append(line)
                if words in line:
                    return line

    async def end(self, *, within: float = PATIENCE) -> int:
        """Read to the end; the exit status."""
        assert self.process.stdout is not None
        async with asyncio.timeout(within):
            self.said.append((await self.process.stdout.read()).decode())
            return await self.process.wait()

    def signal(self, one: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(one)

    @property
    def text(self) -> str:
        """Everything said so far."""
        return "".join(self.said)


@contextlib.asynccontextmanager
async def running(data_dir: Path, *arguments: str, **settings: str) -> AsyncIterator[Run]:
    """``python -m marketplace …`` on a data folder; killed at the end of the block when it still runs."""
    environment = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "marketplace", *arguments),
        cwd=PROJECT,
        env={**environment, "DATA_DIR": str(data_dir), "PYTHONUTF8": "1", **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=2**20,
    )
    run = Run(process)
    try:
        yield run
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@contextlib.contextmanager
def data_folder(name: str) -> Iterator[Path]:
    """A data folder that the server's account may reach, removed afterwards."""
    made = Path(tempfile.mkdtemp(prefix=f"shepi-{name}-", dir=base_folder()))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def keeper_of(folder: Path) -> dict[str, Any]:
    """What the keeper of a server's folder wrote of itself: its pid, the postmaster's, the socket."""
    state: dict[str, Any] = json.loads((folder / "keeper.json").read_text(encoding="utf-8"))
    return state


async def nothing_runs(folder: Path, *, within: float = 20.0) -> bool:
    """Whether every process of the server in this folder has ended."""
    until = time.monotonic() + within
    while server_processes(folder / "cluster") or (folder / "keeper.json").exists():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.1)
    return True
