"""A market's clock that a test sets forward instead of waiting, and that runs slowly while a test arranges something.

The use cases ask ``clock_timestamp()`` and ``statement_timestamp()``; in the databases of the ``database`` fixture,
whose search path has the schema ``moved`` before PostgreSQL's own, those names mean the functions made here. They begin
at the present instant, run at the test's ``pace`` (a market's second lasts ten of ours, so that a busy machine misses
no deadline) and are set forward by ``until`` and ``pass_by``. Nothing of the product is changed. Who races with a
deadline has the pace of real time and waits (``wait_until``). What asks Python's clock is not moved.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncpg

REAL, SLOW = 1.0, 0.1
"""Seconds of the market that pass in one of ours."""
SCHEMA = """
CREATE SCHEMA moved;
CREATE SEQUENCE moved.microseconds MINVALUE 0 START 0;
CREATE FUNCTION moved.here(there timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT current_setting('moved.began')::timestamptz
    + (there - current_setting('moved.began')::timestamptz) * current_setting('moved.pace')::float8
    + last_value * interval '1 microsecond' FROM moved.microseconds $$;
CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT moved.here(pg_catalog.clock_timestamp()) $$;
CREATE FUNCTION moved.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT moved.here(pg_catalog.statement_timestamp()) $$;
CREATE VIEW moved.pg_stat_activity AS
  SELECT datname, pid, backend_xid, backend_type, moved.here(xact_start) AS xact_start
  FROM pg_catalog.pg_stat_activity;
"""
JUST_AFTER = timedelta(milliseconds=20)


@dataclass
class Clock:
    """The clock of one test's database, as Python reckons it."""

    pace: float = REAL
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    ahead: timedelta = timedelta()
    dsn: str | None = None

    def settings(self) -> dict[str, str]:
        """What its database is set to before anybody connects."""
        path = "public, moved, pg_catalog"
        return {"search_path": path, "moved.began": f"'{self.began.isoformat()}'", "moved.pace": f"'{self.pace}'"}

    def now(self) -> datetime:
        """What it says."""
        return self.began + (datetime.now(UTC) - self.began) * self.pace + self.ahead

    async def forward(self, by: timedelta) -> None:
        """Set it forward for everybody in that database."""
        assert self.dsn is not None, "a test without a database has no clock to set"
        self.ahead += by
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute("SELECT setval('moved.microseconds', $1)", self.ahead // timedelta(microseconds=1))
        finally:
            await connection.close()


_CLOCKS = [Clock()]
"""The real time, and above it the clock of the test that is running, if it has one."""


def put_up(clock: Clock) -> None:
    """The test's clock counts from now on."""
    _CLOCKS.append(clock)


def take_down(clock: Clock) -> None:
    """The test is over."""
    _CLOCKS.remove(clock)


def now() -> datetime:
    """What the market's clock says."""
    return _CLOCKS[-1].now()


async def until(at: datetime) -> None:
    """Set the market's clock to just after an instant; one that is past leaves it where it is."""
    await _CLOCKS[-1].forward(max(timedelta(), at - now()) + JUST_AFTER)


async def pass_by(seconds: float) -> None:
    """Let so many seconds of the market pass."""
    await _CLOCKS[-1].forward(timedelta(seconds=seconds))


async def wait_until(at: datetime) -> None:
    """Sleep until just after an instant: for what happens at the same time."""
    assert _CLOCKS[-1].pace == REAL, "who waits needs the pace of real time"
    await asyncio.sleep(max(0.0, (at - now() + JUST_AFTER).total_seconds()))
