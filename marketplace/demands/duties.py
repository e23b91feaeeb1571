"""What somebody still has to do about a demand, and by when; what is overdue stays in the lists until it is done.

Invariants: a duty is a function of the record; being late releases nobody and decides nothing but where the rules say
so (an explanation, a choice, a confirmation not given). Source: market.md section 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bidding.objections import open_against
from bidding.selection import Selection
from commons.events import Role
from marketplace.demands.enquiries import Enquiry


@dataclass(frozen=True, slots=True)
class Duty:
    """One act that is waited for: its name in the table of permissions, who has to do it, and by when.

    ``number`` says which enquiry or objection; ``agency`` whose it is, None where the owner or a regulator has to act.
    ``since`` is when somebody asked, objected, complained or explained; None where no act of anybody began it.
    """

    act: str
    role: Role
    due_at: datetime
    number: int | None = None
    agency: str | None = None
    since: datetime | None = None

    def is_overdue(self, *, at: datetime) -> bool:
        """Whether its time is over."""
        return at >= self.due_at


def duties(
    state: Selection, enquiries: Iterable[Enquiry], *, closes_at: datetime | None, at: datetime
) -> tuple[Duty, ...]:
    """Everything that is waited for in a settled selection that goes on, earliest first; nothing where it is over."""
    if state.cancelled_at is not None or state.is_unsuccessful:
        return ()
    found = [_answer(one, closes_at) for one in enquiries if one.answered_at is None and one.selection == state.id]
    if not state.is_confirmed:
        found.extend(_of_ruling(state))
        found.extend(_of_award(state, at=at))
    return tuple(sorted(found, key=lambda one: (one.due_at, one.act, one.number or 0, one.agency or "")))


def overdue(waiting: Iterable[Duty], *, at: datetime) -> tuple[Duty, ...]:
    """Those of the duties whose time is over."""
    return tuple(one for one in waiting if one.is_overdue(at=at))


def _answer(one: Enquiry, closes_at: datetime | None) -> Duty:
    """An enquiry is answered before offers close, whatever its clock says."""
    due_at = one.answer_until.at if closes_at is None else min(one.answer_until.at, closes_at)
    return Duty("answer_enquiry", "owner", due_at, one.number, since=one.asked_at)


def _of_ruling(state: Selection) -> Iterable[Duty]:
    if state.decision is not None or state.evaluation is None:
        return
    if state.choice_until is not None and state.picked is None:
        yield Duty("pick_from_shortlist", "owner", state.choice_until.at)
    for bidder, asked in state.explanations.items():
        if asked.ruling is None:
            if asked.given_at is None:
                yield Duty("explain_low_price", "agency", asked.until.at, agency=bidder, since=asked.asked_at)
            else:
                yield Duty("rule_low_price", "owner", asked.until.at, agency=bidder, since=asked.given_at)


def _of_award(state: Selection, *, at: datetime) -> Iterable[Duty]:
    proposed = state.proposed
    if proposed is not None and proposed in state.confirming and proposed not in state.confirmations:
        yield Duty("confirm_award", "agency", state.confirming[proposed].at, agency=proposed)
    for one in open_against(state.objections, proposed, at=at):
        complaint = one.complaint
        if complaint is None:
            if one.answered_at is None:
                yield Duty("answer_award_objection", "owner", one.answer_until.at, one.number, since=one.raised_at)
        elif complaint.accepted_at is None:
            yield Duty(
                "accept_complaint", "regulator", complaint.accept_until.at, one.number, since=complaint.lodged_at
            )
        elif complaint.decide_until is not None:
            yield Duty(
                "decide_complaint", "regulator", complaint.decide_until.at, one.number, since=complaint.lodged_at
            )
