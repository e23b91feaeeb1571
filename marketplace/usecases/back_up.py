"""Back up: every table as of one instant, and the bytes of every file that a row points at, into a new folder.

Invariants: one snapshot for all tables; the bytes of a file are durable before its row, and swept a day after its last
row at the earliest, so the snapshot's files are all there; the folder is whole or absent. Sessions are left out, and so
is the key that identifiers are sealed with: it is kept elsewhere. Source: issue of the demand's whole life.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from commons.instants import format_instant
from marketplace.attachments import store as attachments
from marketplace.backups import store
from marketplace.backups.folder import file_place, new_folder, rows_to_write, size_of
from marketplace.backups.manifest import NAME, FileKept, Manifest, TableKept
from marketplace.database import Connection, Database
from marketplace.files.port import Files
from marketplace.identity.identifiers import Identifiers
from marketplace.usecases.act import Caller, clock, require, who_asks
from marketplace.usecases.signing_in import note


@dataclass(frozen=True, slots=True)
class BackupMade:
    """What a backup holds, the bytes it takes, and how long it took."""

    manifest: Manifest
    bytes: int
    seconds: float


def key_check(identifiers: Identifiers) -> str:
    """Tells one key for identifiers from another, and nothing about either."""
    found = identifiers.digest("person", "backup-key-check")
    assert found is not None, "letters point at somebody"
    return found[:16]


async def back_up(
    database: Database, caller: Caller, folder: Path, *, files: Files, identifiers: Identifiers
) -> BackupMade:
    """Write the backup; ``Conflict`` for a name that is taken, ``Unavailable`` where a file's bytes are not whole."""
    require(caller, "back_up")
    began = time.monotonic()
    with new_folder(folder) as draft:
        async with database.transaction() as connection:
            await note(connection, "", "back-up", "begun", actor=who_asks(caller))
        async with database.read() as connection:
            await store.prepare(connection)
            kept = [await _table(connection, one, draft) for one in await store.tables(connection)]
            digests = await attachments.every_digest(connection)
            manifest = Manifest(
                format="shepi-backup-v1",
                made_at=format_instant(await clock(connection)),
                server_version=await connection.fetchval("SELECT current_setting('server_version_num')::int"),
                schema_steps=await store.steps(connection),
                key_check=key_check(identifiers),
                tables=tuple(kept),
                sequences=await store.sequences(connection),
                files=tuple([await _file(files, digest, draft) for digest in digests]),
            )
        await asyncio.to_thread((draft / NAME).write_text, manifest.as_text(), "utf-8")
    return BackupMade(manifest, size_of(folder), time.monotonic() - began)


async def _table(connection: Connection, table: store.Readable, draft: Path) -> TableKept:
    with rows_to_write(draft, table.name) as rows:
        return await store.copy_out(connection, table, rows.write)


async def _file(files: Files, digest: str, draft: Path) -> FileKept:
    body = await files.get(digest)
    place = file_place(draft, digest)
    await asyncio.to_thread(place.parent.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(place.write_bytes, body)
    return FileKept(sha256=digest, size=len(body))
