"""Points that accumulate within a cycle (失信记分): so many bring a warning, so many a restriction of some months.

Invariants: a cycle runs one year from the day the subject's file was opened and then again; reaching the limit
restricts for the months of the rulebook, and the cycle begins anew that day, from nothing; reaching it again adds as
many months to what is still to run. What was revoked, repaired or has expired by ``at`` never counted.
Source: the national scored scheme of environmental-assessment preparers, 2019 (its rows say what was read).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from commons.instants import beijing_date, start_of_day
from credit.facts import CreditFact, fact_state
from credit.rulebook import Rulebook
from credit.scoring import ScoreLine, months_later


@dataclass(frozen=True, slots=True)
class Accumulated:
    """Where a subject stands: hundredths in the running cycle with their lines, and what they brought.

    ``restricted_from`` is the instant of the last limit reached, ``restricted_until`` the Beijing midnight that frees
    the subject (None: never reached); ``cycle_until`` is the day the cycle ends.
    """

    points: int
    lines: tuple[ScoreLine, ...]
    cycle_until: date
    is_warned: bool
    restricted_from: datetime | None
    restricted_until: datetime | None

    def is_restricted(self, *, at: datetime) -> bool:
        """Whether a limit reached bars the subject at that instant."""
        return self.restricted_until is not None and at < self.restricted_until


def accumulate(
    facts: Iterable[CreditFact], book: Rulebook, *, opened_on: date, at: datetime, known_at: datetime
) -> Accumulated:
    """What was believed at ``known_at`` of the points at ``at``; facts from before ``opened_on`` are of no cycle.

    A fact whose code the rulebook does not know is a bug of the caller (``KeyError``), as is a rulebook of the other
    shape.
    """
    assert book.is_accumulating, "a score does not accumulate"
    limit, warning, cycle = book.threshold("restricted"), book.threshold("warning"), book.threshold("cycle")
    assert cycle.months, "a cycle has a length"
    assert limit.months, "a restriction has a length"
    anchor, turn, lines, points = opened_on, 0, list[ScoreLine](), 0
    restricted_from: datetime | None = None
    free_on: date | None = None
    for fact in sorted(facts, key=lambda one: (one.effective_at, one.id)):
        state = fact_state(fact, at=at, known_at=known_at)
        day = beijing_date(fact.effective_at)
        if state is None or state.status != "counts" or day < anchor:
            continue
        if (now := _turns(anchor, cycle.months, day)) != turn:
            turn, lines, points = now, [], 0
        rule = book.rules[state.fact.code]
        counted = rule.points_of(state.fact.quantity)
        points += counted
        until = months_later(anchor, (turn + 1) * cycle.months)
        lines.append(ScoreLine(state.fact, rule, counted, until, state.is_disputed))
        if points >= limit.value:
            restricted_from = fact.effective_at
            free_on = months_later(max(day, free_on or day), limit.months)
            anchor, turn, lines, points = day, 0, [], 0
    if (now := _turns(anchor, cycle.months, beijing_date(at))) != turn:
        turn, lines, points = now, [], 0
    return Accumulated(
        points=points,
        lines=tuple(lines),
        cycle_until=months_later(anchor, (turn + 1) * cycle.months),
        is_warned=points >= warning.value,
        restricted_from=restricted_from,
        restricted_until=start_of_day(free_on) if free_on is not None else None,
    )


def _turns(anchor: date, months: int, day: date) -> int:
    """How many whole cycles lie between the anchor and the day; always counted from the anchor, so no day is lost."""
    turns = 0
    while months_later(anchor, (turns + 1) * months) <= day:
        turns += 1
    return turns
