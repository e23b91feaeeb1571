"""Which demands are there? Filtered, in a total order, by pages; with counts by mode for the tabs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from marketplace.database import Database
from marketplace.usecases.read_listing import COLUMNS, SHOWN, WINNER, Listed, Slice, columns_of, listed, pattern
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

_MATCHING = """
WHERE ($10::text = '' OR title ILIKE $10 OR project_name ILIKE $10 OR owner_name ILIKE $10)
  AND ($11::text = '' OR item = $11)
  AND ($12::text = '' OR shown.city = $12 OR shown.region = $12)
  AND ($13::bigint IS NULL OR ceiling_fen >= $13)
  AND ($14::bigint IS NULL OR ceiling_fen <= $14)
  AND (cardinality($15::text[]) = 0 OR state = ANY($15))
  AND (NOT $16::boolean OR is_regional_assessment)
"""
_BY_MODE = "SELECT mode, count(*) AS count FROM "
_COUNTS = _BY_MODE + SHOWN + _MATCHING + " GROUP BY mode ORDER BY mode"
_PAGE = (
    COLUMNS
    + " FROM "
    + SHOWN
    + WINNER
    + _MATCHING
    + """
  AND ($17::text = '' OR mode = $17)
ORDER BY state = ANY($18::text[]) DESC, CASE WHEN state = ANY($18) THEN closes_at END, published_at DESC, shown.id DESC
LIMIT $19 OFFSET $20
"""
)


@dataclass(frozen=True, slots=True)
class DemandQuery:
    """What the list is narrowed to; "" and None: no narrowing. ``city`` is a city with its counties, or a county."""

    q: str = ""
    item: str = ""
    city: str = ""
    ceiling_min_fen: int | None = None
    ceiling_max_fen: int | None = None
    state: StateGroup = "all"
    mode: str = ""
    regional_only: bool = False


@dataclass(frozen=True, slots=True)
class DemandPage:
    """One page: collecting demands first by close, then the others, newest first; counts by mode without the mode."""

    now: datetime
    rows: tuple[Listed, ...]
    part: Slice
    total: int
    mode_counts: Mapping[str, int]


async def read_demands(database: Database, query: DemandQuery, part: Slice) -> DemandPage:
    """A page of published demands, as they stand now."""
    async with reading(database) as snapshot:
        return await demand_page(snapshot, columns_of(await ahead_of_settling(snapshot)), query, part)


async def demand_page(
    snapshot: Reading, ahead: tuple[list[object], ...], query: DemandQuery, part: Slice
) -> DemandPage:
    """The same within a snapshot that is open already."""
    matching = (
        *ahead, pattern(query.q), query.item, query.city, query.ceiling_min_fen, query.ceiling_max_fen,
        list(GROUPS[query.state]), query.regional_only,
    )  # fmt: skip
    counts = {row["mode"]: row["count"] for row in await snapshot.connection.fetch(_COUNTS, *matching)}
    total = counts.get(query.mode, 0) if query.mode else sum(counts.values())
    part = part.within(total)
    rows = await snapshot.connection.fetch(_PAGE, *matching, query.mode, list(GROUPS["open"]), part.size, part.offset)
    return DemandPage(snapshot.now, tuple(listed(row) for row in rows), part, total, counts)
