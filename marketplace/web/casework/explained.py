"""A case, explained: the engine decides it again, and every number on the page comes from that working.

Who holds the award now differs from the engine's first when the first gave way (an abandonment or a restriction),
never otherwise; where everybody in the ranking gave way, nobody is shown as the winner. Source: selection.md sections
2 to 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from bidding.case import Case, ComprehensiveCase, InstantCase, MultiRoundCase
from bidding.decision import EffectiveRow, PointsRow, PriceRow, RankedDecision
from bidding.modes import comprehensive, instant, multi_round
from bidding.offers import Bid
from bidding.ranking import Order
from bidding.rounds import State
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
class _Holder:
    """Who holds the award: the bidder named, by default the engine's first; or nobody any more."""

    named: str | None
    nobody_left: bool

    def of(self, decision: RankedDecision) -> str | None:
        """The bidder, None without one."""
        return None if self.nobody_left else self.named or decision.winner


@dataclass(frozen=True, slots=True)
class _Made:
    """What all modes have: decision, who is who, who holds the award, the fewest it takes, valid prices in fen."""

    decision: RankedDecision
    people: Cast
    holder: _Holder
    minimum: int
    valid: Mapping[str, int]

    @property
    def reason(self) -> Reason | None:
        """Why it came to nothing; None where it did not."""
        if self.holder.nobody_left:
            return Reason("nobody_left", rule("2"))
        if self.decision.reason is None:
            return None
        return Reason(self.decision.reason, rule("3"), {"valid": len(self.valid), "minimum": self.minimum})

    def gave_way(self, rank: int, held_by: int | None) -> tuple[Reason, ...]:
        """The reason of somebody in the ranking before the one that holds the award, or of all where nobody does."""
        if self.holder.nobody_left:
            return (Reason("gave_way_last", rule("2")),)
        return (Reason("gave_way", rule("2")),) if held_by is not None and rank < held_by else ()


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


def explain(case: Case, agencies: Agencies, *, winner: str | None = None, nobody_left: bool = False) -> Explained:
    """Decide the case again and lay out the result; ``winner`` defaults to the engine's.

    ``nobody_left``: everybody in the ranking gave way later, the selection came to nothing.
    """
    holder = _Holder(winner, nobody_left)
    match case:
        case ComprehensiveCase():
            return _comprehensive(case, agencies, holder)
        case MultiRoundCase():
            return _multi_round(case, agencies, holder)
        case InstantCase():
            return _instant(case, agencies, holder)
        case _:
            message = f"no page shows {case.terms.mode} yet"
            raise AssertionError(message)


def _comprehensive(case: ComprehensiveCase, agencies: Agencies, holder: _Holder) -> Explained:
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
    drawn = _draw(tuple(bids), working.order, case.draw, people)
    valid = {bid.bidder: bid.price_fen for bid in bids.values()}
    made = _Made(decision, people, holder, case.terms.min_bidders, valid)
    return _explained(made, result=result, bids=bids, drawn=drawn)


def _multi_round(case: MultiRoundCase, agencies: Agencies, holder: _Holder) -> Explained:
    working = multi_round.evaluate(case)
    decision, kept = working.decision, working.sifted.kept if working.sifted else ()
    bids = {bid.bidder: bid for bid in kept}
    ranked = [row.bidder for row in decision.ranking]
    people = cast(ranked, (one.bidder for one in case.bidders), agencies, winner=holder.of(decision))
    result = rounds_result(case, decision, people)
    drawn = _draw(tuple(bids), working.order, case.draw, people)
    made = _Made(decision, people, holder, case.terms.min_bidders, _standing(working.state, tuple(bids)))
    explained = _explained(made, result=result, bids=bids, drawn=drawn)
    return replace(explained, left=(*explained.left, *_fallen(decision, people)))


def _standing(state: State, kept: tuple[str, ...]) -> dict[str, int]:
    """The prices that count as valid: those at the end, or those of the first close where too few came to it."""
    valid = kept or (state.closed[0].alive if state.closed else ())
    return {bidder: state.standing[bidder].price_fen for bidder in valid if bidder in state.standing}


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


def _instant(case: InstantCase, agencies: Agencies, holder: _Holder) -> Explained:
    working = instant.evaluate(case)
    decision, bids = working.decision, {bid.bidder: bid for bid in working.bids}
    ranked = [row.bidder for row in decision.ranking]
    people = cast(ranked, (offer.bidder for offer in case.offers), agencies, winner=holder.of(decision))
    points = None
    if working.scoring is not None and ranked:
        points = breakdown(case, bids, working.scoring, ranked, people)
    result = ShelfResult(case.terms.rule, case.terms.quantity, _shelf(case, decision, people), points)
    drawn = _draw(tuple(bids), working.order, case.draw, people)
    valid = {bid.bidder: bid.price_fen for bid in bids.values()}
    made = _Made(decision, people, holder, case.terms.min_bidders, valid)
    return _explained(made, result=result, bids=bids, drawn=drawn)


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


def _draw(ids: Sequence[str], placed: Order | None, draw: Draw | None, people: Cast) -> DrawView | None:
    """The groups that only the draw told apart; None when it decided nothing."""
    if placed is None or draw is None or not placed.drawn:
        return None
    groups = tuple(
        tuple(DrawRow(people[ids[at]].agency, ids[at], draw.rank(ids[at]).hex()) for at in group)
        for group in placed.drawn
    )
    return DrawView(draw.salt.hex(), draw.ikm.hex(), groups)


def _explained(made: _Made, *, result: Result | None, bids: Mapping[str, Bid], drawn: DrawView | None) -> Explained:
    decision, people, winner = made.decision, made.people, made.holder.of(made.decision)
    chosen = next((row for row in decision.ranking if row.bidder == winner), None)
    bid = bids.get(winner) if winner else None
    flagged = people[decision.flagged].agency if decision.flagged else None
    return Explained(
        outcome="award" if winner else "unsuccessful" if made.holder.nobody_left else decision.outcome,
        winner=people[winner].agency if winner else None,
        result=result,
        left=_left(made, chosen),
        draw=drawn,
        valid_offers=len(made.valid),
        price_fen=bid.price_fen if bid else None,
        offered_days=bid.days if bid else None,
        total=chosen.total if isinstance(chosen, PointsRow) else None,
        effective=Fraction(*chosen.effective) if isinstance(chosen, EffectiveRow) else None,
        reason=made.reason,
        explained_by=flagged,
    )


def _left(made: _Made, chosen: PointsRow | EffectiveRow | PriceRow | None) -> tuple[Left, ...]:
    """The ranked with their distance (those that gave way with that reason), then the rejected with theirs.

    Without a ranking (too few, or a draw still to come) the valid ones stand in its place with their price.
    """
    decision, people = made.decision, made.people
    rows: list[Left] = []
    for row in decision.ranking:
        if row is chosen:
            continue
        reasons = made.gave_way(row.rank, chosen.rank if chosen else None)
        rows.append(Left(people[row.bidder].agency, row.rank, None if reasons else _behind(row, chosen), reasons))
    if not decision.ranking:
        rows.extend(Left(people[bidder].agency, valid_fen=price_fen) for bidder, price_fen in made.valid.items())
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
