"""How far a demand reaches (公平性检查): how many filed agencies could take part, and which condition cuts most.

Invariants: conditions are applied one after another in a fixed order, so that the numbers add up; agencies are counted,
never named; a warning stops nobody. Source: market.md section 3; the limit is this market's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from agencies.qualifications import Requirement
from bidding.terms import DemandTerms, DirectTerms, InstantTerms
from bidding.terms_warning import TermsWarning
from commons.sources import Source
from commons.verdicts import Param

REACH_RULE = Source("涉批中介网上超市公平性检查（generic-v1）", "no", "market.md 3")

FEWEST = 3
"""Agencies that should remain at least: below it there is a warning."""

ConditionCode = Literal["kind", "grade", "validity", "restrictions", "recusals"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: how many agencies ``left`` after it and those before it, how many it ``cut``, and its basis."""

    code: ConditionCode
    left: int
    cut: int
    source: Source


@dataclass(frozen=True, slots=True)
class Counts:
    """Agencies on file, and how many are left after each condition: kind, grade, validity, restriction, recusal."""

    filed: int
    of_kind: int
    of_grade: int
    in_force: int
    free: int
    unbiased: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Everybody on file, whittled down condition by condition; what the item does not ask for is not listed."""

    filed: int
    conditions: tuple[Condition, ...]

    @property
    def qualified(self) -> int:
        """Agencies that could take part."""
        return self.conditions[-1].left

    @property
    def cuts_most(self) -> Condition | None:
        """The condition that cuts most, the first of equals; None when none cuts."""
        most = max(self.conditions, key=lambda one: one.cut)
        return most if most.cut else None


def reach_of(counts: Counts, requirements: Sequence[Requirement]) -> Reach:
    """The counts as conditions, each with what it stands on; ``requirements`` are those of all items."""
    rows: list[tuple[ConditionCode, int, Source]] = []
    for requirement in requirements[:1]:
        rows.append(("kind", counts.of_kind, requirement.source))
        if any(one.grades is not None for one in requirements):
            rows.append(("grade", counts.of_grade, requirement.source))
        rows.append(("validity", counts.in_force, requirement.source))
    rows += [("restrictions", counts.free, REACH_RULE), ("recusals", counts.unbiased, REACH_RULE)]
    before = [counts.filed, *(left for _, left, _ in rows)]
    conditions = [
        Condition(code, left, had - left, source) for (code, left, source), had in zip(rows, before, strict=False)
    ]
    return Reach(counts.filed, tuple(conditions))


def check_reach(
    terms: DemandTerms, reach: Reach, requirements: Sequence[Requirement], *, on: date
) -> Iterator[TermsWarning]:
    """Warnings when fewer than three agencies, or fewer than the terms need, could take part on that day.

    A direct choice needs one: nobody competes in it. Source: market.md section 3.
    """
    numbers: dict[str, Param] = {"filed": reach.filed, "qualified": reach.qualified}
    fewest = 1 if isinstance(terms, DirectTerms) else FEWEST
    if reach.qualified < fewest:
        yield TermsWarning("few_qualified", REACH_RULE, "", numbers | {"fewest": fewest})
    needed = 1 if isinstance(terms, InstantTerms | DirectTerms) else terms.min_bidders
    if needed > max(1, reach.qualified):
        named: dict[str, Param] = {"min_bidders": needed, "qualified": reach.qualified}
        yield TermsWarning("min_bidders_above_qualified", REACH_RULE, "/min_bidders", named)
    most = reach.cuts_most
    if most is not None and reach.qualified < max(fewest, needed):
        yield _cut(most, requirements, on)


def _cut(most: Condition, requirements: Sequence[Requirement], on: date) -> TermsWarning:
    """How many the condition cuts, and what it asks."""
    numbers: dict[str, Param] = {"cut": most.cut}
    match most.code:
        case "kind":
            kinds = "、".join(dict.fromkeys(one.kind for one in requirements))
            return TermsWarning("kind_cuts_most", most.source, "", numbers | {"kind": kinds})
        case "grade":
            grades = "；".join(dict.fromkeys("、".join(one.grades) for one in requirements if one.grades))
            return TermsWarning("grade_cuts_most", most.source, "", numbers | {"accepted": grades})
        case "validity":
            return TermsWarning("validity_cuts_most", most.source, "", numbers | {"on": on.isoformat()})
        case "restrictions":
            return TermsWarning("restrictions_cut_most", most.source, "", numbers)
        case "recusals":
            return TermsWarning("recusals_cut_most", most.source, "", numbers)
        case _:
            assert_never(most.code)
