"""A clock that the simulation moves: PostgreSQL's own clock functions, replaced in one database of the tests alone.

The use cases ask ``clock_timestamp()`` and ``statement_timestamp()``; in a database whose search path begins with the
schema ``simulated`` those names mean the functions made here. Each asking is one microsecond later than the one
before, so that instants depend on the order of what was done, never on how fast the machine is; between the acts the
simulation moves the clock on. Nothing of the product is changed. Invariant: the clock never runs backwards.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncpg

EPOCH = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Where each market's time begins."""

_INSTALL = """
CREATE SCHEMA simulated;
CREATE SEQUENCE simulated.tick MINVALUE 0 START 0;
CREATE TABLE simulated.moment (at timestamptz NOT NULL);
INSERT INTO simulated.moment VALUES ('2026-11-23T01:00:00Z');
CREATE FUNCTION simulated.statement_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT timestamptz '2026-11-23T01:00:00Z' + last_value * interval '1 microsecond' FROM simulated.tick $$;
CREATE FUNCTION simulated.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF current_setting('transaction_read_only') = 'on' THEN  -- a reader may look, it cannot count
    RETURN simulated.statement_timestamp();
  END IF;
  RETURN timestamptz '2026-11-23T01:00:00Z' + nextval('simulated.tick') * interval '1 microsecond';
END $$;
CREATE PROCEDURE simulated.wait_for_end(ended int) LANGUAGE plpgsql AS $$
BEGIN
  WHILE EXISTS (SELECT FROM pg_catalog.pg_stat_get_activity(ended)) LOOP
    PERFORM pg_sleep(0.001), pg_stat_clear_snapshot();
  END LOOP;
END $$;
CREATE VIEW simulated.pg_stat_activity AS
  SELECT datname, pid, backend_xid, backend_type, (SELECT at FROM simulated.moment) AS xact_start
  FROM pg_catalog.pg_stat_activity;
"""
_PATH = "SELECT format('ALTER DATABASE %I SET search_path = simulated, public, pg_catalog', current_database())"
_MOVE = "SELECT setval('simulated.tick', greatest($1, (SELECT last_value FROM simulated.tick)))"


@dataclass
class MovedClock:
    """The clock of one database, and the way to end connections of it."""

    connection: asyncpg.Connection[asyncpg.Record]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    async def install(cls, dsn: str) -> MovedClock:
        """Replace the clock of that database for every connection opened from now on."""
        connection = await asyncpg.connect(dsn)
        await connection.execute(_INSTALL)
        await connection.execute(await connection.fetchval(_PATH))
        return cls(connection)

    async def close(self) -> None:
        """End the clock's own connection."""
        await self.connection.close()

    async def move(self, milliseconds: int) -> None:
        """Move on to so many milliseconds after the epoch; a moment that is past leaves the clock as it is."""
        async with self.turn:
            await self.connection.execute(_MOVE, milliseconds * 1000)

    async def mark(self) -> None:
        """Note that nothing is under way: whatever is begun from now on began at this moment, for readers."""
        async with self.turn:
            await self.connection.execute("UPDATE simulated.moment SET at = simulated.statement_timestamp()")

    async def end_backend(self, pid: int) -> None:
        """End a connection of this database from outside, as a crash would, and wait until it has gone.

        However slow the machine is: what is sent to a backend that has not gone yet might still be done.
        """
        async with self.turn:
            await self.connection.execute("SELECT pg_terminate_backend($1)", pid)
            await self.connection.execute("CALL simulated.wait_for_end($1)", pid)

    async def analyze(self) -> None:
        """Let the planner look at the tables as they are now, as it does by itself after a minute or so."""
        async with self.turn:
            await self.connection.execute("ANALYZE")


def instant(milliseconds: int) -> datetime:
    """So many milliseconds after the epoch, as an instant."""
    return EPOCH + timedelta(milliseconds=milliseconds)
