"""Objections to a proposed award and complaints about their answers: who may do what when (中选异议、投诉).

Invariants: an objection is raised in the publicity of the award it is against, once by each; a complaint follows an
objection that was dismissed or not answered in time; what was upheld takes the award away in the same act.
Source: market.md section 4, docs/adr/0022.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bidding.objections import Objection
from commons.cycles import judge_step
from commons.events import Role
from commons.instants import Deadline, format_instant
from commons.profiles import RuleProfile
from commons.sources import Source
from commons.verdicts import Reason, Refused, Verdict, verdict
from marketplace.demands.life_cycle import DEMAND_CYCLE, Stage

OBJECTION_RULE = Source("涉批中介网上超市中选异议投诉规则（generic-v1）", "no", "market.md 4")
MAX_OBJECTIONS = 50
"""Objections against one award at most, not counting those withdrawn; each objector has one of them."""


@dataclass(frozen=True, slots=True)
class Objecting:
    """An objection about to be raised: where the selection is, until when publicity lasts, who objected before.

    ``is_own``: who objects is proposed itself; ``count`` are the objections against the same award that were not
    withdrawn.
    """

    stage: Stage
    is_instant: bool
    publicity_until: datetime | None
    has_objected: bool
    is_own: bool
    count: int


def judge_award_objection(now: Objecting, role: Role, *, at: datetime) -> Verdict:
    """Whether somebody may object: inside publicity, once, not to its own award; an instant award binds (ADR 0009)."""
    if now.is_instant:
        return Refused((Reason("instant_award_binds", OBJECTION_RULE),))
    ruling = judge_step(DEMAND_CYCLE, now.stage, "object_to_award", role)
    if isinstance(ruling, Refused):
        return ruling
    reasons: list[Reason] = []
    if now.publicity_until is not None and at >= now.publicity_until:
        reasons.append(Reason("publicity_is_over", OBJECTION_RULE, {"until": format_instant(now.publicity_until)}))
    if now.has_objected:
        reasons.append(Reason("objected_before", OBJECTION_RULE))
    if now.is_own:
        reasons.append(Reason("own_award", OBJECTION_RULE))
    if now.count >= MAX_OBJECTIONS:
        reasons.append(Reason("too_many_objections", OBJECTION_RULE, {"most": MAX_OBJECTIONS}))
    return verdict(tuple(reasons))


def judge_answer(stage: Stage, role: Role, one: Objection, *, at: datetime) -> Verdict:
    """Whether the owner may answer: once, late too, and not what is complained about or over."""
    ruling = judge_step(DEMAND_CYCLE, stage, "answer_award_objection", role)
    if isinstance(ruling, Refused):
        return ruling
    if one.answered_at is not None:
        return Refused((Reason("award_objection_answered", OBJECTION_RULE),))
    if one.complaint is not None:
        return Refused((Reason("complaint_is_open", OBJECTION_RULE),))
    return _still_open(one, at=at)


def judge_withdrawal(stage: Stage, role: Role, one: Objection, *, at: datetime) -> Verdict:
    """Whether the objector may withdraw: as long as the objection holds anything up, and no regulator has it."""
    ruling = judge_step(DEMAND_CYCLE, stage, "withdraw_award_objection", role)
    if isinstance(ruling, Refused):
        return ruling
    if one.complaint is not None and one.complaint.accepted_at is not None:
        return Refused((Reason("complaint_is_open", OBJECTION_RULE),))
    return _still_open(one, at=at)


def judge_complaint(stage: Stage, role: Role, one: Objection, end: Deadline | None, *, at: datetime) -> Verdict:
    """Whether the objector may complain: after the answer, or after it fell due; until ``end``, and once."""
    ruling = judge_step(DEMAND_CYCLE, stage, "lodge_complaint", role)
    if isinstance(ruling, Refused):
        return ruling
    if one.complaint is not None:
        return Refused((Reason("complained_before", OBJECTION_RULE),))
    if end is None:
        params = {"answer_until": format_instant(one.answer_until.at)}
        return Refused((Reason("answer_not_due", OBJECTION_RULE, params),))
    if at >= end.at:
        return Refused((Reason("complaint_too_late", OBJECTION_RULE, {"until": format_instant(end.at)}),))
    return _still_open(one, at=at)


def complaint_end(one: Objection, profile: RuleProfile, *, at: datetime) -> Deadline | None:
    """Until when a complaint may follow the objection; None while its answer is neither there nor due.

    Counted from the answer, or from where it fell due; an owner who answers later opens the time again.
    """
    if one.answered_at is None and at < one.answer_until.at:
        return None
    if one.complain_until is None and one.answered_at is None:
        return profile.after("complaint", one.answer_until.at)
    return one.complain_until


def judge_acceptance(stage: Stage, role: Role, one: Objection) -> Verdict:
    """Whether a regulator may accept or refuse the complaint: lodged, not withdrawn, and neither yet."""
    ruling = judge_step(DEMAND_CYCLE, stage, "accept_complaint", role)
    if isinstance(ruling, Refused):
        return ruling
    complaint = one.complaint
    is_over = one.withdrawn_at is not None
    if is_over or complaint is None or complaint.accepted_at is not None or complaint.refused_at is not None:
        return Refused((Reason("no_complaint_waits", OBJECTION_RULE),))
    return ruling


def judge_decision(stage: Stage, role: Role, one: Objection) -> Verdict:
    """Whether a regulator may decide the complaint: accepted, and not decided yet."""
    ruling = judge_step(DEMAND_CYCLE, stage, "decide_complaint", role)
    if isinstance(ruling, Refused):
        return ruling
    complaint = one.complaint
    is_over = one.withdrawn_at is not None
    if is_over or complaint is None or complaint.accepted_at is None or complaint.decided_at is not None:
        return Refused((Reason("no_complaint_accepted", OBJECTION_RULE),))
    return ruling


def judge_remedy(role: Role, *, is_drawn: bool, approver: str | None) -> tuple[Reason, ...]:
    """Refuses whoever alone would take an award away: an owner always, a regulator where a draw gave it.

    An owner with one friend who objects would choose its agency; one draw per matter (trust.md section 5).
    """
    if approver is None and (is_drawn or role != "regulator"):
        return (Reason("remedy_needs_approver", OBJECTION_RULE),)
    return ()


def _still_open(one: Objection, *, at: datetime) -> Verdict:
    """Refuses what holds nothing up any more."""
    if one.is_open(at=at):
        return verdict(())
    return Refused((Reason("objection_is_over", OBJECTION_RULE),))
