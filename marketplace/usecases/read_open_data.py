"""Every public list to its end, as of one instant: for whoever keeps a copy of what the pages and the API show.

Invariants: one snapshot for all lists; the rows are those of the pages, in their order, so that nothing is here that is
not public there. Source: market.md section 1 (the public reads and verifies).
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from agencies import store as agencies
from credit.joint import ListName
from credit.lists import ListEntry
from marketplace.database import Database
from marketplace.usecases.list_places import asked
from marketplace.usecases.read_agencies import AgencyQuery, ListedAgency, agency_page
from marketplace.usecases.read_awards import LIST, AwardQuery, award_page
from marketplace.usecases.read_credit_lists import listed
from marketplace.usecases.read_demands import PARTS, DemandQuery, demand_page
from marketplace.usecases.read_listing import Listed, Slice, columns_of
from marketplace.usecases.read_restrictions import ListedRestriction, RestrictionQuery, restriction_page
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import ahead_of_settling

AT_ONCE = 500
"""Rows read in one go."""


@dataclass(frozen=True, slots=True)
class Batch(Slice):
    """So many rows of a list, further on with each page; no page that somebody asks for."""

    page: int = 1
    size: int = AT_ONCE

    def __post_init__(self) -> None:
        """A copy has no highest page."""

    def within(self, total: int) -> Batch:
        """The same: it is asked for until there is nothing left."""
        del total
        return self


@dataclass(frozen=True, slots=True)
class OpenData:
    """The lists within one snapshot; ``now`` is its instant."""

    snapshot: Reading
    ahead: tuple[list[object], ...]

    @property
    def now(self) -> datetime:
        """As of when."""
        return self.snapshot.now

    async def demands(self) -> AsyncIterator[Listed]:
        """Published demands."""
        after: str | None = ""
        while after is not None:
            start = asked(after, "", PARTS)
            found = await demand_page(self.snapshot, self.ahead, DemandQuery(), Batch(), start)
            for one in found.rows:
                yield one
            after = found.next

    async def awards(self) -> AsyncIterator[Listed]:
        """Results, those without success too."""
        after: str | None = ""
        while after is not None:
            start = asked(after, "", LIST.letters)
            found = await award_page(self.snapshot, self.ahead, AwardQuery(), Batch(), start)
            for one in found.rows:
                yield one
            after = found.next

    async def agencies(self) -> AsyncIterator[ListedAgency]:
        """Agencies on file by their codes."""
        after: str | None = ""
        while after is not None:
            found = await agency_page(self.snapshot, AgencyQuery(after=after), Batch())
            for one in found.rows:
                yield one
            after = found.next

    async def restrictions(self) -> AsyncIterator[ListedRestriction]:
        """Restrictions in force."""
        page = 1
        while rows := (await restriction_page(self.snapshot, RestrictionQuery(), Batch(page))).rows:
            for one in rows:
                yield one
            page += 1

    async def credit_list(self, name: ListName, *, profile: str) -> tuple[tuple[ListEntry, ...], dict[str, str]]:
        """Every entry of a credit list, and the names of its subjects that are on file."""
        every = await listed(self.snapshot, name, profile=profile)
        return every, await agencies.names(self.snapshot.connection, sorted({one.subject for one in every}))


@contextlib.asynccontextmanager
async def open_data(database: Database) -> AsyncIterator[OpenData]:
    """The lists as of now, for the length of the block."""
    async with reading(database) as snapshot:
        yield OpenData(snapshot, columns_of(await ahead_of_settling(snapshot)))
