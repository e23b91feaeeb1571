"""Results that rank by place alone, laid out: the nearest to a benchmark, a draw, the owner's own choice.

Source: selection.md sections 1, 3 and 7.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bidding.benchmark import Benchmark
from bidding.case import CreditDrawCase, DrawCase, MeanPriceCase
from bidding.decision import PlacedDecision
from bidding.modes import draws, mean_price
from bidding.modes.draws import Drawn
from bidding.offers import Bid
from bidding.rules import rule
from bidding.validity import valid_ones
from commons.canonical import Json
from commons.draws import Draw
from commons.verdicts import Reason
from marketplace.web.casework.bidders import Cast, cast
from marketplace.web.casework.made import Agencies, Explained, Holder, Made, Valid, draw_view, explained
from marketplace.web.views.awards import Left
from marketplace.web.views.parts import AgencyRef
from marketplace.web.views.results import DrawnResult, NearResult, NearRow, TicketRow


def mean_price_explained(case: MeanPriceCase, agencies: Agencies, holder: Holder) -> Explained:
    """The benchmark and everybody's distance from it; no result while a draw is needed or too few came."""
    working = mean_price.evaluate(case)
    decision, terms = working.decision, case.terms
    valid, _ = valid_ones(case.bids, ceiling_fen=terms.ceiling_fen, max_days=terms.max_days)
    ranked = [row.bidder for row in decision.ranking]
    people = cast(ranked, (bid.bidder for bid in case.bids), agencies, winner=holder.of(decision))
    base, bids = working.benchmark, {bid.bidder: bid for bid in valid}
    distances = None if base is None else {bid.bidder: abs(bid.price_fen - base.fen) for bid in valid}
    result: NearResult | None = None
    if base is not None and distances is not None and ranked:
        rows = _near_rows(decision, bids, base, distances, people)
        choices = tuple(sorted(terms.factor_bp))
        index = choices.index(base.factor_bp) if len(choices) > 1 else None
        result = NearResult(rows, base.fen, base.sum_fen, base.count, base.dropped, base.factor_bp, choices, index)
    drawn = draw_view([bid.bidder for bid in working.bids], working.order, case.draw, people)
    counted = {bid.bidder: Valid(bid.price_fen, bid.discount_bp) for bid in valid}
    made = Made(decision, people, holder, terms.min_bidders, counted, distances)
    return explained(made, result=result, bids=bids, drawn=drawn)


def _near_rows(
    decision: PlacedDecision, bids: Mapping[str, Bid], base: Benchmark, distances: Mapping[str, int], people: Cast
) -> tuple[NearRow, ...]:
    """The ranked in their order, then those out at the highest or lowest price, cheapest first."""
    reasons = {one.bidder: one.reasons for one in decision.rejected if one.bidder in bids}
    left_out = _left_out(bids, base)
    ranked = [row.bidder for row in decision.ranking]
    out = sorted(reasons, key=lambda bidder: (bids[bidder].price_fen, bidder))
    return tuple(
        NearRow(
            people[one], bids[one].price_fen, distances[one], one not in left_out, bids[one].discount_bp,
            bids[one].days, reasons.get(one, ()),
        )
        for one in (*ranked, *out)
    )  # fmt: skip


def _left_out(bids: Mapping[str, Bid], base: Benchmark) -> frozenset[str]:
    """One bidder at each price that the mean leaves out; among equals the one with the least id stands for it."""
    found: set[str] = set()
    for price_fen in base.dropped:
        equals = sorted(one for one, bid in bids.items() if bid.price_fen == price_fen and one not in found)
        found.add(equals[0])
    return frozenset(found)


def drawn_explained(case: DrawCase, agencies: Agencies, holder: Holder) -> Explained:
    """Everybody's number; the price is the published amount, which nobody offers against."""
    working = draws.evaluate(case)
    decision, terms = working.decision, case.terms
    valid, _ = valid_ones(case.bids, ceiling_fen=terms.ceiling_fen, max_days=terms.max_days)
    ranked = [row.bidder for row in decision.ranking]
    people = cast(ranked, (one.bidder for one in case.bids), agencies, winner=holder.of(decision))
    made = Made(decision, people, holder, terms.min_bidders, {one.bidder: Valid(None) for one in valid})
    told = explained(made, result=_drawn_result(case, working, people))
    winner = holder.of(decision)
    if winner is None:
        return told
    days = next((one.days for one in valid if one.bidder == winner), None)
    return replace(told, price_fen=terms.ceiling_fen, offered_days=days)


def _drawn_result(case: DrawCase, working: draws.Evaluation, people: Cast) -> DrawnResult | None:
    if case.draw is None or not working.drawn:
        return None
    result = DrawnResult(_tickets(working.drawn, working.decision, case.draw, people), *_hex(case.draw))
    if not isinstance(case, CreditDrawCase):
        return result
    below = sorted(working.below, key=lambda one: (-(one.credit or 0), one.bidder))
    return replace(
        result,
        big_list=case.terms.big_list,
        small_list=case.terms.small_list,
        edge=working.edge,
        below=tuple((people[one.bidder], one.credit or 0) for one in below),
    )


def _hex(draw: Draw) -> tuple[str, str]:
    return draw.salt.hex(), draw.ikm.hex()


def _tickets(drawn: Sequence[Drawn], decision: PlacedDecision, draw: Draw, people: Cast) -> tuple[TicketRow, ...]:
    listed = decision.shortlist or ()
    return tuple(
        TicketRow(
            people[one.entry.bidder], one.entry.bidder, one.rank, _ticket(one, draw), one.tickets,
            one.entry.credit if one.tickets is not None else None, one.entry.bidder in listed,
        )
        for one in drawn
    )  # fmt: skip


def _ticket(one: Drawn, draw: Draw) -> int | None:
    """Which ticket, from 1, has the smallest number of this bidder's; None where it holds no tickets."""
    if one.tickets is None:
        return None
    tickets = range(1, one.tickets + 1)
    return next(ticket for ticket in tickets if draw.rank(f"{one.entry.bidder}/{ticket}").hex() == one.rank)


def direct_explained(decision: Mapping[str, Json], agencies: Agencies, *, nobody_left: bool = False) -> Explained:
    """业主直接选定: nothing is computed, the one named stands at the published price; or gave way later."""
    (named,) = typing.cast("Sequence[Mapping[str, Any]]", decision["ranking"])
    holds = not nobody_left
    agency = agencies.get(named["bidder"]) or AgencyRef(named["bidder"], named["bidder"])
    gave_way = Left(agency, 1, reasons=(Reason("gave_way_last", rule("2")),))
    return Explained(
        outcome="award" if holds else "unsuccessful",
        winner=agency if holds else None,
        result=None,
        left=() if holds else (gave_way,),
        draw=None,
        valid_offers=1,
        price_fen=named["price_fen"] if holds else None,
        offered_days=named.get("days") if holds else None,
        total=None,
        effective=None,
        reason=None if holds else Reason("nobody_left", rule("2")),
        explained_by=None,
    )
