"""区域成果: where a regional assessment spares a project its own, on which conditions, until when."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from http import HTTPStatus

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import Fault, Malformed
from marketplace.catalogue.coverage import Coverage
from marketplace.catalogue.items import load_catalogue
from marketplace.database import Database
from marketplace.usecases.read_coverage import read_coverage, read_coverages, read_savings
from marketplace.web.addresses import AREAS
from marketplace.web.locale.public_words import COVERAGE_ENDS
from marketplace.web.outline import outline_of, span_of
from marketplace.web.pages.asking import PAGE_ROWS, PageRequest, entered_of, identifier_of, page, query_of
from marketplace.web.pages.naming import city_options, item_of, place_of
from marketplace.web.views.areas import AreaFilter, AreaListView, AreaRow, AreaView, SavingsShown
from marketplace.web.views.parts import Option

_AFTER = re.compile(r"[0-9A-Z-]{0,32}", re.ASCII)
SOON_DAYS = 90
"""What ends within so many days is marked."""


@get(AREAS, include_in_schema=False)
async def area_list(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Coverages under the filters of the address, and what all of them saved in a year."""
    query, now = query_of(request), datetime.now(UTC)
    after = query.get("after", "").strip()
    chosen = AreaFilter(query.get("item", "").strip(), query.get("city", "").strip(), query.get("ended", "") == "1")
    try:
        _check_place(after)
        found = await read_coverages(
            database, region=chosen.city, item=chosen.item, only_valid=not chosen.ended, after=after, limit=PAGE_ROWS
        )
    except Malformed as malformed:
        told = {"/region": Fault("/city", "unknown_region", "没有这个地区")}
        faults = tuple(told.get(one.pointer, one) for one in malformed.faults)
        entered = entered_of(query, Malformed(faults))
        blank = AreaListView(AreaFilter(), city_options(now), _regional_items(), (), None, entered=entered)
        return page(request, blank, now=now, is_example=False, status=HTTPStatus.BAD_REQUEST)
    saved = await read_savings(database, first=None, until=None, region=chosen.city)
    view = AreaListView(
        filter=chosen,
        cities=city_options(found.now),
        items=_regional_items(),
        rows=tuple(_row(one, found.on) for one in found.rows),
        savings=SavingsShown(
            saved.first, saved.savings.demands, saved.savings.fee_fen, saved.savings.with_fee, saved.savings.days,
            saved.savings.with_days,
        ),
        after=found.next or "",
        is_further=bool(after),
    )  # fmt: skip
    return page(request, view, now=found.now, is_example=any(one.is_example for one in found.rows))


def _check_place(after: str) -> None:
    if not _AFTER.fullmatch(after):
        raise Malformed((Fault("/after", "not_a_place", "不是这个列表里的位置"),))


def _regional_items() -> tuple[Option, ...]:
    return tuple(Option(one.code, one.name) for one in load_catalogue().items if one.regional_assessment)


def _row(one: Coverage, on: date) -> AreaRow:
    return AreaRow(
        one.id, one.zone, place_of(one.region), tuple(item_of(code) for code in one.items), one.valid_from,
        date.fromordinal(one.valid_to.toordinal() - 1), _state(one, on),
    )  # fmt: skip


def _state(one: Coverage, on: date) -> tuple[str, str]:
    if one.ended is not None:
        return COVERAGE_ENDS.get(one.ended.kind, "已终止"), ""
    if on < one.valid_from:
        return "尚未生效", ""
    if one.valid_to <= on:
        return "已到期", ""
    left = (one.valid_to - on).days
    return (f"{left} 日后到期", "warn") if left <= SOON_DAYS else ("有效", "ok")


@get(AREAS + "/{identifier:str}", include_in_schema=False)
async def area_page(
    request: PageRequest, database: NamedDependency[Database], identifier: FromPath[str]
) -> Response[str]:
    """One regional assessment."""
    found, on = await read_coverage(database, identifier_of("coverage", identifier))
    return page(request, area_view(found, on), now=datetime.now(UTC), is_example=found.is_example)


def area_view(found: Coverage, on: date) -> AreaView:
    """A coverage as its page shows it."""
    area, ended = found.area, found.ended
    outline = None
    if area is not None:
        across, high = span_of(area)
        outline = outline_of(area, f"{found.zone}的轮廓，东西约 {across:,} 米，南北约 {high:,} 米")
    return AreaView(
        row=_row(found, on),
        result=found.result,
        access_standard=found.access_standard,
        negative_list=found.negative_list,
        document=found.document,
        outline=outline,
        vertices=0 if area is None else sum(len(ring) - 1 for ring in area.rings),
        supersedes=found.supersedes or "",
        end_reason="" if ended is None else ended.reason,
        ended_at=None if ended is None else ended.at,
        successor="" if ended is None else ended.successor or "",
    )


AREA_PAGES: tuple[HTTPRouteHandler, ...] = (area_list, area_page)
"""Public."""
