"""统计: the numbers of the market under the filters of the address, and each of them as a sheet."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import Malformed, NotFound
from commons.instants import beijing_date
from marketplace.database import Database
from marketplace.usecases.read_statistics import read_statistics
from marketplace.web.addresses import STATISTICS
from marketplace.web.exports.statistics import statistics_sheet
from marketplace.web.pages.asking import PageRequest, entered_of, page, query_of
from marketplace.web.pages.naming import city_options, item_options
from marketplace.web.statistics_filter import read_statistics_filter
from marketplace.web.statistics_view import statistics_view
from marketplace.web.views.statistics import StatisticsFilter, StatisticsView


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
    return page(request, statistics_view(report), now=report.now, is_example=report.is_example)


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
