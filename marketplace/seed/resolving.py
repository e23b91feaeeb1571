"""From relative times to instants: the same draft plays over working days or, for a demonstration, over seconds.

Invariants: pure; the same draft, instant and pace give the same plan; deadlines in working days are the end of the
day in Beijing (commons/workdays.py), rounds open on a working day; nothing but times changes in the terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from commons.canonical import Json
from commons.instants import beijing_date, format_instant, start_of_day
from commons.workdays import deadline, is_workday
from marketplace.seed.plans import DemandDraft, DemandPlan, RelativeSchedule

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a working day and a minute of a schedule last; ``workday`` None: as the calendar says."""

    workday: timedelta | None
    minute: timedelta

    def __post_init__(self) -> None:
        """Refuse a pace that stands still (``ValueError``)."""
        if self.minute <= timedelta(0) or (self.workday is not None and self.workday <= timedelta(0)):
            message = "a pace needs durations above zero"
            raise ValueError(message)


CALENDAR = Pace(workday=None, minute=_MINUTE)
"""As in life."""

DEMONSTRATION = Pace(workday=timedelta(seconds=1), minute=timedelta(milliseconds=100))
"""A working day in one second, a round of 30 minutes in three."""


@dataclass(frozen=True, slots=True)
class _Clock:
    """An instant reached, and whether a missing holiday table could still move it."""

    at: datetime
    is_provisional: bool = False


def resolve_demand(draft: DemandDraft, *, at: datetime, pace: Pace = CALENDAR) -> DemandPlan:
    """A draft posted at ``at`` → its plan; refuses nothing, whatever the rules will say of it."""
    schedule = draft.schedule
    match draft.mode:
        case "instant" | "direct":
            return DemandPlan(draft, draft.terms, None, None, is_provisional=False)
        case "multi_round":
            sign_up = _after(at, schedule.sign_up_workdays, pace)
            first = _first_round(sign_up, schedule, pace)
            terms, closes_at = _with_rounds(draft.terms, schedule, first.at, pace)
            return DemandPlan(draft, terms, sign_up.at, closes_at, first.is_provisional)
        case _:
            sign_up = _after(at, schedule.sign_up_workdays, pace)
            close = _after(at, schedule.sign_up_workdays + schedule.offer_workdays, pace)
            return DemandPlan(draft, draft.terms, sign_up.at, close.at, close.is_provisional)


def _after(at: datetime, workdays: int, pace: Pace) -> _Clock:
    """The end of the n-th working day; none: the instant itself."""
    if not workdays:
        return _Clock(at)
    if pace.workday is not None:
        return _Clock(at + workdays * pace.workday)
    end = deadline(at, workdays)
    return _Clock(end.at, end.is_provisional)


def _first_round(sign_up: _Clock, schedule: RelativeSchedule, pace: Pace) -> _Clock:
    """When round 1 opens: at its minute of the first working day that starts no earlier than the sign-up's end."""
    if pace.workday is not None:
        return sign_up
    day, provisional = beijing_date(sign_up.at), sign_up.is_provisional
    if start_of_day(day) < sign_up.at:
        day += timedelta(days=1)
    while not (answer := is_workday(day)).is_workday:
        provisional = provisional or answer.is_provisional
        day += timedelta(days=1)
    opens_at = start_of_day(day) + schedule.first_round_minute * _MINUTE
    return _Clock(opens_at, provisional or answer.is_provisional)


def _with_rounds(
    terms: Mapping[str, Json], schedule: RelativeSchedule, first_at: datetime, pace: Pace
) -> tuple[Mapping[str, Json], datetime]:
    """Terms with every round's instants put in and the extension at the same pace, and the last close."""
    rounds, clock = terms["rounds"], first_at
    assert isinstance(rounds, list)
    dated: list[Json] = []
    for number, (round_terms, plan) in enumerate(zip(rounds, schedule.rounds, strict=True)):
        assert isinstance(round_terms, dict)
        opens_at = clock + (plan.break_minutes if number else 0) * pace.minute
        clock = opens_at + plan.minutes * pace.minute
        instants: dict[str, Json] = {"opens_at": format_instant(opens_at), "closes_at": format_instant(clock)}
        dated.append({**round_terms, **instants})
    complete: dict[str, Json] = {**terms, "rounds": dated}
    extension = terms.get("extension")
    if isinstance(extension, dict):
        complete["extension"] = {
            **extension,
            **{key: _paced_seconds(extension[key], pace) for key in ("window_s", "extend_s")},
        }
    return complete, clock


def _paced_seconds(seconds: Json, pace: Pace) -> int:
    """Seconds of the terms at this pace, at least one."""
    assert isinstance(seconds, int)
    return max(1, seconds * pace.minute // _MINUTE)
