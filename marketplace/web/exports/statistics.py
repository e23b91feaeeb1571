"""Each number of the statistics as a sheet: in all, by city, item and month, then every value with how often it occurs.

The head says period, scope, definition, formula and what is not in it; the numbers are those of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from litestar import Response

from commons.errors import NotFound
from commons.instants import beijing_date
from commons.money import Money, half_up
from commons.regions import REGIONS
from marketplace.sheets.listing import ListColumn, Listing, Value
from marketplace.statistics.measures import CONCENTRATION, MEASURES, Measure
from marketplace.statistics.numbers import Distribution, Numbers
from marketplace.statistics.period import month_of
from marketplace.usecases.read_statistics import Report
from marketplace.web import formatting
from marketplace.web.exports.serving import answer_sheet
from marketplace.web.locale.statistics_words import FEW_WORDS, ROUNDING
from marketplace.web.pages.naming import item_of
from marketplace.web.statistics_numbers import concentration_figure, figure_of, unit_of
from marketplace.web.statistics_view import notes_of, scope_of
from marketplace.web.views.statistics import Figure


async def statistics_sheet(report: Report, name: str) -> Response[bytes]:
    """The sheet of a measure, or of concentration; ``NotFound`` for none of them."""
    if name == CONCENTRATION:
        return await answer_sheet(concentration_listing(report))
    if name not in MEASURES:
        kind = "measure"
        raise NotFound(kind, name)
    return await answer_sheet(measure_listing(report, MEASURES[name]))


def measure_listing(report: Report, measure: Measure) -> Listing:
    """All cuts of one number."""
    figure = figure_of(measure.code, report.whole)
    number = f"数字（{'元' if measure.unit == 'fen' else unit_of(measure)}）"
    heads = ("分类", "名称", number, "样本", "其中", "最小", "下四分位", "上四分位", "最大", "平均", "说明")
    widths = (10, 26, 16, 10, 10, 10, 10, 10, 10, 12, 30)
    columns = [ListColumn(head, width) for head, width in zip(heads, widths, strict=True)]
    return Listing(figure.name[:28], _said(report, figure), columns, list(_rows(report, measure)), report.now)


def _said(report: Report, figure: Figure) -> list[str]:
    """What the head says: scope, period, definition, and what is not in it."""
    period = f"{formatting.day(report.first)} 至 {formatting.day(report.last)}"
    return [
        f"范围：{scope_of(report)}；期间：{period}",
        f"定义：{figure.means}",
        f"算式：{figure.formula}；{figure.how}",
        ROUNDING,
        *notes_of(report),
        f"生成于 {formatting.instant(report.now.replace(microsecond=0))}（时间均为北京时间）",
    ]


def _rows(report: Report, measure: Measure) -> Iterator[tuple[Value, ...]]:
    yield ("合计", scope_of(report), *_numbers(measure, report.whole))
    for city in REGIONS.cities(beijing_date(report.now)):
        yield ("设区市", city.name, *_numbers(measure, report.by_city.get(city.code, Numbers())))
    for code in sorted(report.by_item):
        yield ("事项", item_of(code).name, *_numbers(measure, report.by_item[code]))
    for month in report.query.months.months:
        if month <= month_of(report.now):
            yield ("月份", month, *_numbers(measure, report.by_month.get(month, Numbers())))
    if measure.kind == "spread":
        for value, times in report.whole.of(measure.code).counts:
            yield ("取值", "", _exact(measure, value), times, *[None] * 6, "“样本”栏为出现次数")


def _numbers(measure: Measure, numbers: Numbers) -> tuple[Value, ...]:
    """Number, sample, part, least, quartiles, greatest, mean, and a word where they are few or none."""
    found, sample = numbers.of(measure.code), numbers.sample(measure.code)
    few = measure.kind in {"spread", "share"} and found.is_few
    said = "没有样本" if not sample else FEW_WORDS if few else ""
    match measure.kind:
        case "count":
            return (sample, sample, *[None] * 6, "")
        case "total":
            return (_exact(measure, found.sample) if sample else None, sample, *[None] * 6, said)
        case "share":
            share = None if found.share_bp is None else Decimal(found.share_bp).scaleb(-2)
            return (share, sample, found.part, *[None] * 5, said)
        case "spread":
            least, low, middle, high, most = (_quarter(measure, found, quarter) for quarter in range(5))
            return (middle, sample, None, least, low, high, most, _mean(measure, found), said)


def _exact(measure: Measure, value: int) -> Value:
    """A value in the unit of its column, exactly."""
    match measure.unit:
        case "permille":
            return Decimal(value).scaleb(-1)
        case "hundredth":
            return Decimal(value).scaleb(-2)
        case "fen":
            return Money(value)
        case _:
            return value


def _quarter(measure: Measure, found: Distribution, quarter: int) -> Value:
    value = found.at_quarter(quarter)
    return None if value is None else _exact(measure, value)


def _mean(measure: Measure, found: Distribution) -> Decimal | None:
    """The mean to four decimals of the column's unit, half up from the exact fraction."""
    if found.mean is None:
        return None
    scale = {"permille": -1, "hundredth": -2}.get(measure.unit, 0)
    return Decimal(half_up(found.mean * 10_000)).scaleb(-4 + scale)


def concentration_listing(report: Report) -> Listing:
    """Every county and item of the year, most concentrated first."""
    figure = concentration_figure(report.concentration)
    columns = (
        ListColumn("县（市、区）", 24), ListColumn("事项", 30), ListColumn("前 4 家占比（%）", 14),
        ListColumn("成交（宗）", 10), ListColumn("机构（家）", 10), ListColumn("成交金额（元）", 18),
        ListColumn("前 4 家金额（元）", 18), ListColumn("说明", 30),
    )  # fmt: skip
    rows = [
        (
            REGIONS.full_name(one.county), item_of(one.item).name, Decimal(one.share_bp).scaleb(-2), one.awards,
            one.agencies, Money(one.fen), Money(one.top_fen), FEW_WORDS if one.is_few else "",
        )
        for one in report.concentration
    ]  # fmt: skip
    said = [f"年度：{report.year}", *_said(report, figure)[1:]]
    return Listing("集中度", [f"范围：{scope_of(report)}", *said], columns, rows, report.now)
