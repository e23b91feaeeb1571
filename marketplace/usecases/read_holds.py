"""Which agencies are held for review, because of whom, and by when is each to be decided? The first due first.

A hold between two bidders of a selection is shown once that selection has closed: before, nobody learns who is in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies import store as agencies
from agencies.people import store as people
from agencies.people.holds import Hold
from marketplace.database import Database
from marketplace.usecases.holding import holds_now
from marketplace.usecases.read_snapshot import Reading, reading

MAX_HOLDS = 500
"""Holds shown at most: a queue longer than that is a matter of its own."""

_CLOSED = """
SELECT id FROM selection WHERE id = ANY($1::text[]) AND (state NOT IN ('open', 'suspended') OR due_at <= $2)
"""


@dataclass(frozen=True, slots=True)
class ListedHold:
    """An open hold with both names."""

    hold: Hold
    name: str
    linked_name: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class HoldList:
    """The open holds as of ``now``."""

    now: datetime
    rows: tuple[ListedHold, ...]


async def read_holds(database: Database) -> HoldList:
    """The queue of the regulators."""
    async with reading(database) as snapshot:
        connection, now = snapshot.connection, snapshot.now
        waiting = await people.open_holds(connection, limit=MAX_HOLDS)
        current = await holds_now(connection, sorted({one.agency for one in waiting}))
        still = await shown_holds(snapshot, [one for each in current.values() for one in each if one.is_open(at=now)])
        codes = {code for one in still for code in (one.agency, one.linked_to)}
        names = await agencies.names(connection, sorted(codes))
    rows = tuple(
        ListedHold(one, names[one.agency], names.get(one.linked_to, one.linked_to), now > one.due_at)
        for one in sorted(still, key=lambda one: (one.due_at, one.id))
    )
    return HoldList(now, rows)


async def shown_holds(snapshot: Reading, holds: Sequence[Hold]) -> tuple[Hold, ...]:
    """Those of the holds that may be seen by now."""
    selections = sorted({one.selection for one in holds if one.selection is not None})
    rows = await snapshot.connection.fetch(_CLOSED, selections, snapshot.now) if selections else []
    closed = {row["id"] for row in rows}
    return tuple(one for one in holds if one.selection is None or one.selection in closed)
