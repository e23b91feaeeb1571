"""A case, explained: the engine decides it again, and every number on the page comes from that working.

Source: selection.md sections 2 to 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import assert_never

from bidding.case import (
    Case,
    ComprehensiveCase,
    CreditDrawCase,
    InstantCase,
    MeanPriceCase,
    MultiRoundCase,
    RandomDrawCase,
)
from bidding.decision import RankedDecision
from bidding.modes import comprehensive, instant, multi_round
from bidding.rounds import State
from bidding.rules import rule
from commons.verdicts import Reason
from marketplace.web.casework.bidders import Cast, cast
from marketplace.web.casework.made import Agencies, Explained, Holder, Made, Valid, draw_view, explained
from marketplace.web.casework.placed import drawn_explained, mean_price_explained
from marketplace.web.casework.points import breakdown, low_price_line
from marketplace.web.casework.rounds import rounds_result
from marketplace.web.views.awards import Left
from marketplace.web.views.results import Result, ShelfResult, ShelfRow

NOBODY: Mapping[str, str] = MappingProxyType({})


def explain(
    case: Case, agencies: Agencies, *, winner: str | None = None, nobody_left: bool = False, picked: str | None = None,
    passed_over: Mapping[str, str] = NOBODY,
) -> Explained:  # fmt: skip
    """Decide the case again and lay out the result; ``winner`` defaults to the engine's, or to whom the owner picked.

    ``nobody_left``: everybody in the ranking gave way later, the selection came to nothing; ``passed_over`` gave way
    since they may not have had the award when their turn came, each with the code of why.
    """
    holder = Holder(winner, nobody_left, picked, passed_over)
    match case:
        case ComprehensiveCase():
            return _comprehensive(case, agencies, holder)
        case MultiRoundCase():
            return _multi_round(case, agencies, holder)
        case InstantCase():
            return _instant(case, agencies, holder)
        case MeanPriceCase():
            return mean_price_explained(case, agencies, holder)
        case RandomDrawCase() | CreditDrawCase():
            return drawn_explained(case, agencies, holder)
        case _:
            assert_never(case)


def _comprehensive(case: ComprehensiveCase, agencies: Agencies, holder: Holder) -> Explained:
    working = comprehensive.evaluate(case)
    decision, bids = working.decision, {bid.bidder: bid for bid in working.sifted.kept}
    ranked = [row.bidder for row in decision.ranking]
    people = cast(ranked, (bid.bidder for bid in case.bids), agencies, winner=holder.of(decision))
    result: Result | None = None
    if working.scoring is not None and ranked:
        prices, terms = [bid.price_fen for bid in bids.values()], case.terms
        line = low_price_line(prices, terms.low_price, ceiling_fen=terms.ceiling_fen)
        laid = breakdown(case, bids, working.scoring, ranked, people)
        result = replace(laid, low_price_line_fen=line)
    drawn = draw_view(tuple(bids), working.order, case.draw, people)
    valid = {bid.bidder: Valid(bid.price_fen, bid.discount_bp) for bid in bids.values()}
    made = Made(decision, people, holder, case.terms.min_bidders, valid)
    return explained(made, result=result, bids=bids, drawn=drawn)


def _multi_round(case: MultiRoundCase, agencies: Agencies, holder: Holder) -> Explained:
    working = multi_round.evaluate(case)
    decision, kept = working.decision, working.sifted.kept if working.sifted else ()
    bids = {bid.bidder: bid for bid in kept}
    ranked = [row.bidder for row in decision.ranking]
    people = cast(ranked, (one.bidder for one in case.bidders), agencies, winner=holder.of(decision))
    result = rounds_result(case, decision, people)
    drawn = draw_view(tuple(bids), working.order, case.draw, people)
    made = Made(decision, people, holder, case.terms.min_bidders, _standing(working.state, tuple(bids)))
    told = explained(made, result=result, bids=bids, drawn=drawn)
    return replace(told, left=(*told.left, *_fallen(decision, people)))


def _standing(state: State, kept: tuple[str, ...]) -> dict[str, Valid]:
    """The prices that count as valid: those at the end, or those of the first close where too few came to it."""
    valid = kept or (state.closed[0].alive if state.closed else ())
    standing = ((bidder, state.standing[bidder]) for bidder in valid if bidder in state.standing)
    return {bidder: Valid(one.price_fen, one.discount_bp) for bidder, one in standing}


def _fallen(decision: RankedDecision, people: Cast) -> tuple[Left, ...]:
    """Who left in the rounds: eliminated, or silent to the first close."""
    record = decision.record
    assert record is not None, "a multi-round decision has its record"
    rejected = {one.bidder for one in decision.rejected}
    rows: list[Left] = []
    for closed in record.rounds:
        for one in closed.eliminated:
            reason = Reason("eliminated", rule("5"), {"round": closed.number})
            rows.append(Left(people[one.bidder].agency, reasons=(reason,)))
        rows.extend(Left(people[bidder].agency, is_silent=True) for bidder in closed.silent if bidder not in rejected)
    return tuple(rows)


def _instant(case: InstantCase, agencies: Agencies, holder: Holder) -> Explained:
    working = instant.evaluate(case)
    decision, bids = working.decision, {bid.bidder: bid for bid in working.bids}
    ranked = [row.bidder for row in decision.ranking]
    people = cast(ranked, (offer.bidder for offer in case.offers), agencies, winner=holder.of(decision))
    points = None
    if working.scoring is not None and ranked:
        points = breakdown(case, bids, working.scoring, ranked, people)
    result = ShelfResult(case.terms.rule, case.terms.quantity, _shelf(case, decision, people), points)
    drawn = draw_view(tuple(bids), working.order, case.draw, people)
    valid = {bid.bidder: Valid(bid.price_fen) for bid in bids.values()}
    made = Made(decision, people, holder, case.terms.min_bidders, valid)
    return explained(made, result=result, bids=bids, drawn=drawn)


def _shelf(case: InstantCase, decision: RankedDecision, people: Cast) -> tuple[ShelfRow, ...]:
    """Ranked offers first, then the refused ones with their reasons."""
    reasons = {one.bidder: one.reasons for one in decision.rejected}
    rows = [
        ShelfRow(
            people[offer.bidder], offer.unit_price_fen, offer.minimum_fee_fen, offer.price_fen(case.terms.quantity),
            offer.days, offer.capacity, reasons.get(offer.bidder, ()),
        )
        for offer in case.offers
    ]  # fmt: skip
    last = len(rows) + 1
    return tuple(sorted(rows, key=lambda row: (row.bidder.rank or last, row.bidder.label)))
