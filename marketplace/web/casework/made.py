"""What the results of all modes have in common: who holds the award, who did not get it and why.

Who holds the award now differs from the engine's first when the owner picked another one, or when the first gave way
(an abandonment or a restriction), never otherwise; where everybody in the ranking gave way, nobody is shown as the
winner. Source: selection.md sections 1, 2, 6 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bidding.decision import Decision, EffectiveRow, PlaceRow, PointsRow, PriceRow, RankedDecision
from bidding.offers import Bid
from bidding.ranking import Order
from bidding.rules import rule
from commons.draws import Draw
from commons.money import half_up
from commons.verdicts import Reason
from marketplace.web.casework.bidders import Cast
from marketplace.web.views.awards import Left, Outcome
from marketplace.web.views.parts import AgencyRef
from marketplace.web.views.results import DrawRow, DrawView, Result

Agencies = Mapping[str, AgencyRef]
Row = PointsRow | EffectiveRow | PriceRow | PlaceRow


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the award: the bidder named, by default the engine's first; or nobody any more.

    ``picked`` is whom the owner picked, where there was a choice to make; ahead of everybody else in the ranking.
    ``barred`` may not have had it when their turn came, by bidder: the code of why.
    """

    named: str | None = None
    nobody_left: bool = False
    picked: str | None = None
    barred: Mapping[str, str] = field(default_factory=dict)

    def of(self, decision: Decision) -> str | None:
        """The bidder, None without one."""
        return None if self.nobody_left else self.named or self.picked or decision.winner


@dataclass(frozen=True, slots=True)
class Valid:
    """A valid bid that counts: its price in fen, None where nobody offers one, and the rate that gave it."""

    price_fen: int | None
    discount_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What all modes have: decision, who is who, who holds the award, the fewest it takes, who was valid."""

    decision: Decision
    people: Cast
    holder: Holder
    minimum: int
    valid: Mapping[str, Valid]
    distances: Mapping[str, int] | None = None
    """Fen from the benchmark, by bidder (mean price)."""

    @property
    def reason(self) -> Reason | None:
        """Why it came to nothing; None where it did not."""
        if self.holder.nobody_left:
            return Reason("nobody_left", rule("2"))
        if self.decision.reason is None:
            return None
        return Reason(self.decision.reason, rule("3"), {"valid": len(self.valid), "minimum": self.minimum})

    def passed_over(self, row: Row, chosen: Row | None) -> tuple[Reason, ...]:
        """Why somebody in the ranking who could have held the award does not: gave way, or was not picked."""
        if (code := self.holder.barred.get(row.bidder)) is not None:
            return (Reason(code, rule("1")),)
        if self.holder.nobody_left:
            return (Reason("gave_way_last", rule("2")),)
        if chosen is None:
            return ()
        picked = self.holder.picked
        if row.bidder == picked or (row.rank < chosen.rank and picked != chosen.bidder):
            return (Reason("gave_way", rule("2")),)
        was_eligible = row.bidder in self.shortlist if self.shortlist is not None else row.rank < chosen.rank
        return (Reason("not_picked", rule("1")),) if picked is not None and was_eligible else ()

    @property
    def shortlist(self) -> tuple[str, ...] | None:
        """The small list of a credit draw; None in every other mode."""
        return None if isinstance(self.decision, RankedDecision) else self.decision.shortlist


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
    discount_bp: int | None = None


def explained(
    made: Made, *, result: Result | None, bids: Mapping[str, Bid] | None = None, drawn: DrawView | None = None
) -> Explained:
    """Everything put together; ``bids`` are those that carry price and days, by bidder."""
    decision, people, winner = made.decision, made.people, made.holder.of(made.decision)
    chosen = next((row for row in decision.ranking if row.bidder == winner), None)
    bid = bids.get(winner) if winner and bids else None
    flagged = decision.flagged if isinstance(decision, RankedDecision) else None
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
        explained_by=people[flagged].agency if flagged else None,
        discount_bp=bid.discount_bp if bid else None,
    )


def _left(made: Made, chosen: Row | None) -> tuple[Left, ...]:
    """The ranked with their distance (those that gave way with that reason), then the rejected with theirs.

    Without a ranking (too few, or a draw still to come) the valid ones stand in its place with their price. Whoever is
    on a small list that nobody was picked from yet is not left.
    """
    decision, people = made.decision, made.people
    waiting = made.shortlist if made.shortlist is not None and chosen is None and not made.holder.nobody_left else ()
    rows: list[Left] = []
    for row in decision.ranking:
        if row is chosen or row.bidder in waiting:
            continue
        reasons = made.passed_over(row, chosen)
        rows.append(Left(people[row.bidder].agency, row.rank, None if reasons else _behind(made, row, chosen), reasons))
    if not decision.ranking:
        out = {one.bidder for one in decision.rejected}
        rows.extend(
            Left(people[bidder].agency, is_valid=True, valid_fen=one.price_fen, discount_bp=one.discount_bp)
            for bidder, one in made.valid.items()
            if bidder not in out
        )
    rows.extend(Left(people[one.bidder].agency, reasons=one.reasons) for one in decision.rejected)
    return tuple(rows)


def _behind(made: Made, row: Row, chosen: Row | None) -> int | None:
    """Hundredths of points below the winner, fen above it, or fen farther from the benchmark; None without any."""
    match row, chosen:
        case PointsRow(), PointsRow():
            return chosen.total - row.total
        case EffectiveRow(), EffectiveRow():
            return half_up(Fraction(*row.effective) - Fraction(*chosen.effective))
        case PriceRow(), PriceRow():
            return row.price_fen - chosen.price_fen
        case PlaceRow(), PlaceRow() if made.distances is not None:
            return made.distances[row.bidder] - made.distances[chosen.bidder]
        case _:
            return None


def draw_view(ids: Sequence[str], placed: Order | None, draw: Draw | None, people: Cast) -> DrawView | None:
    """The groups that only the draw told apart; None when it decided nothing."""
    if placed is None or draw is None or not placed.drawn:
        return None
    groups = tuple(
        tuple(DrawRow(people[ids[at]].agency, ids[at], draw.rank(ids[at]).hex()) for at in group)
        for group in placed.drawn
    )
    return DrawView(draw.salt.hex(), draw.ikm.hex(), groups)
