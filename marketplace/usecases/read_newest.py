"""Which demands were published last? Under the filters of the list, newest first whatever their state: for a feed.

Invariant: the order is that of publication, so that what is new stands first and nothing that was there moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marketplace.database import Database
from marketplace.usecases.list_narrowing import CLOSED, OPEN
from marketplace.usecases.list_reading import List, Part, Question
from marketplace.usecases.read_demands import DemandQuery, narrowing_of
from marketplace.usecases.read_listing import Listed, columns_of
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_standing import ahead_of_settling

NEWEST = 50
"""Demands in a feed at most."""
_COLLECTING = Part("o", OPEN, "published_at", is_rising=False)
_PAST = Part("p", CLOSED, "published_at", is_rising=False)


@dataclass(frozen=True, slots=True)
class Newest:
    """The demands published last, as of ``now``."""

    now: datetime
    rows: tuple[Listed, ...]


async def read_newest(database: Database, query: DemandQuery) -> Newest:
    """At most ``NEWEST`` of them."""
    parts = {"open": (_COLLECTING,), "all": (_COLLECTING, _PAST)}.get(query.state, (_PAST,))
    async with reading(database) as snapshot:
        ahead = columns_of(await ahead_of_settling(snapshot))
        rows: list[Listed] = []
        for part in parts:
            question = Question(snapshot, ahead, List((part,), part.condition, "true"), narrowing_of(query))
            rows += await question.newest(NEWEST)
    rows.sort(key=lambda one: (one.published_at, one.id), reverse=True)
    return Newest(snapshot.now, tuple(rows[:NEWEST]))
