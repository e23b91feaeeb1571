"""Rule profiles: every number that a region's rules set, as dated data with its source; never a constant in code.

First form: the shipped profiles ``generic-v1`` (our defaults, marked as such) and ``demo-v1`` (seconds instead of days,
so that a whole life plays in a minute). Source of each value: its row in data/profiles.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import cast

from commons.errors import NotFound
from commons.profiles import ProfileValue, RuleProfile, Unit
from commons.sources import Source, TextSeen


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


def rule_profile(name: str | RuleProfile) -> RuleProfile:
    """The shipped profile of that name; ``NotFound`` otherwise. A profile as a demand keeps it is itself."""
    if isinstance(name, RuleProfile):
        return name
    try:
        return shipped_profiles()[name]
    except KeyError:
        raise NotFound("profile", name) from None
