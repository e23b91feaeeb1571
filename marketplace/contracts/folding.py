"""A contract as a fold of its recorded events; private parts are never read here.

Invariants: the state is a function of the events, nothing else; an instant that was kept is not computed again; what
was deemed counts from the end of its time, not from when somebody looked. Source: docs/adr/0005, docs/adr/0011.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from commons.canonical import Json
from commons.events import Event
from commons.instants import Deadline, parse_instant
from marketplace.contracts.contract import (
    DIMENSIONS,
    Change,
    Contract,
    Delivery,
    Dispute,
    Document,
    Ending,
    Milestone,
    MoneyNote,
    Paper,
    Rating,
    Review,
    Visit,
)

Data = Mapping[str, Any]


def fold(contract: Contract, events: Iterable[Event]) -> Contract:
    """The contract after these events, in their order."""
    for one in events:
        contract = replace(step(contract, one.type, one.data, at=one.at), events=contract.events + 1)
    return contract


def step(contract: Contract, type_: str, data: Mapping[str, Json], *, at: datetime) -> Contract:
    """The contract after one event; a type that does not bear on it leaves it as it is."""
    given = cast("Data", data)
    for read in _READERS:
        contract = replace(contract, **read(contract, type_, given, at))
    return contract


def _signing(contract: Contract, type_: str, data: Data, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    match type_:
        case "contract.opened":
            changes = {"sign_until": _deadline(data, "sign_until")}
        case "contract.uploaded":
            changes = {"paper": _paper(data, at), "uploads": data["number"]}
        case "contract.confirmed":
            terms = {
                "amount_fen": data["amount_fen"],
                "days": data["days"],
                "due_at": parse_instant(data["due_at"]),
            }
            changes = {"state": "contracted", "confirmed_at": at, **terms}
        case "contract.change_proposed":
            changes = {"changes": (*_left(contract, at), _change(data, at))}
        case "contract.change_agreed" | "contract.change_declined":
            changes = _answered(contract, data, is_agreed=type_ == "contract.change_agreed", at=at)
    return changes


def _ending(contract: Contract, type_: str, data: Data, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    match type_:
        case "contract.termination_proposed":
            changes = {"ending": Ending(data["by"], at, data["reason"])}
        case "contract.terminated":
            ending = contract.ending or Ending(data["by"], at, data["reason"])
            changes = {"ending": replace(ending, ended_at=at), "state": "terminated"}
        case "contract.fact_noted":
            changes = {"facts": {**contract.facts, data["code"]: data["fact"]}}
        case "contract.archived":
            changes = {"state": "archived", "archived_at": at, "archive_sha256": data["sha256"]}
        case "contract.rated":
            scores = {one: data["scores"][one] for one in DIMENSIONS}
            changes = {"state": "rated", "rating": Rating(scores, at, _deadline(data, "answer_until"))}
        case "contract.rating_answered":
            assert contract.rating is not None, "rated"
            changes = {"rating": replace(contract.rating, answered_at=at)}
    return changes


def _performing(contract: Contract, type_: str, data: Data, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    match type_:
        case "contract.milestones_planned":
            changes = {"milestones": tuple(_planned(data))}
        case "contract.milestone_reached":
            changes = {"milestones": _with(contract.milestones, data, reached_at=at, is_early=data["is_early"])}
        case "contract.visit_arranged":
            visit = Visit(data["number"], data["by"], parse_instant(data["meets_at"]), data["place"])
            changes = {"visits": (*contract.visits, visit)}
        case "contract.visit_held":
            changes = {"visits": _with(contract.visits, data, held_at=at)}
        case "contract.invoiced" | "contract.paid":
            kind: Any = "invoice" if type_ == "contract.invoiced" else "payment"
            note = MoneyNote(kind, data["amount_fen"], date.fromisoformat(data["on"]), at)
            changes = {"money": (*contract.money, note)}
    return changes


def _disputing(contract: Contract, type_: str, data: Data, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    match type_:
        case "contract.dispute_opened":
            dispute = Dispute(data["by"], at, data["reason"], data["was"])
            changes = {"state": "disputed", "disputes": (*contract.disputes, dispute)}
        case "contract.dispute_noted":
            last = contract.disputes[-1]
            changes = {"disputes": (*contract.disputes[:-1], replace(last, notes=(*last.notes, data["note"])))}
        case "contract.dispute_closed":
            changes = _went_on(contract, data, at)
    return changes


def _delivering(contract: Contract, type_: str, data: Data, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    match type_:
        case "contract.delivered":
            changes = {"state": "delivered", "deliveries": (*contract.deliveries, _delivery(data, at))}
        case "contract.returned":
            back = replace(contract.deliveries[-1], returned_at=at, reasons=data["reasons"])
            changes = {"state": "contracted", "deliveries": (*contract.deliveries[:-1], back)}
        case "contract.accepted" | "contract.deemed_accepted":
            is_deemed = type_ == "contract.deemed_accepted"
            accepted_at = parse_instant(data["as_of"]) if is_deemed else at
            until = _deadline(data, "rating_until")
            changes = {"state": "accepted", "accepted_at": accepted_at, "is_deemed": is_deemed, "rating_until": until}
        case "contract.reviewed":
            changes = {"review": Review(data["passed_first"], data["authority"], at)}
    return changes


_READERS = (_signing, _performing, _delivering, _disputing, _ending)
"""Each knows types that no other does."""


def _left(contract: Contract, at: datetime) -> tuple[Change, ...]:
    """The changes so far; one's own that still waits is replaced by the next."""
    waiting = contract.open_change
    if waiting is None:
        return contract.changes
    return (*contract.changes[:-1], replace(waiting, is_agreed=False, answered_at=at))


def _answered(contract: Contract, data: Data, *, is_agreed: bool, at: datetime) -> dict[str, Any]:
    last = replace(contract.changes[-1], is_agreed=is_agreed, answered_at=at, answer_reason=data["reason"])
    changes: dict[str, Any] = {"changes": (*contract.changes[:-1], last)}
    if not is_agreed:
        return changes
    new = {"amount_fen": data["amount_fen"], "days": data["days"]}
    return {
        **changes,
        **{key: one for key, one in new.items() if one is not None},
        "due_at": parse_instant(data["due_at"]),
    }


def _went_on(contract: Contract, data: Data, at: datetime) -> dict[str, Any]:
    """A dispute is over: every end behind its start moves by the time it lasted, none of whoever withdrew its own."""
    last = contract.disputes[-1]
    lasted, none = at - last.since, timedelta()
    is_withdrawn = data.get("is_withdrawn", False)  # earlier events do not say so: their ends have moved
    for_agency = none if is_withdrawn and last.by == "agency" else lasted
    for_owner = none if is_withdrawn and last.by == "owner" else lasted
    closed = replace(last, closed_at=at, outcome=data["outcome"])
    changes: dict[str, Any] = {"state": last.was, "disputes": (*contract.disputes[:-1], closed)}
    if contract.due_at is not None and last.was == "contracted":
        changes["due_at"] = contract.due_at + for_agency
    if contract.delivery is not None and last.was == "delivered":
        one = contract.delivery
        moved = replace(one, accept_until=_moved(one.accept_until, for_owner), remind_at=one.remind_at + for_owner)
        changes["deliveries"] = (*contract.deliveries[:-1], moved)
    if contract.rating_until is not None and last.was == "accepted":
        changes["rating_until"] = _moved(contract.rating_until, for_owner)
    return changes


def _moved(until: Deadline, shift: timedelta) -> Deadline:
    return replace(until, at=until.at + shift)


def _with(entries: Iterable[Any], data: Data, **changes: Any) -> tuple[Any, ...]:
    """The entries with the one of the event's number changed."""
    return tuple(replace(one, **changes) if one.number == data["number"] else one for one in entries)


def _paper(data: Data, at: datetime) -> Paper:
    return Paper(
        number=data["number"],
        by=data["by"],
        at=at,
        amount_fen=data["amount_fen"],
        days=data["days"],
        signed_on=date.fromisoformat(data["signed_on"]),
        confirm_until=_deadline(data, "confirm_until"),
        is_signed_late=data["is_signed_late"],
        is_uploaded_late=data["is_uploaded_late"],
        documents=_documents(data),
    )


def _change(data: Data, at: datetime) -> Change:
    return Change(
        number=data["number"],
        kind=data["kind"],
        by=data["by"],
        at=at,
        reason=data["reason"],
        amount_fen=data["amount_fen"],
        days=data["days"],
        raises_price=data["raises_price"],
        documents=_documents(data),
    )


def _planned(data: Data) -> Iterable[Milestone]:
    for number, one in enumerate(data["milestones"], start=1):
        yield Milestone(number, one["name"], date.fromisoformat(one["planned_on"]))


def _delivery(data: Data, at: datetime) -> Delivery:
    return Delivery(
        revision=data["revision"],
        at=at,
        accept_until=_deadline(data, "accept_until"),
        remind_at=parse_instant(data["remind_at"]),
        days_late=data["days_late"],
        documents=_documents(data),
    )


def _documents(data: Data) -> tuple[Document, ...]:
    return tuple(Document(one["id"], one["sha256"]) for one in data["documents"])


def _deadline(data: Data, key: str) -> Deadline:
    return Deadline(parse_instant(data[key]), is_provisional=data["is_provisional"])
