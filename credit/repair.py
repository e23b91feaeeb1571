"""Credit repair (信用修复): when a fact may be repaired, how long it is public, how long it is kept.

Three classes. Minor: in principle not published, repaired as soon as the duty is done; general and severe: published at
least and at most so long. Every clock runs from the decision's date. Publication and keeping are two clocks, and what
is published ends with the shorter.
Source: 信用修复管理办法 (order 36, read in part), credit.md section 4; the numbers are rows of data/clocks.csv.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commons.instants import format_instant
from commons.verdicts import Reason, Verdict, verdict
from credit.clocks import CreditClocks
from credit.facts import CreditFact, FactState, Followed, Severity
from credit.restrictions import RESTRICTION_RULE, approved_by_two
from credit.rulebook import Rulebook

DECIDING = frozenset({"repair_applied", "repair_refused", "repaired"})
"""What begins an application and what ends it."""
COMPLAINT = "可以补正后再次申请；对不予修复不服的，可以向作出决定的部门的上一级部门反映"
"""What a refused applicant may do; the default of generic-v1, no text of it was read."""


@dataclass(frozen=True, slots=True)
class RepairWindow:
    """Instants of one fact: repair from ``repairable_from``; public on ``public_from ≤ at < public_until``.

    ``kept_until`` is when it leaves the files. A minor fact is public at no time: both ends are the same.
    """

    public_from: datetime
    repairable_from: datetime
    public_until: datetime
    kept_until: datetime

    def is_public(self, *, at: datetime, ended_at: datetime | None = None) -> bool:
        """Whether the fact is published at that instant; ``ended_at`` is when it was repaired or revoked."""
        return self.public_from <= at < self.public_until and (ended_at is None or at < ended_at)


def severity_of(fact: CreditFact, book: Rulebook) -> Severity | None:
    """The class of a fact: the decision's, else its rule's; None for what needs no repair."""
    if fact.decision is not None:
        return fact.decision.severity
    rule = book.rules.get(fact.code)
    return rule.severity if rule is not None else None


def repair_window(severity: Severity, clocks: CreditClocks, *, decided_at: datetime) -> RepairWindow:
    """The instants that follow from a decision of that class, taken at ``decided_at``."""
    kept_until = clocks.after("kept", decided_at).at
    longest = clocks.after(f"{severity}_maximum", decided_at).at
    return RepairWindow(
        public_from=decided_at,
        repairable_from=clocks.after(f"{severity}_minimum", decided_at).at,
        public_until=min(longest, kept_until) if clocks.is_on(f"{severity}_public") else decided_at,
        kept_until=kept_until,
    )


def judge_application(
    state: FactState, severity: Severity | None, clocks: CreditClocks, *,
    is_corrected: bool, is_committed: bool, at: datetime,
) -> Verdict:  # fmt: skip
    """Allowed when the minimum is reached, the duty is done, the commitment is public and nothing is pending."""
    if severity is None:
        return verdict((Reason("nothing_to_repair", RESTRICTION_RULE, {"code": state.fact.code}),))
    reasons = [*over(state)]
    source = clocks.source(f"{severity}_minimum")
    window = repair_window(severity, clocks, decided_at=state.fact.effective_at)
    if at < window.repairable_from:
        params = {"severity": severity, "repairable_from": format_instant(window.repairable_from)}
        reasons.append(Reason("repair_too_early", source, params))
    if not is_corrected:
        reasons.append(Reason("not_corrected", source))
    if not is_committed:
        reasons.append(Reason("commitment_not_signed", source))
    if pending(state.fact.followed) is not None:
        reasons.append(Reason("repair_pending", source))
    return verdict(tuple(reasons))


def judge_grant(state: FactState, *, by: str) -> Verdict:
    """Allowed when repair is applied for and this regulator has not approved it before."""
    reasons = [*over(state)]
    if pending(state.fact.followed) is None:
        reasons.append(Reason("repair_not_applied_for", RESTRICTION_RULE))
    earlier = approvals(state.fact.followed)
    if earlier and by.casefold() in {one.casefold() for one in earlier}:
        reasons.extend(approved_by_two((*earlier, by)))
    return verdict(tuple(reasons))


def judge_refusal(state: FactState) -> Verdict:
    """Allowed while repair is applied for: what is refused counts on as it did."""
    reasons = [*over(state)]
    if pending(state.fact.followed) is None:
        reasons.append(Reason("repair_not_applied_for", RESTRICTION_RULE))
    return verdict(tuple(reasons))


def over(state: FactState) -> tuple[Reason, ...]:
    """Why nothing can be done about a fact any more: it was revoked or repaired or has expired."""
    return () if state.status == "counts" else (Reason("fact_is_over", RESTRICTION_RULE, {"status": state.status}),)


def pending(followed: Sequence[Followed]) -> Followed | None:
    """The application for repair that nobody has decided."""
    latest = [one for one in _in_order(followed) if one.kind in DECIDING][-1:]
    return latest[0] if latest and latest[0].kind == "repair_applied" else None


def approvals(followed: Sequence[Followed]) -> tuple[str, ...]:
    """Who approved the pending application so far."""
    applied = pending(followed)
    if applied is None:
        return ()
    return tuple(one.by for one in _in_order(followed) if one.kind == "repair_approved" and one.place > applied.place)


def _in_order(followed: Sequence[Followed]) -> list[Followed]:
    return sorted(followed, key=lambda one: one.place)
