"""Whether a PostgreSQL server keeps what it acknowledges, asked at every start.

In production a fault refuses the start, with all reasons; in development the reasons are warnings.
Source: design, trust.md 1 (0 of 25,938 acknowledged writes lost over 12 kills with these settings, 114 without).
"""

from __future__ import annotations

from dataclasses import dataclass

from commons.errors import Unavailable
from marketplace.database import Connection

OLDEST_VERSION = 150_000
"""PostgreSQL 15, as server_version_num counts."""

DURABLE_COMMITS = ("on", "remote_apply", "local", "remote_write")
"""Values of synchronous_commit that flush the log here before the answer; ``off`` is the only one that does not."""


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What the server says of itself, as shown by SHOW."""

    version: int
    encoding: str
    isolation: str
    fsync: str
    full_page_writes: str
    synchronous_commit: str
    data_checksums: str
    timezone: str


class UnsafeServer(Unavailable):
    """The server may lose or distort what was acknowledged; production does not start on it."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        """Keep every reason."""
        self.reasons = reasons
        super().__init__("the database server is not safe for production: " + "; ".join(reasons))


def reasons_against(facts: ServerFacts) -> tuple[str, ...]:
    """List every reason not to trust a server with these facts; empty when there is none."""
    rules = (
        (facts.version >= OLDEST_VERSION, f"PostgreSQL 15 or later is needed, this is {facts.version // 10_000}"),
        (facts.encoding == "UTF8", f"the database's encoding is {facts.encoding}, not UTF8"),
        (facts.isolation == "read committed", f"default isolation is {facts.isolation!r}, not 'read committed'"),
        (facts.fsync == "on", "fsync is off: a crash of the machine loses acknowledged writes"),
        (facts.full_page_writes == "on", "full_page_writes is off: a crash in mid-write tears pages"),
        (
            facts.synchronous_commit in DURABLE_COMMITS,
            f"synchronous_commit is {facts.synchronous_commit}: a crash loses acknowledged writes",
        ),
        (facts.data_checksums == "on", "data checksums are off: a damaged page is not noticed"),
        (facts.timezone in {"UTC", "Etc/UTC"}, f"the session's time zone is {facts.timezone}, not UTC"),
    )
    return tuple(reason for holds, reason in rules if not holds)


async def read_facts(connection: Connection) -> ServerFacts:
    """Ask the server for what the rules need."""
    row = await connection.fetchrow(
        """SELECT current_setting('server_version_num')::int AS version,
                  pg_encoding_to_char(encoding) AS encoding,
                  current_setting('default_transaction_isolation') AS isolation,
                  current_setting('fsync') AS fsync,
                  current_setting('full_page_writes') AS full_page_writes,
                  current_setting('synchronous_commit') AS synchronous_commit,
                  current_setting('data_checksums') AS data_checksums,
                  current_setting('TimeZone') AS timezone
             FROM pg_database WHERE datname = current_database()"""
    )
    assert row is not None, "one is always connected to a database"
    return ServerFacts(**dict(row))


async def check_server(connection: Connection, *, production: bool) -> tuple[str, ...]:
    """Return the reasons against this server as warnings; in production any reason raises UnsafeServer."""
    reasons = reasons_against(await read_facts(connection))
    if production and reasons:
        raise UnsafeServer(reasons)
    return reasons
