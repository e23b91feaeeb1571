"""Enquiries (询问) about a demand: anybody with an agency asks, the owner answers, both are public, who asked is not.

Invariants: the words are public, the asker's name is in the private part alone; an enquiry without an answer stays and
is shown as unanswered; every asker has its own bound, so that nobody's questions shut others out.
Source: market.md section 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from commons.cycles import judge_step
from commons.events import Recorded, Role
from commons.instants import Deadline, format_instant, parse_instant
from commons.sources import Source
from commons.verdicts import Reason, Refused, Verdict, verdict
from marketplace.demands.life_cycle import DEMAND_CYCLE, Stage

ENQUIRY_RULE = Source("涉批中介网上超市询问答复规则（generic-v1）", "no", "market.md 4")
MAX_OF_ONE = 10
"""Enquiries of one asker about one publication of a demand, however many others ask."""


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One question about a publication of a demand, counted from 1, and its answer."""

    number: int
    selection: str
    question: str
    asked_at: datetime
    answer_until: Deadline
    asker: str
    answer: str | None = None
    answered_at: datetime | None = None

    def is_late(self, *, at: datetime) -> bool:
        """Whether the time to answer passed, or has passed, without an answer."""
        return (self.answered_at or at) >= self.answer_until.at


def enquiries_of(recorded: Iterable[Recorded]) -> tuple[Enquiry, ...]:
    """The enquiries in a demand's record, in order."""
    found: list[Enquiry] = []
    for one in recorded:
        data, at = one.event.data, one.event.at
        match one.event.type:
            case "enquiry.asked":
                until = parse_instant(cast("str", data["answer_until"]))
                asker = str((one.private or {}).get("asker", ""))
                found.append(
                    Enquiry(
                        len(found) + 1, cast("str", data["selection"]), cast("str", data["question"]), at,
                        Deadline(until, is_provisional=cast("bool", data["is_provisional"])), asker,
                    )
                )  # fmt: skip
            case "enquiry.answered":
                number = cast("int", data["enquiry"])
                found[number - 1] = replace(found[number - 1], answer=cast("str", data["answer"]), answered_at=at)
    return tuple(found)


def judge_enquiry(
    stage: Stage, role: Role, asker: str, before: tuple[Enquiry, ...], *, ask_until: datetime | None, at: datetime
) -> Verdict:
    """Whether a question may be asked: while sign-up is open (``ask_until``), up to the asker's bound; all reasons."""
    ruling = judge_step(DEMAND_CYCLE, stage, "ask_enquiry", role)
    if isinstance(ruling, Refused):
        return ruling
    reasons: list[Reason] = []
    if ask_until is not None and at >= ask_until:
        reasons.append(Reason("enquiries_closed", ENQUIRY_RULE, {"until": format_instant(ask_until)}))
    asked = sum(one.asker == asker for one in before)
    if asked >= MAX_OF_ONE:
        reasons.append(Reason("too_many_enquiries", ENQUIRY_RULE, {"most": MAX_OF_ONE, "asked": asked}))
    return verdict(tuple(reasons))


def judge_enquiry_answer(stage: Stage, role: Role, enquiry: Enquiry) -> Verdict:
    """Whether the enquiry may be answered: once, as long as anything may come of the demand."""
    ruling = judge_step(DEMAND_CYCLE, stage, "answer_enquiry", role)
    if isinstance(ruling, Refused):
        return ruling
    if enquiry.answered_at is not None:
        return Refused((Reason("enquiry_answered_before", ENQUIRY_RULE),))
    return ruling
