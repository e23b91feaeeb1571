"""What does the market look like this year? Figures with their period and sample, counts by city, what runs now.

Invariants: every figure says over which days and from how many, and is the same number as in the statistics; the year
is the civil year in Beijing, to this day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from marketplace.database import Database
from marketplace.statistics.numbers import Numbers
from marketplace.usecases.list_narrowing import OPEN, Narrowing
from marketplace.usecases.list_reading import Question
from marketplace.usecases.read_awards import LIST as AWARDS
from marketplace.usecases.read_awards import bidders_of
from marketplace.usecases.read_demands import LISTS, DemandQuery, count_demands, narrowing_of
from marketplace.usecases.read_listing import Listed, columns_of
from marketplace.usecases.read_restrictions import ListedRestriction, RestrictionQuery, restriction_rows
from marketplace.usecases.read_room import Room, room_of
from marketplace.usecases.read_snapshot import Reading
from marketplace.usecases.read_standing import ahead_of_settling, standings
from marketplace.usecases.read_statistics import Report, caught_up, of_this_year

SHOWN = 5
"""Rows of each list."""
MAX_RUNNING = 3
MAX_COMMON = 6

_BOUND = """
SELECT count(DISTINCT subject) FROM restriction_as_it_ends WHERE starts_at <= $1 AND (ends_at IS NULL OR $1 < ends_at)
"""
_NEXT = "SELECT id FROM demand WHERE closes_at > $1 AND state = 'published' AND mode <> 'instant' AND "
_NEXT_ONES = _NEXT + OPEN + " AND id <> ALL($2::text[]) ORDER BY closes_at, id LIMIT 3"
"""The next ones by their index, ``MAX_RUNNING``; those ahead of settling are looked at beside them."""


@dataclass(frozen=True, slots=True)
class MedianTime:
    """A median in its unit, from so many values; None without any."""

    value: int | None
    unit: Literal["workday", "second"]
    sample: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Over the civil days ``first`` to ``last``: results, savings in tenths of a percent, times, agencies on file.

    ``unpriced`` awards, drawn or chosen directly, are not in the savings. ``is_example``: all of it is invented.
    """

    first: date
    last: date
    awarded: int
    unsuccessful: int
    saving_permille: int | None
    saving_sample: int
    unpriced: int
    published_to_award: MedianTime
    outside_city_bp: int | None
    agencies: int
    agencies_outside_province: int
    restricted_agencies: int
    is_example: bool


@dataclass(frozen=True, slots=True)
class Running:
    """A selection that runs; ``room`` where it has rounds."""

    demand: Listed
    room: Room | None


@dataclass(frozen=True, slots=True)
class Home:
    """Everything on the home page; ``bidders`` signed up, by selection of the awards."""

    now: datetime
    figures: Figures
    common_items: tuple[str, ...]
    running: tuple[Running, ...]
    newest: tuple[Listed, ...]
    open_total: int
    awards: tuple[Listed, ...]
    bidders: Mapping[str, int]
    restrictions: tuple[ListedRestriction, ...]
    awards_by_city: dict[str, int]


async def read_home(database: Database) -> Home:
    """The home page as of now."""
    return await caught_up(database, of_this_year, _home)


async def _home(snapshot: Reading, year: Report) -> Home:
    ahead = columns_of(await ahead_of_settling(snapshot))
    newest, awards, running = await _rows(snapshot, ahead)
    return Home(
        now=snapshot.now,
        figures=await _figures(snapshot, year),
        common_items=_common(year) or tuple(dict.fromkeys(row.item for row in newest))[:MAX_COMMON],
        running=await _running(snapshot, running),
        newest=newest,
        open_total=await count_demands(snapshot, ahead, DemandQuery(state="open")),
        awards=awards,
        bidders=await bidders_of(snapshot, awards),
        restrictions=await restriction_rows(snapshot, RestrictionQuery(), size=SHOWN),
        awards_by_city={city: one.sample("awarded") for city, one in year.by_city.items() if one.sample("awarded")},
    )


async def _rows(
    snapshot: Reading, ahead: tuple[list[object], ...]
) -> tuple[tuple[Listed, ...], tuple[Listed, ...], tuple[Listed, ...]]:
    """The first of all demands, the newest results, and at most three that run and end next: fetched together."""
    demands = Question(snapshot, ahead, LISTS["all"], narrowing_of(DemandQuery()))
    first = await demands.first(SHOWN)
    latest = await Question(snapshot, ahead, AWARDS, Narrowing()).first(SHOWN)
    await demands.as_before()
    settling = ahead[0]
    found = await snapshot.connection.fetch(_NEXT_ONES, snapshot.now, settling)
    near = [*settling, *(row["id"] for row in found)]
    rows = await demands.rows([*{*first, *latest, *map(str, near)}])
    ends = [
        (one.closes_at, one.id)
        for one in (rows[str(key)] for key in near if str(key) in rows)
        if one.state == "published" and one.mode != "instant" and one.closes_at and one.closes_at > snapshot.now
    ]
    running = tuple(rows[identifier] for _, identifier in sorted(ends)[:MAX_RUNNING])
    return tuple(rows[key] for key in first), tuple(rows[key] for key in latest), running


def _common(year: Report) -> tuple[str, ...]:
    """The items with the most selections that came to an end this year."""
    ended = {item: one.sample("awarded") + one.of("failed").part for item, one in year.by_item.items()}
    return tuple(sorted((item for item in ended if ended[item]), key=lambda item: (-ended[item], item))[:MAX_COMMON])


async def _running(snapshot: Reading, demands: Sequence[Listed]) -> tuple[Running, ...]:
    """With their rounds as anybody may see them."""
    standing_now = await standings(snapshot, [one.selection for one in demands if one.mode == "multi_round"])
    rooms = {
        identifier: room_of(standing.state, standing.credits, at=standing.at)
        for identifier, standing in standing_now.items()
        if standing.ruling is None
    }
    return tuple(Running(one, rooms.get(one.selection)) for one in demands)


async def _figures(snapshot: Reading, year: Report) -> Figures:
    """The four figures and the market's openness, out of the year's statistics."""
    whole = year.whole
    saving, outside, filed = whole.of("saving_ceiling"), whole.of("outside_city"), year.register.of("filed")
    bound: int = await snapshot.connection.fetchval(_BOUND, snapshot.now)
    return Figures(
        first=year.first,
        last=year.last,
        awarded=whole.sample("awarded"),
        unsuccessful=whole.of("failed").part,
        saving_permille=saving.median,
        saving_sample=saving.sample,
        unpriced=whole.sample("unpriced"),
        published_to_award=_time(whole),
        outside_city_bp=outside.share_bp,
        agencies=filed.sample,
        agencies_outside_province=filed.part,
        restricted_agencies=bound,
        is_example=year.is_example,
    )


def _time(whole: Numbers) -> MedianTime:
    """Publication to award in working days; in seconds where only demonstrations were played."""
    days, seconds = whole.of("award_workdays"), whole.of("award_seconds")
    if days.sample or not seconds.sample:
        return MedianTime(days.median, "workday", days.sample)
    return MedianTime(seconds.median, "second", seconds.sample)
