"""Add a file (上传附件): judged by its content, its public copy made, kept durably, then its row written.

Invariants: the bytes are durable before a row points at them, and a row is written only while they are held against
the sweeper; whoever is stopped in between leaves bytes that nothing points at, never a row that points at nothing.
Source: market.md section 4, ADR 0025.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated

from pydantic import StringConstraints

from commons.errors import Unavailable
from commons.instants import beijing_date, start_of_day
from commons.verdicts import Refused
from marketplace.attachments import store
from marketplace.attachments.attachment import Attachment, FileKind
from marketplace.attachments.judging import judge_file, judge_quota, unreadable
from marketplace.attachments.names import clean_name
from marketplace.database import Connection, Database
from marketplace.files.port import Files
from marketplace.files.public_copy import public_copy
from marketplace.record.store import Act, append
from marketplace.usecases.act import Caller, Message, clock, new_identifier, perform, require, who_asks

TRIES = 3
"""How often bytes are put again that a sweeper took just before their row."""
_ASKED_BEFORE = "SELECT EXISTS (SELECT 1 FROM request_answer WHERE actor = $1 AND key = $2)"
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('attaching/' || $1, 0))"

FileName = Annotated[str, StringConstraints(max_length=300)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class AttachFile(Message):
    """The name as typed, and the SHA-256 of the bytes; the bytes themselves come beside it."""

    name: FileName
    sha256: Digest


class FileAttached(Message):
    """The file as kept: whoever refers to it does so by ``attachment``; ``kind`` was told by the content."""

    attachment: str
    name: str
    kind: FileKind
    size: int
    sha256: str
    public_sha256: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    """A judged file with both its forms, by their hashes; the original first."""

    name: str
    kind: FileKind
    forms: Mapping[str, bytes]
    original: str
    public: str


async def attach_file(
    database: Database, files: Files, caller: Caller, command: AttachFile, body: bytes
) -> FileAttached | Refused:
    """Keep the file; refused by content, size or quota. Nobody else may refer to it."""
    require(caller, "attach_file")
    who = who_asks(caller)
    assert sha256(body).hexdigest() == command.sha256, "the hash is of these bytes"
    kind = judge_file(body)
    if isinstance(kind, Refused):
        return kind
    async with database.read() as connection:
        is_known = await connection.fetchval(_ASKED_BEFORE, who, caller.key)
        early = None if is_known else await _over_quota(connection, who, len(body), at=await clock(connection))
    if early is not None:
        return early
    copy = await public_copy(kind, body)
    if copy is None:
        return unreadable(kind)
    public = sha256(copy).hexdigest()
    kept = _Kept(clean_name(command.name, kind), kind, {command.sha256: body, public: copy}, command.sha256, public)
    for _ in range(TRIES):
        for digest, form in kept.forms.items():
            await files.put(digest, form)

        async def work(connection: Connection) -> FileAttached | Refused:
            return await _write_row(connection, files, caller, kept)

        try:
            return await perform(database, caller, command, FileAttached, work)
        except _SweptError:
            continue
    message = "the file was swept again and again while it was added"
    raise Unavailable(message)


class _SweptError(Exception):
    """A sweeper took the bytes between their writing and their row."""


async def _write_row(connection: Connection, files: Files, caller: Caller, kept: _Kept) -> FileAttached | Refused:
    who = who_asks(caller)
    await connection.execute(_TURN, who)
    for digest in sorted(kept.forms):
        await store.hold_digest(connection, digest)
    for digest in kept.forms:
        if not await files.holds(digest):
            raise _SweptError
    at = await clock(connection)
    over = await _over_quota(connection, who, len(kept.forms[kept.original]), at=at)
    if over is not None:
        return over
    one = Attachment(
        id=new_identifier("F", at=at),
        sha256=kept.original,
        name=kept.name,
        size=len(kept.forms[kept.original]),
        kind=kept.kind,
        uploaded_by=who,
        uploaded_at=at,
        public_sha256=kept.public,
        public_size=len(kept.forms[kept.public]),
    )
    await store.insert(connection, one)
    act = Act(
        "file.attached",
        {"sha256": one.sha256, "public_sha256": one.public_sha256, "kind": one.kind, "size": one.size},
        private={"name": one.name},
    )
    await append(connection, f"attachment/{one.id}", [act], actor=caller.actor, at=at)
    return FileAttached(
        attachment=one.id, name=one.name, kind=one.kind, size=one.size, sha256=one.sha256,
        public_sha256=one.public_sha256, uploaded_at=at,
    )  # fmt: skip


async def _over_quota(connection: Connection, who: str, adding: int, *, at: datetime) -> Refused | None:
    """Why the actor's Beijing day has no room for so many bytes more."""
    files, size = await store.added_since(connection, who, start_of_day(beijing_date(at)))
    ruling = judge_quota(files=files, size=size, adding=adding)
    return ruling if isinstance(ruling, Refused) else None
