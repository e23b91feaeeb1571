"""Objections and complaints as everybody may follow them: steps with their clocks, never who raised them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agencies.filing_objections import FilingObjection
from bidding.objections import Complaint, Objection
from marketplace.usecases.read_life import ObjectionTold
from marketplace.web.locale import names
from marketplace.web.locale.complaint_words import FILING_TONES, FINDINGS
from marketplace.web.views.complaints import Matter, MatterStep


def award_matters(told: Sequence[ObjectionTold], *, now: datetime) -> tuple[Matter, ...]:
    """The objections to a result, the latest first."""
    return tuple(_award_matter(one, now=now) for one in reversed(told))


def _award_matter(told: ObjectionTold, *, now: datetime) -> Matter:
    one = told.objection
    steps = [MatterStep("提出异议", one.raised_at)]
    if one.withdrawn_at is not None:
        steps.append(MatterStep("异议人撤回", one.withdrawn_at))
    elif one.answered_at is not None:
        finding = FINDINGS[one.finding or "dismissed"][0]
        steps.append(MatterStep(f"业主答复：{finding}", one.answered_at, text=told.answer or ""))
    elif one.complaint is None:
        steps.append(MatterStep("等业主答复", until=one.answer_until.at))
    if one.complaint is not None:
        steps += _complaint_steps(one.complaint, told)
    words, tone = _state_of(one, now=now)
    return Matter(str(one.number), told.grounds, words, tone, tuple(steps), _complain_of(one, now=now))


def _complaint_steps(one: Complaint, told: ObjectionTold) -> list[MatterStep]:
    steps = [MatterStep("向监管部门投诉", one.lodged_at, text=told.complaint or "")]
    if one.refused_at is not None:
        return [*steps, MatterStep("不予受理", one.refused_at, text=told.accepting or "")]
    if one.accepted_at is None:
        return [*steps, MatterStep("等监管部门决定是否受理", until=one.accept_until.at)]
    steps.append(MatterStep("已受理", one.accepted_at, text=told.accepting or ""))
    if one.decided_at is not None:
        finding = FINDINGS[one.finding or "dismissed"][0]
        return [*steps, MatterStep(f"处理决定：投诉{finding}", one.decided_at, text=told.deciding or "")]
    return [*steps, MatterStep("处理中", until=None if one.decide_until is None else one.decide_until.at)]


def _state_of(one: Objection, *, now: datetime) -> tuple[str, str]:
    if one.withdrawn_at is not None:
        return "已撤回", ""
    complaint = one.complaint
    if complaint is not None:
        if complaint.decided_at is not None:
            return f"投诉{FINDINGS[complaint.finding or 'dismissed'][0]}", FINDINGS[complaint.finding or "dismissed"][1]
        if complaint.refused_at is not None:
            return "投诉未受理", ""
        return ("投诉处理中" if complaint.accepted_at else "投诉待受理"), "warn"
    if one.finding is not None:
        words, tone = FINDINGS[one.finding]
        return f"异议{words}", tone
    return ("答复已逾期", "bad") if one.answer_until.at <= now else ("待答复", "warn")


def _complain_of(one: Objection, *, now: datetime) -> int | None:
    """Its number where a complaint may be thought of: answered or overdue, none yet; the rules decide."""
    is_due = one.answered_at is not None or one.answer_until.at <= now
    return one.number if is_due and one.complaint is None and one.is_open(at=now) else None


def filing_matters(objections: Sequence[FilingObjection], *, now: datetime) -> tuple[Matter, ...]:
    """The objections to a filing, the latest first."""
    newest = sorted(objections, key=lambda one: (one.objected_at, one.id), reverse=True)
    return tuple(_filing_matter(one, now=now) for one in newest)


def _filing_matter(one: FilingObjection, *, now: datetime) -> Matter:
    steps = [MatterStep("提出备案异议", one.objected_at)]
    if one.answer is None:
        steps.append(MatterStep("等监管部门答复", until=one.answer_due_at))
        state = ("答复已逾期", "bad") if one.answer_due_at <= now else ("待答复", "warn")
    else:
        words = names.FILING_ANSWERS[one.answer]
        steps.append(MatterStep(f"监管部门答复：{words}", one.answered_at, text=one.answer_reason or ""))
        state = (words, FILING_TONES[one.answer])
    return Matter(one.id, one.reason, *state, tuple(steps))
