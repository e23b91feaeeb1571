"""The credit score (信用评分): start value plus what the facts of the last months cost or bring.

Invariants: integer hundredths, clipped to 0…100.00; the score is the start, the lines shown and what clipping takes
off; a fact counts from the instant it took effect until its months are over (half-open, Beijing days) or it is revoked,
repaired or expired; a disputed one counts. Source: credit.md section 2.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from commons.instants import beijing_date
from credit.facts import CreditFact, fact_state
from credit.rulebook import CreditRule, Rulebook

__all__ = ["FULL", "CreditFact", "Score", "ScoreLine", "months_later", "score"]

FULL = 10_000


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of the sum: the fact as it then read, what it counts in hundredths after its cap, the day it stops."""

    fact: CreditFact
    rule: CreditRule
    points: int
    until: date | None
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """Hundredths; ``is_new`` (新入驻, neither bad nor perfect) until enough jobs were accepted.

    ``band`` is the grade that the value falls in; ``accepted_jobs`` None: not counted, then new while no fact counts.
    """

    value: int
    start: int
    lines: tuple[ScoreLine, ...]
    band: str | None = None
    accepted_jobs: int | None = None
    new_until_jobs: int = 0

    @property
    def is_new(self) -> bool:
        """Whether there is nothing to judge by yet."""
        return not self.lines if self.accepted_jobs is None else self.accepted_jobs < self.new_until_jobs

    @property
    def grade(self) -> str | None:
        """The grade (信用等级) that is shown; None while new."""
        return None if self.is_new else self.band

    @property
    def clipped(self) -> int:
        """What the bounds 0 and 100.00 add to or take off the sum, in hundredths; 0 within them."""
        return self.value - self.start - sum(line.points for line in self.lines)


def months_later(day: date, months: int) -> date:
    """The same day of the month that many months later, or the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def score(
    facts: Iterable[CreditFact], book: Rulebook, *, at: datetime, known_at: datetime, accepted_jobs: int | None = None
) -> Score:
    """What was believed at ``known_at`` of the score at ``at``, in hundredths, line by line, the oldest fact first.

    Caps hold per rule over the lines that count at ``at``, oldest first. A market fact whose code the rulebook does not
    know is a bug of the caller (``KeyError``); a statutory one weighs only where the rulebook has a row for it.
    """
    assert not book.is_accumulating, "points that accumulate are no score"
    today = beijing_date(at)
    spent: dict[str, int] = {}
    lines: list[ScoreLine] = []
    for fact in sorted(facts, key=lambda one: (one.effective_at, one.id)):
        state = fact_state(fact, at=at, known_at=known_at)
        if state is None or state.status != "counts" or _is_unscored(state.fact, book):
            continue
        rule = book.rules[state.fact.code]
        until = months_later(beijing_date(fact.effective_at), rule.valid_months) if rule.valid_months else None
        if until is not None and today >= until:
            continue
        points = rule.points_of(state.fact.quantity)
        if rule.cap is not None:
            room = rule.cap - abs(spent.get(rule.code, 0))
            points = max(-room, min(room, points))
        spent[rule.code] = spent.get(rule.code, 0) + points
        lines.append(ScoreLine(state.fact, rule, points, until, state.is_disputed))
    value = max(0, min(FULL, book.start + sum(line.points for line in lines)))
    needed = next((one.value for one in book.thresholds if one.kind == "new"), 0)
    return Score(value, book.start, tuple(lines), book.grade_of(value), accepted_jobs, needed)


def _is_unscored(fact: CreditFact, book: Rulebook) -> bool:
    """Whether it is a decision of an authority for which the rulebook gives no points."""
    return fact.layer == "statutory" and fact.code not in book.rules
