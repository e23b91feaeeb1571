"""Restrictions (受限): from the instant they are in force nothing anywhere accepts the subject.

Invariants: never back-dated; two different regulators approve; in force on ``starts_at ≤ at < ends_at``, in every city
and mode. Source: credit.md sections 1 and 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from commons.instants import Period, format_instant
from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict
from credit.facts import Layer

APPROVERS = 2
"""Different regulators that a restriction needs."""

RESTRICTION_RULE = Source("涉批中介网上超市失信惩戒规则（generic-v1）", "no", "credit.md 3")


@dataclass(frozen=True, slots=True)
class Restriction:
    """One restriction of one subject; ``ends_at`` None lasts until repaired; ``region`` is where it was decided."""

    id: str
    subject: str
    layer: Layer
    basis: str
    region: str
    starts_at: datetime
    ends_at: datetime | None

    def is_in_force(self, *, at: datetime) -> bool:
        """Whether it holds at that instant."""
        return Period(self.starts_at, self.ends_at).contains(at)


def restricted(restrictions: Iterable[Restriction], *, at: datetime) -> tuple[Reason, ...]:
    """One reason for each restriction in force, oldest first."""
    in_force = sorted((one for one in restrictions if one.is_in_force(at=at)), key=lambda one: (one.starts_at, one.id))
    return tuple(
        Reason(
            "restricted",
            RESTRICTION_RULE,
            {
                "restriction": one.id,
                "basis": one.basis,
                "region": one.region,
                "starts_at": format_instant(one.starts_at),
                "ends_at": format_instant(one.ends_at) if one.ends_at else "",
            },
        )
        for one in in_force
    )


def judge_restriction(
    *, approvers: tuple[str, ...], decided_by: str, basis: str, ends_at: datetime | None, at: datetime
) -> Verdict:
    """Allowed when two different regulators approve, one of them acts, the basis is stated, and the end lies ahead.

    Two spellings of one name that differ in case alone are one regulator.
    """
    reasons: list[Reason] = []
    different = {approver.casefold() for approver in approvers}
    if not len(different) == len(approvers) == APPROVERS:
        reasons.append(Reason("two_approvers_needed", RESTRICTION_RULE, {"given": len(different)}))
    if decided_by not in approvers:
        reasons.append(Reason("caller_is_no_approver", RESTRICTION_RULE))
    if not basis.strip():
        reasons.append(Reason("basis_missing", RESTRICTION_RULE))
    if ends_at is not None and ends_at <= at:
        reasons.append(Reason("end_is_past", RESTRICTION_RULE, {"ends_at": format_instant(ends_at)}))
    return verdict(tuple(reasons))
