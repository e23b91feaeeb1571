"""One search over everything that is public: demands, agencies, results, items; how many of each, the first of each.

Invariants: the same words, folded in the same way, find the same in each list alone; a number is exact, or says that
there are more. Source: pages.md (public: search); docs/adr/0032.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commons.grams import holds, lines_of, words_of
from marketplace.catalogue.items import ServiceItem, load_catalogue
from marketplace.database import Database
from marketplace.usecases.read_agencies import AgencyPage, AgencyQuery, agency_page
from marketplace.usecases.read_awards import AwardPage, AwardQuery, award_page
from marketplace.usecases.read_demands import DemandPage, DemandQuery, demand_page
from marketplace.usecases.read_listing import MIN_ROWS, Slice, columns_of
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_standing import ahead_of_settling


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found, as of ``now``; nothing at all for a query without a word."""

    now: datetime
    words: tuple[str, ...]
    demands: DemandPage
    agencies: AgencyPage
    awards: AwardPage
    items: tuple[ServiceItem, ...]


async def read_search(database: Database, q: str, part: Slice | None = None) -> Searched:
    """Look for the words everywhere in one snapshot; ``part`` says how many rows of each at most."""
    few, words = part or Slice(1, MIN_ROWS), words_of(q)
    async with reading(database, is_planned_once=True) as snapshot:
        now = snapshot.now
        if not words:
            none, nobody = DemandPage(now, (), few, 0, {}), AgencyPage(now, (), few, 0, 0)
            return Searched(now, words, none, nobody, AwardPage(now, (), {}, few, 0, {}), ())
        ahead = columns_of(await ahead_of_settling(snapshot))
        return Searched(
            now,
            words,
            await demand_page(snapshot, ahead, DemandQuery(q=q), few),
            await agency_page(snapshot, AgencyQuery(q=q), few),
            await award_page(snapshot, ahead, AwardQuery(q=q), few),
            items_with(words),
        )


def items_with(words: tuple[str, ...]) -> tuple[ServiceItem, ...]:
    """Items of the catalogue that hold every word in what they are called, approve or belong to; by code."""
    return tuple(
        one
        for one in load_catalogue().items
        if words and holds(lines_of(one.code, one.name, one.approval_item, one.department), words)
    )
