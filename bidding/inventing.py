"""Invented offers (虚拟报价): facts for terms to be tried on where there are none yet; the same seed, the same facts.

Invariants: whatever is invented is a case of the engine like any other, so that anybody can decide it again; every
number is drawn from the seed by the market's own draw, evenly within its range, each apart from the others (adding a
bidder moves nobody); nothing here says how real agencies behave. Source: selection.md sections 7, 8 (试算) and 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from bidding.discount import discounted_fen
from bidding.terms import (
    HUNDREDTHS,
    ComprehensiveTerms,
    Credit,
    CreditDrawTerms,
    Criterion,
    Days,
    Experience,
    Grade,
    InstantTerms,
    MeanPriceTerms,
    MultiRoundTerms,
    Plan,
    PricedTerms,
    PriceLowest,
    PriceMean,
    RandomDrawTerms,
    Round,
    Terms,
)
from commons.canonical import Json
from commons.draws import Draw
from commons.instants import format_instant
from commons.money import BASIS

MAX_INVENTED = 200
"""Bidders invented at most."""

MARKS = 5
"""Reviewers that mark an invented plan."""

LEAST_MARK_BP = 6_000
"""Share of a plan's points that an invented mark has at least."""

SHELF_AT = "2026-01-01T00:00:00Z"
SHELF_UNTIL = "2027-01-01T00:00:00Z"
"""Invented shelf offers are looked at when they begin; no clock is needed."""

_SALT = b"invented offers"
_DRAW_SALT = b"invented draw"
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from ``low`` to ``high``, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many, and within what: price in bp of the ceiling, days, credit in hundredths; ``seed`` is any text."""

    bidders: int
    price_bp: Range
    days: Range
    credit: Range
    seed: str


def invented_case(raw: dict[str, Json], terms: Terms, crowd: Crowd) -> dict[str, Json]:
    """A whole case: the terms as given beside invented facts and an invented draw; ``terms`` are ``raw`` as read.

    Sealed modes: one offer each. Rounds: in each round everybody goes down by even steps from the ceiling to the drawn
    price, before any extension could begin. Draws: everybody signs up.
    """
    source = Draw(_SALT, crowd.seed.encode())
    ids = [f"invented-{number}" for number in range(1, crowd.bidders + 1)]
    people = [_Invented(source, crowd, terms, id) for id in ids]
    case: dict[str, Json] = {"terms": raw}
    match terms:
        case ComprehensiveTerms():
            case["bids"] = [
                one.facts() | one.price(terms, share_bp=one.share_bp()) | one.merits(terms.criteria) for one in people
            ]
        case MeanPriceTerms():
            case["bids"] = [one.sealed(terms) for one in people]
        case RandomDrawTerms() | CreditDrawTerms():
            case["bids"] = [one.facts() for one in people]
        case MultiRoundTerms():
            case["bidders"] = [one.bidder(terms) for one in people]
            case["offers"] = _round_offers(terms, people)
        case InstantTerms():
            case["offers"] = [one.facts() | one.shelf(terms) | one.merits(terms.criteria) for one in people]
            case["at"] = SHELF_AT
        case _:
            assert_never(terms)
    case["draw"] = {"salt": _DRAW_SALT.hex(), "ikm": crowd.seed.encode().hex()}
    return case


@dataclass(frozen=True, slots=True)
class _Invented:
    """One invented bidder; every fact is drawn under its own name."""

    source: Draw
    crowd: Crowd
    terms: Terms
    id: str

    def _drawn(self, name: str, within: Range) -> int:
        return self.source.integer(f"{name}/{self.id}", within.low, within.high)

    def facts(self) -> dict[str, Json]:
        """Who it is, its days and its credit."""
        return {
            "bidder": self.id,
            "days": self._drawn("days", self.crowd.days),
            "credit": self._drawn("credit", self.crowd.credit),
        }

    def sealed(self, terms: PricedTerms) -> dict[str, Json]:
        """A sealed offer."""
        return self.facts() | self.price(terms, share_bp=self.share_bp())

    def bidder(self, terms: MultiRoundTerms) -> dict[str, Json]:
        """Somebody admitted to rounds, with its preferences."""
        preferences: dict[str, Json] = {
            one.code: self._drawn(f"preference/{one.code}", Range(0, one.max_bp)) for one in terms.preferences
        }
        known: dict[str, Json] = {"bidder": self.id, "credit": self._drawn("credit", self.crowd.credit)}
        return known | {"preferences": preferences} if preferences else known

    def share_bp(self) -> int:
        """The price as a share of the ceiling."""
        return self._drawn("price", self.crowd.price_bp)

    def price(self, terms: PricedTerms, *, share_bp: int) -> dict[str, Json]:
        """The price at that share of the ceiling, or its rate, as the terms ask for it."""
        if terms.price_basis == "discount_rate":
            return {"discount_bp": BASIS - share_bp}
        price_fen = discounted_fen(terms.ceiling_fen, BASIS - share_bp)
        if isinstance(terms, MultiRoundTerms) and terms.step_multiple:
            price_fen = terms.ceiling_fen - (terms.ceiling_fen - price_fen) // terms.step_fen * terms.step_fen
        return {"price_fen": price_fen}

    def shelf(self, terms: InstantTerms) -> dict[str, Json]:
        """What a shelf offer has besides; the price is for the quantity asked."""
        return {
            "unit_price_fen": max(1, discounted_fen(terms.ceiling_fen, BASIS - self.share_bp()) // terms.quantity),
            "minimum_fee_fen": 0,
            "capacity": 1,
            "valid_from": SHELF_AT,
            "valid_until": SHELF_UNTIL,
        }

    def merits(self, criteria: Sequence[Criterion]) -> dict[str, Json]:
        """What the criteria look at besides price, days and credit."""
        found: dict[str, Json] = {}
        for one in criteria:
            match one:
                case Grade() if one.table:
                    grades = sorted(one.table)
                    found["grade"] = grades[self._drawn("grade", Range(0, len(grades) - 1))]
                case Experience():
                    most = -(-HUNDREDTHS * one.points // one.each) if one.each else 0
                    found["experience"] = self._drawn("experience", Range(0, most))
                case Plan():
                    full = HUNDREDTHS * one.points
                    within = Range(full * LEAST_MARK_BP // BASIS, full)
                    found["marks"] = [self._drawn(f"mark/{number}", within) for number in range(1, MARKS + 1)]
                case Grade() | PriceLowest() | PriceMean() | Days() | Credit():
                    pass
                case _:
                    assert_never(one)
        return found

    def at_us(self, number: int, length_us: int) -> int:
        """Microseconds after the opening of a round."""
        return self._drawn(f"round/{number}", Range(0, max(0, length_us - 1)))


def _round_offers(terms: MultiRoundTerms, people: Sequence[_Invented]) -> list[Json]:
    """One offer of everybody in each round, in the order of their instants, then of the bidders."""
    made: list[tuple[datetime, int, Json]] = []
    for number, round in enumerate(terms.rounds, 1):
        length_us = _quiet_us(terms, round)
        for position, one in enumerate(people):
            at = round.opens_at + one.at_us(number, length_us) * _MICROSECOND
            down_bp = (BASIS - one.share_bp()) * number // len(terms.rounds)
            known: dict[str, Json] = {"bidder": one.id, "at": format_instant(at), "days": one.facts()["days"]}
            offer = known | one.price(terms, share_bp=BASIS - down_bp)
            made.append((at, position, offer))
    return [offer for _, _, offer in sorted(made, key=lambda each: each[:2])]


def _quiet_us(terms: MultiRoundTerms, round: Round) -> int:
    """Microseconds of a round in which an offer extends nothing."""
    window_s = terms.extension.window_s if terms.extension is not None else 0
    return (round.closes_at - round.opens_at) // _MICROSECOND - window_s * 1_000_000
