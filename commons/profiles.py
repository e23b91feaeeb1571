"""Rule profiles as values: every number that a region's rules set, with its unit and where it comes from.

Invariant: a clock is data, read by key; what the product ships is in marketplace/catalogue. Source: market.md, head.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from commons.instants import Deadline
from commons.sources import Source
from commons.workdays import LIBRARY_TABLE, HolidayTable, deadline, moved

Unit = Literal["workdays", "days", "minutes", "seconds", "bidders", "rounds", "minute_of_day", "yes_no", "fen"]


@dataclass(frozen=True, slots=True)
class ProfileValue:
    """One value of a profile with its unit and where it comes from."""

    key: str
    value: int
    unit: Unit
    source: Source


@dataclass(frozen=True, slots=True)
class RuleProfile:
    """A named version of the rules; ``values`` by key, working days over ``table``."""

    name: str
    values: Mapping[str, ProfileValue]
    table: HolidayTable = LIBRARY_TABLE

    def __getitem__(self, key: str) -> ProfileValue:
        """The value of that key; a missing one is a bug of the data (``KeyError``)."""
        return self.values[key]

    def overlaid(self, values: Mapping[str, ProfileValue]) -> RuleProfile:
        """The same profile with these values in place of its own, and beside them."""
        return replace(self, values={**self.values, **values}) if values else self

    def after(self, key: str, at: datetime) -> Deadline:
        """The end of the clock ``key`` started at ``at``; working days end at midnight in Beijing."""
        clock = self.values[key]
        if clock.unit == "workdays":
            return deadline(at, clock.value, table=self.table) if clock.value else Deadline(at, is_provisional=False)
        return Deadline(at + self.length(key), is_provisional=False)

    def recounted(self, key: str, announced: Deadline, at: datetime) -> Deadline:
        """The announced end of the clock counted again over the table as it is now; never earlier."""
        clock = self.values[key]
        if clock.unit != "workdays" or not clock.value or not announced.is_provisional:
            return announced
        return moved(announced, at, clock.value, table=self.table)

    def length(self, key: str) -> timedelta:
        """A duration of fixed length; asking it of working days or counts is a bug (``KeyError``)."""
        clock = self.values[key]
        seconds = {"days": 86_400, "minutes": 60, "seconds": 1}[clock.unit]
        return timedelta(seconds=clock.value * seconds)
