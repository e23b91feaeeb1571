"""Restore: a backup, whole, into an empty database of the same schema and an attachment storage; or nothing at all.

Invariants: every byte of the backup is compared with its hash before anything is written; the rows go in within one
transaction, in which no trigger runs for this session alone, and are hashed again before it commits; files come first,
so that no row ever points at nothing. Source: issue of the demand's whole life.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from commons.errors import Conflict
from marketplace.backups import store
from marketplace.backups.folder import damages, file_place, rows_to_read
from marketplace.backups.manifest import Manifest, read_manifest
from marketplace.database import BUSY, Connection, Database
from marketplace.files.port import Files
from marketplace.identity.identifiers import Identifiers
from marketplace.usecases.act import Caller, require
from marketplace.usecases.back_up import key_check

SHOWN = 5
"""Damages named at most."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; ``is_key_same``: the settings have the key that identifiers were sealed with."""

    manifest: Manifest
    is_key_same: bool
    seconds: float


async def restore_backup(
    database: Database, caller: Caller, folder: Path, *, files: Files, identifiers: Identifiers
) -> Restored:
    """Put everything back; ``Conflict`` for a damaged backup, another schema, or a database that is not empty."""
    require(caller, "restore_backup")
    began = time.monotonic()
    manifest = await whole_manifest(folder)
    async with database.read() as connection:
        require_same_schema(manifest, await store.steps(connection), await store.tables(connection))
        await _require_empty(connection)
    for one in manifest.files:
        await files.put(one.sha256, await asyncio.to_thread(file_place(folder, one.sha256).read_bytes))
    try:
        async with database.transaction() as connection:
            await _put_back(connection, manifest, folder)
    except BUSY as error:
        raise Conflict("target_not_empty", "somebody else is using the database") from error
    return Restored(manifest, key_check(identifiers) == manifest.key_check, time.monotonic() - began)


async def whole_manifest(folder: Path) -> Manifest:
    """The manifest of a backup all of whose bytes have their hashes; ``Conflict`` for any other."""
    found = await asyncio.to_thread(damages, folder)
    if found:
        more = f" (+{len(found) - SHOWN})" if len(found) > SHOWN else ""
        raise Conflict("backup_damaged", "; ".join(found[:SHOWN]) + more)
    return read_manifest(folder)


def require_same_schema(manifest: Manifest, steps: Sequence[str], tables: Sequence[store.Readable]) -> None:
    """Refuses (``Conflict``) a database that other migrations made, or with other tables and columns."""
    apart = sorted(set(manifest.schema_steps) ^ set(steps))
    if apart:
        raise Conflict("schema_differs", f"{len(apart)} migrations apart, the first is {apart[0]}")
    if [(one.name, one.columns) for one in manifest.tables] != [(one.name, one.columns) for one in tables]:
        raise Conflict("schema_differs", "other tables or columns")


async def _require_empty(connection: Connection) -> None:
    found = [one.name for one in await store.tables(connection) if not await connection.fetchval(one.is_empty)]
    if found:
        raise Conflict("target_not_empty", f"rows in {', '.join(found[:SHOWN])}")


async def _put_back(connection: Connection, manifest: Manifest, folder: Path) -> None:
    """Every row and every count, compared with the manifest before anybody else sees one of them."""
    await store.prepare(connection)
    tables = await store.tables(connection)
    found = await store.hold_empty(connection, tables)
    if found is not None:
        raise Conflict("target_not_empty", f"rows in {found}")
    await store.hold_triggers_off(connection)
    for kept, table in zip(manifest.tables, tables, strict=True):
        await store.copy_in(connection, kept, rows_to_read(folder, kept.name))
        if await store.copy_out(connection, table, None) != kept:
            raise Conflict("backup_damaged", f"{kept.name}: its rows have another hash than the manifest says")
    for one in manifest.sequences:
        await store.set_sequence(connection, one)
