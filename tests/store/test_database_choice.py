from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from commons.errors import Unavailable
from marketplace.opening import EmbeddedDatabase, GivenDatabase, Purpose, database_for, open_database
from marketplace.piccolo_engine import ENGINE
from marketplace.server_check import UnsafeServer
from marketplace.settings import Mode, Settings
from tests.store.processes import root

__all__ = ["root"]

REAL = "postgresql://real/market"
SCRATCH = "postgresql://scratch/tests"
HERE = Path("/here")


@pytest.mark.parametrize(
    ("purpose", "url", "test_url", "allowed", "choice"),
    [
        (Purpose.SERVE, None, None, False, EmbeddedDatabase(HERE / "postgresql")),
        (Purpose.SERVE, REAL, None, False, GivenDatabase(REAL)),
        (Purpose.SERVE, None, SCRATCH, True, EmbeddedDatabase(HERE / "postgresql")),
        (Purpose.DEMO, None, None, False, EmbeddedDatabase(HERE / "demo")),
        (Purpose.DEMO, REAL, None, False, EmbeddedDatabase(HERE / "demo")),
        (Purpose.DEMO, REAL, SCRATCH, True, GivenDatabase(REAL)),
        (Purpose.DEMO, None, None, True, EmbeddedDatabase(HERE / "demo")),
        (Purpose.TEST, REAL, None, False, EmbeddedDatabase(HERE / "test")),
        (Purpose.TEST, REAL, None, True, EmbeddedDatabase(HERE / "test")),
        (Purpose.TEST, REAL, SCRATCH, False, GivenDatabase(SCRATCH)),
    ],
)
def test_the_demo_and_the_tests_never_touch_the_given_database_unless_told(
    purpose: Purpose, url: str | None, test_url: str | None, allowed: bool, choice: object
) -> None:
    settings = Settings(data_dir=HERE, database_url=url, test_database_url=test_url)
    assert database_for(purpose, settings, allow_url=allowed) == choice


async def test_an_opened_database_is_up_checked_migrated_and_bound_and_then_all_down(root: Path) -> None:
    settings = Settings(data_dir=root, mode=Mode.PRODUCTION, pool_size=3)
    async with open_database(settings) as database:
        assert ENGINE.database is database
        assert database.state.maximum == 3
        async with database.read() as connection:
            assert await connection.fetchval("SELECT count(*) FROM agency") == 0
    assert ENGINE.attached is None
    assert not (root / "postgresql" / "keeper.json").exists()


async def test_production_does_not_open_an_unsafe_server_and_development_warns(
    database_server: str, caplog: pytest.LogCaptureFixture, root: Path
) -> None:
    settings = Settings(data_dir=root, database_url=database_server)  # the tests' own server spares the disk
    with pytest.raises(UnsafeServer, match="fsync is off"):
        async with open_database(dataclasses.replace(settings, mode=Mode.PRODUCTION)):
            pass
    async with open_database(settings):
        assert "fsync is off" in caplog.text


async def test_a_given_database_that_does_not_answer_is_unavailable(root: Path) -> None:
    with pytest.raises(Unavailable):
        async with open_database(Settings(data_dir=root, database_url="postgresql://x@127.0.0.1:1/y")):
            pass
