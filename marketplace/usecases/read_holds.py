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
from marketplace.database import Connection, Database
from marketplace.usecases.holding import closed_of
from marketplace.usecases.read_snapshot import Reading, reading

MAX_HOLDS = 100
"""Holds of one page."""

_OPEN = """
SELECT id FROM agency_hold AS hold
WHERE NOT EXISTS (SELECT FROM agency_hold_ruled AS ruled WHERE ruled.hold = hold.id)
  AND (hold.restriction IS NULL OR EXISTS (SELECT FROM restriction_as_it_ends AS bound
    WHERE bound.id = hold.restriction AND (bound.ends_at IS NULL OR $1 < bound.ends_at)))
  AND (hold.selection IS NULL OR EXISTS (SELECT FROM selection JOIN demand ON demand.id = selection.demand
    WHERE selection.id = hold.selection AND (selection.state NOT IN ('open', 'suspended')
      OR selection.state = 'open' AND demand.selection = selection.id AND demand.closes_at <= $1)))
  AND (due_at, id) > (SELECT due_at, id FROM agency_hold WHERE id = $2
    UNION ALL SELECT '-infinity', '' WHERE $2 = '')
ORDER BY due_at, id LIMIT $3
"""
"""Nobody has ruled, the restriction lasts, and of two bidders the last close is past: only then are they named."""


@dataclass(frozen=True, slots=True)
class ListedHold:
    """An open hold with both names."""

    hold: Hold
    name: str
    linked_name: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class HoldList:
    """A page of the open holds as of ``now``; ``after`` is where the next one begins, None at the end."""

    now: datetime
    rows: tuple[ListedHold, ...]
    after: str | None = None


async def read_holds(database: Database, *, after: str = "", limit: int = MAX_HOLDS) -> HoldList:
    """The queue of the regulators behind the hold ``after`` ("": from its head)."""
    async with reading(database) as snapshot:
        connection, now = snapshot.connection, snapshot.now
        rows = await open_holds(connection, now, after=after, limit=limit + 1)
        found = list(rows[:limit])
        still = await people.holds_by_id(connection, found)
        codes = {code for one in still for code in (one.agency, one.linked_to)}
        names = await agencies.names(connection, sorted(codes))
    listed = tuple(
        ListedHold(one, names[one.agency], names.get(one.linked_to, one.linked_to), now > one.due_at) for one in still
    )
    return HoldList(now, listed, found[-1] if len(rows) > limit else None)


async def open_holds(connection: Connection, now: datetime, *, after: str, limit: int) -> tuple[str, ...]:
    """The open holds that may be seen by now, the first due first, behind the hold ``after``."""
    return tuple(row["id"] for row in await connection.fetch(_OPEN, now, after, limit))


async def shown_holds(snapshot: Reading, holds: Sequence[Hold]) -> tuple[Hold, ...]:
    """Those of the holds that may be seen by now."""
    selections = [one.selection for one in holds if one.selection is not None]
    closed = await closed_of(snapshot.connection, selections, at=snapshot.now)
    return tuple(one for one in holds if one.selection is None or one.selection in closed)
