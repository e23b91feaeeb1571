"""What has changed in credit since, in order, for whoever fetches by itself; and who was told of a matter.

Invariant: of a fact or restriction that is on no list now, anybody reads that something became of it, and nothing else:
what was published is not to be read for ever in the changes. Receivers are sent every note whole.
Source: credit.md section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from commons.canonical import Json
from commons.errors import Forbidden
from commons.events import Actor
from credit import store as credit
from credit.clocks import credit_clocks
from credit.lists import entries
from credit.rulebook import rulebook
from marketplace.database import Database
from marketplace.record import outbox
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.tell_changes import RULEBOOK

MOST = 100
BARE_MATTER = ("kind", "id", "status")
"""What is told of a matter that is on no list now."""
BARE_EVENT = ("v", "id", "type", "at")


async def read_changes(database: Database, *, after: int, limit: int, profile: str) -> tuple[outbox.Change, ...]:
    """At most ``limit`` changes after that place, none of them ever skipped; bare, of what is published no longer."""
    async with reading(database) as snapshot:
        found = await outbox.after(snapshot.connection, after, limit=min(limit, MOST))
        listed = await _listed(snapshot, found, profile=profile)
    return tuple(_told(one, is_published=one.note.about in listed) for one in found)


async def _listed(snapshot: Reading, changes: Sequence[outbox.Change], *, profile: str) -> frozenset[str]:
    """The facts and restrictions on any list now, of those whom the changes are about."""
    subjects = sorted({str(_part(one, "now")["subject"]) for one in changes})
    facts = await credit.facts(snapshot.connection, subjects)
    bound = await credit.restrictions(snapshot.connection, subjects)
    book, clocks = rulebook(RULEBOOK), credit_clocks(profile)
    return frozenset(
        one.ground
        for subject in subjects
        for one in entries(facts[subject], bound[subject], book, clocks, at=snapshot.now)
    )


def _told(one: outbox.Change, *, is_published: bool) -> outbox.Change:
    """The change as anybody may read it."""
    event, now = _part(one, "event"), _part(one, "now")
    if not is_published:
        event = {key: event[key] for key in BARE_EVENT}
        now = {key: now[key] for key in BARE_MATTER}
    payload: dict[str, Json] = {**one.note.payload, "event": event, "now": {**now, "is_published": is_published}}
    return replace(one, note=replace(one.note, payload=payload))


def _part(one: outbox.Change, name: str) -> dict[str, Json]:
    return cast("dict[str, Json]", one.note.payload[name])


async def read_receipts(database: Database, reader: Actor | None, about: str) -> tuple[outbox.Received, ...]:
    """Who received what of a fact or restriction; ``Forbidden`` to anybody but regulators, operators and auditors."""
    if reader is None or reader.role not in {"regulator", "operator", "auditor"}:
        raise Forbidden("role_not_allowed", "only regulator, operator, auditor may do this")
    async with database.read() as connection:
        return await outbox.received(connection, about)
