"""Instants (UTC, microseconds) and half-open periods; time is always passed in, never asked for here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "北京时间")
"""Civil time of the market: UTC+8, without summer time since 1992."""

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z", re.ASCII)


def parse_instant(text: str) -> datetime:
    """RFC 3339 in UTC with ``Z``, up to microseconds → aware datetime; anything else is a ``ValueError``."""
    if not _RFC3339.fullmatch(text):
        message = "not an RFC 3339 instant in UTC (YYYY-MM-DDTHH:MM:SS[.ffffff]Z)"
        raise ValueError(message)
    return datetime.fromisoformat(text)


def format_instant(at: datetime) -> str:
    """Aware datetime → ``YYYY-MM-DDTHH:MM:SS[.ffffff]Z``; a naive one is a ``ValueError``."""
    return f"{as_utc(at).isoformat().removesuffix('+00:00')}Z"


def as_utc(at: datetime) -> datetime:
    """The same instant in UTC; a naive datetime is a ``ValueError``."""
    if at.tzinfo is None:
        message = "an instant needs its zone"
        raise ValueError(message)
    return at.astimezone(UTC)


def beijing_date(at: datetime) -> date:
    """The civil day in Beijing on which the instant falls; a naive datetime is a ``ValueError``."""
    return as_utc(at).astimezone(BEIJING).date()


def start_of_day(day: date) -> datetime:
    """Midnight in Beijing at the start of the day, as an instant in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open period of instants: ``start ≤ at < end``; ``end`` None is without end."""

    start: datetime
    end: datetime | None

    def __post_init__(self) -> None:
        """Refuse an end before the start (an empty period is allowed), and a naive datetime."""
        start, end = as_utc(self.start), self.end
        if end is not None and as_utc(end) < start:
            message = "a period ends no earlier than it starts"
            raise ValueError(message)

    def contains(self, at: datetime) -> bool:
        """Whether the instant lies inside."""
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The first instant that is too late; provisional when one of the days counted through is."""

    at: datetime
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class DayPeriod:
    """Half-open period of civil days: ``first ≤ day < until``; None means open at that side."""

    first: date | None
    until: date | None

    def contains(self, day: date) -> bool:
        """Whether the day lies inside."""
        return (self.first is None or self.first <= day) and (self.until is None or day < self.until)
