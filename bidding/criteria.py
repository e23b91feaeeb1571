"""Points for a criterion: one exact division and one rounding, half-up to hundredths, per cell.

A *scale* is a criterion with the numbers that hold for the whole selection put in (the lowest price, the fewest days,
the benchmark); ``ratios`` gives the exact share of all points that each bid has, ``column`` the hundredths that follow,
``numbers`` what went into one cell. The decision, its explanation and the sensitivity of its weights all come from
here. Integers only: ⌊(2·n + d) / 2·d⌋ is n/d, half-up. Source: selection.md section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat
from typing import ClassVar, assert_never

from bidding.benchmark import Benchmark
from bidding.offers import Bid
from bidding.ranking import credits_of, days_of
from bidding.terms import HUNDREDTHS, Credit, Criterion, Days, Experience, Grade, Plan, PriceLowest, PriceMean
from commons.verdicts import Param

MAX_CREDIT = 10_000
"""A full credit score, in hundredths."""

DROP_MARKS_FROM = 5
"""From so many marks on, one highest and one lowest are left out."""

Numbers = dict[str, Param]
Ratios = tuple[Iterable[int], Iterable[int]]
"""Numerators and denominators (above 0) by bid: shares in 0…1 of a criterion's points, before any rounding."""


def rounded(pts: int, numerators: Iterable[int], denominators: Iterable[int]) -> list[int]:
    """Hundredths of points out of ``pts`` hundredths by share: the one rounding, half-up (selection.md, head)."""
    double = 2 * pts
    return [(double * one + whole) // (2 * whole) for one, whole in zip(numerators, denominators, strict=False)]


@dataclass(frozen=True, slots=True)
class LowestScale:
    """``Pts × lowest / price``: fen."""

    code: ClassVar[str] = "price_lowest"
    pts: int
    lowest_fen: int

    def ratios(self, bids: Sequence[Bid]) -> Ratios:
        """The share of all points of each bid, 0…1, unrounded."""
        return repeat(self.lowest_fen), [bid.price_fen for bid in bids]

    def column(self, bids: Sequence[Bid]) -> list[int]:
        """Hundredths of points of each bid."""
        return rounded(self.pts, *self.ratios(bids))

    def numbers(self, bid: Bid) -> Numbers:
        """What goes into the cell of this bid, in the units of the names (points, credit, marks: hundredths)."""
        return {"pts": self.pts, "lowest_fen": self.lowest_fen, "price_fen": bid.price_fen}


@dataclass(frozen=True, slots=True)
class MeanScale:
    """``max(0, Pts − loss)``, the loss by each percent above or below the benchmark."""

    code: ClassVar[str] = "price_mean"
    pts: int
    criterion: PriceMean
    benchmark: Benchmark

    def ratios(self, bids: Sequence[Bid]) -> Ratios:
        """The share of all points of each bid, 0…1, unrounded."""
        whole = self.pts * self.benchmark.fen
        return [max(0, whole - self.loss(bid.price_fen)) for bid in bids], repeat(whole)

    def column(self, bids: Sequence[Bid]) -> list[int]:
        """Hundredths of points of each bid."""
        return rounded(self.pts, *self.ratios(bids))

    def loss(self, price_fen: int) -> int:
        """Hundredths lost by a price in fen, times the benchmark in fen: exact (selection.md section 3)."""
        base, rule = self.benchmark.fen, self.criterion
        percents = abs(price_fen - base) * 100
        if rule.whole_up:
            percents = -(-percents // base) * base
        side, most = (rule.above, rule.above_max) if price_fen > base else (rule.below, rule.below_max)
        lost = percents * side
        return lost if most is None else min(lost, most * base)

    def numbers(self, bid: Bid) -> Numbers:
        """What goes into the cell of this bid, in the units of the names (points, credit, marks: hundredths)."""
        rule, mean = self.criterion, self.benchmark
        above = bid.price_fen > mean.fen
        percents = abs(bid.price_fen - mean.fen) * 100
        exact = Fraction(percents, mean.fen)
        deviation = Fraction(-(-percents // mean.fen)) if rule.whole_up else exact
        return {
            "pts": self.pts,
            "benchmark_fen": mean.fen,
            "sum_fen": mean.sum_fen,
            "count": mean.count,
            "dropped": len(mean.dropped),
            "factor_bp": mean.factor_bp,
            "price_fen": bid.price_fen,
            "side": "above" if above else "below",
            "each_percent": rule.above if above else rule.below,
            "most": rule.above_max if above else rule.below_max,
            "whole_up": rule.whole_up,
            "deviation_percent": str(deviation),
        }


@dataclass(frozen=True, slots=True)
class DaysScale:
    """``Pts × fewest / days``."""

    code: ClassVar[str] = "days"
    pts: int
    fewest: int

    def ratios(self, bids: Sequence[Bid]) -> Ratios:
        """The share of all points of each bid, 0…1, unrounded."""
        return repeat(self.fewest), days_of(bids)

    def column(self, bids: Sequence[Bid]) -> list[int]:
        """Hundredths of points of each bid."""
        return rounded(self.pts, *self.ratios(bids))

    def numbers(self, bid: Bid) -> Numbers:
        """What goes into the cell of this bid, in the units of the names (points, credit, marks: hundredths)."""
        return {"pts": self.pts, "fewest_days": self.fewest, "days": bid.days}


@dataclass(frozen=True, slots=True)
class CreditScale:
    """``Pts × credit / 10000``, credit already clipped."""

    code: ClassVar[str] = "credit"
    pts: int

    def ratios(self, bids: Sequence[Bid]) -> Ratios:
        """The share of all points of each bid, 0…1, unrounded."""
        return credits_of(bids), repeat(MAX_CREDIT)

    def column(self, bids: Sequence[Bid]) -> list[int]:
        """Hundredths of points of each bid."""
        return rounded(self.pts, *self.ratios(bids))

    def numbers(self, bid: Bid) -> Numbers:
        """What goes into the cell of this bid, in the units of the names (points, credit, marks: hundredths)."""
        return {"pts": self.pts, "credit": bid.credit}


@dataclass(frozen=True, slots=True)
class GradeScale:
    """Hundredths by grade; a missing grade, or one outside the table, has none."""

    code: ClassVar[str] = "grade"
    pts: int
    hundredths: Mapping[str, int]

    def ratios(self, bids: Sequence[Bid]) -> Ratios:
        """The share of all points of each bid, 0…1, unrounded."""
        look = self.hundredths.get
        return [0 if bid.grade is None else look(bid.grade, 0) for bid in bids], repeat(self.pts)

    def column(self, bids: Sequence[Bid]) -> list[int]:
        """Hundredths of points of each bid."""
        return rounded(self.pts, *self.ratios(bids))

    def numbers(self, bid: Bid) -> Numbers:
        """What goes into the cell of this bid, in the units of the names (points, credit, marks: hundredths)."""
        listed = bid.grade is not None and bid.grade in self.hundredths
        return {"pts": self.pts, "grade": bid.grade, "listed": listed}


@dataclass(frozen=True, slots=True)
class ExperienceScale:
    """``min(Pts, count × each)``; a missing count has none."""

    code: ClassVar[str] = "experience"
    pts: int
    each: int

    def ratios(self, bids: Sequence[Bid]) -> Ratios:
        """The share of all points of each bid, 0…1, unrounded."""
        pts, each = self.pts, self.each
        return [min(pts, (bid.experience or 0) * each) for bid in bids], repeat(pts)

    def column(self, bids: Sequence[Bid]) -> list[int]:
        """Hundredths of points of each bid."""
        return rounded(self.pts, *self.ratios(bids))

    def numbers(self, bid: Bid) -> Numbers:
        """What goes into the cell of this bid, in the units of the names (points, credit, marks: hundredths)."""
        return {"pts": self.pts, "each": self.each, "count": bid.experience or 0}


@dataclass(frozen=True, slots=True)
class PlanScale:
    """Mean of the marks; from five on without one highest and one lowest."""

    code: ClassVar[str] = "plan"
    pts: int

    def ratios(self, bids: Sequence[Bid]) -> Ratios:
        """The share of all points of each bid, 0…1, unrounded."""
        marks = [_marks(bid) for bid in bids]
        return [total for total, _ in marks], [self.pts * count for _, count in marks]

    def column(self, bids: Sequence[Bid]) -> list[int]:
        """Hundredths of points of each bid."""
        return rounded(self.pts, *self.ratios(bids))

    def numbers(self, bid: Bid) -> Numbers:
        """What goes into the cell of this bid, in the units of the names (points, credit, marks: hundredths)."""
        total, count = _marks(bid)
        marks = bid.marks or ()
        return {"pts": self.pts, "sum": total, "count": count, "marks": len(marks), "dropped": len(marks) - count}


Scale = LowestScale | MeanScale | DaysScale | CreditScale | GradeScale | ExperienceScale | PlanScale


def scale(criterion: Criterion, bids: Sequence[Bid], mean: Benchmark | None) -> Scale:
    """The criterion with this selection's numbers put in (fen, days, hundredths of points): selection.md section 3.

    Wants one or more valid bids, and the benchmark where the criterion is of the mean formula.
    """
    pts = HUNDREDTHS * criterion.points
    made: Scale
    match criterion:
        case PriceLowest():
            made = LowestScale(pts, min(bid.price_fen for bid in bids))
        case PriceMean():
            assert mean is not None, "the mean formula has its benchmark"
            made = MeanScale(pts, criterion, mean)
        case Days():
            made = DaysScale(pts, min(days_of(bids)))
        case Credit():
            made = CreditScale(pts)
        case Grade():
            made = GradeScale(pts, {grade: HUNDREDTHS * points for grade, points in criterion.table.items()})
        case Experience():
            made = ExperienceScale(pts, criterion.each)
        case Plan():
            made = PlanScale(pts)
        case _:
            assert_never(criterion)
    return made


def _marks(bid: Bid) -> tuple[int, int]:
    """Sum and number of the marks that count."""
    marks = bid.marks
    assert marks, "terms with a plan ask for marks"
    if len(marks) < DROP_MARKS_FROM:
        return sum(marks), len(marks)
    return sum(marks) - min(marks) - max(marks), len(marks) - 2
