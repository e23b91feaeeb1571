"""The whole of a list as a file: read part after part along the list's own order, written at the end.

Invariants: the filters are those of the list's address; nothing is kept before the end, so whoever takes the job up
begins anew; parts are read one after the other, and the head says when. Source: docs/adr/0032, 0035.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from commons.instants import beijing_date
from marketplace.database import Connection, Database
from marketplace.longwork.job import Brought, Job, JobFile
from marketplace.sheets.listing import Listing, write_listing
from marketplace.usecases.act import Caller
from marketplace.usecases.long_work import Plain
from marketplace.usecases.read_agencies import AgencyQuery, read_agencies
from marketplace.usecases.read_awards import AwardQuery, read_awards
from marketplace.usecases.read_demands import DemandQuery, read_demands
from marketplace.usecases.read_exports import Whole
from marketplace.usecases.saved_filters import FilteredList
from marketplace.web.exports.lists import Filters, agencies_listing, awards_listing, demands_listing
from marketplace.web.filters import read_agency_filter, read_award_filter, read_demand_filter
from marketplace.web.kept_filters import pairs_of

PART = 500
"""Rows that are read at a time."""
MOST = 50_000
"""Rows of an exported list; of a longer one the first are taken, and the file says so."""


@dataclass(slots=True)
class ListTask(Plain):
    """A list that is read part by part: ``read`` gives a page on from a place, ``listing`` writes one page of all."""

    read: Callable[[str], Awaitable[Any]] = field(kw_only=True)
    listing: Callable[[Any, Filters], Listing] = field(kw_only=True)
    given: Filters = field(kw_only=True)
    parts: list[Any] = field(default_factory=list)
    looked: Brought | None = None

    async def look(self, job: Job) -> None:
        """Read the next part."""
        after = self.parts[-1].next if self.parts else ""
        self.looked = None
        if after is None or job.done >= MOST:
            return
        part = await self.read(after)
        self.parts.append(part)
        if part.rows:
            count = len(part.rows)
            self.looked = Brought(count, count, total=None if part.is_more else min(MOST, part.total))

    async def step(self, connection: Connection, job: Job, caller: Caller) -> Brought | None:
        """Count what was read; None after the last."""
        del connection, job, caller
        return self.looked

    async def file(self, job: Job) -> JobFile | None:
        """The list as a sheet."""
        del job
        listing = self.listing(_joined(self.parts), self.given)
        body = await asyncio.to_thread(write_listing, listing)
        return JobFile(f"{listing.title}-{beijing_date(listing.at):%Y%m%d}.xlsx", body)


def _joined(parts: list[Any]) -> Any:
    """All parts as one page, as of the first: what was read to its end is counted by what was read."""
    rows = tuple(row for part in parts for row in part.rows)
    last = parts[-1]
    counts = (len(rows), False) if last.next is None else (max(len(rows), last.total), True)
    page = replace(parts[0], rows=rows, part=_WHOLE, total=counts[0], is_more=counts[1])
    if hasattr(page, "bidders"):
        page = replace(page, bidders={key: count for part in parts for key, count in part.bidders.items()})
    return page


_WHOLE, _PART = Whole(size=MOST), Whole(size=PART)


async def list_task(database: Database, job: Job) -> ListTask:
    """The list that was asked for; ``Malformed`` for a query that it can no longer read."""
    listed = cast("FilteredList", job.text("listed"))
    given = dict(pairs_of(listed, job.text("query")))
    match listed:
        case "demands":
            demands = _demand_query(given)
            return ListTask(
                read=lambda after: read_demands(database, replace(demands, after=after), _PART),
                listing=demands_listing, given=given,
            )  # fmt: skip
        case "awards":
            awards = _award_query(given)
            return ListTask(
                read=lambda after: read_awards(database, replace(awards, after=after), _PART),
                listing=awards_listing, given=given,
            )  # fmt: skip
        case "agencies":
            agencies = _agency_query(given)
            return ListTask(
                read=lambda after: read_agencies(database, replace(agencies, after=after), _PART),
                listing=agencies_listing, given=given,
            )  # fmt: skip


def _demand_query(given: Filters) -> DemandQuery:
    chosen = read_demand_filter(given)
    return DemandQuery(
        chosen.q, chosen.item, chosen.city, chosen.ceiling_min_fen, chosen.ceiling_max_fen, chosen.state,
        chosen.mode or "", chosen.regional_only,
    )  # fmt: skip


def _award_query(given: Filters) -> AwardQuery:
    chosen = read_award_filter(given)
    return AwardQuery(chosen.q, chosen.item, chosen.city, chosen.outcome, chosen.mode or "")


def _agency_query(given: Filters) -> AgencyQuery:
    chosen = read_agency_filter(given)
    return AgencyQuery(
        q=chosen.q, item=chosen.item, qualification=chosen.qualification, city=chosen.city,
        restricted_only=chosen.restricted_only, free_only=chosen.free_only, grade=chosen.grade,
        offering=chosen.offering,
    )  # fmt: skip
