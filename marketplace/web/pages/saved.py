"""常用条件: filters of the lists that somebody keeps: kept, dropped, shown above their lists and on the workbench."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.errors import Malformed, Unrecognised
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.saved_filters import (
    LISTS,
    MAX_NAME,
    MAX_QUERY,
    DropFilter,
    FilterDropped,
    FilteredList,
    KeepFilter,
    SavedFilter,
    drop_filter,
    keep_filter,
    read_saved_filters,
)
from marketplace.web.addresses import SAVED_FILTERS
from marketplace.web.filters import Pairs
from marketplace.web.kept_filters import PATHS, as_kept, pairs_of
from marketplace.web.locale.search_words import LIST_NAMES, filter_words
from marketplace.web.pages.acting import Asked, Made, Sent, acted, made_page
from marketplace.web.pages.asking import PageRequest, query_of
from marketplace.web.pages.forms import FORM, to_sign_in
from marketplace.web.plans import Field, Plan
from marketplace.web.receipts import Done
from marketplace.web.signed_in import Visitor, reader_of
from marketplace.web.views.forms import FormShown
from marketplace.web.views.kept import SavedLink, SavedLinks
from marketplace.web.views.search import FindingSection, SavedFiltersView, SavedRow
from marketplace.web.views.work import WorkSection

KEEPING = Asked(
    Plan(
        (
            Field(
                "name",
                "名称",
                limit=MAX_NAME,
                hint="例如“温州的测绘，征集中”；同名的会被替换",
                asks="请填写名称，最多 40 个字",
            ),
            Field("listed", "列表", "hidden", limit=12),
            Field("query", "条件", "hidden", limit=MAX_QUERY, asks="这个条件看不懂，请回到列表重新选择"),
        ),
        places={"too_many_filters": "name"},
    ),
    SAVED_FILTERS,
    "keep",
)
"""What is kept, and its name."""
_DROPPED = Plan((Field("filter", "常用条件", "hidden", limit=36),))
DROP = f"{SAVED_FILTERS}/drop"
DROPPING = Asked(_DROPPED, DROP, "drop")


@get(SAVED_FILTERS, include_in_schema=False)
async def saved_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """All of one's own; with ``listed`` and ``query`` in the address, the form that keeps it."""
    visitor = _reader(request)
    if visitor is None:
        return to_sign_in(request)
    given = query_of(request)
    listed = next((one for one in LISTS if one == given.get("listed")), None)
    query = given.get("query", "")[:MAX_QUERY]
    keep = None
    if listed is not None and query:
        keep = KEEPING.fresh(MappingProxyType({"listed": (listed,), "query": (query,)}))
    return made_page(request, await _made(database, visitor.caller(None), keep))


@post(SAVED_FILTERS, **FORM)
async def keep_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Keep a filter; back to its list."""

    async def work(sent: Sent) -> SavedFilter:
        return await keep_filter(database, sent.caller, as_kept(sent.command(KeepFilter)))

    async def again(form: FormShown) -> Made:
        return await _made(database, _caller(request), form)

    def then(done: SavedFilter) -> Done:
        query = f"?{done.query}" if done.query else ""
        return Done(f"{PATHS[done.listed]}{query}", "filter_kept")

    return await acted(request, KEEPING, work, again=again, then=then)


@post(DROP, **FORM)
async def drop_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Drop a filter of one's own."""

    async def work(sent: Sent) -> FilterDropped:
        return await drop_filter(database, sent.caller, sent.command(DropFilter))

    async def again(form: FormShown) -> Made:
        del form
        return await _made(database, _caller(request), None)

    return await acted(request, DROPPING, work, again=again, then=lambda _: Done(SAVED_FILTERS, "filter_dropped"))


def _reader(request: PageRequest) -> Visitor | None:
    """Who reads, acting as something."""
    visitor = reader_of(request)
    return None if visitor is None or visitor.bearer.actor_role is None else visitor


def _caller(request: PageRequest) -> Caller:
    visitor = _reader(request)
    if visitor is None:
        raise Unrecognised("session_needed", "sign in first")
    return visitor.caller(None)


async def _made(database: Database, caller: Caller, keep: FormShown | None) -> Made:
    own = await read_saved_filters(database, caller)
    rows = tuple(_row(one) for one in own.filters)
    return Made(SavedFiltersView(rows, keep, _words(keep)), datetime.now(UTC))


def _words(keep: FormShown | None) -> str:
    """What is to be kept, in words; "" where nobody can read it."""
    if keep is None:
        return ""
    listed = next((one for one in LISTS if one == keep.fields["listed"].value), None)
    return "" if listed is None else f"{LIST_NAMES[listed]}：{filter_words(_pairs(listed, keep.fields['query'].value))}"


def _row(one: SavedFilter) -> SavedRow:
    pairs = _pairs(one.listed, one.query)
    drop = Asked(_DROPPED, DROP, f"drop-{one.filter[:8]}").fresh(MappingProxyType({"filter": (one.filter,)}))
    return SavedRow(_link(one), LIST_NAMES[one.listed], filter_words(pairs), one.saved_at, drop)


def _pairs(listed: FilteredList, query: str) -> Pairs:
    """The filter; nothing where the list can no longer read it."""
    try:
        return pairs_of(listed, query)
    except Malformed:
        return ()


def _link(one: SavedFilter) -> SavedLink:
    return SavedLink(one.name, PATHS[one.listed], _pairs(one.listed, one.query))


async def saved_links(
    request: PageRequest, database: Database, listed: FilteredList, chosen: Pairs
) -> SavedLinks | None:
    """What stands above a list for whoever is signed in; None for the public."""
    visitor = _reader(request)
    if visitor is None:
        return None
    own = await read_saved_filters(database, visitor.caller(None), listed)
    return SavedLinks(tuple(_link(one) for one in own.filters), listed, chosen)


async def finding(database: Database, caller: Caller) -> WorkSection | None:
    """找需求, for agencies."""
    if caller.actor.role != "agency" or caller.badge is None:
        return None
    own = await read_saved_filters(database, caller, "demands")
    return FindingSection(tuple(_link(one) for one in own.filters))


SAVED_PAGES: tuple[HTTPRouteHandler, ...] = (saved_page, keep_form, drop_form)
"""For whoever is signed in."""
