"""What does the market look like this year? Figures with their period and sample, counts by city, what runs now.

Invariants: every figure says over which days and from how many; medians are exact (the mean of the two middle values,
halves up), never a float; the year is the civil year in Beijing, to this day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Literal

import asyncpg

from commons.instants import beijing_date, start_of_day
from commons.money import BASIS, half_up
from commons.workdays import workdays_between
from marketplace.catalogue.profiles import shipped_profiles
from marketplace.database import Database
from marketplace.usecases.read_awards import AwardPage, AwardQuery, award_page
from marketplace.usecases.read_demands import DemandPage, DemandQuery, demand_page
from marketplace.usecases.read_listing import COLUMNS, MIN_ROWS, SHOWN, WINNER, Listed, Slice, columns_of, listed
from marketplace.usecases.read_restrictions import RestrictionPage, RestrictionQuery, restriction_page
from marketplace.usecases.read_room import Room, room_of
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import ahead_of_settling, standings

MAX_RUNNING = 3
MAX_COMMON = 6
UNPRICED = ["random_draw", "credit_draw", "direct"]
"""Modes without competing prices: their awards say nothing about savings."""
MICROSECOND = timedelta(microseconds=1)

_YEAR = " WHERE outcome = ANY($10::text[]) AND decided_at >= $11 AND decided_at <= $12"
_COUNTING = """
SELECT count(*) FILTER (WHERE outcome = 'award') AS awarded,
  count(*) FILTER (WHERE outcome = 'unsuccessful') AS unsuccessful,
  count(*) FILTER (WHERE outcome = 'award' AND mode = ANY($13::text[])) AS unpriced,
  count(*) FILTER (WHERE outcome = 'award' AND winner_row.city <> shown.city) AS outside
FROM
"""
_COUNTS = _COUNTING + SHOWN + WINNER + _YEAR
_CITY = "SELECT city, count(*) AS count FROM "
_CITIES = _CITY + SHOWN + _YEAR + " GROUP BY city"
_SAVING = "SELECT ceiling_fen, winning_fen FROM "
_SAVINGS = (
    _SAVING
    + SHOWN
    + _YEAR
    + " AND mode <> ALL($13::text[])"
    + " ORDER BY (ceiling_fen - winning_fen)::numeric(60, 40) / ceiling_fen, id OFFSET $14 LIMIT $15"
)
_DAY = """
SELECT profile, (published_at AT TIME ZONE 'Asia/Shanghai')::date AS first,
  (decided_at AT TIME ZONE 'Asia/Shanghai')::date AS last, count(*) AS count
FROM
"""
_DAYS = _DAY + SHOWN + _YEAR + " GROUP BY 1, 2, 3"
_SPAN = "SELECT decided_at - published_at AS span FROM "
_SPANS = _SPAN + SHOWN + _YEAR + " AND profile = ANY($13::text[]) ORDER BY 1, id OFFSET $14 LIMIT $15"
_FILED = """
SELECT count(*) AS filed, count(*) FILTER (WHERE region NOT LIKE '33%') AS outside,
  (SELECT count(DISTINCT subject) FROM restriction_as_it_ends
    WHERE starts_at <= $1 AND (ends_at IS NULL OR $1 < ends_at)) AS bound
FROM agency
"""
_RUNNING = (
    COLUMNS
    + " FROM "
    + SHOWN
    + WINNER
    + """
WHERE shown.state = 'published' AND shown.mode <> 'instant' AND shown.closes_at > $10
ORDER BY shown.closes_at, shown.id LIMIT $11
"""
)
_COMMON = "SELECT item, count(*) AS count FROM "
_ITEMS = _COMMON + SHOWN + " WHERE published_at >= $10 GROUP BY item ORDER BY count DESC, item LIMIT $11"


@dataclass(frozen=True, slots=True)
class MedianTime:
    """A median in tenths of its unit, from so many values; None without any."""

    tenths: int | None
    unit: Literal["workday", "second"]
    sample: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Over the civil days ``first`` to ``last``: results, savings in basis points of the ceiling, times, agencies.

    ``unpriced`` awards, drawn or chosen directly, are not in the savings.
    """

    first: date
    last: date
    awarded: int
    unsuccessful: int
    saving_bp: int | None
    unpriced: int
    published_to_award: MedianTime
    outside_city_bp: int | None
    agencies: int
    agencies_outside_province: int
    restricted_agencies: int


@dataclass(frozen=True, slots=True)
class Running:
    """A selection that runs; ``room`` where it has rounds."""

    demand: Listed
    room: Room | None


@dataclass(frozen=True, slots=True)
class Home:
    """Everything on the home page."""

    now: datetime
    figures: Figures
    common_items: tuple[str, ...]
    running: tuple[Running, ...]
    newest: DemandPage
    open_total: int
    awards: AwardPage
    restrictions: RestrictionPage
    awards_by_city: dict[str, int]


async def read_home(database: Database) -> Home:
    """The home page as of now."""
    async with reading(database) as snapshot:
        ahead = columns_of(await ahead_of_settling(snapshot))
        first, few = date(beijing_date(snapshot.now).year, 1, 1), Slice(1, MIN_ROWS)
        year = _Year(snapshot, ahead, first)
        items = await snapshot.connection.fetch(_ITEMS, *ahead, start_of_day(first), MAX_COMMON)
        newest = await demand_page(snapshot, ahead, DemandQuery(), few)
        still_open = await demand_page(snapshot, ahead, DemandQuery(state="open"), few)
        return Home(
            now=snapshot.now,
            figures=await year.figures(),
            common_items=tuple(row["item"] for row in items),
            running=await _running(snapshot, ahead),
            newest=newest,
            open_total=still_open.total,
            awards=await award_page(snapshot, ahead, AwardQuery(), few),
            restrictions=await restriction_page(snapshot, RestrictionQuery(), few),
            awards_by_city=await year.by_city(),
        )


async def _running(snapshot: Reading, ahead: tuple[list[object], ...]) -> tuple[Running, ...]:
    """At most three that end next, their rounds as anybody may see them."""
    rows = await snapshot.connection.fetch(_RUNNING, *ahead, snapshot.now, MAX_RUNNING)
    demands = [listed(row) for row in rows]
    found = await standings(snapshot, [one.selection for one in demands if one.mode == "multi_round"])
    rooms = {
        identifier: room_of(standing.state, standing.credits, at=standing.at)
        for identifier, standing in found.items()
        if standing.ruling is None
    }
    return tuple(Running(one, rooms.get(one.selection)) for one in demands)


@dataclass(frozen=True, slots=True)
class _Year:
    """Questions about the results of one civil year so far."""

    snapshot: Reading
    ahead: tuple[list[object], ...]
    first: date

    async def figures(self) -> Figures:
        """All figures."""
        counts = await self._row(_COUNTS, ["award", "unsuccessful"], UNPRICED)
        filed = await self.snapshot.connection.fetchrow(_FILED, self.snapshot.now)
        assert filed is not None, "an aggregate has one row"
        awarded = counts["awarded"]
        return Figures(
            first=self.first,
            last=beijing_date(self.snapshot.now),
            awarded=awarded,
            unsuccessful=counts["unsuccessful"],
            saving_bp=await self._saving(awarded - counts["unpriced"]),
            unpriced=counts["unpriced"],
            published_to_award=await self._time(),
            outside_city_bp=half_up(Fraction(counts["outside"] * BASIS, awarded)) if awarded else None,
            agencies=filed["filed"],
            agencies_outside_province=filed["outside"],
            restricted_agencies=filed["bound"],
        )

    async def by_city(self) -> dict[str, int]:
        """Awards by city code."""
        return {row["city"]: row["count"] for row in await self._rows(_CITIES, ["award"])}

    async def _saving(self, count: int) -> int | None:
        """Median of (ceiling − price) / ceiling in basis points, half up."""
        if not count:
            return None
        rows = await self._rows(_SAVINGS, ["award"], UNPRICED, *_middle(count))
        shares = [Fraction((row["ceiling_fen"] - row["winning_fen"]) * BASIS, row["ceiling_fen"]) for row in rows]
        return half_up(sum(shares, Fraction()) / len(shares))

    async def _time(self) -> MedianTime:
        """Median time from publication to award, in the unit the demands' own rules count in."""
        timed = [name for name, one in shipped_profiles().items() if one["sign_up"].unit != "workdays"]
        days: list[tuple[int, int]] = []
        quick = 0
        for row in await self._rows(_DAYS, ["award"]):
            if row["profile"] in timed:
                quick += row["count"]
            else:
                days.append((workdays_between(row["first"], row["last"]).days, row["count"]))
        if days or not quick:
            return MedianTime(_weighted_tenths(days), "workday", sum(count for _, count in days))
        rows = await self._rows(_SPANS, ["award"], timed, *_middle(quick))
        micros = [row["span"] // MICROSECOND for row in rows]
        return MedianTime(half_up(Fraction(sum(micros), len(micros) * 100_000)), "second", quick)

    async def _rows(self, query: str, outcomes: list[str], *more: object) -> Sequence[asyncpg.Record]:
        since = start_of_day(self.first)
        return await self.snapshot.connection.fetch(query, *self.ahead, outcomes, since, self.snapshot.now, *more)

    async def _row(self, query: str, outcomes: list[str], *more: object) -> asyncpg.Record:
        return (await self._rows(query, outcomes, *more))[0]


def _middle(count: int) -> tuple[int, int]:
    """Offset and number of the middle values: one or two."""
    return (count - 1) // 2, 1 + (count % 2 == 0)


def _weighted_tenths(values: list[tuple[int, int]]) -> int | None:
    """Median of values that each occur so often, in tenths, half up."""
    total = sum(count for _, count in values)
    if not total:
        return None
    offset, number = _middle(total)
    middle: list[int] = []
    passed = 0
    for value, count in sorted(values):
        passed += count
        while len(middle) < number and passed > offset + len(middle):
            middle.append(value)
    return half_up(Fraction(sum(middle) * 10, len(middle)))
