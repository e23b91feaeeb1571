"""Commands of the machine run as an operator types them: on databases of one test alone, with its own data folder."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from marketplace.__main__ import main
from marketplace.database import Database
from marketplace.settings import VARIABLES
from tests.store.fixtures import fresh

__all__ = ["machine"]

Found = TypeVar("Found")


@dataclass
class Machine:
    """A machine with a database; ``run`` gives the exit status, what is said, what is complained of."""

    dsn: str
    other: str
    data: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: object, dsn: str | None = None, data: Path | None = None) -> tuple[int, str, str]:
        self.monkeypatch.setenv("DATABASE_URL", dsn or self.dsn)
        self.monkeypatch.setenv("DATA_DIR", str(data or self.data))
        try:
            status = main(list(map(str, words)))
        except SystemExit as ended:
            status = int(ended.code or 0)
        said = self.capsys.readouterr()
        return status, said.out, said.err

    def on(self, work: Callable[[Database], Awaitable[Found]], dsn: str | None = None) -> Found:
        """Do something on the database between two commands."""

        async def do() -> Found:
            database = await Database.open(dsn or self.dsn)
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(do())


@pytest.fixture
def machine(
    database_server: str,
    migrated_template: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Machine]:
    """Two migrated, empty databases of this test alone; the commands work on the first one unless told otherwise."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with asyncio.Runner() as runner:
        first, second = (fresh(database_server, migrated_template) for _ in range(2))
        dsn, other = runner.run(first.__aenter__()), runner.run(second.__aenter__())
        yield Machine(dsn, other, tmp_path / "data", monkeypatch, capsys)
        runner.run(first.__aexit__(None, None, None))
        runner.run(second.__aexit__(None, None, None))
