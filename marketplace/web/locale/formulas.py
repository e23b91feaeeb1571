"""Criteria in words: the rule, its formula, the fact of a bidder, and the formula with that bidder's numbers put in."""

from __future__ import annotations

from fractions import Fraction

from commons.money import half_up
from marketplace.web import formatting
from marketplace.web.views.parts import DayUnit
from marketplace.web.views.results import Cell, CriterionRow
from marketplace.web.views.terms import Criterion

DROPPING_MARKS = 5
"""From so many reviewers on, one highest and one lowest mark are left out (selection.md section 3)."""


def rule_words(criterion: Criterion) -> str:
    """What earns the points, in a few words."""
    match criterion.kind:
        case "price":
            return "最低价得满分" if criterion.formula == "lowest" else "越接近基准价越高"
        case "days":
            return "最短期限得满分"
        case "credit":
            return "截止时信用分"
        case "grade":
            return "按等级给分"
        case "experience":
            return "按同类业绩数"
        case "plan":
            return "评分先于开价锁定"


def formula_words(criterion: Criterion) -> str:
    """The formula as published."""
    match criterion.kind:
        case "price":
            return "满分 × 最低报价 ÷ 本报价" if criterion.formula == "lowest" else _mean_words(criterion)
        case "days":
            return "满分 × 最短期限 ÷ 本期限"
        case "credit":
            return "满分 × 截止信用分 ÷ 100"
        case "grade":
            table = sorted(criterion.table, key=lambda one: (-one[1], one[0]))
            return "、".join(f"{grade} {points} 分" for grade, points in table) + "；其他 0 分"
        case "experience":
            return f"每项 {formatting.points(criterion.each or 0)} 分，至多 {criterion.points} 分"
        case "plan":
            return f"评审分的平均；{DROPPING_MARKS} 位及以上去一高一低"


def _mean_words(criterion: Criterion) -> str:
    """The mean formula: the benchmark, what a percent costs on each side, its caps."""
    above = _side("高", criterion.above, criterion.above_max)
    below = _side("低", criterion.below, criterion.below_max)
    factors = "、".join(f"{formatting.whole_percent(factor)}%" for factor in criterion.factor_bp)
    factor = (
        ""
        if criterion.factor_bp in ((), (10_000,))
        else f" × {factors}" + ("（抽取其一）" if len(criterion.factor_bp) > 1 else "")
    )
    dropped = f"（{criterion.drop_from} 家及以上去一高一低）" if criterion.drop_from else ""
    whole = "，不足 1% 按 1% 计" if criterion.whole_up else ""
    return f"基准价 = 平均报价{dropped}{factor}；{above}，{below}{whole}"


def _side(name: str, each: int | None, most: int | None) -> str:
    cap = f"，至多扣 {formatting.points(most)}" if most is not None else ""
    return f"每{name} 1% 扣 {formatting.points(each or 0)} 分{cap}"


def fact_words(row: CriterionRow, cell: Cell, unit: DayUnit = "workday") -> str:
    """The fact a cell's points come from, with its unit."""
    fact = cell.fact
    words = "未提供"
    match row.criterion.kind, fact:
        case "price", int():
            words = formatting.yuan(fact)
        case "days", int():
            words = formatting.days(fact, unit)
        case "credit", int():
            words = f"信用分 {formatting.points(fact)}"
        case "experience", int():
            words = f"{formatting.number(fact)} 项"
        case "grade", str():
            words = fact
        case "plan", tuple():
            words = f"{len(fact)} 位评审"
    return words


def rate_words(discount_bp: int | None) -> str:
    """The rate behind the price it means; nothing where the offer was a price."""
    return "" if discount_bp is None else f"（下浮 {formatting.rate(discount_bp)}）"


def rate_numbers(ceiling_fen: int, cell: Cell) -> str:
    """How the price of a cell came from its rate, without the result."""
    assert cell.discount_bp is not None, "asked of rates only"
    return f"{formatting.amount(ceiling_fen)} × (100% {formatting.MINUS} {formatting.rate(cell.discount_bp)})"


def numbers_words(row: CriterionRow, cell: Cell) -> str:
    """The formula with this bidder's numbers put in, without the result."""
    criterion, fact = row.criterion, cell.fact
    words = "未提供"
    match criterion.kind, fact:
        case "price", int() if criterion.formula == "lowest" and row.reference:
            words = f"{criterion.points} × {formatting.amount(row.reference)} ÷ {formatting.amount(fact)}"
        case "price", int() if criterion.formula == "mean" and row.reference:
            words = _mean_numbers(criterion, fact, row.reference, cell.points)
        case "days", int() if row.reference:
            words = f"{criterion.points} × {row.reference} ÷ {fact}"
        case "credit", int():
            words = f"{criterion.points} × {formatting.points(min(max(fact, 0), 10_000))} ÷ 100"
        case "experience", int():
            words = f"min({criterion.points}, {fact} × {formatting.points(criterion.each or 0)})"
        case "grade", str():
            words = fact
        case "plan", tuple():
            words = _marks_words(fact)
    return words


def _mean_numbers(criterion: Criterion, price_fen: int, benchmark_fen: int, points: int) -> str:
    deviation = half_up(Fraction(abs(price_fen - benchmark_fen) * 10_000, benchmark_fen))
    side = "高" if price_fen > benchmark_fen else "低"
    full = criterion.points * 100
    return (
        f"比基准价 {formatting.amount(benchmark_fen)} {side} {formatting.points(deviation)}%："
        f"{formatting.points(full)} {formatting.MINUS} {formatting.points(full - points)}"
    )


def _marks_words(marks: tuple[int, ...]) -> str:
    """The marks that count, and those left out."""
    ordered = sorted(marks)
    if len(ordered) < DROPPING_MARKS:
        return f"{'、'.join(formatting.points(mark) for mark in marks)} 的平均"
    kept = "、".join(formatting.points(mark) for mark in ordered[1:-1])
    return f"去掉 {formatting.points(ordered[-1])}、{formatting.points(ordered[0])}，{kept} 的平均"
