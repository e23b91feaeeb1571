"""What random cases of sealed and timed selections have in common: chances, instants as text, draw inputs, lines."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

Raw = dict[str, Any]
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
CREDITS = [8000, 8000, 8000, 9000, 9000, 9950, 10_000, 10_005, 50, 100, 199, 0, -5]


def chance(source: random.Random, percent: int) -> bool:
    """True in so many of a hundred."""
    return source.randrange(100) < percent


def written(at: datetime, source: random.Random) -> str:
    """An instant as RFC 3339, its fraction in one of the ways that mean the same."""
    whole, micro = f"{at:%Y-%m-%dT%H:%M:%S}", f"{at.microsecond:06d}"
    if not at.microsecond:
        return whole + source.choice(["Z", "Z", "Z", ".000000Z", ".0Z"])
    return f"{whole}.{source.choice([micro, micro.rstrip('0')])}Z"


def draw_inputs(source: random.Random, percent: int) -> Raw:
    """Inputs of a draw in so many of a hundred cases, of any length."""
    if not chance(source, percent):
        return {}
    salt, ikm = source.choice([1, 16, 32, 65]), source.choice([1, 32])
    return {"draw": {"salt": source.randbytes(salt).hex(), "ikm": source.randbytes(ikm).hex()}}


def ties_of(source: random.Random, names: list[str]) -> list[str]:
    """Some tie rules in any order, the draw last."""
    return [*source.sample(names, source.randint(0, len(names))), "draw"]


def low_price(source: random.Random) -> Raw:
    """Any of the three lines, or none."""
    lines = ["below_mean_bp", "below_second_bp", "below_ceiling_bp"]
    chosen = source.sample(lines, source.randint(0, 3))
    return {"low_price": {line: source.choice([5000, 7000, 8500, 9500, 9999, 10_000]) for line in chosen}}
