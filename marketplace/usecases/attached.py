"""The attachments that an act refers to: whether they are there, whose they are, and who may read them since.

An act takes ids of attachments that its caller has added; ``refer_to`` then notes, in the act's own transaction, who
may read them. Source: market.md section 4, ADR 0025.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from commons.errors import Fault, Forbidden, Malformed, NotFound
from marketplace.attachments import store
from marketplace.attachments.attachment import MAX_ATTACHED, Attachment
from marketplace.database import Connection
from marketplace.usecases.act import Caller, who_asks


async def attached(connection: Connection, caller: Caller, ids: Sequence[str]) -> tuple[Attachment, ...]:
    """The caller's own attachments of these ids, in their order.

    ``NotFound`` for an unknown one, ``Forbidden`` for somebody else's, ``Malformed`` for one named twice or too many.
    """
    if len(ids) > MAX_ATTACHED or len(set(ids)) != len(ids):
        raise Malformed((Fault("/attachments", "attachments", f"at most {MAX_ATTACHED}, each once"),))
    found = await store.by_id(connection, ids)
    for one in ids:
        if one not in found:
            raise NotFound("attachment", one)
        if found[one].uploaded_by != who_asks(caller):
            raise Forbidden("not_your_attachment", "this file was added by somebody else")
    return tuple(found[one] for one in ids)


async def refer_to(
    connection: Connection,
    attachments: Sequence[Attachment],
    *,
    subject: str,
    parties: Collection[str] = (),
    is_public: bool = False,
    region: str | None = None,
    at: datetime,
) -> None:
    """Note that ``subject`` (such as ``contract/C…``) refers to them: its parties may read them, anybody the copy.

    ``parties`` are ``role:id``; regulators of ``region`` read the originals too; what was published stays public.
    """
    ids = [one.id for one in attachments]
    await store.add_use(connection, ids, subject=subject, parties=parties, is_public=is_public, region=region, at=at)
