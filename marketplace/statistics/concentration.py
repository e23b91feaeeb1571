"""Concentration (集中度): what the four largest agencies have of a county's awards for one item in a year.

Invariants: by money (fen), of competitive and other awards alike; agencies of the same sum are taken in the order of
their codes, which never changes the share; a cell of fewer than ``FEW`` awards is shown and said to be few.
Source: market.md section 5 (top-4 concentration per county and item).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from commons.money import BASIS, half_up
from marketplace.statistics.measures import FEW

LARGEST = 4
"""Agencies that are looked at."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A county's awards for an item in a year: ``top_fen`` of ``fen`` went to the four largest of ``agencies``."""

    county: str
    item: str
    awards: int
    agencies: int
    fen: int
    top_fen: int

    @property
    def share_bp(self) -> int:
        """The share of the four largest in basis points, half up."""
        return half_up(Fraction(self.top_fen * BASIS, self.fen)) if self.fen else BASIS

    @property
    def is_few(self) -> bool:
        """Whether there were too few awards to conclude anything."""
        return self.awards < FEW


def largest(sums: Iterable[int]) -> int:
    """What the four largest sums come to."""
    return sum(sorted(sums, reverse=True)[:LARGEST])


def ordered(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Most concentrated first, those with enough awards before those with few."""
    return tuple(sorted(cells, key=lambda one: (one.is_few, -one.share_bp, -one.fen, one.county, one.item)))
