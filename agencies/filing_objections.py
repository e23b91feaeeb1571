"""Filing objections (备案异议): anybody, within the window after a filing; they never hold the filing up.

Invariants: an objection has a reason and the hash of its evidence and is answered once, by a regulator: rejected, or
the filing is corrected or withdrawn; one open objection an objector. Source: market.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from commons.events import Actor
from commons.instants import format_instant
from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict

OBJECTION_RULE = Source("涉批中介网上超市备案异议规则（generic-v1）", "no", "market.md 2")

MAX_OBJECTIONS = 200
"""Objections that one filing keeps; the window is short, and a flood says nothing more."""

Answer = Literal["rejected", "corrected", "withdrawn"]
"""不成立、更正备案、撤回备案."""


@dataclass(frozen=True, slots=True)
class FilingObjection:
    """One objection to a filing and, once given, its answer; ``answer_due_at`` is when a regulator is late."""

    id: str
    agency: str
    objector: Actor
    reason: str
    evidence_sha256: str
    objected_at: datetime
    answer_due_at: datetime
    answer: Answer | None = None
    answer_reason: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


def judge_objection(earlier: Iterable[FilingObjection], objector: Actor, *, until: datetime, at: datetime) -> Verdict:
    """Allowed before ``until``, to everybody who has none open, while there are not too many."""
    reasons: list[Reason] = []
    known = tuple(earlier)
    if at >= until:
        reasons.append(Reason("objection_window_over", OBJECTION_RULE, {"until": format_instant(until)}))
    if any(one.objector == objector and one.answer is None for one in known):
        reasons.append(Reason("objection_is_open", OBJECTION_RULE))
    if len(known) >= MAX_OBJECTIONS:
        reasons.append(Reason("too_many_objections", OBJECTION_RULE, {"most": MAX_OBJECTIONS}))
    return verdict(tuple(reasons))


def judge_answer(objection: FilingObjection, answer: Answer, *, changes_something: bool) -> Verdict:
    """Allowed once; a correction changes something, and no other answer does."""
    reasons: list[Reason] = []
    if objection.answer is not None:
        reasons.append(Reason("objection_was_answered", OBJECTION_RULE))
    if answer == "corrected" and not changes_something:
        reasons.append(Reason("correction_changes_nothing", OBJECTION_RULE))
    if answer != "corrected" and changes_something:
        reasons.append(Reason("not_a_correction", OBJECTION_RULE))
    return verdict(tuple(reasons))
