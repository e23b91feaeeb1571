"""服务事项: the tree and the card of an item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import get_args

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import Malformed
from commons.grams import words_of
from commons.regions import REGIONS
from marketplace.catalogue.cleaning import AbolishedItem
from marketplace.catalogue.items import ItemClass, ServiceItem, load_catalogue
from marketplace.catalogue.requirements import requirement_of
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.read_item import ItemFile, read_item, read_items
from marketplace.web.addresses import ITEMS
from marketplace.web.filters import read_search_query
from marketplace.web.locale.sources import TITLES
from marketplace.web.pages.asking import PageRequest, entered_of, identifier_of, page, query_of
from marketplace.web.pages.rows import demand_row
from marketplace.web.views.items import (
    AbolishedLine,
    ItemArea,
    ItemBranch,
    ItemCard,
    ItemLine,
    ItemListView,
    ItemView,
)
from marketplace.web.views.parts import Hits

CLASSES: tuple[ItemClass, ...] = get_args(ItemClass)
_BASES = re.compile(r"[；;]")
ROWS = 5
"""Demands shown on a card."""


@get(ITEMS, include_in_schema=False)
async def item_list(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Every item in force by class, or those that hold the words."""
    query = query_of(request)
    try:
        q, _ = read_search_query(query, ())
    except Malformed as malformed:
        blank = ItemListView("", (), 0, 0, (), entered=entered_of(query, malformed))
        return page(request, blank, now=datetime.now(UTC), is_example=False, status=HTTPStatus.BAD_REQUEST)
    settings: Settings = request.app.state.settings
    found = await read_items(database, q, profile=settings.profile)
    view = ItemListView(
        q=q,
        branches=item_branches(found.items),
        shown=len(found.items),
        total=found.total,
        abolished=tuple(_gone(one) for one in found.abolished),
        hits=Hits(words_of(q)),
    )
    return page(request, view, now=found.now, is_example=False)


def item_branches(items: Sequence[ServiceItem]) -> tuple[ItemBranch, ...]:
    """The items by class, without the classes that have none."""
    branches = (ItemBranch(one, tuple(_line(item) for item in items if item.item_class == one)) for one in CLASSES)
    return tuple(one for one in branches if one.rows)


def _line(item: ServiceItem) -> ItemLine:
    need = requirement_of(item, load_catalogue())
    words = "" if need is None else need.kind + (f" {item.minimum_grade}及以上" if item.minimum_grade else "")
    return ItemLine(
        item.code, item.name, item.approval_item, item.department, words, item.regional_assessment,
        item.applicant_may_do_it,
    )  # fmt: skip


def _gone(one: AbolishedItem) -> AbolishedLine:
    return AbolishedLine(one.code, one.name, one.valid_to, one.document)


@get(ITEMS + "/{code:str}", include_in_schema=False)
async def item_page(request: PageRequest, database: NamedDependency[Database], code: FromPath[str]) -> Response[str]:
    """One item."""
    settings: Settings = request.app.state.settings
    found = await read_item(database, identifier_of("item", code), profile=settings.profile)
    rows = found.open_rows[:ROWS]
    is_example = found.is_example or any(one.is_example for one in rows)
    return page(request, item_view(code, found), now=found.now, is_example=is_example)


def item_view(code: str, found: ItemFile) -> ItemView:
    """The card as its page shows it."""
    named = found.item or found.abolished
    assert named is not None, "an item that was found has a name"
    more = "+" if found.able_more else ""
    return ItemView(
        code=code,
        name=named.name,
        at=found.now,
        card=None if found.item is None else _card(found.item),
        gone=None if found.abolished is None else _gone(found.abolished),
        is_gone=found.is_abolished,
        sample=found.similar.count,
        since=found.similar.since,
        price=found.similar.price_fen,
        service_days=found.similar.service_days,
        award_days=found.similar.award_days,
        is_invented=found.is_example,
        able=f"{found.able:,}{more}",
        free=f"{found.free:,}{more}",
        shelf=found.shelf,
        open_total=found.open_total,
        total=found.total,
        rows=tuple(demand_row(one, now=found.now) for one in found.open_rows[:ROWS]),
        areas=tuple(
            ItemArea(one.id, one.zone, REGIONS.full_name(one.region), _last(one.valid_to)) for one in found.coverages
        ),
    )


def _last(valid_to: date) -> date:
    """The last day on which it stands."""
    return date.fromordinal(valid_to.toordinal() - 1)


def _card(item: ServiceItem) -> ItemCard:
    need = requirement_of(item, load_catalogue())
    return ItemCard(
        item_class=item.item_class,
        approval_item=item.approval_item,
        department=item.department,
        bases=tuple(one.strip() for one in _BASES.split(item.legal_basis) if one.strip()),
        origin=TITLES.get(item.source.title, item.source.title),
        source=item.source,
        qualification="" if need is None else need.kind,
        grades=() if need is None else need.grades or (),
        may_self=item.applicant_may_do_it,
        result_form=item.result_form,
        is_regional=item.regional_assessment,
        fee_mode=item.fee_mode,
    )


ITEM_PAGES: tuple[HTTPRouteHandler, ...] = (item_list, item_page)
"""Public."""
