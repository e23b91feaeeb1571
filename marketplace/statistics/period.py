"""Which months a number is about: civil months and years in Beijing, a period as the fewest spans that make it up.

Invariants: a period is of whole months, the last one included; its spans do not overlap and make up exactly its months.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from commons.instants import beijing_date

MAX_MONTHS = 60
"""Longest period that is looked at, five years."""
FIRST_YEAR, LAST_YEAR = 2000, 2999

_MONTH = re.compile(r"(2\d{3})-(0[1-9]|1[0-2])", re.ASCII)
_MONTHS = 12
_DAY = timedelta(days=1)


def month_of(at: datetime | date) -> str:
    """The month of an instant in Beijing, or of a day: ``2026-11``."""
    day = beijing_date(at) if isinstance(at, datetime) else at
    return f"{day.year:04d}-{day.month:02d}"


def year_of(month: str) -> str:
    """``2026-11`` → ``2026``."""
    return month[:4]


def is_month(text: str) -> bool:
    """Whether a text names a month."""
    return _MONTH.fullmatch(text) is not None


def moved(month: str, by: int) -> str:
    """The month so many later, or earlier where negative."""
    index = int(month[:4]) * _MONTHS + int(month[5:]) - 1 + by
    return f"{index // _MONTHS:04d}-{index % _MONTHS + 1:02d}"


def months_between(first: str, last: str) -> int:
    """Months from the first to the last, both included; 0 or less where they are the wrong way round."""
    return (int(last[:4]) - int(first[:4])) * _MONTHS + int(last[5:]) - int(first[5:]) + 1


@dataclass(frozen=True, slots=True)
class Months:
    """From the first day of a month to the last day of another, at most ``MAX_MONTHS``."""

    first: str
    last: str

    def __post_init__(self) -> None:
        """Refuse what is no period: the reader judges what was typed."""
        assert is_month(self.first), "a month"
        assert is_month(self.last), "a month"
        assert 1 <= months_between(self.first, self.last) <= MAX_MONTHS, "in order, and not too long"

    @property
    def months(self) -> tuple[str, ...]:
        """Every month of it, in order."""
        return tuple(moved(self.first, step) for step in range(months_between(self.first, self.last)))

    @property
    def years(self) -> tuple[str, ...]:
        """Every year that it touches, in order."""
        return tuple(sorted({year_of(month) for month in self.months}))

    @property
    def spans(self) -> tuple[str, ...]:
        """The fewest whole years and months that make it up."""
        months = set(self.months)
        whole = {year for year in self.years if months.issuperset(f"{year}-{number:02d}" for number in range(1, 13))}
        return (*sorted(whole), *sorted(month for month in months if year_of(month) not in whole))

    def days(self, today: date) -> tuple[date, date]:
        """Its first and last day, the last one not after today unless all of it is."""
        first = date.fromisoformat(f"{self.first}-01")
        last = date.fromisoformat(f"{moved(self.last, 1)}-01") - _DAY
        return first, min(last, today) if first <= today else last


def this_year(today: date) -> Months:
    """From January of this year to December: what is counted so far."""
    return Months(f"{today.year:04d}-01", f"{today.year:04d}-12")
