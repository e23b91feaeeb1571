"""What is to be filed of one demand: its record's events with their hashes, and the files its papers refer to.

Invariant: hashes, types and instants only; nothing of a selection before its result (whoever asks has read that first).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commons.errors import NotFound
from marketplace.database import Database
from marketplace.usecases.read_snapshot import reading

_SUBJECTS = """
SELECT 'demand/' || id AS subject FROM demand WHERE id = $1 AND outcome IS NOT NULL
UNION SELECT 'selection/' || selection.id FROM selection JOIN demand ON demand.id = selection.demand
  WHERE demand.id = $1 AND demand.outcome IS NOT NULL
"""
_EVENTS = """
SELECT type, at, digest FROM record_event WHERE subject = ANY($1::text[]) ORDER BY at, subject, seq LIMIT $2
"""
_FILES = """
SELECT DISTINCT name, size, sha256 FROM attachment JOIN attachment_use ON attachment_use.attachment = attachment.id
WHERE subject = ANY($1::text[]) AND is_public ORDER BY name, sha256 LIMIT $2
"""
MAX_LISTED = 500
"""Events, and files, of one index."""


@dataclass(frozen=True, slots=True)
class ArchivedEvent:
    """One event of the record: what kind, when, its SHA-256 in hex."""

    type: str
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """One published file: its name, its size in bytes, the SHA-256 of the original."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """What is to be filed, oldest first."""

    events: tuple[ArchivedEvent, ...]
    files: tuple[ArchivedFile, ...]


async def read_archive(database: Database, demand: str) -> ArchiveFile:
    """The index of a demand with a result on record; ``NotFound`` for any other."""
    async with reading(database) as snapshot:
        fetch = snapshot.connection.fetch
        subjects = [row["subject"] for row in await fetch(_SUBJECTS, demand)]
        events = await fetch(_EVENTS, subjects, MAX_LISTED)
        files = await fetch(_FILES, subjects, MAX_LISTED)
    if not events:
        raise NotFound("award", demand)
    return ArchiveFile(
        tuple(ArchivedEvent(row["type"], row["at"], row["digest"]) for row in events),
        tuple(ArchivedFile(row["name"], row["size"], row["sha256"]) for row in files),
    )
