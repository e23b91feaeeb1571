"""Credit objection (信用异议): the subject disputes a fact; it still counts, marked so, until a regulator answers.

Source: credit.md section 4; the clocks are rows of data/clocks.csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from commons.instants import Deadline
from commons.verdicts import Reason, Verdict, verdict
from credit.clocks import CreditClocks
from credit.facts import FactState, Followed
from credit.repair import over
from credit.restrictions import RESTRICTION_RULE

Answer = Literal["kept", "corrected", "revoked"]
"""维持、更正、撤销."""


@dataclass(frozen=True, slots=True)
class ObjectionClock:
    """By when an objection is to be answered, and by when at the latest."""

    due: Deadline
    limit: Deadline


def objection_clock(clocks: CreditClocks, *, objected_at: datetime) -> ObjectionClock:
    """The two ends that an objection made at that instant has."""
    return ObjectionClock(clocks.after("objection_answer", objected_at), clocks.after("objection_limit", objected_at))


def judge_objection(state: FactState) -> Verdict:
    """Allowed once for each fact that still counts; what was answered is appealed elsewhere."""
    reasons = [*over(state)]
    if state.is_disputed:
        reasons.append(Reason("objection_is_open", RESTRICTION_RULE))
    elif any(one.kind == "objected" for one in state.fact.followed):
        reasons.append(Reason("objection_was_answered", RESTRICTION_RULE))
    return verdict(tuple(reasons))


def judge_answer(state: FactState, answer: Answer, *, code: str | None, quantity: int | None) -> Verdict:
    """Allowed while the objection is open; a correction, and nothing else, says what the fact reads from now on."""
    reasons = [*over(state)]
    if not state.is_disputed:
        reasons.append(Reason("no_objection_open", RESTRICTION_RULE))
    changes = (code or state.fact.code, state.fact.quantity if quantity is None else quantity)
    is_change = changes != (state.fact.code, state.fact.quantity)
    if answer == "corrected" and not is_change:
        reasons.append(Reason("correction_changes_nothing", RESTRICTION_RULE))
    if answer != "corrected" and (code is not None or quantity is not None):
        reasons.append(Reason("not_a_correction", RESTRICTION_RULE, {"answer": answer}))
    return verdict(tuple(reasons))


def open_objection(state: FactState) -> Followed:
    """The objection of a disputed fact."""
    return max((one for one in state.fact.followed if one.kind == "objected"), key=lambda one: one.place)
