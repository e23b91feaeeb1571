"""Restrictions (受限): from the instant they are in force nothing anywhere accepts the subject.

Invariants: never back-dated; two different regulators approve; in force on ``starts_at ≤ at < ends_at`` and until it is
lifted, in every city and mode; prior notice and a hearing (陈述申辩) come first unless it is urgent or an authority has
decided. Source: credit.md sections 1 and 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from commons.instants import Period, format_instant
from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict
from credit.facts import FactState, Layer

Measure = Literal["sign_up", "offer", "shelf", "award", "contract", "new_item"]
"""What a restriction can bar: 报名、报价、上架、中选、签约、新增事项."""

LEADS_TO: Mapping[Measure, tuple[Measure, ...]] = MappingProxyType({"sign_up": ("award",), "offer": ("award",)})
"""What an act leads to and nothing else: who cannot be awarded has nothing to sign up or offer for."""

APPROVERS = 2
"""Different regulators that a restriction needs."""

RESTRICTION_RULE = Source("涉批中介网上超市失信惩戒规则（generic-v1）", "no", "credit.md 3")


@dataclass(frozen=True, slots=True)
class Restriction:
    """One restriction of one subject; ``ends_at`` None lasts until repaired; ``region`` is where it was decided.

    No ``measures`` or no ``items``: all of them. ``fact`` is the credit fact that caused it, ``notice`` what announced
    it (None: it was urgent), ``lifted_at`` when it was lifted, where it ends.
    """

    id: str
    subject: str
    layer: Layer
    basis: str
    region: str
    starts_at: datetime
    ends_at: datetime | None
    measures: tuple[Measure, ...] = ()
    items: tuple[str, ...] = ()
    fact: str | None = None
    notice: str | None = None
    lifted_at: datetime | None = None

    def is_in_force(self, *, at: datetime) -> bool:
        """Whether it holds at that instant."""
        return Period(self.starts_at, self.ends_at).contains(at) and (self.lifted_at is None or at < self.lifted_at)

    def told(self, *, at: datetime) -> Restriction:
        """What anybody may read of it at that instant: while in force all of it, afterwards that there was one.

        When it held, in which matters and who decided it stay; the basis, the fact and the notice do not.
        """
        return self if self.is_in_force(at=at) else replace(self, basis="", fact=None, notice=None)

    def bars(self, measure: Measure | None = None, items: Sequence[str] = ()) -> bool:
        """Whether it covers that measure, or what it leads to, and any of those service items.

        None or no items: whatever they are.
        """
        named = () if measure is None else (measure, *LEADS_TO.get(measure, ()))
        covers_measure = not named or not self.measures or not set(named).isdisjoint(self.measures)
        return covers_measure and (not items or not self.items or not set(items).isdisjoint(self.items))


@dataclass(frozen=True, slots=True)
class Notice:
    """The prior notice of a restriction (事先告知): until ``hearing_until`` the subject may be heard.

    ``statement`` is what it stated (陈述申辩), None: nothing so far.
    """

    id: str
    subject: str
    hearing_until: datetime
    statement: str | None = None


def restricted(
    restrictions: Iterable[Restriction], *, at: datetime, measure: Measure | None = None, items: Sequence[str] = ()
) -> tuple[Reason, ...]:
    """One reason for each restriction in force that bars the measure for one of the items, oldest first.

    Without a measure or items any restriction in force counts, whatever it covers.
    """
    in_force = sorted(
        (one for one in restrictions if one.is_in_force(at=at) and one.bars(measure, items)),
        key=lambda one: (one.starts_at, one.id),
    )
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
    *, approvers: tuple[str, ...], decided_by: str, basis: str, ends_at: datetime | None, at: datetime,
    notice: Notice | None = None, cause: FactState | None = None, statement_answer: str | None = None,
) -> Verdict:  # fmt: skip
    """Allowed when two different regulators approve, one of them acts, the basis is stated, and the end lies ahead.

    Two spellings of one name that differ in case alone are one regulator. Without a notice it is urgent; with one the
    hearing must be over, and what the subject stated in it is answered. A ``cause`` still counts: a fact that is over
    is never repaired again, and nothing would lift the restriction.
    """
    reasons = list(approved_by_two(approvers))
    if decided_by not in approvers:
        reasons.append(Reason("caller_is_no_approver", RESTRICTION_RULE))
    if not basis.strip():
        reasons.append(Reason("basis_missing", RESTRICTION_RULE))
    if ends_at is not None and ends_at <= at:
        reasons.append(Reason("end_is_past", RESTRICTION_RULE, {"ends_at": format_instant(ends_at)}))
    if notice is not None and at < notice.hearing_until:
        params = {"hearing_until": format_instant(notice.hearing_until)}
        reasons.append(Reason("hearing_not_over", RESTRICTION_RULE, params))
    stated = notice is not None and notice.statement is not None
    if stated != (statement_answer is not None):
        reasons.append(Reason("statement_not_answered" if stated else "no_statement_made", RESTRICTION_RULE))
    if cause is not None and cause.status != "counts":
        reasons.append(Reason("fact_is_over", RESTRICTION_RULE, {"status": cause.status}))
    return verdict(tuple(reasons))


def judge_lift(
    restriction: Restriction, *, approvers: tuple[str, ...], decided_by: str, cause: FactState | None, at: datetime
) -> Verdict:
    """Allowed while it is in force, by two different regulators of whom one acts.

    Not while the fact that caused it counts: what follows a fact ends with its repair or its revocation.
    """
    reasons = list(approved_by_two(approvers))
    if decided_by not in approvers:
        reasons.append(Reason("caller_is_no_approver", RESTRICTION_RULE))
    if not restriction.is_in_force(at=at):
        ends_at = format_instant(restriction.ends_at) if restriction.ends_at else ""
        reasons.append(Reason("restriction_is_over", RESTRICTION_RULE, {"ends_at": ends_at}))
    if cause is not None and cause.status == "counts":
        reasons.append(Reason("fact_still_counts", RESTRICTION_RULE, {"fact": cause.fact.id}))
    return verdict(tuple(reasons))


def judge_statement(notice: Notice, *, is_decided: bool, at: datetime) -> Verdict:
    """Allowed once, before the end of the hearing; not when the restriction is decided already."""
    reasons: list[Reason] = []
    if notice.statement is not None:
        reasons.append(Reason("statement_was_made", RESTRICTION_RULE, {"statement": notice.statement}))
    if at >= notice.hearing_until or is_decided:
        params = {"hearing_until": format_instant(notice.hearing_until)}
        reasons.append(Reason("hearing_is_over", RESTRICTION_RULE, params))
    return verdict(tuple(reasons))


def approved_by_two(approvers: Sequence[str]) -> tuple[Reason, ...]:
    """No reason when exactly two different people approve; names that differ in case alone are one person's."""
    different = {approver.casefold() for approver in approvers}
    if len(different) == len(approvers) == APPROVERS:
        return ()
    return (Reason("two_approvers_needed", RESTRICTION_RULE, {"given": len(different)}),)
