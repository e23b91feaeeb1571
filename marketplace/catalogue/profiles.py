"""Rule profiles: every number that a region's rules set, as dated data with its source; never a constant in code.

First form: the shipped profiles ``generic-v1`` (our defaults, marked as such) and ``demo-v1`` (seconds instead of days,
so that a whole life plays in a minute). Source of each value: its row in data/profiles.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Literal, cast

from commons.errors import NotFound
from commons.sources import Source, TextSeen
from commons.workdays import Deadline, deadline

Unit = Literal["workdays", "days", "minutes", "seconds", "bidders", "rounds", "minute_of_day"]


@dataclass(frozen=True, slots=True)
class ProfileValue:
    """One value of a profile with its unit and where it comes from."""

    key: str
    value: int
    unit: Unit
    source: Source


@dataclass(frozen=True, slots=True)
class RuleProfile:
    """A named version of the rules; ``values`` by key."""

    name: str
    values: Mapping[str, ProfileValue]

    def __getitem__(self, key: str) -> ProfileValue:
        """The value of that key; a missing one is a bug of the data (``KeyError``)."""
        return self.values[key]

    def after(self, key: str, at: datetime) -> Deadline:
        """The end of the clock ``key`` started at ``at``; working days end at midnight in Beijing."""
        clock = self.values[key]
        if clock.unit == "workdays":
            return deadline(at, workdays=clock.value) if clock.value else Deadline(at, is_provisional=False)
        return Deadline(at + self.length(key), is_provisional=False)

    def length(self, key: str) -> timedelta:
        """A duration of fixed length; asking it of working days or counts is a bug (``KeyError``)."""
        clock = self.values[key]
        seconds = {"days": 86_400, "minutes": 60, "seconds": 1}[clock.unit]
        return timedelta(seconds=clock.value * seconds)


def parse_profiles(text: str) -> Mapping[str, RuleProfile]:
    """CSV text → profiles by name; a malformed row is a bug of the data and raises."""
    values: dict[str, dict[str, ProfileValue]] = {}
    for row in csv.DictReader(text.splitlines()):
        source = Source(row["source"], cast("TextSeen", row["text_seen"]), row["key"])
        value = ProfileValue(row["key"], int(row["value"]), cast("Unit", row["unit"]), source)
        values.setdefault(row["profile"], {})[value.key] = value
    return {name: RuleProfile(name, keys) for name, keys in values.items()}


@cache
def shipped_profiles() -> Mapping[str, RuleProfile]:
    """All profiles that come with the product, by name."""
    return parse_profiles((resources.files("marketplace.catalogue") / "data" / "profiles.csv").read_text("utf-8"))


def rule_profile(name: str) -> RuleProfile:
    """The shipped profile of that name; ``NotFound`` otherwise."""
    try:
        return shipped_profiles()[name]
    except KeyError:
        raise NotFound("profile", name) from None
