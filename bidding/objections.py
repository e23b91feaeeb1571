"""Objections to a proposed award (中选异议) and the complaints (投诉) that follow them, as a fold of recorded events.

Invariants: an objection is against whoever was proposed when it was raised, and holds nobody else up; an award waits
as long as an objection to it is not answered, somebody may still complain, or a complaint is not decided; what was
released stays so. Source: market.md section 4, docs/adr/0022.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast

from bidding.pauses import Pause, moved_deadline
from commons.canonical import Json
from commons.events import Event
from commons.instants import Deadline, parse_instant

Finding = Literal["dismissed", "upheld"]
Remedy = Literal["next", "annul"]
"""What an upheld one brings: the next in the ranking follows, or the selection is annulled."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint to the regulator: accepted or refused until, decided until (None before it is accepted)."""

    lodged_at: datetime
    accept_until: Deadline
    accepted_at: datetime | None = None
    refused_at: datetime | None = None
    decide_until: Deadline | None = None
    decided_at: datetime | None = None
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection, counted from 1: against whom, answered until, and what became of it.

    ``complain_until`` ends the time to complain: counted from where the answer falls due, and anew from a dismissal.
    An older record has none before the dismissal; there silence releases nothing.
    """

    number: int
    against: str
    raised_at: datetime
    answer_until: Deadline
    answered_at: datetime | None = None
    finding: Finding | None = None
    complain_until: Deadline | None = None
    withdrawn_at: datetime | None = None
    complaint: Complaint | None = None

    @property
    def released_at(self) -> datetime | None:
        """Since when, or from when, it holds nothing up; None while nobody knows."""
        if self.withdrawn_at is not None:
            return self.withdrawn_at
        if self.complaint is not None:
            return self.complaint.decided_at or self.complaint.refused_at
        if self.finding == "upheld":
            return self.answered_at
        return None if self.complain_until is None else self.complain_until.at

    def is_open(self, *, at: datetime) -> bool:
        """Whether it holds the award up at that instant."""
        return self.released_at is None or at < self.released_at


def released(objections: Iterable[Objection], bidder: str, *, after: datetime | None) -> datetime | None:
    """When an award of the bidder, clear otherwise ``after`` an instant, is clear of objections; None: unknown."""
    if after is None:
        return None
    ends = [one.released_at for one in objections if one.against == bidder]
    known = [end for end in ends if end is not None]
    return max([after, *known]) if len(known) == len(ends) else None


def open_against(objections: Iterable[Objection], bidder: str | None, *, at: datetime) -> tuple[Objection, ...]:
    """Those that hold the bidder's award up at that instant, in order."""
    return tuple(one for one in objections if one.against == bidder and one.is_open(at=at))


def with_event(objections: tuple[Objection, ...], event: Event) -> tuple[Objection, ...]:
    """The objections after one event about them; ``objection.raised`` adds one, every other changes one."""
    data = event.data
    if event.type == "objection.raised":
        number = len(objections) + 1
        one = Objection(
            number, cast("str", data["bidder"]), event.at, _deadline(data, "answer_until"),
            complain_until=_deadline_if(data, "complain_until"),
        )  # fmt: skip
        return (*objections, one)
    number = cast("int", data["objection"])
    changed = _changed(objections[number - 1], event)
    return (*objections[: number - 1], changed, *objections[number:])


def _changed(one: Objection, event: Event) -> Objection:
    data, at = event.data, event.at
    complaint = one.complaint
    match event.type:
        case "objection.answered":
            finding = cast("Finding", data["finding"])
            until = _deadline_if(data, "complain_until")
            return replace(one, answered_at=at, finding=finding, complain_until=until)
        case "objection.withdrawn":
            return replace(one, withdrawn_at=at)
        case "complaint.lodged":
            return replace(one, complaint=Complaint(at, _deadline(data, "accept_until")))
        case "complaint.accepted":
            assert complaint is not None, "only what was lodged is accepted"
            until = _deadline(data, "decide_until")
            return replace(one, complaint=replace(complaint, accepted_at=at, decide_until=until))
        case "complaint.refused":
            assert complaint is not None, "only what was lodged is refused"
            return replace(one, complaint=replace(complaint, refused_at=at))
        case _:
            assert event.type == "complaint.decided", event.type
            assert complaint is not None, "only what was lodged is decided"
            finding = cast("Finding", data["finding"])
            return replace(one, complaint=replace(complaint, decided_at=at, finding=finding))


def moved(objections: tuple[Objection, ...], pause: Pause) -> tuple[Objection, ...]:
    """Every end behind the start of a suspension, later by its length."""
    return tuple(_moved(one, pause) for one in objections)


def _moved(one: Objection, pause: Pause) -> Objection:
    complaint = one.complaint
    if complaint is not None:
        accept = moved_deadline(complaint.accept_until, pause)
        decide = _maybe(complaint.decide_until, pause)
        complaint = replace(complaint, accept_until=accept, decide_until=decide)
    answer = moved_deadline(one.answer_until, pause)
    return replace(one, answer_until=answer, complain_until=_maybe(one.complain_until, pause), complaint=complaint)


def _maybe(end: Deadline | None, pause: Pause) -> Deadline | None:
    return None if end is None else moved_deadline(end, pause)


def _deadline_if(data: Mapping[str, Json], key: str) -> Deadline | None:
    return None if data.get(key) is None else _deadline(data, key)


def _deadline(data: Mapping[str, Json], key: str) -> Deadline:
    return Deadline(parse_instant(cast("str", data[key])), is_provisional=cast("bool", data["is_provisional"]))
