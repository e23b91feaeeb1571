"""The explained result, ready for its template: which picture goes with it and in what words."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, assert_never

from markupsafe import Markup

from marketplace.web import charts, formatting
from marketplace.web.locale import names
from marketplace.web.near_chart import Dot, near_chart
from marketplace.web.round_chart import Zone, step_chart
from marketplace.web.views.agencies import CreditView
from marketplace.web.views.demands import RoomView
from marketplace.web.views.results import (
    Bidder,
    Breakdown,
    DrawnResult,
    NearResult,
    Result,
    RoundsResult,
    ShelfResult,
    WeightSpan,
)

WIDE_TABLE = 5
"""Up to so many bidders stand side by side as columns; more become rows."""

MAX_BIDDERS = 50
"""Bidders shown on a page at most; the case file has them all."""

FORMULA_BIDDERS = 5
"""Bidders whose formulas stand beside each other; the others follow the same formulas."""


def kind_of(result: Result | None) -> Literal["none", "columns", "rows", "rounds", "shelf", "near", "drawn"]:
    """Which form the result takes on the page."""
    match result:
        case None:
            return "none"
        case Breakdown(bidders=bidders):
            return "columns" if len(bidders) <= WIDE_TABLE else "rows"
        case RoundsResult():
            return "rounds"
        case ShelfResult():
            return "shelf"
        case NearResult():
            return "near"
        case DrawnResult():
            return "drawn"
        case _:
            assert_never(result)


def bar_of(breakdown: Breakdown, index: int) -> Markup:
    """The stacked bar of one bidder."""
    parts = tuple(charts.Part(names.CRITERIA[row.criterion.kind], row.cells[index].points) for row in breakdown.rows)
    said = "，".join(f"{part.name} {formatting.points(part.hundredths)}" for part in parts)
    bidder, total = breakdown.bidders[index], formatting.points(breakdown.totals[index])
    return charts.stacked_bar(parts, f"{bidder.label} {bidder.agency.name}：{said}，合计 {total} 分")


def spans_chart(breakdown: Breakdown) -> Markup:
    """Who leads at which price weight."""
    assert breakdown.price_weight is not None
    short = {one.label: formatting.short_name(one.agency.name) for one in breakdown.bidders}
    return charts.weight_spans(breakdown.spans, short, breakdown.price_weight, span_sentence(breakdown))


def span_sentence(breakdown: Breakdown) -> str:
    """The same in words: within which weights the first stays first, who leads elsewhere."""
    here = next(
        (one for one in breakdown.spans if one.first <= (breakdown.price_weight or 0) <= one.last), breakdown.spans[0]
    )
    if len(breakdown.spans) == 1:
        return f"价格权重无论取 0 至 100 分中的多少，第一名都是 {here.label}"
    others = "，".join(f"{_span(one)}为 {one.label}" for one in breakdown.spans if one is not here)
    return f"价格权重在 {_span(here)}之间，第一名不变（{here.label}）；{others}"


def _span(one: WeightSpan) -> str:
    return f"{one.first}–{one.last} 分" if one.first != one.last else f"{one.first} 分"


def formula_rows(breakdown: Breakdown) -> tuple[tuple[Bidder, int], ...]:
    """The bidders whose formulas are shown, with their column."""
    return tuple((bidder, index) for index, bidder in enumerate(breakdown.bidders[:FORMULA_BIDDERS]))


def rounds_chart(result: RoundsResult) -> Markup:
    """The best effective price over the rounds that took place."""
    zones = tuple(Zone(one.number, one.kind == "sealed", one.opens_at, one.closes_at) for one in result.rounds)
    said = f"{len(zones)} 轮最优有效价走势，数据见下表"
    return step_chart(zones, result.best_points, said)


def room_chart(room: RoomView) -> Markup:
    """The same while the rounds run: nothing of a sealed round before its close."""
    zones = tuple(
        Zone(one.number, one.kind == "sealed", one.opens_at, one.closes_at, is_now=one.state == "open")
        for one in room.rounds
    )
    return step_chart(zones, room.best_points, "各轮最优有效价走势，数据见下表")


def mean_words(result: NearResult) -> str:
    """The mean of the prices that count, in yuan; ``≈`` where it is no whole fen."""
    return formatting.exact_amount(Fraction(result.sum_fen, result.count))


def choices_words(result: NearResult) -> str:
    """The factors that were drawn from."""
    return "、".join(f"{formatting.whole_percent(one)}%" for one in result.choices)


def distance_chart(result: NearResult) -> Markup:
    """Every valid price on one line, and the benchmark."""
    dots = tuple(
        Dot(row.bidder.label, row.price_fen, row.bidder.is_winner, row.is_averaged) for row in result.rows[:MAX_BIDDERS]
    )
    said = f"{len(dots)} 个有效报价与基准价 {formatting.yuan(result.benchmark_fen)} 的位置，数据见下表"
    return near_chart(dots, result.benchmark_fen, said)


def score_chart(credit: CreditView) -> Markup:
    """The score on its track."""
    said = f"信用分 {formatting.points(credit.value)}，起始分 {formatting.points(credit.start)}，满分 100"
    return charts.score_ruler(credit.value, credit.start, said)


def score_sum(credit: CreditView) -> str:
    """The sum with its numbers: ``80.00 + 1.00 − 3.00 = 78.00``, and what clipping made of it where it did."""
    total = credit.start + sum(line.points for line in credit.lines)
    terms = "".join(
        f" {formatting.MINUS if line.points < 0 else '+'} {formatting.points(abs(line.points))}"
        for line in credit.lines
    )
    said = f"{formatting.points(credit.start)}{terms} = {formatting.points(total)}"
    if total == credit.value:
        return said
    return f"{said}，{'高于 100' if total > credit.value else '低于 0'} 按 {formatting.points(credit.value)} 计"
