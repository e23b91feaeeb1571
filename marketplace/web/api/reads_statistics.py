"""The reading of the statistics: the same numbers as the page and its sheets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from commons.instants import beijing_date
from commons.regions import REGIONS
from marketplace.database import Database
from marketplace.statistics.measures import MEASURES
from marketplace.statistics.numbers import Numbers
from marketplace.usecases.read_statistics import Data, Report, read_statistics
from marketplace.web.api import statistics_models as models
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NOT_BUSY, Code, answered
from marketplace.web.api.tags import DEMANDS
from marketplace.web.locale.statistics_words import MEASURE_WORDS
from marketplace.web.pages.naming import item_of
from marketplace.web.statistics_filter import FROM, UNTIL, read_statistics_filter

_MONTH = r"^(2\d{3}-(0[1-9]|1[0-2]))?$"
First = Annotated[str, QueryParameter(name=FROM, pattern=_MONTH, description="起始月份 / First month, 2026-01")]
Until = Annotated[str, QueryParameter(name=UNTIL, pattern=_MONTH, description="截止月份 / Last month, included")]

Which = Annotated[Data, QueryParameter(name="data", description="真实或示例数据 / Real or invented data")]


@get(
    "/statistics", operation_id="readStatistics", name="readStatistics", tags=[DEMANDS],
    summary="统计 / Statistics with period, sample and definition", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def get_statistics(
    database: NamedDependency[Database],
    *,
    first: First = "",
    until: Until = "",
    city: Code = "",
    item: Code = "",
    which: Which = "",
) -> Response[models.StatisticsDocument]:
    """The civil year so far unless months are given; real data as soon as there are any."""
    typed = {FROM: first, UNTIL: until, "city": city, "item": item, "data": which}
    asked = read_statistics_filter(typed, today=beijing_date(datetime.now(UTC)))
    return answered(document(await read_statistics(database, asked)))


def document(report: Report) -> models.StatisticsDocument:
    """The report as a document."""
    cities = {one.code: one.name for one in REGIONS.rows if one.level == "city"}
    return models.StatisticsDocument(
        now=report.now,
        first=report.first,
        last=report.last,
        first_month=report.query.months.first,
        last_month=report.query.months.last,
        city=report.query.city,
        item=report.query.item,
        is_example=report.is_example,
        has_other=report.has_other,
        due=report.due,
        unsettled=report.unsettled,
        numbers=tuple(number(code, report.whole) for code in MEASURES),
        by_city=tuple(_cut(code, cities.get(code, code), each) for code, each in report.by_city.items()),
        by_item=tuple(_cut(code, item_of(code).name, each) for code, each in report.by_item.items()),
        by_month=tuple(_cut(month, month, each) for month, each in report.by_month.items()),
        concentration_year=report.year,
        concentration=tuple(
            models.CellDocument(
                county=one.county, item=one.item, awards=one.awards, agencies=one.agencies, fen=one.fen,
                top_fen=one.top_fen, share_bp=one.share_bp, few=one.is_few,
            )
            for one in report.concentration
        ),
        definitions=tuple(definition(code) for code in MEASURE_WORDS),
    )  # fmt: skip


def _cut(code: str, name: str, numbers: Numbers) -> models.CutDocument:
    counted = tuple(number(each, numbers) for each in MEASURES if numbers.sample(each))
    return models.CutDocument(code=code, name=name, numbers=counted)


def number(code: str, numbers: Numbers) -> models.NumberDocument:
    """One number with everything that is known of it."""
    measure, found, sample = MEASURES[code], numbers.of(code), numbers.sample(code)
    is_spread, mean = measure.kind == "spread", found.mean
    least, low, middle, high, most = (found.at_quarter(one) if is_spread else None for one in range(5))
    return models.NumberDocument(
        measure=code,
        kind=measure.kind,
        unit=measure.unit,
        sample=sample,
        few=measure.kind in {"spread", "share"} and found.is_few,
        part=found.part if measure.kind == "share" else None,
        total=found.sample if measure.kind == "total" else None,
        least=least,
        quarter=low,
        median=middle,
        three_quarters=high,
        most=most,
        mean=f"{mean.numerator}/{mean.denominator}" if is_spread and mean is not None else None,
    )


def definition(code: str) -> models.DefinitionDocument:
    """What a number means, in both languages."""
    words, source = MEASURE_WORDS[code], next(iter(MEASURES.values())).source
    return models.DefinitionDocument(
        measure=code, name_zh=words.name, name_en=words.name_en, definition_zh=words.means,
        definition_en=words.means_en, formula=words.formula, source=source.title, text_seen=source.text_seen,
    )  # fmt: skip


STATISTICS_READS: tuple[HTTPRouteHandler, ...] = (get_statistics,)
"""Anybody reads them."""
