"""Why a decision is what it is: every cell, refusal, round and place, as code and numbers, and in words.

The explanation is read from the same evaluation that decided, and each number put in is one that the rule used, so
that anybody can compute the results again (law 9). Source: selection.md sections 8 and 9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from bidding.criteria import MeanScale
from bidding.explain_placed import explain_draw, explain_mean_price
from bidding.low_price import Sifted
from bidding.modes import comprehensive, instant, multi_round
from bidding.notes import (
    Explanation,
    Note,
    benchmark_notes,
    discount_note,
    draw_note,
    fraction,
    line_words,
    outcome_note,
    place_notes,
    refusal_note,
    rejection_notes,
)
from bidding.offers import Bid
from bidding.ranking import Order
from bidding.rounds import State
from bidding.rules import rule
from bidding.scoring import Scoring
from bidding.wording import equals, render, yuan_of
from commons.draws import Draw
from commons.verdicts import Param

__all__ = ["Explanation", "Note", "explain"]

_EXPLANATIONS: Mapping[str, str] = {"missing": "尚未提交", "accepted": "已接受", "rejected": "未接受"}


def explain(case: Case) -> Explanation:
    """The explanation of a case's decision; refuses what ``decide`` refuses."""
    match case:
        case ComprehensiveCase():
            return _comprehensive(case)
        case MultiRoundCase():
            return _multi_round(case)
        case InstantCase():
            return _instant(case)
        case MeanPriceCase():
            return explain_mean_price(case)
        case RandomDrawCase() | CreditDrawCase():
            return explain_draw(case)
        case _:
            assert_never(case)


def _comprehensive(case: ComprehensiveCase) -> Explanation:
    work = comprehensive.evaluate(case)
    bids, cells = work.sifted.kept, list[Note]()
    if work.order is not None and work.scoring is not None:
        for position in work.order.positions:
            cells.extend(discount_note(bids[position], case.terms.ceiling_fen))
            cells.extend(_points(bids[position], work.scoring, position))
        cells.extend(place_notes([bid.bidder for bid in bids], work.order, "total", case.terms.ties, case.draw))
        cells.extend(_common(work.scoring, work.order, case.draw))
    cells.extend(_flags(work.sifted))
    outcome = outcome_note(work.decision, len(bids), case.terms.min_bidders)
    return Explanation(tuple(cells), tuple(rejection_notes(work.rejected)), (), outcome)


def _instant(case: InstantCase) -> Explanation:
    work = instant.evaluate(case)
    offers, cells = {offer.bidder: offer for offer in case.offers}, list[Note]()
    if work.order is not None:
        for position in work.order.positions:
            bid = work.bids[position]
            offer = offers[bid.bidder]
            numbers: dict[str, Param] = {
                "unit_price_fen": offer.unit_price_fen,
                "minimum_fee_fen": offer.minimum_fee_fen,
                "quantity": case.terms.quantity,
            }
            cells.append(Note(bid.bidder, "price_fen", "shelf_price", rule("6"), numbers, bid.price_fen))
            if work.scoring is not None:
                cells.extend(_points(bid, work.scoring, position))
        main = "total" if work.scoring is not None else "price"
        cells.extend(place_notes([bid.bidder for bid in work.bids], work.order, main, case.terms.ties, case.draw))
        cells.extend(_common(work.scoring, work.order, case.draw))
    outcome = outcome_note(work.decision, len(work.bids), 1)
    return Explanation(tuple(cells), tuple(rejection_notes(work.rejected)), (), outcome)


def _multi_round(case: MultiRoundCase) -> Explanation:
    work = multi_round.evaluate(case)
    state, record, cells = work.state, work.decision.record, list[Note]()
    assert record is not None, "a multi-round decision has its record"
    bids = work.sifted.kept if work.sifted is not None else ()
    if work.order is not None:
        for position in work.order.positions:
            cells.extend(discount_note(bids[position], case.terms.ceiling_fen))
            cells.append(_effective(state, bids[position]))
        cells.extend(place_notes([bid.bidder for bid in bids], work.order, "effective", case.terms.ties, case.draw))
        cells.extend(_common(None, work.order, case.draw))
    if work.sifted is not None:
        cells.extend(_flags(work.sifted))
    told = [
        refusal_note(offer.bidder, f"offers/{ruling.seq}", ruling.reason)
        for offer, ruling in zip(case.offers, record.rulings, strict=True)
        if ruling.reason is not None
    ]
    too_few = state.too_few
    valid = len(state.closed[0].alive) if too_few else len(bids)
    outcome = outcome_note(work.decision, valid, case.terms.min_bidders if too_few else 1)
    return Explanation(tuple(cells), (*rejection_notes(work.decision.rejected), *told), tuple(_course(state)), outcome)


def _points(bid: Bid, scoring: Scoring, position: int) -> Iterator[Note]:
    """One note for each criterion of a ranked bid, and one for the total."""
    points = scoring.points[position]
    for index, scale in enumerate(scoring.scales):
        shown: dict[str, Param] = {}
        numbers = scale.numbers(bid)
        if isinstance(scale, MeanScale):
            most = numbers["most"]
            shown = {
                "most_zh": "" if most is None else render("，最多扣 {most:points} 分", numbers),
                "most_en": "" if most is None else render(", {most:points} at most", numbers),
            }
        yield Note(bid.bidder, f"points/{index}", scale.code, rule("3"), numbers, points[index], shown)
    parts = " + ".join(render("{part:points}", {"part": part}) for part in points)
    yield Note(bid.bidder, "total", "total", rule("3"), {}, scoring.totals[position], {"parts": parts})


def _common(scoring: Scoring | None, order: Order, draw: Draw | None) -> Iterator[Note]:
    """What holds for everybody: the benchmark, and the inputs of a draw that was used."""
    is_drawn = bool(order.drawn)
    for scale in scoring.scales if scoring is not None else ():
        if isinstance(scale, MeanScale):
            yield from benchmark_notes(scale.benchmark, scale.criterion.factor_bp, draw)
            is_drawn = is_drawn or len(scale.criterion.factor_bp) > 1
    if is_drawn and draw is not None:
        yield draw_note(draw)


def _effective(state: State, bid: Bid) -> Note:
    """How the effective price of a ranked bid came about."""
    effective = state.pricing.fraction(state.standing[bid.bidder].effective)
    day_value = state.terms.day_value_fen
    numbers: dict[str, Param] = {
        "price_fen": bid.price_fen,
        "coefficient": fraction(state.pricing.coefficient(bid.bidder)),
        "days": bid.days,
        "day_value_fen": day_value,
    }
    shown: dict[str, Param] = {
        "equals": equals(effective),
        "effective_yuan": yuan_of(effective),
        "days_zh": render(" + {days} 天 × 每天 {day_value_fen:yuan} 元", numbers) if day_value else "",
        "days_en": render(" + {days} days × {day_value_fen:yuan} yuan", numbers) if day_value else "",
    }
    return Note(bid.bidder, "effective", "effective", rule("5"), numbers, fraction(effective), shown)


def _flags(sifted: Sifted) -> Iterator[Note]:
    """Who stays although flagged as abnormally low, and by which lines."""
    for bid in sifted.kept:
        for line in sifted.flags.get(bid.bidder, ()):
            yield Note(
                bid.bidder,
                "low_price",
                "flagged",
                rule("4"),
                {"price_fen": bid.price_fen, "explanation": bid.explanation, **line.params},
                shown={"explanation_zh": _EXPLANATIONS[bid.explanation], **line_words(line.params)},
            )


def _course(state: State) -> Iterator[Note]:
    """What each round did: its close, who went on, who was out and why."""
    for closed in state.closed:
        cell = f"rounds/{closed.number}"
        numbers: dict[str, Param] = {
            "round": closed.number,
            "extensions": closed.extensions,
            "alive": len(closed.alive),
        }
        numbers["closes_at"] = closed.as_json()["closes_at"]  # type: ignore[assignment]  # always a text
        yield Note("", cell, "round_closed", rule("5"), numbers)
        for bidder in closed.silent:
            yield Note(bidder, cell, "silent", rule("5"))
        for out in closed.eliminated:
            assert closed.edge is not None, "who is cut is cut by an edge"
            cut: dict[str, Param] = {
                "survivors": state.terms.rounds[closed.number - 1].survivors,
                "price_fen": out.price_fen,
                "effective": fraction(out.effective),
                "edge": fraction(closed.edge),
            }
            yield Note(out.bidder, cell, "cut", rule("5"), cut)
