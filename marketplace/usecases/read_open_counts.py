"""How much is public: rows of every list that can be taken away, as of one instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from credit.joint import LIST_NAMES, ListName
from marketplace.database import Database
from marketplace.usecases.read_agencies import AgencyQuery, agency_page
from marketplace.usecases.read_awards import AwardQuery, award_page
from marketplace.usecases.read_credit_lists import listed
from marketplace.usecases.read_demands import DemandQuery, demand_page
from marketplace.usecases.read_listing import MIN_ROWS, Slice, columns_of
from marketplace.usecases.read_restrictions import RestrictionQuery, restriction_page
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_standing import ahead_of_settling

_COVERAGES = "SELECT count(*) FROM coverage"


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
    few = Slice(1, MIN_ROWS)
    async with reading(database) as snapshot:
        ahead = columns_of(await ahead_of_settling(snapshot))
        asked = await demand_page(snapshot, ahead, DemandQuery(), few)
        decided = await award_page(snapshot, ahead, AwardQuery(), few)
        filed = await agency_page(snapshot, AgencyQuery(), few)
        bound = await restriction_page(snapshot, RestrictionQuery(), few)
        areas = await snapshot.connection.fetchval(_COVERAGES)
        lists = {name: len(await listed(snapshot, name, profile=profile)) for name in LIST_NAMES}
    return OpenCounts(
        snapshot.now, asked.total, decided.total, filed.total, filed.is_more, bound.total, areas, lists,
        is_example=any([*(one.is_example for one in asked.rows), *(one.is_example for one in filed.rows)]),
    )  # fmt: skip
