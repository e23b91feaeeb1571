"""Read a file that somebody added: its original, or its public copy.

The original is for its uploader, the parties of what refers to it, regulators of the region where that lies, and the
auditor; the copy without metadata is for everybody, once something public refers to it. Source: ADR 0025.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commons.errors import Forbidden, NotFound
from marketplace.attachments import store
from marketplace.attachments.attachment import Attachment
from marketplace.attachments.store import Use
from marketplace.database import Database
from marketplace.files.port import Files
from marketplace.usecases.act import Caller, require, who_asks


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file as it is handed out."""

    attachment: Attachment
    body: bytes
    digest: str
    is_original: bool


async def read_attachment(
    database: Database, files: Files, caller: Caller | None, identifier: str, *, is_public_wanted: bool = False
) -> FileRead:
    """The original for whoever may see it (unless the copy is wanted), else the public copy.

    ``NotFound`` for what is not public, also to whoever may not read it: that it exists is nobody's business.
    """
    async with database.read() as connection:
        found = (await store.by_id(connection, [identifier])).get(identifier)
        uses = await store.uses(connection, identifier)
    if found is None:
        raise NotFound("attachment", identifier)
    may = caller is not None and _may_read_original(caller, found, uses)
    if may and not is_public_wanted:
        return FileRead(found, await files.get(found.sha256), found.sha256, is_original=True)
    if may or any(one.is_public for one in uses):
        return FileRead(found, await files.get(found.public_sha256), found.public_sha256, is_original=False)
    raise NotFound("attachment", identifier)


def _may_read_original(caller: Caller, one: Attachment, uses: Iterable[Use]) -> bool:
    who = who_asks(caller)
    if one.uploaded_by == who or any(who in use.parties for use in uses):
        return True
    regions: list[str | None] = [use.region for use in uses if use.region is not None]
    if caller.actor.role == "regulator" and not regions:
        return False
    return any(_allows(caller, region) for region in regions or [None])


def _allows(caller: Caller, region: str | None) -> bool:
    try:
        require(caller, "read_attachment", region=region)
    except Forbidden:
        return False
    return True
