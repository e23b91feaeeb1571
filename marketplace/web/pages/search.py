"""全站检索: one box over demands, agencies, results and items."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import get_args

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.errors import Malformed
from marketplace.catalogue.items import ServiceItem
from marketplace.database import Database
from marketplace.usecases.read_listing import MIN_ROWS, Slice
from marketplace.usecases.read_search import Searched, read_search
from marketplace.web.addresses import SEARCH
from marketplace.web.filters import read_search_query
from marketplace.web.pages.agencies import agency_row
from marketplace.web.pages.asking import PAGE_ROWS, PageRequest, entered_of, page, query_of
from marketplace.web.pages.rows import award_row, demand_row
from marketplace.web.views.parts import Hits, Turning
from marketplace.web.views.search import ItemRow, Kind, SearchView

SHOWN = 5
"""Rows of each kind where all are shown."""
KINDS: tuple[Kind, ...] = get_args(Kind)


@get(SEARCH, include_in_schema=False)
async def search_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """How many of each kind hold the words, and the first of them."""
    query = query_of(request)
    try:
        q, named = read_search_query(query, KINDS)
    except Malformed as malformed:
        now = datetime.now(UTC)
        blank = SearchView("", "all", entered=entered_of(query, malformed))
        return page(request, blank, now=now, is_example=False, status=HTTPStatus.BAD_REQUEST)
    kind: Kind = next((one for one in KINDS if one == named), "all")
    found = await read_search(database, q, Slice(1, MIN_ROWS if kind == "all" else PAGE_ROWS))
    view = search_view(q, kind, found)
    invented = (
        *(one.is_example for one in found.demands.rows),
        *(one.is_example for one in found.agencies.rows),
        *(one.is_example for one in found.awards.rows),
    )
    return page(request, view, now=found.now, is_example=any(invented))


def search_view(q: str, kind: Kind, found: Searched) -> SearchView:
    """What was found, as its page shows it."""

    def few(of: Kind) -> int:
        return SHOWN if kind == "all" else PAGE_ROWS if kind == of else 0

    return SearchView(
        q=q,
        kind=kind,
        demands=tuple(demand_row(row, now=found.now) for row in found.demands.rows[: few("demands")]),
        agencies=tuple(agency_row(row) for row in found.agencies.rows[: few("agencies")]),
        awards=tuple(award_row(row, found.awards.bidders) for row in found.awards.rows[: few("awards")]),
        items=tuple(_item(one) for one in (found.items if kind == "items" else found.items[: few("items")])),
        demands_turn=Turning(0, len(found.demands.rows), found.demands.total, is_more=found.demands.is_more),
        agencies_turn=Turning(0, len(found.agencies.rows), found.agencies.total, is_more=found.agencies.is_more),
        awards_turn=Turning(0, len(found.awards.rows), found.awards.total, is_more=found.awards.is_more),
        items_turn=Turning(0, len(found.items), len(found.items)),
        hits=Hits(found.words),
    )


def _item(one: ServiceItem) -> ItemRow:
    return ItemRow(one.code, one.name, one.approval_item, one.department)


SEARCH_PAGES: tuple[HTTPRouteHandler, ...] = (search_page,)
"""Public."""
