"""The clocks of credit as versioned data: how long a hearing, an objection and a repair take (credit.md section 4).

Invariant: months and working days end at midnight in Beijing, half-open. ``demo-v1`` says the same in seconds.
Source: each row of data/clocks.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Literal, assert_never, cast

from commons.errors import NotFound
from commons.instants import Deadline, beijing_date, start_of_day
from commons.sources import Source, TextSeen
from commons.workdays import LIBRARY_TABLE, HolidayTable, deadline
from credit.scoring import months_later

ClockUnit = Literal["months", "workdays", "seconds", "yes_no"]


@dataclass(frozen=True, slots=True)
class Clock:
    """One value with its unit and where it comes from."""

    key: str
    value: int
    unit: ClockUnit
    source: Source


@dataclass(frozen=True, slots=True)
class CreditClocks:
    """A named version of the clocks, by key; working days over ``table``."""

    name: str
    values: Mapping[str, Clock]
    table: HolidayTable = LIBRARY_TABLE

    def source(self, key: str) -> Source:
        """Where the clock comes from."""
        return self.values[key].source

    def is_on(self, key: str) -> bool:
        """The answer of a yes-or-no row."""
        return bool(self.values[key].value)

    def after(self, key: str, at: datetime) -> Deadline:
        """The end of the clock ``key`` started at ``at``; a clock of length 0 ends where it starts."""
        clock = self.values[key]
        if not clock.value:
            return Deadline(at, is_provisional=False)
        match clock.unit:
            case "months":
                return Deadline(start_of_day(months_later(beijing_date(at), clock.value)), is_provisional=False)
            case "workdays":
                return deadline(at, clock.value, table=self.table)
            case "seconds":
                return Deadline(at + timedelta(seconds=clock.value), is_provisional=False)
            case "yes_no":
                message = f"{key} is no duration"
                raise AssertionError(message)
            case _:
                assert_never(clock.unit)


def parse_clocks(text: str) -> Mapping[str, CreditClocks]:
    """CSV text → clocks by profile; a malformed row is a bug of the data and raises."""
    values: dict[str, dict[str, Clock]] = {}
    for row in csv.DictReader(text.splitlines()):
        source = Source(row["source"], cast("TextSeen", row["text_seen"]), row["key"])
        clock = Clock(row["key"], int(row["value"]), cast("ClockUnit", row["unit"]), source)
        values.setdefault(row["profile"], {})[clock.key] = clock
    return {name: CreditClocks(name, keys) for name, keys in values.items()}


@cache
def _shipped() -> Mapping[str, CreditClocks]:
    return parse_clocks((resources.files("credit") / "data" / "clocks.csv").read_text("utf-8"))


def credit_clocks(profile: str) -> CreditClocks:
    """The shipped clocks of that profile; ``NotFound`` otherwise."""
    try:
        return _shipped()[profile]
    except KeyError:
        raise NotFound("profile", profile) from None
