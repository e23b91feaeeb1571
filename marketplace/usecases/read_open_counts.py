"""How much is public: rows of every list that can be taken away, as of one instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from credit.joint import ListName
from marketplace.database import Database
from marketplace.usecases.read_agencies import AgencyQuery, count_agencies
from marketplace.usecases.read_awards import count_awards
from marketplace.usecases.read_credit_lists import count_lists
from marketplace.usecases.read_demands import DemandQuery, count_demands
from marketplace.usecases.read_listing import columns_of
from marketplace.usecases.read_restrictions import count_restrictions
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_standing import ahead_of_settling

_COVERAGES = """
SELECT (SELECT count(*) FROM coverage) AS coverages,
  EXISTS (SELECT FROM (SELECT is_example FROM agency ORDER BY uscc LIMIT 10) AS first WHERE is_example)
  OR EXISTS (SELECT FROM (SELECT is_example FROM demand WHERE published_at IS NOT NULL ORDER BY id DESC LIMIT 10)
    AS latest WHERE is_example) AS is_example
"""
"""With whether there are invented rows: where there are, the first agencies and the latest demands are."""


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """Rows by list; of agencies up to 10,000 (``agencies_more``: beyond). ``is_example``: some are invented."""

    now: datetime
    demands: int
    awards: int
    agencies: int
    agencies_more: bool
    restrictions: int
    coverages: int
    lists: dict[ListName, int]
    is_example: bool


async def read_open_counts(database: Database, *, profile: str) -> OpenCounts:
    """Every list counted in one snapshot."""
    async with reading(database) as snapshot:
        ahead = columns_of(await ahead_of_settling(snapshot))
        asked = await count_demands(snapshot, ahead, DemandQuery())
        decided = await count_awards(snapshot, ahead)
        filed = await count_agencies(snapshot, AgencyQuery())
        bound = await count_restrictions(snapshot)
        lists = await count_lists(snapshot, profile=profile)
        row = await snapshot.connection.fetchrow(_COVERAGES)
    assert row is not None, "one row"
    return OpenCounts(
        snapshot.now, asked, decided, filed.total, filed.is_more, bound, row["coverages"], lists,
        is_example=row["is_example"],
    )  # fmt: skip
