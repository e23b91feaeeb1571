"""What do the numbers of the market say? One report under one filter: in all, by city, by item, by month.

Invariants: real and invented data are never in one number, and which of them a report is about stands in it; what is
not counted yet is said; what the clock has brought is in the numbers before anybody settled it; a report computed
before is given again only while nothing was counted since. Source: market.md section 5, docs/adr/0034.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal, TypeVar

from commons.instants import beijing_date
from commons.regions import REGIONS
from marketplace.database import Connection, Database
from marketplace.statistics.concentration import Cell, ordered
from marketplace.statistics.counting import Count
from marketplace.statistics.numbers import Numbers, gathered
from marketplace.statistics.period import Months, is_month, this_year
from marketplace.usecases.count_statistics import ahead_of_counting, count_statistics
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import ahead_of_settling

Result = TypeVar("Result")
Data = Literal["", "real", "example"]
"""Which data: "" is real ones as soon as there are any."""
MOST_DUE = 100_000
"""Subjects that are due are counted up to here."""
MOST_KEPT = 128
"""Computed reports that are kept."""
FIRST_YEAR = 2020
"""The first year that agencies on file are counted from."""

_STATE = """
SELECT coalesce((SELECT counted FROM statistics_state), 0) AS counted,
  (SELECT count(*) FROM (SELECT FROM statistics_due LIMIT $1) AS due) AS due,
  EXISTS (SELECT FROM statistics_baseline WHERE is_stale) AS has_stale,
  EXISTS (SELECT FROM statistics_tally WHERE NOT is_example AND item = '' AND city = '' AND times > 0
    AND measure IN ('awarded', 'failed', 'cancelled')) AS has_real,
  EXISTS (SELECT FROM statistics_tally WHERE is_example AND item = '' AND city = '' AND times > 0
    AND measure IN ('awarded', 'failed', 'cancelled')) AS has_example,
  EXISTS (SELECT FROM statistics_tally WHERE is_example AND item = '' AND city = '' AND times > 0
    AND measure = 'filed') AND NOT EXISTS (SELECT FROM statistics_tally WHERE NOT is_example AND item = ''
    AND city = '' AND times > 0 AND measure = 'filed') AS has_invented_agencies
"""
_IS_DUE = "SELECT EXISTS (SELECT FROM statistics_due) OR EXISTS (SELECT FROM statistics_baseline WHERE is_stale)"
_NUMBERS = """
SELECT cut, measure, array_agg(value) AS values, array_agg(times) AS times FROM (
  SELECT CASE $1 WHEN 'item' THEN item WHEN 'city' THEN city WHEN 'span' THEN span ELSE '' END AS cut, measure, value,
    sum(times)::bigint AS times
  FROM statistics_tally
  WHERE is_example = $2 AND span = ANY($3::text[]) AND times <> 0
    AND CASE WHEN $1 = 'item' THEN item <> '' ELSE item = $4 END
    AND CASE WHEN $1 = 'city' THEN city <> '' ELSE city = $5 END
  GROUP BY 1, 2, 3
) AS summed GROUP BY 1, 2
"""
_CELLS = """
SELECT county, item, awards, agencies, fen, top_fen FROM statistics_share
WHERE is_example = $1 AND year = $2 AND awards > 0 AND ($3 = '' OR item = $3)
  AND ($4::text[] IS NULL OR county = ANY($4))
"""
_COUNTED = """
SELECT (counted -> 'rows')::text AS rows FROM statistics_case
WHERE is_example = $1 AND ($2 = '' OR item = $2) AND ($3 = '' OR city = $3)
"""
By = Literal["all", "city", "item", "span"]


@dataclass(frozen=True, slots=True)
class StatisticsQuery:
    """Months from and to ("2026-01"), city and item ("" for all of them), which data."""

    months: Months
    city: str = ""
    item: str = ""
    data: Data = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The numbers under one filter, ``now``; ``first`` to ``last`` are its days, both included.

    ``has_other``: there are data of the other kind (real, invented) that are not in it. ``due`` subjects are not
    counted yet; ``unsettled`` selections have come to their instant and are counted in as settling will find them,
    but in the concentration.
    ``concentration`` is of ``year``, the last one of the period.
    """

    query: StatisticsQuery
    now: datetime
    first: date
    last: date
    is_example: bool
    has_other: bool
    due: int
    unsettled: int
    counted: int
    whole: Numbers
    by_city: Mapping[str, Numbers]
    by_item: Mapping[str, Numbers]
    by_month: Mapping[str, Numbers]
    year: str
    concentration: tuple[Cell, ...]
    register: Numbers = field(default_factory=Numbers)
    has_stale: bool = False
    """Whether a baseline has to be looked at again."""

    @property
    def is_behind(self) -> bool:
        """Whether there is something to count before it is read."""
        return self.due > 0 or self.has_stale


class _Shelf:
    """Reports that were computed, each as long as it holds; the oldest makes way."""

    def __init__(self, database: Database, /) -> None:
        self._database = database
        self._kept: dict[tuple[StatisticsQuery, bool], tuple[int, _Sums]] = {}

    async def end(self) -> None:
        """Nothing is under way."""
        self._kept.clear()

    async def sums(self, snapshot: Reading, query: StatisticsQuery, *, is_example: bool, counted: int) -> _Sums:
        """The sums as of that count."""
        key = (query, is_example)
        found = self._kept.get(key)
        if found is not None and found[0] == counted:
            return found[1]
        made = await _sums(snapshot.connection, query, is_example=is_example)
        self._kept.pop(key, None)
        if len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (counted, made)
        return made


@dataclass(frozen=True, slots=True)
class _Sums:
    """What has to be added up, and stays the same as long as nothing is counted."""

    whole: Numbers
    by_city: Mapping[str, Numbers]
    by_item: Mapping[str, Numbers]
    by_month: Mapping[str, Numbers]
    year: str
    concentration: tuple[Cell, ...]
    register: Numbers


async def read_statistics(database: Database, query: StatisticsQuery) -> Report:
    """The report under that filter, after a bounded part of what is due was counted."""

    async def found(_: Reading, report: Report) -> Report:
        return report

    return await caught_up(database, lambda _: query, found)


def of_this_year(snapshot: Reading) -> StatisticsQuery:
    """The civil year so far, of the province."""
    return StatisticsQuery(this_year(beijing_date(snapshot.now)))


async def caught_up(
    database: Database,
    query: Callable[[Reading], StatisticsQuery],
    read: Callable[[Reading, Report], Awaitable[Result]],
) -> Result:
    """What is read beside the report in one snapshot; where something is due, a bounded part of it is counted first."""
    async with reading(database, is_planned_once=True) as snapshot:
        found = await report(database, snapshot, query(snapshot))
        if not found.is_behind:  # as mostly
            return await read(snapshot, found)
    await count_statistics(database)
    async with reading(database, is_planned_once=True) as snapshot:
        return await read(snapshot, await report(database, snapshot, query(snapshot)))


async def catch_up(database: Database) -> None:
    """Count what is due: nothing mostly, a bounded part of it where there is much."""
    async with database.borrow() as connection:
        is_due = await connection.fetchval(_IS_DUE)
    if is_due:
        await count_statistics(database)


async def report(database: Database, snapshot: Reading, query: StatisticsQuery) -> Report:
    """The report in that snapshot."""
    state = await snapshot.connection.fetchrow(_STATE, MOST_DUE)
    assert state is not None, "an aggregate has one row"
    waiting = await ahead_of_settling(snapshot)
    coming = await ahead_of_counting(snapshot.connection, waiting)
    flags = {flag for flag, _ in coming}
    has = {True: state["has_example"] or True in flags, False: state["has_real"] or False in flags}
    invented = not has[False] and (has[True] or state["has_invented_agencies"])
    is_example = query.data == "example" or (query.data == "" and invented)
    shelf = database.companion(_Shelf)
    sums = await shelf.sums(snapshot, query, is_example=is_example, counted=state["counted"])
    sums = _with_coming(sums, query, [row for flag, row in coming if flag == is_example])
    first, last = query.months.days(beijing_date(snapshot.now))
    return Report(
        query=query,
        now=snapshot.now,
        first=first,
        last=last,
        is_example=is_example,
        has_other=has[not is_example],
        due=state["due"],
        unsettled=len(waiting),
        counted=state["counted"],
        whole=sums.whole,
        by_city=sums.by_city,
        by_item=sums.by_item,
        by_month=sums.by_month,
        year=sums.year,
        concentration=sums.concentration,
        register=sums.register,
        has_stale=state["has_stale"],
    )


async def _sums(connection: Connection, query: StatisticsQuery, *, is_example: bool) -> _Sums:
    months = query.months
    cuts = _Cuts(connection, query, is_example)
    year = months.years[-1]
    counties = None if not query.city else [one.code for one in REGIONS.rows if _is_in(query.city, one.code)]
    cells = await connection.fetch(_CELLS, is_example, year, query.item, counties)
    years = tuple(f"{one:04d}" for one in range(FIRST_YEAR, int(year) + 1))
    register = await _Cuts(connection, replace(query, item=""), is_example).by("all", years)
    return _Sums(
        whole=(await cuts.by("all", months.spans)).get("", Numbers()),
        by_city=await cuts.by("city", months.spans),
        by_item=await cuts.by("item", months.spans),
        by_month=await cuts.by("span", months.months),
        year=year,
        concentration=ordered(Cell(**row) for row in cells),
        register=register.get("", Numbers()),
    )


def _with_coming(sums: _Sums, query: StatisticsQuery, rows: Sequence[Count]) -> _Sums:
    """With what settling will bring counted in; concentration waits for it."""
    if not rows:
        return sums
    months = frozenset(query.months.months)
    in_city = [one for one in rows if one.month in months and query.item in {"", one.item}]
    of_item = [one for one in rows if one.month in months and query.city in {"", one.city}]
    inside = [one for one in in_city if query.city in {"", one.city}]
    return replace(
        sums,
        whole=_added({"": sums.whole}, [("", one) for one in inside])[""],
        by_city=_added(sums.by_city, [(one.city, one) for one in in_city]),
        by_item=_added(sums.by_item, [(one.item, one) for one in of_item]),
        by_month=_added(sums.by_month, [(one.month, one) for one in inside]),
    )


def _added(cut: Mapping[str, Numbers], rows: Sequence[tuple[str, Count]]) -> dict[str, Numbers]:
    """A cut with further counts."""
    found: _Rows = {}
    for name, numbers in cut.items():
        for measure, one in numbers.by_measure.items():
            found.setdefault(name, []).extend((measure, value, times) for value, times in one.counts)
    for name, row in rows:
        found.setdefault(name, []).append((row.measure, row.value, row.count))
    return {name: gathered(found[name]) for name in sorted(found)} or dict(cut)


def _is_in(outer: str, inner: str) -> bool:
    return any(one.code == outer for one in REGIONS.chain(inner))


_Rows = dict[str, list[tuple[str, int, int]]]


@dataclass(slots=True)
class _Cuts:
    """Numbers by city, item or span under one filter; what is kept by subject alone is loaded once."""

    connection: Connection
    query: StatisticsQuery
    is_example: bool
    counted: list[Count] | None = None

    async def by(self, by: By, spans: Sequence[str]) -> dict[str, Numbers]:
        """The numbers by one of them; the other two are those of the filter."""
        query, found = self.query, _Rows()
        in_both = (query.item != "" or by == "item") and (query.city != "" or by == "city")
        kept = [span for span in spans if not (in_both and is_month(span))]
        for row in await self.connection.fetch(_NUMBERS, by, self.is_example, kept, query.item, query.city):
            pairs = zip(row["values"], row["times"], strict=True)
            found.setdefault(row["cut"], []).extend((row["measure"], value, times) for value, times in pairs)
        if len(kept) < len(spans):
            await self._add_months(by, frozenset(spans).difference(kept), found)
        return {cut: gathered(found[cut]) for cut in sorted(found)}

    async def _add_months(self, by: By, months: frozenset[str], found: _Rows) -> None:
        """Months of a city and an item together, from what was counted of each subject."""
        if self.counted is None:
            rows = await self.connection.fetch(_COUNTED, self.is_example, self.query.item, self.query.city)
            self.counted = [Count(*one) for row in rows for one in json.loads(row["rows"] or "[]")]
        for one in self.counted:
            cut = {"all": "", "city": one.city, "item": one.item, "span": one.month}[by]
            if one.month in months and (cut or by == "all"):
                found.setdefault(cut, []).append((one.measure, one.value, one.count))
