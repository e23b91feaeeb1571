"""Mean price (均价选取): the offer nearest to the benchmark wins.

Invariants: the benchmark comes from all valid offers, extremes dropped from its mean; too few is counted before any
offer is put out as extreme; distance is in whole fen, above and below alike. Source: selection.md sections 1, 3 and 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bidding.benchmark import Benchmark, benchmark, factor, refuse_zero
from bidding.case import MeanPriceCase
from bidding.decision import TOO_FEW, PlacedDecision, PlaceRow, Rejection, discounted, rejections
from bidding.offers import Bid
from bidding.ranking import DrawNeeded, Order, order, tie_columns
from bidding.rules import rule
from bidding.terms import MeanPriceTerms
from bidding.validity import valid_ones
from commons.verdicts import Param, Reason


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything a decision was made of; ``bids`` are those that may win, ``valid`` counts those before dropping."""

    bids: tuple[Bid, ...]
    valid: int
    rejected: tuple[Rejection, ...]
    benchmark: Benchmark | None
    order: Order | None
    decision: PlacedDecision


def decide(case: MeanPriceCase) -> PlacedDecision:
    """The decision of a mean-price case; a benchmark of 0 fen is ``Malformed``: selection.md sections 1 and 3."""
    return evaluate(case).decision


def evaluate(case: MeanPriceCase) -> Evaluation:
    """The decision with its working, prices and distances in fen: selection.md sections 1 and 3."""
    terms = case.terms
    valid, out = valid_ones(case.bids, ceiling_fen=terms.ceiling_fen, max_days=terms.max_days)
    if len(valid) < terms.min_bidders:
        rejected = rejections(out)
        decision = PlacedDecision("unsuccessful", None, (), rejected, reason=TOO_FEW)
        return Evaluation(tuple(valid), len(valid), rejected, None, None, decision)
    bids, dropped = _drop(valid, terms)
    rejected = rejections([*out, *dropped])
    chosen = factor(terms.factor_bp, case.draw)
    if isinstance(chosen, DrawNeeded):
        needed = PlacedDecision("draw_needed", None, (), rejected)
        return Evaluation(bids, len(valid), rejected, None, None, needed)
    base = benchmark([bid.price_fen for bid in valid], drop_from=terms.drop_from, factor_bp=chosen)
    refuse_zero(base, "/terms/factor_bp")
    distances = [abs(bid.price_fen - base.fen) for bid in bids]
    ids = [bid.bidder for bid in bids]
    placed = order(ids, [distances, *tie_columns(terms.ties, bids)], case.draw)
    if isinstance(placed, DrawNeeded):
        needed = PlacedDecision("draw_needed", None, (), rejected)
        return Evaluation(bids, len(valid), rejected, base, None, needed)
    rows = tuple(
        PlaceRow(ids[position], rank, *discounted(bids[position])) for rank, position in enumerate(placed.positions, 1)
    )
    decision = PlacedDecision("award", rows[0].bidder, rows, rejected, benchmark=base)
    return Evaluation(bids, len(valid), rejected, base, placed, decision)


def _drop(valid: Sequence[Bid], terms: MeanPriceTerms) -> tuple[tuple[Bid, ...], list[Rejection]]:
    """Who may win, and who is out at the highest or lowest price; all may where nobody else would remain."""
    if terms.dropped_may_win or len(valid) < terms.drop_from:
        return tuple(valid), []
    lowest, highest = min(bid.price_fen for bid in valid), max(bid.price_fen for bid in valid)
    inside = tuple(bid for bid in valid if lowest < bid.price_fen < highest)
    if not inside:
        return tuple(valid), []
    ends: dict[str, Param] = {"lowest_fen": lowest, "highest_fen": highest}
    return inside, [
        Rejection(bid.bidder, (Reason("extreme_price_dropped", rule("1"), {"price_fen": bid.price_fen, **ends}),))
        for bid in valid
        if bid.price_fen in {lowest, highest}
    ]
