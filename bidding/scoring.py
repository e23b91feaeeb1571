"""Weighted points of valid bids, cell by cell, and their totals: shared by the modes that score.

Invariants: one benchmark for the whole selection; columns in the order of the criteria; a total is the plain sum of
its cells. Source: selection.md section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bidding.benchmark import benchmark, factor, refuse_zero
from bidding.criteria import Scale, scale
from bidding.offers import Bid
from bidding.ranking import DrawNeeded
from bidding.terms import Criterion, PriceMean
from commons.draws import Draw


@dataclass(frozen=True, slots=True)
class Scoring:
    """Scales, one column of hundredths per criterion, and the totals, in the order of the bids."""

    scales: tuple[Scale, ...]
    points: tuple[tuple[int, ...], ...]
    totals: tuple[int, ...]


def score(criteria: Sequence[Criterion], bids: Sequence[Bid], draw: Draw | None) -> Scoring | DrawNeeded:
    """Hundredths of points of one or more valid bids, by criterion and in total: selection.md section 3.

    A benchmark of 0 fen is ``Malformed``; a factor that has to be drawn without inputs gives ``DrawNeeded``.
    """
    mean = None
    for index, criterion in enumerate(criteria):
        if isinstance(criterion, PriceMean):
            chosen = factor(criterion.factor_bp, draw)
            if isinstance(chosen, DrawNeeded):
                return chosen
            mean = benchmark([bid.price_fen for bid in bids], drop_from=criterion.drop_from, factor_bp=chosen)
            refuse_zero(mean, f"/terms/criteria/{index}/factor_bp")
    scales = tuple(scale(criterion, bids, mean) for criterion in criteria)
    columns = [one.column(bids) for one in scales]
    points = tuple(zip(*columns, strict=True))
    return Scoring(scales, points, tuple(map(sum, points)))
