"""Keeping a contract: milestones, visits, the result handed in, accepted, returned or deemed accepted, money, disputes.

Invariants: whoever does not accept in time has accepted, which is said so and praises nobody; a returned result was
not accepted at its first delivery; money is noted, nothing is paid here; a dispute stops the clocks and moves every
later end by the time it lasted, but those of whoever withdraws its own. Source: market.md section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from commons.canonical import Json
from commons.errors import NotFound
from commons.instants import beijing_date, format_instant, start_of_day
from commons.profiles import RuleProfile
from commons.verdicts import Param, Reason, Refused
from marketplace.contracts.clocks import days_late
from marketplace.contracts.contract import CONTRACT_RULE, Contract, Document, Happened, Side
from marketplace.contracts.signing import document_json

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """A step as planned."""

    name: str
    on: date


def plan_milestones(contract: Contract, planned: Sequence[Planned], *, by: Side) -> Happened | Refused:
    """Plan the steps, in place of what was planned; refuses once one was reached, and days behind the contract's."""
    if any(one.reached_at is not None for one in contract.milestones):
        return Refused((Reason("milestones_begun", CONTRACT_RULE),))
    assert contract.due_at is not None, "signed"
    late = [one for one in planned if start_of_day(one.on) >= contract.due_at]
    if late:
        params: dict[str, Param] = {"on": late[0].on.isoformat(), "due_at": format_instant(contract.due_at)}
        return Refused((Reason("milestone_after_due", CONTRACT_RULE, params),))
    steps: list[Json] = [{"name": one.name, "planned_on": one.on.isoformat()} for one in planned]
    return Happened("contract.milestones_planned", {"by": by, "milestones": steps})


def reach_milestone(contract: Contract, number: int, note: str | None, *, at: datetime) -> Happened | Refused:
    """Note that a step is done; ``NotFound`` for a number that was never planned, refused a second time."""
    one = next((one for one in contract.milestones if one.number == number), None)
    if one is None:
        raise NotFound("milestone", str(number))
    if one.reached_at is not None:
        params: dict[str, Param] = {"reached_at": format_instant(one.reached_at)}
        return Refused((Reason("milestone_was_reached", CONTRACT_RULE, params),))
    data: dict[str, Json] = {"number": number, "is_early": beijing_date(at) < one.planned_on}
    return Happened("contract.milestone_reached", data, {"note": note} if note else None)


def arrange_visit(
    contract: Contract, meets_at: datetime, place: str, contact: str | None, *, by: Side, at: datetime
) -> Happened | Refused:
    """Arrange a visit for an instant to come; whom to meet is private."""
    if meets_at <= at:
        return Refused((Reason("visit_is_past", CONTRACT_RULE, {"meets_at": format_instant(meets_at)}),))
    number = len(contract.visits) + 1
    data: dict[str, Json] = {"number": number, "by": by, "meets_at": format_instant(meets_at), "place": place}
    return Happened("contract.visit_arranged", data, {"contact": contact} if contact else None)


def note_visit(contract: Contract, number: int, note: str, *, by: Side) -> Happened | Refused:
    """Note that a visit was held and what was seen, in private; ``NotFound`` for one that was never arranged."""
    one = next((one for one in contract.visits if one.number == number), None)
    if one is None:
        raise NotFound("visit", str(number))
    if one.held_at is not None:
        params: dict[str, Param] = {"held_at": format_instant(one.held_at)}
        return Refused((Reason("visit_was_noted", CONTRACT_RULE, params),))
    return Happened("contract.visit_held", {"number": number, "by": by}, {"note": note})


def hand_in(
    contract: Contract, note: str, documents: tuple[Document, ...], *, profile: RuleProfile, at: datetime
) -> Happened | Refused:
    """Hand the result in; late is noted in working days, never refused: late is better than not at all."""
    assert contract.due_at is not None, "signed"
    until = profile.after("acceptance", at)
    given: list[Json] = [document_json(one) for one in documents]
    return Happened(
        "contract.delivered",
        {
            "revision": len(contract.deliveries) + 1,
            "documents": given,
            "days_late": days_late(contract.due_at, at),
            "accept_until": format_instant(until.at),
            "is_provisional": until.is_provisional,
            "remind_at": format_instant(profile.after("acceptance_reminder", at).at),
        },
        {"note": note},
    )


def other_revision(contract: Contract, looked_at: int) -> tuple[Reason, ...]:
    """Why a ruling on a revision is refused: another one was handed in since it was looked at."""
    assert contract.delivery is not None, "delivered"
    revision = contract.delivery.revision
    return () if revision == looked_at else (Reason("other_revision", CONTRACT_RULE, {"revision": revision}),)


def accept(contract: Contract, *, profile: RuleProfile, at: datetime) -> Happened:
    """Accept the revision that was handed in."""
    assert contract.delivery is not None, "delivered"
    until = profile.after("rating", at)
    return Happened(
        "contract.accepted",
        {
            "revision": contract.delivery.revision,
            "rating_until": format_instant(until.at),
            "is_provisional": until.is_provisional,
        },
    )


def deemed(contract: Contract, *, profile: RuleProfile, at: datetime) -> Happened | None:
    """The acceptance that silence is, as of the end of its time however late somebody looks; None while there is time.

    It says that nobody accepted: no word of quality follows from it.
    """
    last = contract.delivery
    if contract.state != "delivered" or last is None or at < last.accept_until.at:
        return None
    until = profile.after("rating", last.accept_until.at)
    return Happened(
        "contract.deemed_accepted",
        {
            "revision": last.revision,
            "as_of": format_instant(last.accept_until.at),
            "rating_until": format_instant(until.at),
            "is_provisional": until.is_provisional,
        },
    )


def give_back(contract: Contract, reasons: str) -> Happened:
    """Return the result with reasons; the time for it goes on as agreed."""
    assert contract.delivery is not None, "delivered"
    return Happened("contract.returned", {"revision": contract.delivery.revision, "reasons": reasons})


def note_review(contract: Contract, authority: str, *, passed_first: bool) -> Happened | Refused:
    """Note, once, whether the approval authority's first review was passed."""
    if contract.review is not None:
        return Refused((Reason("review_was_noted", CONTRACT_RULE, {"at": format_instant(contract.review.at)}),))
    return Happened("contract.reviewed", {"passed_first": passed_first, "authority": authority})


def note_money(
    contract: Contract, kind: Literal["invoice", "payment"], amount_fen: int, on: date, means: str, *, at: datetime
) -> Happened | Refused:
    """Note an invoice or a payment with its total so far; refuses a day to come. ``means``: number or channel."""
    if on > beijing_date(at):
        return Refused((Reason("day_to_come", CONTRACT_RULE, {"on": on.isoformat()}),))
    assert contract.amount_fen is not None, "signed"
    total = contract.total(kind) + amount_fen
    data: dict[str, Json] = {
        "amount_fen": amount_fen,
        "on": on.isoformat(),
        "total_fen": total,
        "exceeds_contract": total > contract.amount_fen,
    }
    return Happened(f"contract.{'invoiced' if kind == 'invoice' else 'paid'}", data, {"means": means})


def open_dispute(contract: Contract, reason: str, *, by: Side) -> Happened:
    """Open a dispute; the clocks stop."""
    return Happened("contract.dispute_opened", {"by": by, "reason": reason, "was": contract.state})


def note_dispute(note: str) -> Happened:
    """Note what a regulator says of it; nothing changes."""
    return Happened("contract.dispute_noted", {"note": note})


def close_dispute(contract: Contract, outcome: str, *, by: Side | None) -> Happened:
    """Close it with what came of it: the other side or a regulator (None) does; whoever opened it withdraws it.

    The clocks go on, every later end moved; but nobody gains time for itself by a dispute that it withdraws.
    """
    is_withdrawn = contract.disputes[-1].by == by
    data: dict[str, Json] = {"by": by or "regulator", "outcome": outcome, "is_withdrawn": is_withdrawn}
    return Happened("contract.dispute_closed", data)
