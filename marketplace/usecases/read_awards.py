"""Which selections ended, and how? Awards and those without success, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from marketplace.database import Database
from marketplace.usecases.read_listing import COLUMNS, SHOWN, WINNER, Listed, Slice, columns_of, listed, pattern
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import ahead_of_settling

OUTCOMES = ("award", "unsuccessful")

_MATCHING = """
WHERE outcome = ANY($10::text[])
  AND ($11::text = '' OR title ILIKE $11 OR project_name ILIKE $11 OR owner_name ILIKE $11 OR winner_row.name ILIKE $11)
  AND ($12::text = '' OR item = $12)
  AND ($13::text = '' OR shown.city = $13 OR shown.region = $13)
  AND ($14::text = '' OR winner = $14)
"""
_BY_MODE = "SELECT mode, count(*) AS count FROM "
_COUNTS = _BY_MODE + SHOWN + WINNER + _MATCHING + " GROUP BY mode ORDER BY mode"
_PAGE = (
    COLUMNS
    + " FROM "
    + SHOWN
    + WINNER
    + _MATCHING
    + " AND ($15::text = '' OR mode = $15) ORDER BY decided_at DESC, shown.id DESC LIMIT $16 OFFSET $17"
)
_SIGNED_UP = """
SELECT selection, count(*) AS count FROM selection_bidder WHERE selection = ANY($1::text[]) GROUP BY selection
"""


@dataclass(frozen=True, slots=True)
class AwardQuery:
    """What the list is narrowed to; "" means no narrowing. ``winner`` is a credit code."""

    q: str = ""
    item: str = ""
    city: str = ""
    outcome: Literal["all", "award", "unsuccessful"] = "all"
    mode: str = ""
    winner: str = ""


@dataclass(frozen=True, slots=True)
class AwardPage:
    """One page, newest first; counts by mode without the mode; ``bidders`` signed up, by selection."""

    now: datetime
    rows: tuple[Listed, ...]
    bidders: Mapping[str, int]
    part: Slice
    total: int
    mode_counts: Mapping[str, int]


async def read_awards(database: Database, query: AwardQuery, part: Slice) -> AwardPage:
    """A page of results, as they stand now."""
    async with reading(database) as snapshot:
        return await award_page(snapshot, columns_of(await ahead_of_settling(snapshot)), query, part)


async def award_page(snapshot: Reading, ahead: tuple[list[object], ...], query: AwardQuery, part: Slice) -> AwardPage:
    """The same within a snapshot that is open already."""
    outcomes = list(OUTCOMES) if query.outcome == "all" else [query.outcome]
    matching = (*ahead, outcomes, pattern(query.q), query.item, query.city, query.winner)
    counts = {row["mode"]: row["count"] for row in await snapshot.connection.fetch(_COUNTS, *matching)}
    total = counts.get(query.mode, 0) if query.mode else sum(counts.values())
    part = part.within(total)
    rows = await snapshot.connection.fetch(_PAGE, *matching, query.mode, part.size, part.offset)
    signed_up = await snapshot.connection.fetch(
        _SIGNED_UP, [row["selection"] for row in rows if row["mode"] != "instant"]
    )
    bidders = {row["selection"]: row["count"] for row in signed_up}
    return AwardPage(snapshot.now, tuple(listed(row) for row in rows), bidders, part, total, counts)
