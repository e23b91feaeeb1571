"""What does the market look like this year? Figures with their period and sample, counts by city, what runs now.

Invariants: every figure says over which days and from how many, and is the same number as in the statistics; the year
is the civil year in Beijing, to this day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from marketplace.database import Database
from marketplace.statistics.numbers import Numbers
from marketplace.usecases.list_narrowing import OPEN
from marketplace.usecases.list_reading import Question
from marketplace.usecases.read_awards import AwardPage, AwardQuery, award_page
from marketplace.usecases.read_demands import LISTS, DemandPage, DemandQuery, demand_page, narrowing_of
from marketplace.usecases.read_listing import COLUMNS, MIN_ROWS, SHOWN, WINNER, Listed, Slice, columns_of, listed
from marketplace.usecases.read_restrictions import RestrictionPage, RestrictionQuery, restriction_page
from marketplace.usecases.read_room import Room, room_of
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import ahead_of_settling, standings
from marketplace.usecases.read_statistics import Report, catch_up, read_this_year

MAX_RUNNING = 3
MAX_COMMON = 6

_BOUND = """
SELECT count(DISTINCT subject) FROM restriction_as_it_ends WHERE starts_at <= $1 AND (ends_at IS NULL OR $1 < ends_at)
"""
_RUNNING = (
    COLUMNS
    + " FROM "
    + SHOWN
    + WINNER
    + """
WHERE shown.state = 'published' AND shown.mode <> 'instant' AND shown.closes_at > $10 AND shown.id = ANY($12::text[])
ORDER BY shown.closes_at, shown.id LIMIT $11
"""
)
_NEXT = "SELECT id FROM demand WHERE closes_at > $1 AND state = 'published' AND mode <> 'instant' AND "
_NEXT_ONES = _NEXT + OPEN + " AND id <> ALL($2::text[]) ORDER BY closes_at, id LIMIT $3"
"""The next ones by their index; those ahead of settling are looked at beside them."""
_COMMON = "SELECT item, count(*) AS count FROM "
_ITEMS = _COMMON + SHOWN + " WHERE published_at >= $10 GROUP BY item ORDER BY count DESC, item LIMIT $11"


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
    await catch_up(database)
    async with reading(database) as snapshot:
        ahead = columns_of(await ahead_of_settling(snapshot))
        few, year = Slice(1, MIN_ROWS), await read_this_year(database, snapshot)
        newest = await demand_page(snapshot, ahead, DemandQuery(), few)
        still_open = Question(snapshot, ahead, LISTS["open"], narrowing_of(DemandQuery(state="open")))
        return Home(
            now=snapshot.now,
            figures=await _figures(snapshot, year),
            common_items=_common(year) or tuple(dict.fromkeys(row.item for row in newest.rows))[:MAX_COMMON],
            running=await _running(snapshot, ahead),
            newest=newest,
            open_total=(await still_open.total(await still_open.count()))[0],
            awards=await award_page(snapshot, ahead, AwardQuery(), few),
            restrictions=await restriction_page(snapshot, RestrictionQuery(), few),
            awards_by_city={city: one.sample("awarded") for city, one in year.by_city.items() if one.sample("awarded")},
        )


def _common(year: Report) -> tuple[str, ...]:
    """The items with the most selections that came to an end this year."""
    ended = {item: one.sample("awarded") + one.of("failed").part for item, one in year.by_item.items()}
    return tuple(sorted((item for item in ended if ended[item]), key=lambda item: (-ended[item], item))[:MAX_COMMON])


async def _running(snapshot: Reading, ahead: tuple[list[object], ...]) -> tuple[Running, ...]:
    """At most three that end next, their rounds as anybody may see them."""
    settling = ahead[0]
    found = await snapshot.connection.fetch(_NEXT_ONES, snapshot.now, settling, MAX_RUNNING)
    near = [*settling, *(row["id"] for row in found)]
    rows = await snapshot.connection.fetch(_RUNNING, *ahead, snapshot.now, MAX_RUNNING, near)
    demands = [listed(row) for row in rows]
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
