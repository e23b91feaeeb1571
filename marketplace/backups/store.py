"""Rows out of every table and into it again: by COPY, each table in the order of its key, under fixed settings.

The statements are composed by PostgreSQL itself from its catalogue, which quotes every name. ``NOT_KEPT`` are the
tables of which a copy would do harm or no good. Source: PostgreSQL manual, COPY; system catalogues.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import asyncpg

from commons.errors import Unavailable
from marketplace.backups.manifest import SequenceKept, TableKept
from marketplace.database import Connection

NOT_KEPT = ("migration", "rate_window", "session", "sign_in_attempt")
"""The schema's own history (the manifest names it), and what a request is recognised by: everybody signs in again."""

_SAME_EVERYWHERE = """
SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1;
SET LOCAL bytea_output = 'hex'
"""
_TABLES = """
SELECT relname::text AS name, columns, rows_in_order, is_empty, lock
FROM pg_class
JOIN pg_index ON indrelid = pg_class.oid AND indisprimary
CROSS JOIN LATERAL (
  SELECT array_agg(attname::text ORDER BY attname COLLATE "C") AS columns,
    string_agg(quote_ident(attname), ', ' ORDER BY attname COLLATE "C") AS listed
  FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
) AS every
CROSS JOIN LATERAL (
  SELECT string_agg(
    quote_ident(attname) || CASE WHEN attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END, ', ' ORDER BY place
  ) AS listed
  FROM unnest(indkey::int2[]) WITH ORDINALITY AS part(number, place)
  JOIN pg_attribute ON attrelid = pg_class.oid AND attnum = number
) AS key
CROSS JOIN LATERAL (
  SELECT format('SELECT %s FROM %I ORDER BY %s', every.listed, relname, key.listed) AS rows_in_order,
    format('SELECT NOT EXISTS (SELECT FROM %I)', relname) AS is_empty,
    format('LOCK TABLE %I IN EXCLUSIVE MODE', relname) AS lock
) AS composed
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname <> ALL($1::text[])
ORDER BY relname COLLATE "C"
"""
_WITHOUT_KEY = """
SELECT relname::text AS name FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
  AND NOT (relkind = 'r' AND EXISTS (SELECT FROM pg_index WHERE indrelid = pg_class.oid AND indisprimary))
ORDER BY 1
"""
_SEQUENCES = """
SELECT relation.relname::text AS table, attname::text AS column, pg_sequence_last_value(sequence.oid) AS last
FROM pg_class AS sequence
JOIN pg_depend ON objid = sequence.oid AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
JOIN pg_class AS relation ON relation.oid = refobjid
JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
WHERE sequence.relkind = 'S' AND sequence.relnamespace = current_schema()::regnamespace
  AND relation.relname <> ALL($1::text[])
ORDER BY relation.relname COLLATE "C", attname COLLATE "C"
"""
_SET_SEQUENCE = "SELECT setval(pg_get_serial_sequence(quote_ident($1), $2), $3)"
_STEPS = "SELECT app_name || ':' || name AS step FROM migration ORDER BY app_name, name"


@dataclass(frozen=True, slots=True)
class Readable:
    """A table, and what reads all its rows in the order of their key."""

    name: str
    columns: tuple[str, ...]
    rows_in_order: str
    is_empty: str
    lock: str


async def prepare(connection: Connection) -> None:
    """Let values be written the same everywhere in this transaction, however long it takes."""
    await connection.execute(_SAME_EVERYWHERE)


async def tables(connection: Connection) -> tuple[Readable, ...]:
    """Every table that is kept, in the order of the names."""
    keyless = [row["name"] for row in await connection.fetch(_WITHOUT_KEY)]
    assert not keyless, f"a table without a key has no order: {keyless}"
    rows = await connection.fetch(_TABLES, list(NOT_KEPT))
    return tuple(
        Readable(row["name"], tuple(row["columns"]), row["rows_in_order"], row["is_empty"], row["lock"]) for row in rows
    )


async def sequences(connection: Connection) -> tuple[SequenceKept, ...]:
    """Where the numbers of every column that counts have got to; asked after the rows, never behind them."""
    rows = await connection.fetch(_SEQUENCES, list(NOT_KEPT))
    return tuple(SequenceKept(table=row["table"], column=row["column"], last=row["last"]) for row in rows)


async def steps(connection: Connection) -> tuple[str, ...]:
    """The migrations that ran: the version of the schema."""
    return tuple(row["step"] for row in await connection.fetch(_STEPS))


async def copy_out(connection: Connection, table: Readable, write: Callable[[bytes], object] | None) -> TableKept:
    """Hand every row over, in order; what the table holds. Without ``write`` it is only counted and hashed."""
    digest, size = sha256(), 0

    async def take(data: bytes) -> None:
        nonlocal size
        digest.update(data)
        size += len(data)
        if write is not None:
            write(data)

    status = await connection.copy_from_query(table.rows_in_order, output=take, format="text")
    return TableKept(
        name=table.name, columns=table.columns, rows=int(status.rpartition(" ")[2]), bytes=size,
        sha256=digest.hexdigest(),
    )  # fmt: skip


async def hold_empty(connection: Connection, every: Sequence[Readable]) -> str | None:
    """Keep everybody else from writing to the tables; the first that is not empty, or None."""
    for one in every:
        await connection.execute(one.lock)
    for one in every:
        if not await connection.fetchval(one.is_empty):
            return one.name
    return None


async def hold_triggers_off(connection: Connection) -> None:
    """In this transaction alone no trigger runs: the rows are taken as they were, not as acts of now."""
    try:
        await connection.execute("SET LOCAL session_replication_role = replica")
    except asyncpg.InsufficientPrivilegeError:
        message = "restoring needs a superuser, or a role granted SET ON PARAMETER session_replication_role"
        raise Unavailable(message) from None


async def copy_in(connection: Connection, kept: TableKept, rows: AsyncIterator[bytes]) -> None:
    """Put a table's rows back."""
    await connection.copy_to_table(kept.name, source=rows, columns=list(kept.columns), format="text")


async def set_sequence(connection: Connection, one: SequenceKept) -> None:
    """Let a column count on from where it had got to."""
    if one.last is not None:
        await connection.execute(_SET_SEQUENCE, one.table, one.column, one.last)
