"""The credit score (信用评分): start value plus what the facts of the last months cost or bring.

Invariants: integer hundredths, clipped to 0…100.00; the score is the sum of the lines shown; a fact counts from the
instant it took effect until its months are over (half-open, Beijing days). Source: credit.md section 2.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from commons.instants import beijing_date
from credit.rulebook import CreditRule, Rulebook

FULL = 10_000


@dataclass(frozen=True, slots=True)
class CreditFact:
    """A fact under a rule; it is never edited, only followed."""

    id: str
    subject: str
    code: str
    basis: str
    effective_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of the sum: the fact, what it counts in hundredths after its cap, and the day it stops counting."""

    fact: CreditFact
    rule: CreditRule
    points: int
    until: date | None


@dataclass(frozen=True, slots=True)
class Score:
    """Hundredths; ``is_new`` while no fact counts (shown as 新入驻, neither bad nor perfect)."""

    value: int
    start: int
    lines: tuple[ScoreLine, ...]

    @property
    def is_new(self) -> bool:
        """Whether there is nothing to judge by yet."""
        return not self.lines


def months_later(day: date, months: int) -> date:
    """The same day of the month that many months later, or the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def score(facts: Iterable[CreditFact], book: Rulebook, *, at: datetime, known_at: datetime) -> Score:
    """What the facts recorded by ``known_at`` are worth at ``at``, in hundredths, line by line.

    Caps hold per rule over the lines that count at ``at``, oldest first. A fact whose code the rulebook does not know
    is a bug of the caller (``KeyError``).
    """
    today = beijing_date(at)
    spent: dict[str, int] = {}
    lines: list[ScoreLine] = []
    for fact in sorted(facts, key=lambda one: (one.effective_at, one.id)):
        rule = book.rules[fact.code]
        if fact.effective_at > at or fact.recorded_at > known_at:
            continue
        until = months_later(beijing_date(fact.effective_at), rule.valid_months) if rule.valid_months else None
        if until is not None and today >= until:
            continue
        points = rule.points
        if rule.cap is not None:
            room = rule.cap - abs(spent.get(rule.code, 0))
            points = max(-room, min(room, points))
        spent[rule.code] = spent.get(rule.code, 0) + points
        lines.append(ScoreLine(fact, rule, points, until))
    total = book.start + sum(line.points for line in lines)
    return Score(max(0, min(FULL, total)), book.start, tuple(lines))
