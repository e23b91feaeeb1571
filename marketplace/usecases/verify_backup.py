"""Is what lives now what the backup holds? Counts and hashes of every table and file; every chain of the record.

Invariants: one snapshot for everything; nothing is written. A market that went on since differs, and is told where.
Source: trust.md section 3, issue of the demand's whole life.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from commons.canonical import canonical
from commons.errors import Unavailable
from commons.events import FIRST, private_hash
from marketplace.attachments import store as attachments
from marketplace.backups import store
from marketplace.backups.manifest import Manifest
from marketplace.database import Connection, Database
from marketplace.files.port import Files
from marketplace.record.store import Kept, whole
from marketplace.usecases.act import Caller, require
from marketplace.usecases.restore_backup import require_same_schema, whole_manifest

MOST = 20
"""Differences of a kind that are named."""


@dataclass(frozen=True, slots=True)
class Chains:
    """The record walked through: its events and subjects, and where a chain is broken."""

    events: int
    subjects: int
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was compared, and everything that differs."""

    manifest: Manifest
    differing: tuple[str, ...]
    chains: Chains
    seconds: float

    @property
    def is_whole(self) -> bool:
        """Nothing differs and no chain is broken."""
        return not self.differing and not self.chains.broken


async def verify_backup(database: Database, caller: Caller, folder: Path, *, files: Files) -> Verified:
    """Compare; ``Conflict`` for a damaged backup or another schema."""
    require(caller, "verify_backup")
    began = time.monotonic()
    manifest = await whole_manifest(folder)
    async with database.read() as connection:
        await store.prepare(connection)
        tables = await store.tables(connection)
        require_same_schema(manifest, await store.steps(connection), tables)
        differing = []
        for kept, table in zip(manifest.tables, tables, strict=True):
            now = await store.copy_out(connection, table, None)
            if now != kept:
                differing.append(f"{kept.name}: {kept.rows} → {now.rows}")
        differing += await _behind(connection, manifest)
        differing += await _files(connection, manifest, files)
        chains = await walk(connection)
    return Verified(manifest, tuple(differing), chains, time.monotonic() - began)


async def _behind(connection: Connection, manifest: Manifest) -> list[str]:
    """Columns that would give a number a second time."""
    now = {(one.table, one.column): one.last or 0 for one in await store.sequences(connection)}
    return [
        f"{one.table}.{one.column}: counts on from {now[one.table, one.column]}, not {one.last}"
        for one in manifest.sequences
        if now[one.table, one.column] < (one.last or 0)
    ]


async def _files(connection: Connection, manifest: Manifest, files: Files) -> list[str]:
    """Files that rows point at now and did not then, or did then; those whose bytes are not there or altered."""
    then, now = {one.sha256 for one in manifest.files}, set(await attachments.every_digest(connection))
    differing = [f"file {digest}" for digest in sorted(then ^ now)]
    for digest in sorted(then & now):
        try:
            await files.get(digest)
        except Unavailable as error:
            differing.append(str(error))
    return differing


async def walk(connection: Connection) -> Chains:
    """Compute every event's hash again, and see that each follows the one before it; inside a transaction."""
    events, subjects = 0, 0
    broken: list[str] = []
    subject, seq, digest = "", 0, FIRST
    async for one in whole(connection):
        if one.subject != subject:
            subject, seq, digest = one.subject, 0, FIRST
            subjects += 1
        events += 1
        if (wrong := _wrong(one, seq, digest)) and len(broken) < MOST:
            broken.append(f"{one.subject} {one.seq}: {wrong}")
        seq, digest = one.seq, one.digest
    return Chains(events, subjects, tuple(broken))


def _wrong(one: Kept, seq: int, digest: str) -> str | None:
    """What is wrong with an event behind that place and hash; None when nothing."""
    if one.event is None or one.event.digest != one.digest:
        return "altered"
    if one.seq != seq + 1 or one.event.prev != digest:
        return "does not follow the event before it"
    if one.private is not None and (
        one.salt is None or one.event.priv != private_hash(one.salt, canonical(dict(one.private)))
    ):
        return "its private part was altered"
    return None
