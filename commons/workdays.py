"""Working days (工作日) and the deadlines counted in them, over a table of holidays that may not be published yet.

Invariants: a deadline is the end of its last working day in Beijing, half-open: the midnight after it is outside;
what was counted over days whose table is missing is marked provisional, and a table that arrives later never makes
an announced deadline earlier. Source: the State Council's yearly holiday notices, as kept by chinesecalendar (the
library's table was read, the notices were not); that a provisional deadline only moves later is an own default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chinese_calendar import constants  # type: ignore[import-untyped]  # the library ships no types

from commons.instants import Deadline, beijing_date, start_of_day

MAX_WORKDAYS = 2_500
"""Longest count of working days, about ten years."""

MAX_SPAN_DAYS = 4_000
"""Longest span of days that is counted through."""

_DAY = timedelta(days=1)
_SATURDAY = 5
_TURN_OF_YEAR = (12, 25)
"""From here on a day waits for the notice of the next year too: it has ruled over days from 29 December on."""


@dataclass(frozen=True, slots=True)
class HolidayTable:
    """The years whose notice is known, the days off they name, and the weekend days they make working days (调休)."""

    years: frozenset[int]
    days_off: frozenset[date]
    extra_workdays: frozenset[date]

    def is_settled(self, day: date) -> bool:
        """Whether every notice that could speak of the day is known."""
        late = (day.month, day.day) >= _TURN_OF_YEAR
        return day.year in self.years and (not late or day.year + 1 in self.years)


@dataclass(frozen=True, slots=True)
class WorkdayAnswer:
    """Whether a day is a working day; provisional when a notice that could change it is not known."""

    is_workday: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class WorkdayCount:
    """Working days counted; provisional when one of the days counted through is."""

    days: int
    is_provisional: bool


def library_table() -> HolidayTable:
    """What chinesecalendar knows: the only place where the library is touched."""
    days_off, extra = frozenset(constants.holidays), frozenset(constants.workdays)
    years = frozenset(day.year for day in days_off if (day.month, day.day) == (10, 1))
    return HolidayTable(years, days_off, extra)


LIBRARY_TABLE = library_table()


def is_workday(day: date, *, table: HolidayTable = LIBRARY_TABLE) -> WorkdayAnswer:
    """Whether people work on the day; without its year's notice Monday to Friday count, provisionally."""
    works = day in table.extra_workdays or (day.weekday() < _SATURDAY and day not in table.days_off)
    return WorkdayAnswer(works, not table.is_settled(day))


def deadline(start_at: datetime, workdays: int, *, table: HolidayTable = LIBRARY_TABLE) -> Deadline:
    """End of the n-th working day after the day of the start; refuses n outside 1…``MAX_WORKDAYS`` (``ValueError``)."""
    if not 1 <= workdays <= MAX_WORKDAYS:
        message = f"a deadline of {workdays} working days is outside 1…{MAX_WORKDAYS}"
        raise ValueError(message)
    day, left, provisional = beijing_date(start_at), workdays, False
    while left:
        day += _DAY
        answer = is_workday(day, table=table)
        left -= answer.is_workday
        provisional = provisional or answer.is_provisional
    return Deadline(start_of_day(day + _DAY), provisional)


def moved(announced: Deadline, start_at: datetime, workdays: int, *, table: HolidayTable = LIBRARY_TABLE) -> Deadline:
    """The announced deadline counted again over the table as it is now: the same or later, never earlier."""
    counted = deadline(start_at, workdays, table=table)
    return Deadline(max(announced.at, counted.at), counted.is_provisional)


def workdays_between(first: date, until: date, *, table: HolidayTable = LIBRARY_TABLE) -> WorkdayCount:
    """Working days with ``first ≤ day < until``; refuses more than ``MAX_SPAN_DAYS`` days (``ValueError``)."""
    span = max(0, (until - first).days)
    if span > MAX_SPAN_DAYS:
        message = f"{span} days are more than {MAX_SPAN_DAYS}"
        raise ValueError(message)
    answers = [is_workday(first + timedelta(days=offset), table=table) for offset in range(span)]
    return WorkdayCount(sum(answer.is_workday for answer in answers), any(answer.is_provisional for answer in answers))
