"""The clocks of a contract: when the result is due, who owes what by when, what is overdue, what a reminder is for.

Invariants: an owed act ends at an instant that was kept when it began; whoever lets the time for a rating pass owes
nothing any more, and nothing is read into the silence; nothing runs while there is a dispute. Source: market.md 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from commons.instants import Deadline, beijing_date, start_of_day
from commons.profiles import RuleProfile
from commons.workdays import MAX_SPAN_DAYS, MAX_WORKDAYS, deadline, workdays_between
from marketplace.contracts.contract import Contract, Side, other

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
DAY = "contract_day"
"""The rule profile's key of how long one agreed day lasts: a working day but in a demonstration."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What a side owes (待办): since when, until when, from when it is reminded; ``lapses``: afterwards it may not."""

    who: Side
    what: str
    since: datetime
    until: datetime
    remind_at: datetime | None = None
    lapses: bool = False


def due_of(profile: RuleProfile, confirmed_at: datetime, days: int) -> Deadline:
    """When the result is due: the end of the n-th working day after the day of the confirmation, in Beijing."""
    day = profile[DAY]
    if day.unit != "workdays":
        return Deadline(confirmed_at + days * profile.length(DAY), is_provisional=False)
    left, end = days * day.value, Deadline(confirmed_at + _TICK, is_provisional=False)
    while left:  # the last day of one count is where the next begins
        counted = deadline(end.at - _TICK, min(left, MAX_WORKDAYS), table=profile.table)
        end = Deadline(counted.at, is_provisional=counted.is_provisional or end.is_provisional)
        left -= min(left, MAX_WORKDAYS)
    return end


def days_late(due_at: datetime, at: datetime) -> int:
    """Working days from the end of the clock to that instant, the started one counted; 0 in time, at most 2,500."""
    if at < due_at:
        return 0
    first, last = beijing_date(due_at), min(at, due_at + (MAX_SPAN_DAYS - 2) * _DAY)
    return min(MAX_WORKDAYS, workdays_between(first, beijing_date(last) + _DAY).days)


def open_duties(contract: Contract) -> tuple[Duty, ...]:
    """What each side owes now, soonest first; a contract that is disputed or over owes nothing."""
    found = [*_signing(contract), *_performing(contract), *_closing(contract)]
    return tuple(sorted(found, key=lambda one: (one.until, one.what, one.who)))


def overdue_duties(contract: Contract, *, at: datetime) -> tuple[Duty, ...]:
    """What should have been done by that instant and was not."""
    return tuple(one for one in open_duties(contract) if one.until <= at and not one.lapses)


def reminders(contract: Contract, *, at: datetime) -> tuple[Duty, ...]:
    """What is still in time but is reminded of."""
    return tuple(one for one in open_duties(contract) if one.remind_at is not None and one.remind_at <= at < one.until)


def next_end(contract: Contract, *, at: datetime) -> datetime | None:
    """The next instant at which something becomes overdue, lapses or is deemed; None when nothing runs."""
    return min((one.until for one in open_duties(contract) if one.until > at), default=None)


def _signing(contract: Contract) -> Iterator[Duty]:
    if contract.state != "awarded":
        return
    paper, awarded_at = contract.paper, contract.award.awarded_at
    if paper is None:
        yield Duty("owner", "upload_contract", awarded_at, contract.sign_until.at)
        yield Duty("agency", "upload_contract", awarded_at, contract.sign_until.at)
    else:
        yield Duty(other(paper.by), "confirm_contract", paper.at, paper.confirm_until.at)


def _performing(contract: Contract) -> Iterator[Duty]:
    if contract.state != "contracted":
        return
    assert contract.confirmed_at is not None, "signed"
    assert contract.due_at is not None, "signed"
    last = contract.delivery
    since = last.returned_at if last is not None and last.returned_at is not None else contract.confirmed_at
    yield Duty("agency", "hand_in_result", since, contract.due_at)
    for one in contract.milestones:
        if one.reached_at is None:
            yield Duty("agency", "reach_milestone", contract.confirmed_at, start_of_day(one.planned_on + _DAY))


def _closing(contract: Contract) -> Iterator[Duty]:
    last = contract.delivery
    if contract.state == "delivered" and last is not None:
        yield Duty("owner", "accept_result", last.at, last.accept_until.at, last.remind_at)
    if contract.state == "accepted" and contract.rating_until is not None and contract.accepted_at is not None:
        yield Duty("owner", "rate_contract", contract.accepted_at, contract.rating_until.at, lapses=True)
    if contract.state == "rated" and contract.rating is not None and contract.rating.answered_at is None:
        yield Duty("agency", "answer_rating", contract.rating.at, contract.rating.answer_until.at, lapses=True)
