"""Numbers out of counts: medians and quartiles, shares, sums, exactly, each with its sample.

Invariants: a quantile is the nearest rank, the lower one, so that it is a value that was really there, and rounding
each value first gives the same as rounding it last; a mean is an exact fraction; of nothing there is no number at all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate

from commons.money import BASIS, half_up
from marketplace.statistics.measures import FEW, MEASURES


@dataclass(frozen=True, slots=True)
class Distribution:
    """How often each value of a measure occurs, in the order of the values."""

    counts: tuple[tuple[int, int], ...] = ()

    @property
    def sample(self) -> int:
        """How many values there are."""
        return sum(count for _, count in self.counts)

    @property
    def is_few(self) -> bool:
        """Whether there are so few that nothing is to be concluded from them."""
        return self.sample < FEW

    def at_quarter(self, quarter: int) -> int | None:
        """The value at that quarter of the sorted sample: 0 the least, 2 the median, 4 the greatest; None of none."""
        sample = self.sample
        if not sample:
            return None
        ends = accumulate(count for _, count in self.counts)
        place = bisect_right(list(ends), (sample - 1) * quarter // 4)
        return self.counts[place][0]

    @property
    def median(self) -> int | None:
        """The middle value, the lower one of two."""
        return self.at_quarter(2)

    @property
    def mean(self) -> Fraction | None:
        """The exact mean."""
        sample = self.sample
        return Fraction(sum(value * count for value, count in self.counts), sample) if sample else None

    @property
    def part(self) -> int:
        """How many of a share's sample have what it asks for."""
        return sum(count for value, count in self.counts if value)

    @property
    def share_bp(self) -> int | None:
        """That part in basis points of the sample, half up; None of none."""
        sample = self.sample
        return half_up(Fraction(self.part * BASIS, sample)) if sample else None

    def under(self, value: int) -> int:
        """How many lie below a value."""
        return sum(count for one, count in self.counts if one < value)


NOTHING = Distribution()


@dataclass(frozen=True, slots=True)
class Numbers:
    """Every measure of one cut of the market (a city, an item, a month, or all of them)."""

    by_measure: Mapping[str, Distribution] = field(default_factory=dict)

    def of(self, measure: str) -> Distribution:
        """The distribution of a measure; nothing where nothing was counted."""
        assert measure in MEASURES, measure
        return self.by_measure.get(measure, NOTHING)

    def total(self, measure: str) -> int:
        """The sum that a total holds, in its unit."""
        return self.of(measure).sample

    def sample(self, measure: str) -> int:
        """How many it was taken from; of a total, its partner's sample."""
        return self.of(MEASURES[measure].partner or measure).sample


def gathered(rows: Iterable[tuple[str, int, int]]) -> Numbers:
    """(measure, value, count) in any order, with repetitions → numbers; what adds up to nothing is left out."""
    found: dict[str, dict[int, int]] = {}
    for measure, value, count in rows:
        values = found.setdefault(measure, {})
        values[value] = values.get(value, 0) + count
    made = {
        measure: Distribution(tuple(sorted((value, count) for value, count in values.items() if count)))
        for measure, values in found.items()
    }
    return Numbers({measure: one for measure, one in made.items() if one.counts})


def baseline_of(values: Iterable[int]) -> int | None:
    """The median of earlier values, the lower one of two; None of fewer than ``FEW``."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] if len(ordered) >= FEW else None
