"""Examples of 统计 and 满意度: a report of invented numbers, one of nothing, a form, its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

from markupsafe import Markup

from marketplace.statistics.concentration import Cell
from marketplace.statistics.measures import MEASURES
from marketplace.statistics.numbers import Numbers, gathered
from marketplace.statistics.period import Months
from marketplace.usecases.read_statistics import Report, StatisticsQuery
from marketplace.web.page_frame import PageFrame
from marketplace.web.pages.satisfaction import PLAN, STEPS
from marketplace.web.pages.statistics import BODY
from marketplace.web.plans import shown_form
from marketplace.web.render import render_part
from marketplace.web.statistics_view import statistics_view
from marketplace.web.views.pages import PageView
from marketplace.web.views.satisfaction import SatisfactionView
from marketplace.web.views.statistics import StatisticsFilter, StatisticsView

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
CITIES = ("330100", "330200", "330300", "331100")


def numbers(seed: int, size: int) -> Numbers:
    """Every measure with some values."""
    dice = Random(seed)
    spreads = {"permille": (20, 420), "workday": (0, 30), "second": (1, 90), "day": (10, 60), "hundredth": (300, 500)}
    rows: list[tuple[str, int, int]] = []
    for one in MEASURES.values():
        low, high = spreads.get(one.unit, (1, 5))
        match one.kind:
            case "share":
                rows += [(one.code, 0, size), (one.code, 1, size // 3)]
            case "spread":
                rows += [(one.code, dice.randint(low, high), 1) for _ in range(size)]
            case "total" | "count":
                rows.append((one.code, 0, size * (123_456 if one.unit == "fen" else 1)))
    return gathered(rows)


def report(*, is_empty: bool = False) -> Report:
    """A year so far, with few in one city, or with nothing at all."""
    months = Months("2026-01", "2026-12")
    cells = (Cell("330302", "SV22", 12, 6, 9_000_000, 7_200_000), Cell("330304", "RA01", 2, 1, 500_000, 500_000))
    return Report(
        query=StatisticsQuery(months),
        now=NOW,
        first=date(2026, 1, 1),
        last=date(2026, 11, 20),
        is_example=not is_empty,
        has_other=not is_empty,
        due=0 if is_empty else 12,
        unsettled=0 if is_empty else 1,
        counted=1,
        whole=Numbers() if is_empty else numbers(1, 120),
        by_city={} if is_empty else {code: numbers(place, 3 * place + 2) for place, code in enumerate(CITIES)},
        by_item={} if is_empty else {"SV22": numbers(7, 40), "RA01": numbers(8, 3)},
        by_month={} if is_empty else {f"2026-{month:02d}": numbers(month, month) for month in range(2, 12)},
        year="2026",
        concentration=() if is_empty else cells,
    )


def drawn(made: StatisticsView) -> StatisticsView:
    """With its body, as the page draws it."""
    frame = PageFrame("/statistics", NOW, is_example=True)
    return replace(made, body=Markup(render_part(BODY, frame, view=made)))


def pages() -> Mapping[str, tuple[PageView, str]]:
    """Each example by name, with its path."""
    whole = statistics_view(report())
    wrong = StatisticsView(StatisticsFilter(), whole.cities, whole.items)
    path = "/satisfaction/filing/91990000MA0000001B"
    form = shown_form(PLAN, path, "form-" + "0" * 32, sent={}, id="")
    asked = SatisfactionView(STEPS["filing"], "91990000MA0000001B", is_over=True, is_given=False, form=form)
    return {
        "statistics": (drawn(whole), "/statistics"),
        "statistics-empty": (drawn(statistics_view(report(is_empty=True))), "/statistics"),
        "statistics-wrong": (wrong, "/statistics"),
        "satisfaction": (asked, path),
        "satisfaction-given": (replace(asked, is_given=True, form=None), path),
    }
