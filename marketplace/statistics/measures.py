"""The numbers that are published (统计口径): what each one is, its unit, when it belongs where, and by which rule.

Invariants: a code is stable for ever; each measure is one row; what it counts is said by ``counting``, its words by the
locale, and docs/reference/statistics.md is printed from both. Source: market.md sections 3 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from commons.sources import Source

Kind = Literal["spread", "share", "total", "count"]
"""A distribution with its median; a part of its sample; a sum over a sample; how many."""
Unit = Literal["permille", "workday", "second", "day", "fen", "star", "hundredth", "case"]
When = Literal["award", "end", "result", "saving", "answer", "filing"]
"""Whose instant says which month a number belongs to."""

MARKET = Source("本平台统计口径（市场设计第 5 节）", "yes")
"""Own definitions: no outside text rules them."""
FEW = 5
"""Fewer than these are said to be few: the number is shown with its sample, nothing is concluded from it."""
BASELINE_MONTHS = 12
"""Months before a demand's month of publication that its item's baseline looks at."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number: ``partner`` is the measure whose sample a total is over."""

    code: str
    kind: Kind
    unit: Unit
    when: When
    group: str
    partner: str | None = None
    source: Source = MARKET


_ROWS = (
    Measure("awarded", "count", "case", "award", "market"),
    Measure("failed", "share", "case", "end", "competition"),
    Measure("single_bid", "share", "case", "end", "competition"),
    Measure("direct_choice", "share", "case", "award", "competition"),
    Measure("abandoned", "share", "case", "end", "competition"),
    Measure("cancelled", "count", "case", "end", "competition"),
    Measure("outside_city", "share", "case", "award", "competition"),
    Measure("saving_ceiling", "spread", "permille", "award", "money"),
    Measure("saved_fen", "total", "fen", "award", "money", "saving_ceiling"),
    Measure("unpriced", "count", "case", "award", "money"),
    Measure("saving_baseline", "spread", "permille", "award", "money"),
    Measure("award_workdays", "spread", "workday", "award", "time"),
    Measure("award_against", "spread", "workday", "award", "time"),
    Measure("result_workdays", "spread", "workday", "result", "time"),
    Measure("result_against", "spread", "workday", "result", "time"),
    Measure("on_time", "share", "case", "result", "time"),
    Measure("award_seconds", "spread", "second", "award", "time"),
    Measure("result_seconds", "spread", "second", "result", "time"),
    Measure("coverage", "count", "case", "saving", "coverage"),
    Measure("coverage_days", "spread", "day", "saving", "coverage"),
    Measure("coverage_days_total", "total", "day", "saving", "coverage", "coverage_days"),
    Measure("coverage_fee", "count", "case", "saving", "coverage"),
    Measure("coverage_fen", "total", "fen", "saving", "coverage", "coverage_fee"),
    Measure("passed_first", "share", "case", "result", "quality"),
    Measure("accepted_first", "share", "case", "result", "quality"),
    Measure("deemed", "share", "case", "result", "quality"),
    Measure("rated", "share", "case", "result", "quality"),
    Measure("rating", "spread", "hundredth", "result", "quality"),
    Measure("rating_quality", "spread", "star", "result", "quality"),
    Measure("rating_time", "spread", "star", "result", "quality"),
    Measure("rating_attitude", "spread", "star", "result", "quality"),
    Measure("rating_charge", "spread", "star", "result", "quality"),
    Measure("rating_compliance", "spread", "star", "result", "quality"),
    Measure("satisfied_filing", "spread", "star", "answer", "satisfaction"),
    Measure("satisfied_publication", "spread", "star", "answer", "satisfaction"),
    Measure("satisfied_selection", "spread", "star", "answer", "satisfaction"),
    Measure("satisfied_contract", "spread", "star", "answer", "satisfaction"),
    Measure("satisfied_acceptance", "spread", "star", "answer", "satisfaction"),
    Measure("filed", "share", "case", "filing", "agencies"),
)
MEASURES: Mapping[str, Measure] = MappingProxyType({one.code: one for one in _ROWS})
"""Every measure by its code, in the order in which they are shown."""
GROUPS = ("market", "money", "time", "competition", "quality", "satisfaction", "coverage", "agencies")
"""The groups in which they are shown."""
CONCENTRATION = "concentration"
"""The one number that is computed from what each agency was awarded: ``concentration.py``."""
