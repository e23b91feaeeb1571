"""Why a mean-price or drawn decision is what it is: distances, tickets, ranks and lists, as numbers and in words.

Source: selection.md sections 1, 3, 7 and 9.
"""

from __future__ import annotations

from bidding.case import CreditDrawCase, DrawCase, MeanPriceCase
from bidding.modes import draws, mean_price
from bidding.modes.draws import Drawn
from bidding.notes import (
    Explanation,
    Note,
    benchmark_notes,
    discount_note,
    draw_note,
    outcome_note,
    place_notes,
    rejection_notes,
)
from bidding.rules import rule
from commons.verdicts import Param


def explain_mean_price(case: MeanPriceCase) -> Explanation:
    """The benchmark, everybody's distance from it, and the places."""
    work, cells, ties = mean_price.evaluate(case), list[Note](), case.terms.ties
    if work.order is not None and work.benchmark is not None:
        base, factors = work.benchmark, case.terms.factor_bp
        cells.extend(benchmark_notes(base, factors, case.draw))
        for position in work.order.positions:
            bid = work.bids[position]
            cells.extend(discount_note(bid, case.terms.ceiling_fen))
            numbers: dict[str, Param] = {"price_fen": bid.price_fen, "benchmark_fen": base.fen}
            distance = abs(bid.price_fen - base.fen)
            cells.append(Note(bid.bidder, "distance", "distance", rule("1"), numbers, distance))
        cells.extend(place_notes([bid.bidder for bid in work.bids], work.order, "distance", ties, case.draw))
        if case.draw is not None and (work.order.drawn or len(factors) > 1):
            cells.append(draw_note(case.draw))
    outcome = outcome_note(work.decision, work.valid, case.terms.min_bidders)
    return Explanation(tuple(cells), tuple(rejection_notes(work.rejected)), (), outcome)


def explain_draw(case: DrawCase) -> Explanation:
    """The inputs, every rank drawn, and who is on which list."""
    work, cells = draws.evaluate(case), list[Note]()
    if work.drawn and case.draw is not None:
        cells.append(draw_note(case.draw))
        cells.extend(_place(one, rank) for rank, one in enumerate(work.drawn, 1))
    if isinstance(case, CreditDrawCase) and work.edge is not None:
        for one in work.drawn[: case.terms.small_list]:
            small: dict[str, Param] = {"small_list": case.terms.small_list}
            cells.append(Note(one.entry.bidder, "small_list", "on_small_list", rule("1"), small))
        for entry in work.below:
            big: dict[str, Param] = {"credit": entry.credit, "edge": work.edge, "big_list": case.terms.big_list}
            cells.append(Note(entry.bidder, "big_list", "below_big_list", rule("1"), big))
    outcome = outcome_note(work.decision, work.valid, case.terms.min_bidders)
    return Explanation(tuple(cells), tuple(rejection_notes(work.rejected)), (), outcome)


def _place(one: Drawn, rank: int) -> Note:
    numbers: dict[str, Param] = {"rank": rank, "drawn": one.rank}
    if one.tickets is None:
        return Note(one.entry.bidder, "rank", "drawn", rule("7"), numbers)
    numbers |= {"credit": one.entry.credit, "tickets": one.tickets}
    return Note(one.entry.bidder, "rank", "drawn_with_tickets", rule("7"), numbers)
