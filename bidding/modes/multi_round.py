"""Multi-round pricing (多轮竞价): the decision at the end of the rounds.

Invariants: the rounds are the fold that also ran live; ranked are those alive at the end; the low-price rule looks at
offered prices, the order at effective ones. Source: selection.md sections 4, 5 and 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bidding.case import MultiRoundCase
from bidding.decision import (
    EffectiveRow,
    OfferRuling,
    RankedDecision,
    Rejection,
    RoundsRecord,
    draw_needed,
    ranked,
    rejections,
    unsuccessful,
)
from bidding.low_price import Sifted, sift
from bidding.offers import Bid, barred, voided
from bidding.ranking import DrawNeeded, Order, order, tie_columns
from bidding.rounds import State, finish, replay
from commons.draws import Draw


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything a decision was made of: the decision and its explanation are both read from here."""

    state: State
    sifted: Sifted | None
    order: Order | None
    decision: RankedDecision


def decide(case: MultiRoundCase) -> RankedDecision:
    """The decision of a multi-round case: selection.md section 5."""
    return evaluate(case).decision


def evaluate(case: MultiRoundCase) -> Evaluation:
    """The decision with its working, prices in fen, effective ones as fractions of a fen: selection.md section 5."""
    state, rulings = replay(case.terms, case.bidders, case.offers)
    return conclude(state, rulings, case.draw)


def decision(state: State, rulings: Sequence[OfferRuling], draw: Draw | None) -> RankedDecision:
    """The decision from a live state and the recorded rulings of its offers."""
    return conclude(finish(state), rulings, draw).decision


def conclude(state: State, rulings: Sequence[OfferRuling], draw: Draw | None) -> Evaluation:
    """Rank whoever is alive at the end of a finished state."""
    record = RoundsRecord(tuple(rulings), state.closed)
    out = [Rejection(bidder, (voided(at),)) for bidder, at in state.voided.items()]
    out.extend(
        Rejection(bidder, over)
        for bidder, facts in state.bidders.items()
        if bidder not in state.voided and (over := barred(facts.capped, facts.unfit))
    )
    if state.too_few:
        return Evaluation(state, None, None, unsuccessful(rejections(out), record))
    sifted = sift(_bids(state), state.terms.low_price, ceiling_fen=state.terms.ceiling_fen)
    out.extend(Rejection(departure.bid.bidder, (departure.reason,)) for departure in sifted.left)
    rejected, bids = rejections(out), sifted.kept
    if not bids:
        return Evaluation(state, sifted, None, unsuccessful(rejected, record))
    ids = [bid.bidder for bid in bids]
    effective = [state.standing[bidder].effective for bidder in ids]
    received = [state.standing[bidder].seq for bidder in ids]
    placed = order(ids, [effective, *tie_columns(state.terms.ties, bids, received)], draw)
    if isinstance(placed, DrawNeeded):
        return Evaluation(state, sifted, None, draw_needed(rejected, record))
    rows = tuple(
        EffectiveRow(
            bid.bidder, rank, bid.price_fen, state.pricing.fraction(effective[position]), discount_bp=bid.discount_bp
        )
        for rank, position in enumerate(placed.positions, 1)
        for bid in (bids[position],)
    )
    return Evaluation(state, sifted, placed, ranked(rows, rejected, sifted.unexplained, record))


def _bids(state: State) -> list[Bid]:
    """The standing offers of those alive who may win, as bids, in the order the bidders came."""
    return [
        Bid(
            bidder,
            entry.price_fen,
            days=entry.days,
            credit=facts.credit,
            explanation=facts.explanation,
            discount_bp=entry.discount_bp,
        )
        for bidder, facts in state.bidders.items()
        if not barred(facts.capped, facts.unfit) and (entry := state.standing.get(bidder)) is not None
    ]
