"""What similar demands cost and took (同类需求): same item, the region widened step by step until there are enough.

Invariants: only awards that stand are counted; numbers are whole (fen, days) and the median of an even sample is the
lower middle one, so that it is a price that was really paid; the steps are the demand's county, its city, the province.
Source: market.md section 3 (fairness check).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Scope = Literal["county", "city", "province"]
SCOPES: tuple[Scope, ...] = ("county", "city", "province")
ENOUGH = 5
"""Awards from which on a region is wide enough."""
WINDOW_MONTHS = 24
"""How far back awards are compared with."""


class Past(NamedTuple):
    """An award of the same item: its price, the service days its terms allowed, the days from publication to award."""

    region: str
    city: str
    price_fen: int
    service_days: int | None
    award_days: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Least, lower quarter, median, upper quarter, most of a sample of ``count``."""

    count: int
    least: int
    quarter: int
    median: int
    three_quarters: int
    most: int


@dataclass(frozen=True, slots=True)
class Similar:
    """The sample: its scope and first day, and the spreads of price (fen) and days; None where nothing is known."""

    scope: Scope
    since: date
    count: int
    price_fen: Spread | None
    service_days: Spread | None
    award_days: Spread | None


def spread(values: Sequence[int]) -> Spread | None:
    """The spread of a sample by the nearest rank, lower one; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    ranks = [ordered[(len(ordered) - 1) * part // 4] for part in range(5)]
    return Spread(len(ordered), *ranks)


def similar(past: Sequence[Past], *, region: str, city: str, since: date) -> Similar:
    """The nearest sample that is large enough, the province's where none is."""
    county = [one for one in past if one.region == region]
    in_city = [one for one in past if one.city == city]
    steps: tuple[tuple[Scope, Sequence[Past]], ...] = (("county", county), ("city", in_city), ("province", past))
    scope, chosen = next(((name, rows) for name, rows in steps if len(rows) >= ENOUGH), steps[-1])
    columns = zip(*((one.price_fen, one.service_days, one.award_days) for one in chosen), strict=True)
    prices, days, award_days = columns if chosen else ((), (), ())
    return sampled(scope, since, prices, days, award_days)


def sampled(
    scope: Scope, since: date, prices: Sequence[int], service_days: Sequence[int | None], award_days: Sequence[int]
) -> Similar:
    """A sample that is chosen already, column by column; service days that the terms left open are left out."""
    allowed = [one for one in service_days if one is not None]
    return Similar(scope, since, len(prices), spread(prices), spread(allowed), spread(award_days))
