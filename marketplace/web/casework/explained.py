"""A case, explained: the engine decides it again, and every number on the page comes from that working.

``winner`` is the bidder that is proposed now; it differs from the engine's first when the first gave way (an
abandonment or a restriction), never otherwise. Source: selection.md sections 2 to 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import assert_never

from bidding.case import Case, ComprehensiveCase, InstantCase, MultiRoundCase
from bidding.decision import Decision, EffectiveRow, PointsRow, PriceRow
from bidding.modes import comprehensive, instant, multi_round
from bidding.offers import Bid
from bidding.ranking import Order
from bidding.rules import rule
from commons.draws import Draw
from commons.money import half_up
from commons.verdicts import Reason
from marketplace.web.casework.bidders import Cast, cast
from marketplace.web.casework.points import breakdown, low_price_line
from marketplace.web.casework.rounds import rounds_result
from marketplace.web.views.awards import DrawRow, DrawView, Left, Outcome, Result, ShelfResult, ShelfRow
from marketplace.web.views.parts import AgencyRef

Agencies = Mapping[str, AgencyRef]


@dataclass(frozen=True, slots=True)
class Explained:
    """What ``AwardView`` takes from the case; amounts and points of the winner are None without one."""

    outcome: Outcome
    winner: AgencyRef | None
    result: Result | None
    left: tuple[Left, ...]
    draw: DrawView | None
    valid_offers: int
    price_fen: int | None
    offered_days: int | None
    total: int | None
    effective: Fraction | None
    reason: Reason | None
    explained_by: AgencyRef | None


def explain(case: Case, agencies: Agencies, *, winner: str | None = None) -> Explained:
    """Decide the case again and lay out the result; ``winner`` defaults to the engine's."""
    match case:
        case ComprehensiveCase():
            return _comprehensive(case, agencies, winner)
        case MultiRoundCase():
            return _multi_round(case, agencies, winner)
        case InstantCase():
            return _instant(case, agencies, winner)
        case _:
            assert_never(case)


def _comprehensive(case: ComprehensiveCase, agencies: Agencies, winner: str | None) -> Explained:
    working = comprehensive.evaluate(case)
    decision, bids = working.decision, {bid.bidder: bid for bid in working.sifted.kept}
    first = winner or decision.winner
    ranked = [row.bidder for row in decision.ranking]
    people = cast(ranked, (bid.bidder for bid in case.bids), agencies, winner=first)
    result: Result | None = None
    if working.scoring is not None and ranked:
        prices, terms = [bid.price_fen for bid in bids.values()], case.terms
        line = low_price_line(prices, terms.low_price, ceiling_fen=terms.ceiling_fen)
        laid = breakdown(case.terms.criteria, bids, working.scoring, ranked, people)
        result = replace(laid, low_price_line_fen=line)
    drawn = _draw(tuple(bids), working.order, case.draw, people)
    return _explained(decision, people, winner=first, result=result, bids=bids, drawn=drawn, valid=len(bids))


def _multi_round(case: MultiRoundCase, agencies: Agencies, winner: str | None) -> Explained:
    working = multi_round.evaluate(case)
    decision, kept = working.decision, working.sifted.kept if working.sifted else ()
    bids, first = {bid.bidder: bid for bid in kept}, winner or decision.winner
    ranked = [row.bidder for row in decision.ranking]
    people = cast(ranked, (one.bidder for one in case.bidders), agencies, winner=first)
    result = rounds_result(case, decision, people)
    drawn = _draw(tuple(bids), working.order, case.draw, people)
    valid = len(bids) or (len(result.rounds[0].alive) if result.rounds else 0)
    made = _explained(decision, people, winner=first, result=result, bids=bids, drawn=drawn, valid=valid)
    return replace(made, left=(*made.left, *_fallen(decision, people)))


def _fallen(decision: Decision, people: Cast) -> tuple[Left, ...]:
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


def _instant(case: InstantCase, agencies: Agencies, winner: str | None) -> Explained:
    working = instant.evaluate(case)
    decision, bids = working.decision, {bid.bidder: bid for bid in working.bids}
    first = winner or decision.winner
    ranked = [row.bidder for row in decision.ranking]
    people = cast(ranked, (offer.bidder for offer in case.offers), agencies, winner=first)
    points = None
    if working.scoring is not None and ranked:
        points = breakdown(case.terms.criteria, bids, working.scoring, ranked, people)
    result = ShelfResult(case.terms.rule, case.terms.quantity, _shelf(case, decision, people), points)
    drawn = _draw(tuple(bids), working.order, case.draw, people)
    return _explained(decision, people, winner=first, result=result, bids=bids, drawn=drawn, valid=len(bids))


def _shelf(case: InstantCase, decision: Decision, people: Cast) -> tuple[ShelfRow, ...]:
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


def _draw(ids: Sequence[str], placed: Order | None, draw: Draw | None, people: Cast) -> DrawView | None:
    """The groups that only the draw told apart; None when it decided nothing."""
    if placed is None or draw is None or not placed.drawn:
        return None
    groups = tuple(
        tuple(DrawRow(people[ids[at]].agency, ids[at], draw.rank(ids[at]).hex()) for at in group)
        for group in placed.drawn
    )
    return DrawView(draw.salt.hex(), draw.ikm.hex(), groups)


def _explained(
    decision: Decision,
    people: Cast,
    *,
    winner: str | None,
    result: Result | None,
    bids: Mapping[str, Bid],
    drawn: DrawView | None,
    valid: int,
) -> Explained:
    chosen = next((row for row in decision.ranking if row.bidder == winner), None)
    bid = bids.get(winner) if winner else None
    flagged = people[decision.flagged].agency if decision.flagged else None
    return Explained(
        outcome="award" if winner else decision.outcome,
        winner=people[winner].agency if winner else None,
        result=result,
        left=_left(decision, people, chosen),
        draw=drawn,
        valid_offers=valid,
        price_fen=bid.price_fen if bid else None,
        offered_days=bid.days if bid else None,
        total=chosen.total if isinstance(chosen, PointsRow) else None,
        effective=Fraction(*chosen.effective) if isinstance(chosen, EffectiveRow) else None,
        reason=Reason(decision.reason, rule("3"), {"valid": valid}) if decision.reason else None,
        explained_by=flagged,
    )


def _left(decision: Decision, people: Cast, chosen: PointsRow | EffectiveRow | PriceRow | None) -> tuple[Left, ...]:
    """The ranked with their distance (those before the winner gave way to it), then the rejected with their reasons."""
    rows: list[Left] = []
    for row in decision.ranking:
        if row is chosen:
            continue
        gave_way = chosen is not None and row.rank < chosen.rank
        reasons = (Reason("gave_way", rule("2")),) if gave_way else ()
        rows.append(Left(people[row.bidder].agency, row.rank, None if gave_way else _behind(row, chosen), reasons))
    rows.extend(Left(people[one.bidder].agency, reasons=one.reasons) for one in decision.rejected)
    return tuple(rows)


def _behind(row: PointsRow | EffectiveRow | PriceRow, chosen: PointsRow | EffectiveRow | PriceRow | None) -> int | None:
    """Hundredths of points below the winner, or fen above it; None without one."""
    match row, chosen:
        case PointsRow(), PointsRow():
            return chosen.total - row.total
        case EffectiveRow(), EffectiveRow():
            return half_up(Fraction(*row.effective) - Fraction(*chosen.effective))
        case PriceRow(), PriceRow():
            return row.price_fen - chosen.price_fen
        case _:
            return None
