"""Which selections ended, and how? Awards and those without success, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from marketplace.database import Database
from marketplace.usecases.list_narrowing import DECIDED, Narrowing
from marketplace.usecases.list_places import FIRST, Asked, asked
from marketplace.usecases.list_reading import List, Part, Question
from marketplace.usecases.read_listing import Listed, Slice, columns_of
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import ahead_of_settling

LIST = List((Part("d", DECIDED, "decided_at", is_rising=False),), DECIDED, "outcome IN ('award', 'unsuccessful')")
_SIGNED_UP = """
SELECT selection, count(*) AS count FROM selection_bidder WHERE selection = ANY($1::text[]) GROUP BY selection
"""


@dataclass(frozen=True, slots=True)
class AwardQuery:
    """What the list is narrowed to; "" means no narrowing. ``winner`` is a credit code.

    ``after`` or ``before`` is the place that the page goes on from, or back from.
    """

    q: str = ""
    item: str = ""
    city: str = ""
    outcome: Literal["all", "award", "unsuccessful"] = "all"
    mode: str = ""
    winner: str = ""
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class AwardPage:
    """One page, newest first; counts by mode without the mode; ``bidders`` signed up, by selection.

    ``is_more``, ``next`` and ``previous``: as in a page of demands.
    """

    now: datetime
    rows: tuple[Listed, ...]
    bidders: Mapping[str, int]
    part: Slice
    total: int
    mode_counts: Mapping[str, int]
    is_more: bool = False
    next: str | None = None
    previous: str | None = None


async def read_awards(database: Database, query: AwardQuery, part: Slice) -> AwardPage:
    """A page of results, as they stand now; ``Malformed`` for what is no place in the list."""
    start = asked(query.after, query.before, LIST.letters)
    async with reading(database, is_planned_once=True) as snapshot:
        return await award_page(snapshot, columns_of(await ahead_of_settling(snapshot)), query, part, start)


async def count_awards(snapshot: Reading, ahead: tuple[list[object], ...]) -> int:
    """How many results there are, those without success too."""
    question = Question(snapshot, ahead, LIST, Narrowing())
    return (await question.total(await question.count()))[0]


async def bidders_of(snapshot: Reading, rows: Sequence[Listed]) -> dict[str, int]:
    """How many signed up, by selection; nothing for who bought from the shelf."""
    selections = [row.selection for row in rows if row.mode != "instant"]
    return {row["selection"]: row["count"] for row in await snapshot.connection.fetch(_SIGNED_UP, selections)}


async def award_page(
    snapshot: Reading, ahead: tuple[list[object], ...], query: AwardQuery, part: Slice, start: Asked = FIRST
) -> AwardPage:
    """The same within a snapshot that is open already, on from ``start``."""
    outcomes = () if query.outcome == "all" else (query.outcome,)
    narrowing = Narrowing(
        q=query.q, item=query.item, city=query.city, mode=query.mode, outcomes=outcomes, winner=query.winner,
        winners=True,
    )  # fmt: skip
    question = Question(snapshot, ahead, LIST, narrowing)
    found = await question.read(start, part.size)
    bidders = await bidders_of(snapshot, found.rows)
    return AwardPage(
        snapshot.now, found.rows, bidders, part, found.total, found.by_mode, is_more=found.is_more,
        next=found.around.next, previous=found.around.previous,
    )  # fmt: skip
