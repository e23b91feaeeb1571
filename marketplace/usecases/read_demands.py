"""Which demands are there? Filtered, in a total order, by pages; with counts by mode for the tabs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from marketplace.database import Database
from marketplace.usecases.list_narrowing import CLOSED, OPEN, Narrowing
from marketplace.usecases.list_places import FIRST, Asked, asked
from marketplace.usecases.list_reading import List, Part, Question
from marketplace.usecases.read_listing import Listed, Slice, columns_of
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import ahead_of_settling

StateGroup = Literal["all", "open", "decided", "failed"]

GROUPS: Mapping[StateGroup, tuple[str, ...]] = {
    "all": (),
    "open": ("published", "offers_closed", "evaluating", "choosing", "suspended"),
    "decided": (
        "award_proposed", "publicity", "objected", "confirming", "awarded", "contracted", "delivered", "accepted",
        "rated", "archived",
    ),
    "failed": ("unsuccessful", "cancelled", "withdrawn"),
}  # fmt: skip
"""States of a demand by group; empty: all of them."""

_CLOSING = Part("c", OPEN + " AND closes_at IS NOT NULL", "closes_at", is_rising=True)
_LASTING = Part("l", OPEN + " AND closes_at IS NULL", "published_at", is_rising=False)
_PAST = Part("p", CLOSED, "published_at", is_rising=False)
LISTS: Mapping[StateGroup, List] = {
    "all": List((_CLOSING, _LASTING, _PAST), "published_at IS NOT NULL", "true", is_steady=True),
    "open": List((_CLOSING, _LASTING), OPEN, OPEN, is_short=True),
    "decided": List((_PAST,), CLOSED, "true"),
    "failed": List((_PAST,), CLOSED, "true"),
}
"""What collects until a close, by the close; what collects without one; the rest: both newest first."""
PARTS = LISTS["all"].letters


@dataclass(frozen=True, slots=True)
class DemandQuery:
    """What the list is narrowed to; "" and None: no narrowing. ``city`` is a city with its counties, or a county.

    ``after`` or ``before`` is the place that the page goes on from, or back from.
    """

    q: str = ""
    item: str = ""
    city: str = ""
    ceiling_min_fen: int | None = None
    ceiling_max_fen: int | None = None
    state: StateGroup = "all"
    mode: str = ""
    regional_only: bool = False
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class DemandPage:
    """One page: collecting demands first by close, then the others, newest first; counts by mode without the mode.

    ``is_more``: there are more than ``total``; where no count by mode is known, there is none in ``mode_counts``.
    ``next`` and ``previous`` are the places that the pages around it go on from, None where there is none.
    """

    now: datetime
    rows: tuple[Listed, ...]
    part: Slice
    total: int
    mode_counts: Mapping[str, int]
    is_more: bool = False
    next: str | None = None
    previous: str | None = None


async def read_demands(database: Database, query: DemandQuery, part: Slice) -> DemandPage:
    """A page of published demands, as they stand now; ``Malformed`` for what is no place in the list."""
    start = asked(query.after, query.before, PARTS)
    async with reading(database, is_planned_once=True) as snapshot:
        return await demand_page(
            snapshot, columns_of(await ahead_of_settling(snapshot)), query, part, start, is_last=True
        )


async def demand_page(
    snapshot: Reading,
    ahead: tuple[list[object], ...],
    query: DemandQuery,
    part: Slice,
    start: Asked = FIRST,
    *,
    is_last: bool = False,
) -> DemandPage:
    """The same within a snapshot that is open already, on from ``start``."""
    question = Question(snapshot, ahead, LISTS[query.state], narrowing_of(query), is_last)
    found = await question.read(start, part.size)
    return DemandPage(
        snapshot.now,
        found.rows,
        part,
        found.total,
        found.by_mode,
        is_more=found.is_more,
        next=found.around.next,
        previous=found.around.previous,
    )


async def count_demands(snapshot: Reading, ahead: tuple[list[object], ...], query: DemandQuery) -> int:
    """How many there are of what a tally knows: no words, ceiling, winner asked for."""
    question = Question(snapshot, ahead, LISTS[query.state], narrowing_of(query))
    assert question.narrowing.is_tallied, "a number that is exact"
    return (await question.total(await question.count()))[0]


def narrowing_of(query: DemandQuery) -> Narrowing:
    """The query as conditions."""
    return Narrowing(
        q=query.q, item=query.item, city=query.city, least_fen=query.ceiling_min_fen, most_fen=query.ceiling_max_fen,
        states=() if query.state == "open" else GROUPS[query.state], mode=query.mode,
        regional_only=query.regional_only,
    )  # fmt: skip
