"""How the rounds of a multi-round selection went, offer by offer, from the recorded case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from bidding.case import MultiRoundCase
from bidding.decision import ClosedRound, EffectiveRow, OfferRuling, RankedDecision, RoundsRecord
from bidding.offers import RoundOffer
from bidding.pricing import Pricing, pricing
from marketplace.web.casework.bidders import Cast
from marketplace.web.views.demands import BestPoint
from marketplace.web.views.results import FinalRow, OfferRow, RoundResult, RoundsResult


@dataclass(frozen=True, slots=True)
class _Taken:
    """An accepted offer: from which instant it stands, in which round."""

    bidder: str
    stands_at: datetime
    effective: Fraction
    round_number: int


def rounds_result(case: MultiRoundCase, decision: RankedDecision, people: Cast) -> RoundsResult:
    """Finals by rank, rounds, every offer, and the course of the best effective price."""
    record = decision.record
    assert record is not None, "a multi-round decision has its record"
    numbers = pricing(case.terms, case.bidders)
    pairs = tuple(zip(case.offers, record.rulings, strict=True))
    accepted = [_taken(case, offer, record, numbers) for offer, ruling in pairs if ruling.accepted]
    taken = _standing(case, accepted)
    gone = {one.bidder for one in decision.rejected if any(reason.code == "voided" for reason in one.reasons)}
    return RoundsResult(
        finals=_finals(case, decision, taken, people),
        rounds=tuple(_round(case, closed, taken, people) for closed in record.rounds),
        offers=tuple(_offer(offer, ruling, record, numbers, people) for offer, ruling in pairs),
        best_points=_course([one for one in taken if one.bidder not in gone]),
    )


def _effective(offer: RoundOffer, numbers: Pricing) -> Fraction:
    if numbers.day_value_fen and offer.days is None:
        return Fraction(offer.price_fen)
    return Fraction(numbers.effective(offer.bidder, offer.price_fen, offer.days), numbers.unit)


def _round_of(at: datetime, rounds: Sequence[ClosedRound]) -> ClosedRound | None:
    """The round an offer fell into; None between rounds and after the last."""
    return next((one for one in rounds if one.opened_at <= at < one.closes_at), None)


def _taken(case: MultiRoundCase, offer: RoundOffer, record: RoundsRecord, numbers: Pricing) -> _Taken:
    within = _round_of(offer.at, record.rounds)
    assert within is not None, "an accepted offer lies in a round"
    is_sealed = case.terms.rounds[within.number - 1].kind == "sealed"
    stands_at = within.closes_at if is_sealed else offer.at
    return _Taken(offer.bidder, stands_at, _effective(offer, numbers), within.number)


def _standing(case: MultiRoundCase, accepted: Sequence[_Taken]) -> list[_Taken]:
    """The offers that ever stood: of a sealed round only each bidder's last."""
    last = {(one.bidder, one.round_number): one for one in accepted}
    sealed = {number for number, plan in enumerate(case.terms.rounds, 1) if plan.kind == "sealed"}
    return [one for one in accepted if one.round_number not in sealed or one is last[one.bidder, one.round_number]]


def _finals(
    case: MultiRoundCase, decision: RankedDecision, taken: Sequence[_Taken], people: Cast
) -> tuple[FinalRow, ...]:
    accepted = {one.bidder for one in taken}
    days: dict[str, int | None] = {}
    record = decision.record
    assert record is not None, "a multi-round decision has its record"
    for offer, ruling in zip(case.offers, record.rulings, strict=True):
        if ruling.accepted and offer.bidder in accepted:
            days[offer.bidder] = offer.days
    return tuple(
        _final(case, row, people, days.get(row.bidder)) for row in decision.ranking if isinstance(row, EffectiveRow)
    )


def _final(case: MultiRoundCase, row: EffectiveRow, people: Cast, days: int | None) -> FinalRow:
    """The last offer, with what its effective price is made of."""
    effective, value_fen = Fraction(*row.effective), case.terms.day_value_fen
    of_price = effective - value_fen * (days or 0)
    return FinalRow(
        people[row.bidder], row.price_fen, effective, days, row.discount_bp, row.price_fen / of_price, value_fen
    )


def _round(case: MultiRoundCase, closed: ClosedRound, taken: Sequence[_Taken], people: Cast) -> RoundResult:
    plan = case.terms.rounds[closed.number - 1]
    standing: dict[str, Fraction] = {}
    for one in taken:
        if one.round_number <= closed.number:
            standing[one.bidder] = one.effective
    alive = [standing[bidder] for bidder in closed.alive if bidder in standing]
    return RoundResult(
        number=closed.number,
        kind=plan.kind,
        opens_at=closed.opened_at,
        planned_closes_at=plan.closes_at,
        closes_at=closed.closes_at,
        alive=tuple(people[bidder] for bidder in closed.alive),
        eliminated=tuple(people[one.bidder] for one in closed.eliminated),
        best=min(alive, default=None),
        extensions=closed.extensions,
    )


def _offer(offer: RoundOffer, ruling: OfferRuling, record: RoundsRecord, numbers: Pricing, people: Cast) -> OfferRow:
    within = _round_of(offer.at, record.rounds)
    return OfferRow(
        seq=ruling.seq,
        at=offer.at,
        bidder=people[offer.bidder],
        price_fen=offer.price_fen,
        effective=_effective(offer, numbers),
        round_number=within.number if within else None,
        days=offer.days,
        refusal=ruling.reason,
        discount_bp=offer.discount_bp,
    )


def _course(taken: Sequence[_Taken]) -> tuple[BestPoint, ...]:
    """The best effective price from each instant it fell at."""
    points: list[BestPoint] = []
    for one in sorted(taken, key=lambda one: (one.stands_at, one.effective)):
        if not points or one.effective < points[-1].effective:
            points.append(BestPoint(one.stands_at, one.effective))
    return tuple(points)
