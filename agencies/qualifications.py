"""Qualifications (资质): what an agency holds against what an item legally asks, on a given day.

Invariants: a higher grade covers a lower one (the caller passes the accepted grades); validity is half-open in Beijing
days and acts by the clock; the answer lists every requirement that is not met. Source: market.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from commons.instants import DayPeriod
from commons.sources import Source
from commons.verdicts import Reason


@dataclass(frozen=True, slots=True)
class Qualification:
    """One certificate; ``grade`` None for ungraded kinds; valid on ``valid_from ≤ day < valid_until``."""

    kind: str
    grade: str | None
    number: str
    issuer: str
    valid_from: date
    valid_until: date | None

    def is_valid(self, *, on: date) -> bool:
        """Whether it is in force on that day."""
        return DayPeriod(self.valid_from, self.valid_until).contains(on)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What an item asks: a kind, and the grades that do (best first; None: any, or an ungraded kind)."""

    kind: str
    grades: tuple[str, ...] | None
    source: Source

    def accepts(self, held: Qualification) -> bool:
        """Whether the certificate is of this kind and of a sufficient grade, whatever its dates."""
        return held.kind == self.kind and (self.grades is None or held.grade in self.grades)


def missing(held: Iterable[Qualification], requirement: Requirement | None, *, on: date) -> tuple[Reason, ...]:
    """Why the certificates do not do on that day: nothing, or the one reason that comes closest.

    Order of closeness: expired or not yet in force, grade too low, none of the kind.
    """
    if requirement is None:
        return ()
    of_kind = [one for one in held if one.kind == requirement.kind]
    enough = [one for one in of_kind if requirement.accepts(one)]
    if any(one.is_valid(on=on) for one in enough):
        return ()
    asked = "、".join(requirement.grades) if requirement.grades else ""
    if enough:
        last = max(enough, key=lambda one: (one.valid_until or date.max, one.number))
        until = last.valid_until.isoformat() if last.valid_until else ""
        params = {"kind": requirement.kind, "number": last.number, "valid_until": until, "on": on.isoformat()}
        code = "qualification_expired_at_close" if last.valid_from <= on else "qualification_not_yet_valid"
        return (Reason(code, requirement.source, params),)
    if of_kind:
        best = "、".join(sorted({one.grade or "" for one in of_kind}))
        return (
            Reason(
                "qualification_below_grade",
                requirement.source,
                {"kind": requirement.kind, "held": best, "asked": asked},
            ),
        )
    return (Reason("qualification_missing", requirement.source, {"kind": requirement.kind, "asked": asked}),)


def best_grade(held: Iterable[Qualification], requirement: Requirement | None, *, on: date) -> str | None:
    """The best accepted grade held on that day; None when the item or the kind knows no grades."""
    if requirement is None or requirement.grades is None:
        return None
    grades = {one.grade for one in held if requirement.accepts(one) and one.is_valid(on=on)}
    return next((grade for grade in requirement.grades if grade in grades), None)
