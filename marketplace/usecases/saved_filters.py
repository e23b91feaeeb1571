"""Filters of the lists that somebody keeps under a name (常用条件): kept, read, dropped; each for himself alone.

Invariants: of a person and a list at most ``MOST``, each name once: the same name again replaces; what is kept is the
query of an address, read by the list's own filter before. Source: pages.md (agency: 找需求 with saved filters).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

from pydantic import Field

from commons.errors import Conflict, NotFound
from marketplace.database import Connection, Database
from marketplace.inbox import store as inbox
from marketplace.usecases.act import Caller, Message, clock, perform, require
from marketplace.usecases.membership import person_of

FilteredList = Literal["demands", "agencies", "awards"]
LISTS: tuple[FilteredList, ...] = get_args(FilteredList)
MOST = 20
"""Filters of one list that a person keeps."""
MAX_NAME, MAX_QUERY = 40, 1_000

FilterName = Annotated[str, Field(min_length=1, max_length=MAX_NAME, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]
FilterId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Query = Annotated[str, Field(min_length=1, max_length=MAX_QUERY, pattern=r"^[!-~]+$")]


class KeepFilter(Message):
    """A list, the query of its address as it is written there (q=…&city=…), and its name."""

    listed: FilteredList
    name: FilterName
    query: Query


class DropFilter(Message):
    """A filter of one's own, by its id."""

    filter: FilterId


class SavedFilter(Message):
    """A filter as it is kept."""

    filter: str
    listed: FilteredList
    name: str
    query: str
    saved_at: datetime


class FilterDropped(Message):
    """It is gone."""

    filter: str


class SavedFilters(Message):
    """One's own, by list and name."""

    filters: list[SavedFilter]


async def keep_filter(database: Database, caller: Caller, command: KeepFilter) -> SavedFilter:
    """Keep it, in place of one of that name; ``Conflict`` where the person keeps ``MOST`` others of the list."""
    require(caller, "keep_filter")
    person = person_of(caller)

    async def work(connection: Connection) -> SavedFilter:
        await inbox.hold_filters(connection, person)
        own = await inbox.saved_filters(connection, person)
        others = [one for one in own if one.listed == command.listed and one.name != command.name]
        if len(others) >= MOST:
            raise Conflict("too_many_filters", f"at most {MOST} filters of a list")
        at = await clock(connection)
        return _shown(await inbox.keep_filter(connection, person, command.listed, command.name, command.query, at=at))

    done = await perform(database, caller, command, SavedFilter, work)
    assert isinstance(done, SavedFilter), "keeping is never refused"
    return done


async def drop_filter(database: Database, caller: Caller, command: DropFilter) -> FilterDropped:
    """Drop one of one's own; ``NotFound`` for any other."""
    require(caller, "drop_filter")
    person = person_of(caller)

    async def work(connection: Connection) -> FilterDropped:
        if not await inbox.drop_filter(connection, person, UUID(command.filter)):
            raise NotFound("saved_filter", command.filter)
        return FilterDropped(filter=command.filter)

    done = await perform(database, caller, command, FilterDropped, work)
    assert isinstance(done, FilterDropped), "dropping is never refused"
    return done


async def read_saved_filters(database: Database, caller: Caller, listed: FilteredList | None = None) -> SavedFilters:
    """One's own filters, of one list or of all."""
    require(caller, "read_saved_filters")
    async with database.read() as connection:
        found = await inbox.saved_filters(connection, person_of(caller))
    return SavedFilters(filters=[_shown(one) for one in found if listed in {None, one.listed}])


def _shown(one: inbox.KeptFilter) -> SavedFilter:
    listed = next(name for name in LISTS if name == one.listed)
    return SavedFilter(filter=one.id, listed=listed, name=one.name, query=one.query, saved_at=one.saved_at)
