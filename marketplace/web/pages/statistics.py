"""统计: the numbers of the market under the filters of the address, and each of them as a sheet."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from markupsafe import Markup

from commons.errors import Malformed, NotFound
from commons.instants import beijing_date
from marketplace.database import Database
from marketplace.usecases.read_statistics import MOST_KEPT, Report, read_statistics
from marketplace.web.addresses import STATISTICS
from marketplace.web.exports.statistics import statistics_sheet
from marketplace.web.page_frame import PageFrame
from marketplace.web.pages.asking import PageRequest, entered_of, frame_of, page, query_of
from marketplace.web.pages.naming import city_options, item_options
from marketplace.web.render import render_part
from marketplace.web.statistics_filter import read_statistics_filter
from marketplace.web.statistics_view import statistics_view
from marketplace.web.views.statistics import StatisticsFilter, StatisticsView

BODY = "parts/statistics_body.html"


@get(STATISTICS, include_in_schema=False)
async def statistics_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The report under the filters."""
    query, now = query_of(request), datetime.now(UTC)
    try:
        asked = read_statistics_filter(query, today=beijing_date(now))
    except Malformed as malformed:
        entered = entered_of(query, malformed)
        blank = StatisticsView(StatisticsFilter(), city_options(now), item_options(), entered=entered)
        return page(request, blank, now=now, is_example=False, status=HTTPStatus.BAD_REQUEST)
    report = await read_statistics(database, asked)
    frame = frame_of(request, now=report.now, is_example=report.is_example)
    view = database.companion(_Drawn).view(report, frame)
    return page(request, view, now=report.now, is_example=report.is_example)


class _Drawn:
    """Pages as they were drawn, each as long as its numbers hold and for one way of showing it."""

    def __init__(self, _: Database, /) -> None:
        self._kept: dict[tuple[Hashable, ...], StatisticsView] = {}

    async def end(self) -> None:
        """Nothing is under way."""
        self._kept.clear()

    def view(self, report: Report, frame: PageFrame) -> StatisticsView:
        """The page of a report; what waits for settling makes it anew each time."""
        key = (
            report.query,
            report.is_example,
            report.has_other,
            report.counted,
            report.due,
            report.last,
            frame.display,
        )
        found = None if report.unsettled else self._kept.get(key)
        if found is None:
            made = statistics_view(report)
            found = replace(made, body=Markup(render_part(BODY, frame, view=made)))  # noqa: S704  a template's own output
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = found
        return found


@get(STATISTICS + "/{file:str}", include_in_schema=False)
async def statistics_export(
    request: PageRequest, database: NamedDependency[Database], file: FromPath[str]
) -> Response[bytes]:
    """One number as a sheet: in all, by city, item and month, and every value with how often it occurs."""
    name, _, kind = file.rpartition(".")
    if kind != "xlsx":
        raise NotFound("measure", file)
    asked = read_statistics_filter(query_of(request), today=beijing_date(datetime.now(UTC)))
    return await statistics_sheet(await read_statistics(database, asked), name)


STATISTICS_PAGES: tuple[HTTPRouteHandler, ...] = (statistics_page, statistics_export)
"""Anybody reads them."""
