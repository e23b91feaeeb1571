"""The view of 统计 out of a report: figures by group, cuts by city, month and item, charts with their tables.

Every number goes through ``statistics_numbers``; a cut of the report is never computed again here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from commons.instants import beijing_date
from commons.regions import REGIONS
from marketplace.statistics.measures import GROUPS, MEASURES
from marketplace.statistics.numbers import Distribution, Numbers
from marketplace.statistics.period import month_of
from marketplace.usecases.read_statistics import Report
from marketplace.web import formatting
from marketplace.web.locale.statistics_words import FEW_WORDS, GROUP_NAMES, MEASURE_WORDS
from marketplace.web.pages.naming import city_options, item_of, item_options
from marketplace.web.statistics_charts import Column, Point, columns, step_trend
from marketplace.web.statistics_filter import filter_of, presets
from marketplace.web.statistics_numbers import (
    concentration_figure,
    figure_of,
    number_text,
    short_of,
    value_text,
)
from marketplace.web.views.parts import CityCount
from marketplace.web.views.statistics import (
    MAX_CELLS,
    CellRow,
    Chart,
    CutRow,
    CutTable,
    Figure,
    Group,
    Preset,
    Short,
    StatisticsView,
)

TOP = ("awarded", "saving_ceiling", "award_workdays", "outside_city")
CITY_CUT = ("awarded", "saving_ceiling", "award_workdays", "outside_city", "failed")
ITEM_CUT = ("awarded", "saving_ceiling", "saving_baseline", "award_workdays", "result_workdays")
BINS = 10
OPEN_ENDED = {"award_seconds", "result_seconds"}
"""Measures of demonstrations: shown only where there is something to show."""


def statistics_view(report: Report) -> StatisticsView:
    """The whole page."""
    today = beijing_date(report.now)
    cells = report.concentration
    return StatisticsView(
        filter=filter_of(report.query, today=today),
        cities=city_options(report.now),
        items=item_options(),
        presets=tuple(
            Preset(name, months.first, months.last, months == report.query.months) for name, months in presets(today)
        ),
        scope=scope_of(report),
        first=report.first,
        last=report.last,
        notes=notes_of(report),
        figures=tuple(_top(report.whole)),
        groups=tuple(_groups(report.whole)),
        tiles=_tiles(report),
        tiles_sentence=_tiles_sentence(report),
        by_city=_cut(report, CITY_CUT, _cities(report), report.by_city),
        by_item=_cut(report, ITEM_CUT, _items(report), report.by_item),
        trends=_trends(report),
        spreads=_spreads(report.whole),
        year=report.year,
        cells=tuple(
            CellRow(
                place=REGIONS.full_name(one.county),
                item=item_of(one.item).name,
                share=formatting.percent(one.share_bp),
                agencies=one.agencies,
                awards=one.awards,
                amount=formatting.wan(one.fen),
                few=one.is_few,
            )
            for one in cells[:MAX_CELLS]
        ),
        cells_total=len(cells),
        cells_few=sum(one.is_few for one in cells),
        concentration=concentration_figure(cells),
    )


def scope_of(report: Report) -> str:
    """Which part of the market: city and item in words."""
    city = REGIONS.full_name(report.query.city) if report.query.city else "全省"
    item = item_of(report.query.item).name if report.query.item else "全部事项"
    return f"{city}，{item}"


def notes_of(report: Report) -> tuple[str, ...]:
    """What has to be known of all numbers of a report."""
    notes = []
    if report.is_example:
        notes.append("以下为示例数据（示例）：机构、项目与金额均为虚构，不代表任何真实交易。")
        notes.extend(["另有真实数据，未计入以下数字。"] if report.has_other else [])
    elif report.has_other:
        notes.append("另有示例数据，未计入以下数字。")
    if report.due:
        notes.append(f"另有 {formatting.number(report.due)} 项变化正在计入，稍后刷新可见。")
    if report.unsettled:
        notes.append(
            f"其中 {formatting.number(report.unsettled)} 宗选取已到时刻、正在办结：已按应有的结果计入，集中度除外。"
        )
    return tuple(notes)


def _top(numbers: Numbers) -> list[Figure]:
    """Four figures; where only a demonstration was played its seconds stand for the working days."""
    found = [figure_of(code, numbers) for code in TOP]
    if not numbers.sample("award_workdays") and numbers.sample("award_seconds"):
        found[2] = figure_of("award_seconds", numbers)
    lost = numbers.of("failed").part
    return [replace(found[0], more=f"另有 {formatting.number(lost)} 宗未成立"), *found[1:]]


def _groups(numbers: Numbers) -> list[Group]:
    made = []
    for group in GROUPS:
        codes = [one.code for one in MEASURES.values() if one.group == group]
        shown = [code for code in codes if code not in OPEN_ENDED or numbers.sample(code)]
        made.append(Group(group, GROUP_NAMES[group], tuple(figure_of(code, numbers) for code in shown)))
    return made


def _tiles(report: Report) -> tuple[CityCount, ...]:
    return tuple(
        CityCount(code, name, report.by_city.get(code, Numbers()).sample("awarded"))
        for code, name in _cities(report).items()
    )


def _tiles_sentence(report: Report) -> str:
    tiles = sorted(_tiles(report), key=lambda one: (-one.count, one.code))
    total = sum(one.count for one in tiles)
    if not total:
        return "十一个设区市成交宗数格子图：期间内没有成交"
    return f"十一个设区市成交宗数格子图：共 {total} 宗，最多的是{tiles[0].name} {tiles[0].count} 宗，各市数字见表"


def _cities(report: Report) -> dict[str, str]:
    return {city.code: city.name for city in REGIONS.cities(beijing_date(report.now))}


def _items(report: Report) -> dict[str, str]:
    return {code: item_of(code).name for code in sorted(report.by_item)}


def _cut(report: Report, codes: Sequence[str], named: Mapping[str, str], cut: Mapping[str, Numbers]) -> CutTable:
    """A table with a row for each name, and one for all of them."""
    rows = [CutRow(code, name, _cells(codes, cut.get(code, Numbers()))) for code, name in named.items()]
    rows.append(CutRow("", "合计", _cells(codes, report.whole)))
    return CutTable(tuple(_head(code) for code in codes), tuple(rows))


def _cells(codes: Sequence[str], numbers: Numbers) -> tuple[Short, ...]:
    return tuple(short_of(code, numbers) for code in codes)


def _head(code: str) -> str:
    measure = MEASURES[code]
    unit = {"case": "宗" if measure.kind == "count" else "%", "permille": "%", "workday": "工作日"}[measure.unit]
    return f"{MEASURE_WORDS[code].name}（{unit}）"


def _months(report: Report) -> list[str]:
    """The months that have come."""
    now = month_of(report.now)
    return [month for month in report.query.months.months if month <= now]


def _trends(report: Report) -> tuple[Chart, ...]:
    months = _months(report)
    if not months:
        return ()
    by = [report.by_month.get(month, Numbers()) for month in months]
    counted = [one.sample("awarded") for one in by]
    drawn = columns(
        [Column(_label(month), count, formatting.number(count)) for month, count in zip(months, counted, strict=True)],
        sentence=f"各月成交宗数柱形图：共 {sum(counted)} 宗，数字见表",
    )
    rows = tuple((month, formatting.number(count)) for month, count in zip(months, counted, strict=True))
    first = Chart("各月成交", "宗", drawn, ("月份", "成交（宗）"), rows)
    return (first, _trend("saving_ceiling", months, by), _trend("award_workdays", months, by))


def _label(month: str) -> str:
    return f"{month[2:4]}-{month[5:]}"


def _trend(code: str, months: Sequence[str], by: Sequence[Numbers]) -> Chart:
    measure, name = MEASURES[code], MEASURE_WORDS[code].name
    found = [one.of(code) for one in by]
    values = [value for one in found for quarter in (1, 3) if (value := one.at_quarter(quarter)) is not None]
    low, high = min([0, *values]), max([1, *values])
    points = [
        Point(_label(month), one.at_quarter(1), one.median, one.at_quarter(3))
        for month, one in zip(months, found, strict=True)
    ]
    unit = "%" if measure.unit == "permille" else " 个工作日"
    words = (f"{value_text(measure, low)}{unit}", f"{value_text(measure, high)}{unit}")
    told = f"{name}的各月中位数折线与四分位范围：{_told(code, months, by)}，数字见表"
    rows = tuple(
        (month, number_text(code, one), *_quarters(code, one.of(code)), formatting.number(one.sample(code)))
        for month, one in zip(months, by, strict=True)
    )
    heads = ("月份", "中位数", "下四分位", "上四分位", "样本")
    return Chart(name, f"各月中位数；浅色为四分位范围，单位：{unit.strip()}",
                 step_trend(points, ends=(low, high), words=words, sentence=told), heads, rows)  # fmt: skip


def _told(code: str, months: Sequence[str], by: Sequence[Numbers]) -> str:
    known = [(month, number_text(code, one)) for month, one in zip(months, by, strict=True) if one.sample(code)]
    if not known:
        return "期间内没有样本"
    (first, low), (last, high) = known[0], known[-1]
    return f"{first} 为 {low}" if first == last else f"{first} 为 {low}，{last} 为 {high}"


def _quarters(code: str, found: Distribution) -> tuple[str, str]:
    measure = MEASURES[code]
    low, high = found.at_quarter(1), found.at_quarter(3)
    return ("—" if low is None else value_text(measure, low), "—" if high is None else value_text(measure, high))


def _spreads(numbers: Numbers) -> tuple[Chart, ...]:
    return tuple(_spread(code, numbers) for code in ("saving_ceiling", "award_workdays", "result_workdays"))


def _spread(code: str, numbers: Numbers) -> Chart:
    """A histogram: bins of one width that cover everything, so that nothing is left out at the ends."""
    measure, found = MEASURES[code], numbers.of(code)
    unit = "%" if measure.unit == "permille" else "个工作日"
    bins = _bins(found, base=50 if measure.unit == "permille" else 1)
    every = [Column(value_text(measure, low), count, formatting.number(count)) for low, _, count in bins]
    told = f"{MEASURE_WORDS[code].name}的分布：样本 {found.sample}"
    told += f"，中位数 {number_text(code, numbers)} {unit}，数字见表" if found.sample else "，期间内没有样本"
    rows = tuple(
        (f"{value_text(measure, low)} 至不足 {value_text(measure, high)}", formatting.number(count))
        for low, high, count in bins
    )
    title = f"{MEASURE_WORDS[code].name}的分布"
    few = f"；{FEW_WORDS}" if found.sample > 0 and found.is_few else ""
    note = f"样本 {formatting.number(found.sample)}，单位：{unit}{few}"
    return Chart(title, note, columns(every, sentence=told), (f"范围（{unit}）", "数量"), rows)


def _bins(found: Distribution, *, base: int) -> list[tuple[int, int, int]]:
    """(from, to before, how many) in at most about ``BINS`` steps of a round width."""
    if not found.sample:
        return []
    least, most = found.counts[0][0], found.counts[-1][0]
    width = base
    for factor in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000):
        width = base * factor
        if (most // width) - (least // width) < BINS:
            break
    starts = range(least // width * width, most + 1, width)
    return [(start, start + width, found.under(start + width) - found.under(start)) for start in starts]
