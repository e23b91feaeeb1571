"""Comprehensive selection (综合比选): sealed offers, weighted points, the highest total wins.

Invariants: everybody refused is listed with all reasons; numbers that hold for all (lowest, fewest, mean) come from
valid offers only; too few is counted after every rejection. Source: selection.md sections 2 to 4.
"""

from __future__ import annotations

from dataclasses import dataclass

from bidding.case import ComprehensiveCase
from bidding.decision import (
    PointsRow,
    RankedDecision,
    Rejection,
    draw_needed,
    ranked,
    rejections,
    unsuccessful,
)
from bidding.low_price import Sifted, sift
from bidding.ranking import DrawNeeded, Order, order, tie_columns
from bidding.scoring import Scoring, score
from bidding.validity import valid_ones


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything a decision was made of: the decision and its explanation are both read from here."""

    sifted: Sifted
    rejected: tuple[Rejection, ...]
    scoring: Scoring | None
    order: Order | None
    decision: RankedDecision


def decide(case: ComprehensiveCase) -> RankedDecision:
    """The decision of a comprehensive case: selection.md section 3."""
    return evaluate(case).decision


def evaluate(case: ComprehensiveCase) -> Evaluation:
    """The decision with its working, points in hundredths, prices in fen: selection.md sections 2 to 4."""
    terms = case.terms
    valid, out = valid_ones(case.bids, ceiling_fen=terms.ceiling_fen, max_days=terms.max_days)
    sifted = sift(valid, terms.low_price, ceiling_fen=terms.ceiling_fen)
    out.extend(Rejection(departure.bid.bidder, (departure.reason,)) for departure in sifted.left)
    rejected, bids = rejections(out), sifted.kept
    if len(bids) < terms.min_bidders:
        return Evaluation(sifted, rejected, None, None, unsuccessful(rejected))
    scoring = score(terms.criteria, bids, case.draw)
    if isinstance(scoring, DrawNeeded):
        return Evaluation(sifted, rejected, None, None, draw_needed(rejected))
    ids = [bid.bidder for bid in bids]
    columns = [[-total for total in scoring.totals], *tie_columns(terms.ties, bids)]
    placed = order(ids, columns, case.draw)
    if isinstance(placed, DrawNeeded):
        return Evaluation(sifted, rejected, scoring, None, draw_needed(rejected))
    totals, points = scoring.totals, scoring.points
    rows = tuple([PointsRow(ids[at], rank, totals[at], points[at]) for rank, at in enumerate(placed.positions, 1)])
    if terms.price_basis == "discount_rate":
        named = {bid.bidder: bid for bid in bids}
        rows = tuple(
            row._replace(price_fen=named[row.bidder].price_fen, discount_bp=named[row.bidder].discount_bp)
            for row in rows
        )
    return Evaluation(sifted, rejected, scoring, placed, ranked(rows, rejected, sifted.unexplained))
