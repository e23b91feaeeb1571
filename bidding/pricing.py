"""Effective prices (评审价): price over coefficient plus the value of days, exact, as plain integers.

Effective = P / coefficient + days × day value, coefficient = 1 + Σp / (10000 − Σmax). All effective prices of one
selection are kept as integers in units of 1/``unit`` fen, with ``unit`` the least that makes every one whole: bounds,
standing, order and award compare these integers, so nothing is ever rounded. Source: selection.md section 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import gcd, lcm

from bidding.offers import Bidder
from bidding.terms import MultiRoundTerms
from commons.money import BASIS


@dataclass(frozen=True, slots=True)
class Pricing:
    """Numbers of one selection: ``coefficients`` are the numerators over ``base`` of those who have preferences."""

    unit: int
    base: int
    coefficients: Mapping[str, int]
    factors: Mapping[str, int]
    day_value_fen: int

    def effective(self, bidder: str, price_fen: int, days: int | None) -> int:
        """Effective price in 1/``unit`` fen of a price in fen; days are needed where they have a value."""
        scaled = price_fen * self.factors.get(bidder, self.unit)
        if not self.day_value_fen:
            return scaled
        assert days is not None, "terms that value days ask for days"
        return scaled + days * self.day_value_fen * self.unit

    def highest_price_fen(self, bidder: str, limit: int, days: int | None) -> int:
        """The highest price in fen whose effective price is at most ``limit`` (in 1/``unit`` fen); may be negative."""
        return (limit - self.effective(bidder, 0, days)) // self.factors.get(bidder, self.unit)

    def fraction(self, effective: int) -> tuple[int, int]:
        """An effective price as numerator and denominator in lowest terms, fen."""
        common = gcd(effective, self.unit)
        return effective // common, self.unit // common

    def coefficient(self, bidder: str) -> tuple[int, int]:
        """The bidder's coefficient, a plain number of 1 or more, as numerator and denominator in lowest terms."""
        numerator = self.coefficients.get(bidder, self.base)
        common = gcd(numerator, self.base)
        return numerator // common, self.base // common


def pricing(terms: MultiRoundTerms, bidders: Iterable[Bidder]) -> Pricing:
    """The numbers of a selection from its terms and its bidders' preferences, basis points: selection.md section 5."""
    base = BASIS - sum(preference.max_bp for preference in terms.preferences)
    coefficients: dict[str, int] = {}
    if terms.preferences:
        for bidder in bidders:
            advantage = sum(bidder.preferences.values())
            if advantage:
                coefficients[bidder.bidder] = base + advantage
    distinct = set(coefficients.values())
    unit = lcm(*(numerator // gcd(numerator, base) for numerator in distinct))
    factors = {numerator: unit * base // numerator for numerator in distinct}
    return Pricing(
        unit=unit,
        base=base,
        coefficients=coefficients,
        factors={bidder: factors[numerator] for bidder, numerator in coefficients.items()},
        day_value_fen=terms.day_value_fen,
    )
