"""The record as rows, read without the product's own reading, and its chain checked in full."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from commons.canonical import canonical
from commons.events import FIRST
from commons.instants import format_instant
from marketplace.database import Connection

_ROWS = """
SELECT id::text, v, type, at, actor_role, actor_id, subject, seq, prev, digest, data::text AS data, refs::text AS refs,
  priv, salt, private::text AS private FROM record_event WHERE subject = $1 ORDER BY seq
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One event as it lies in the table."""

    type: str
    at: datetime
    seq: int
    prev: str
    digest: str
    envelope: Mapping[str, Any]
    data: Mapping[str, Any]
    private: Mapping[str, Any]
    salt: bytes | None


async def rows_of(connection: Connection, subject: str) -> tuple[Row, ...]:
    """The subject's events by place."""
    return tuple(_row(one) for one in await connection.fetch(_ROWS, subject))


def _row(one: Any) -> Row:
    data = json.loads(one["data"])
    envelope = {
        **{key: one[key] for key in ("v", "id", "type", "subject", "seq", "prev", "priv")},
        "at": format_instant(one["at"]),
        "actor": {"role": one["actor_role"], "id": one["actor_id"]},
        "data": data,
        "refs": json.loads(one["refs"]),
    }
    private = json.loads(one["private"]) if one["private"] else {}
    return Row(
        one["type"], one["at"], one["seq"], one["prev"], one["digest"], envelope, data, private, one["salt"]
    )  # fmt: skip


def broken_chain(rows: Sequence[Row]) -> Iterator[str]:
    """Everything wrong with places, hashes and instants."""
    before, last = FIRST, None
    for place, row in enumerate(rows, start=1):
        if row.seq != place:
            yield f"event {place} has the place {row.seq}"
        if row.prev != before:
            yield f"event {place} does not follow the one before"
        if row.digest != sha256(canonical(dict(row.envelope))).hexdigest():
            yield f"event {place} has a wrong hash"
        if row.salt is not None:
            hashed = sha256(b"private-v1" + row.salt + canonical(dict(row.private))).hexdigest()
            if hashed != row.envelope["priv"]:
                yield f"the private part of event {place} has a wrong hash"
        if last is not None and row.at < last:
            yield f"event {place} lies before the one before it"
        before, last = row.digest, row.at
