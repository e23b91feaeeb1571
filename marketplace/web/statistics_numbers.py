"""Numbers of the statistics as people read them: value, unit, quartiles, sample; pages, sheets and the API agree.

Exact: a permille is one decimal of a percent, fen become 万元 half up, signs are − and none for plus.
"""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.statistics.concentration import Cell
from marketplace.statistics.measures import CONCENTRATION, MEASURES, Measure
from marketplace.statistics.numbers import Distribution, Numbers
from marketplace.web import formatting
from marketplace.web.locale.statistics_words import KIND_NAMES, MEASURE_WORDS, UNIT_NAMES, WHEN_NAMES
from marketplace.web.views.statistics import Figure, Short

NOTHING = "—"
_SAMPLES: Mapping[str, str] = {"result": "份", "answer": "人次", "filing": "家"}


def value_text(measure: Measure, value: int) -> str:
    """A value of a measure without its unit."""
    match measure.unit:
        case "permille":
            return formatting.percent(value * 10)
        case "fen":
            return formatting.wan(value)
        case "hundredth":
            return formatting.points(value)
        case _:
            return formatting.number(value)


def counted_in(measure: Measure) -> str:
    """What its sample is counted in: 宗, 份, 人次 or 家."""
    return _SAMPLES.get(measure.when, "宗")


def number_text(code: str, numbers: Numbers) -> str:
    """The number of a measure: median, percentage, sum or count; ``—`` of nothing."""
    measure, found = MEASURES[code], numbers.of(code)
    match measure.kind:
        case "count":
            return formatting.number(found.sample)
        case "total":
            return value_text(measure, found.sample) if numbers.sample(code) else NOTHING
        case "share":
            share = found.share_bp
            return NOTHING if share is None else formatting.percent(share)
        case "spread":
            return NOTHING if found.median is None else value_text(measure, found.median)


def unit_of(measure: Measure) -> str:
    """The unit that stands behind the number."""
    if measure.kind == "share":
        return "%"
    return counted_in(measure) if measure.kind == "count" else UNIT_NAMES[measure.unit]


def figure_of(code: str, numbers: Numbers) -> Figure:
    """A measure as the page shows it."""
    measure, words = MEASURES[code], MEASURE_WORDS[code]
    sample = numbers.sample(code)
    is_plain = measure.kind == "count"
    return Figure(
        code=code,
        name=words.name,
        value=number_text(code, numbers),
        unit=unit_of(measure),
        more=quarters_text(measure, numbers.of(code)),
        sample="" if is_plain else f"样本 {formatting.number(sample)} {counted_in(measure)}",
        few=not is_plain and sample > 0 and numbers.of(MEASURES[code].partner or code).is_few,
        means=words.means,
        formula=words.formula,
        how=f"{KIND_NAMES[measure.kind]}；{WHEN_NAMES[measure.when]}",
    )


def quarters_text(measure: Measure, found: Distribution) -> str:
    """What stands beside a number: the quartiles of a distribution, the parts of a share."""
    if not found.sample:
        return ""
    match measure.kind:
        case "spread":
            low, high = (found.at_quarter(quarter) or 0 for quarter in (1, 3))
            return f"四分位 {value_text(measure, low)} 至 {value_text(measure, high)}"
        case "share":
            return f"{formatting.number(found.part)} ÷ {formatting.number(found.sample)}"
        case _:
            return ""


def short_of(code: str, numbers: Numbers) -> Short:
    """A measure in a cell."""
    sample = numbers.sample(code)
    is_few = MEASURES[code].kind in {"spread", "share"} and sample > 0 and numbers.of(code).is_few
    return Short(number_text(code, numbers), sample, is_few, MEASURES[code].kind != "count")


def concentration_figure(cells: tuple[Cell, ...]) -> Figure:
    """Concentration in one number: the median share over the cells that have enough awards."""
    words = MEASURE_WORDS[CONCENTRATION]
    enough = sorted(cell.share_bp for cell in cells if not cell.is_few)
    middle = enough[(len(enough) - 1) // 2] if enough else None
    return Figure(
        code=CONCENTRATION,
        name=words.name,
        value=NOTHING if middle is None else formatting.percent(middle),
        unit="%",
        more="各县各事项的中位数",
        sample=f"样本 {formatting.number(len(enough))} 个县与事项的组合",
        few=0 < len(enough) < 5,  # noqa: PLR2004  FEW cells, said as elsewhere
        means=words.means,
        formula=words.formula,
        how="按年，按金额",
    )
