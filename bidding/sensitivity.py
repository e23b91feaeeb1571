"""Sensitivity (敏感性): for each criterion, within which weights the first stays first, and who comes first beyond.

One criterion's weight takes every whole number of points from 0 to 100; the others share the rest in the proportion of
their declared points, as exact rationals, never rounded to whole points. Every bidder keeps its exact share of each
criterion's points (so a grade's table, the marks, and what an experience or a percent off the benchmark is worth scale
with the weight); a cell is then rounded half-up to hundredths, as in the decision, and ties and the draw decide as
declared. The range is the unbroken one around the declared weight. A sole criterion has nobody to give weight to: its
range is its 100 points. Source: selection.md sections 3 and 7; the shares are those that the decision rounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from bidding.case import Case, ComprehensiveCase, InstantCase
from bidding.modes import comprehensive, instant
from bidding.offers import Bid
from bidding.scoring import Scoring
from bidding.terms import Criterion
from bidding.wording import WORDS, render
from commons.canonical import Json
from commons.draws import Draw
from commons.verdicts import Param

ALL_POINTS = 100
"""Points of all criteria together, hence the highest weight."""


class Beyond(NamedTuple):
    """The first weight outside the range, and who comes first there; None where a draw without inputs would say it."""

    points: int
    bidder: str | None


@dataclass(frozen=True, slots=True)
class WeightRange:
    """Criterion ``index`` may weigh ``low`` … ``high`` whole points and ``first`` stays first.

    ``below`` and ``above`` are None where the range reaches the end of the scale.
    """

    index: int
    code: str
    points: int
    first: str
    low: int
    high: int
    below: Beyond | None
    above: Beyond | None

    def as_json(self) -> dict[str, Json]:
        """The numbers, and the sentence in both languages."""
        beyond = [one for one in (self.below, self.above) if one is not None]
        return {
            "criterion": self.index,
            "code": self.code,
            "points": self.points,
            "first": self.first,
            "low": self.low,
            "high": self.high,
            "below": None if self.below is None else {"points": self.below.points, "bidder": self.below.bidder},
            "above": None if self.above is None else {"points": self.above.points, "bidder": self.above.bidder},
            "zh": self._words("zh") + "".join(_beyond_words(one, "zh") for one in beyond),
            "en": self._words("en") + "".join(_beyond_words(one, "en") for one in beyond),
        }

    def _words(self, language: str) -> str:
        numbers: dict[str, Param] = {"points": self.points, "first": self.first, "low": self.low, "high": self.high}
        return render(getattr(WORDS["weight_range"], language), numbers)


def _beyond_words(one: Beyond, language: str) -> str:
    code = "weight_beyond" if one.bidder is not None else "weight_beyond_drawn"
    return render(getattr(WORDS[code], language), {"points": one.points, "bidder": one.bidder})


def sensitivity(case: Case) -> tuple[WeightRange, ...]:
    """One range for each criterion of a case that ranks by points; none without a ranking or without points."""
    weighed = _weighed(case)
    return () if weighed is None else _ranges(*weighed)


def leaders(case: Case, index: int) -> tuple[str | None, ...]:
    """Who comes first when criterion ``index`` weighs 0, 1, … 100 whole points; empty where nothing can be weighed.

    None at a weight where equals would be told apart by a draw that has no inputs. A sole criterion cannot be weighed.
    """
    weighed = _weighed(case)
    if weighed is None:
        return ()
    field, _, first = weighed
    weighing = _Weighing(field, index, first)
    if not weighing.rest:
        return ()
    positions = [weighing.leader(weight) for weight in range(ALL_POINTS + 1)]
    return tuple(None if position is None else field.ids[position] for position in positions)


def _weighed(case: Case) -> tuple[_Field, Scoring, int] | None:
    """What weighing starts from: everybody, the scales, the position of the first; None without a ranking by points."""
    criteria: Sequence[Criterion]
    bids: Sequence[Bid]
    match case:
        case ComprehensiveCase():
            work = comprehensive.evaluate(case)
            criteria, bids, scoring, order = case.terms.criteria, work.sifted.kept, work.scoring, work.order
        case InstantCase():
            shelf = instant.evaluate(case)
            criteria, bids, scoring, order = case.terms.criteria, shelf.bids, shelf.scoring, shelf.order
        case _:
            return None
    if scoring is None or order is None:
        return None
    columns = [list(zip(*map(_listed, scale.ratios(bids), [len(bids)] * 2), strict=True)) for scale in scoring.scales]
    ties = [tuple(key[1:]) for key in order.keys]
    field = _Field([bid.bidder for bid in bids], [one.points for one in criteria], columns, ties, case.draw)
    return field, scoring, order.positions[0]


def _ranges(field: _Field, scoring: Scoring, first: int) -> tuple[WeightRange, ...]:
    made: list[WeightRange] = []
    for index, scale in enumerate(scoring.scales):
        weighing = _Weighing(field, index, first)
        low, below = weighing.walk(-1)
        high, above = weighing.walk(1)
        points = field.points[index]
        made.append(WeightRange(index, scale.code, points, field.ids[first], low, high, below, above))
    return tuple(made)


def _listed(numbers: Iterable[int], count: int) -> list[int]:
    return [number for number, _ in zip(numbers, range(count), strict=False)]


@dataclass(frozen=True, slots=True)
class _Field:
    """Everybody: ids, points of the criteria, the share of each cell as numerator and denominator, keys of the ties."""

    ids: Sequence[str]
    points: Sequence[int]
    columns: Sequence[Sequence[tuple[int, int]]]
    ties: Sequence[tuple[int, ...]]
    draw: Draw | None

    def key(self, position: int, total: int) -> tuple[int, ...]:
        """The key that orders, but for the draw."""
        return (-total, *self.ties[position])

    def first_of(self, keys: dict[int, tuple[int, ...]]) -> int | None:
        """Who comes first by these keys; equals by the draw, None where it has no inputs."""
        least = min(keys.values())
        equals = [position for position, key in keys.items() if key == least]
        if len(equals) == 1:
            return equals[0]
        if self.draw is None:
            return None
        rank = self.draw.rank
        return min(equals, key=lambda position: (rank(self.ids[position]), self.ids[position]))


class _Weighing:
    """One criterion weighed anew; ``rivals`` are those whom some weight from 0 to 100 could bring near the first.

    The exact lead of the first over a rival is linear in the weight, and rounding moves a total by less than half a
    hundredth for each criterion: a rival farther behind at a weight than there are criteria need not be computed there.
    """

    def __init__(self, field: _Field, index: int, first: int) -> None:
        self.field, self.index, self.first = field, index, first
        self.rest = ALL_POINTS - field.points[index]
        self.slack = len(field.points)
        self.rivals = [
            (position, *lead)
            for position in range(len(field.ids))
            if position != first and self._is_near(lead := self._lead(position))
        ]

    def walk(self, step: int) -> tuple[int, Beyond | None]:
        """The last weight in this direction at which the first stays first, and what comes after it."""
        weight = self.field.points[self.index]
        if not self.rest:
            return weight, None
        while 0 <= weight + step <= ALL_POINTS:
            leader = self.leader(weight + step)
            if leader != self.first:
                return weight, Beyond(weight + step, None if leader is None else self.field.ids[leader])
            weight += step
        return weight, None

    def leader(self, weight: int) -> int | None:
        """Who comes first at a weight of whole points."""
        other, slack = ALL_POINTS - weight, self.slack
        near = [
            position for position, full, none, whole in self.rivals if weight * full + other * none <= slack * whole
        ]
        if not near:
            return self.first
        keys = {position: self.field.key(position, self._total(position, weight)) for position in (self.first, *near)}
        return self.field.first_of(keys)

    def _total(self, position: int, weight: int) -> int:
        """Rounded total of a bidder, hundredths: the criterion has ``weight`` points, the others share the rest."""
        total, shared, rest = 0, ALL_POINTS - weight, self.rest
        for index, (points, column) in enumerate(zip(self.field.points, self.field.columns, strict=True)):
            above, below = column[position]
            if index == self.index:
                total += (200 * weight * above + below) // (2 * below)
            else:
                total += (200 * points * shared * above + rest * below) // (2 * rest * below)
        return total

    def _lead(self, position: int) -> tuple[int, int, int]:
        """The first's exact lead for each point of the criterion and of the rest: numerators, one denominator."""
        mine, rest = Fraction(0), Fraction(0)
        for index, (points, column) in enumerate(zip(self.field.points, self.field.columns, strict=True)):
            lead = Fraction(*column[self.first]) - Fraction(*column[position])
            if index == self.index:
                mine = ALL_POINTS * lead
            else:
                rest += lead * ALL_POINTS * points / self.rest
        whole = mine.denominator * rest.denominator
        return mine.numerator * rest.denominator, rest.numerator * mine.denominator, whole

    def _is_near(self, lead: tuple[int, int, int]) -> bool:
        """Whether the rival comes within rounding of the first at weight 0 or at weight 100."""
        full, none, whole = lead
        return min(full, none) * ALL_POINTS <= self.slack * whole
