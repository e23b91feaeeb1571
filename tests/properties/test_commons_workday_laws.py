from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from commons.instants import Deadline, beijing_date
from commons.workdays import HolidayTable, deadline, is_workday, moved, workdays_between

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
STARTS = st.datetimes(datetime(2025, 6, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds
COUNTS = st.integers(1, 60)


@st.composite
def tables(draw: st.DrawFn) -> HolidayTable:
    """Any notices at all: some years known, days off and made-up week-ends anywhere in them."""
    years = draw(st.frozensets(st.integers(2025, 2028)))
    days = draw(st.frozensets(DAYS, max_size=40))
    known = frozenset(day for day in days if day.year in years)
    weekends = frozenset(day for day in known if day.weekday() >= 5)
    return HolidayTable(years, known - weekends, weekends)


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[HolidayTable, HolidayTable]:
    """A table, and the same with the next notice: later years, and what it says of the Decembers before them."""
    before = draw(tables())
    years = draw(st.frozensets(st.integers(2025, 2028))) - before.years
    says = frozenset(
        day for day in draw(st.frozensets(DAYS, max_size=60))
        if day.year in years or (day.year + 1 in years and (day.month, day.day) >= (12, 25))
    )  # fmt: skip
    weekends = frozenset(day for day in says if day.weekday() >= 5)
    after = HolidayTable(before.years | years, before.days_off | (says - weekends), before.extra_workdays | weekends)
    return before, after


def one_day_at_a_time(start_at: datetime, workdays: int, table: HolidayTable) -> Deadline:
    """The definition: list the days after the start, keep the working ones, take the n-th; it ends at 16:00 UTC."""
    start = (start_at + timedelta(hours=8)).date()
    days = [start + timedelta(days=offset) for offset in range(1, 400)]
    working = [day for day in days if day in table.extra_workdays or (day.weekday() < 5 and day not in table.days_off)]
    last = working[workdays - 1]
    unsure = any(not table.is_settled(day) for day in days if day <= last)
    return Deadline(datetime(last.year, last.month, last.day, 16, tzinfo=UTC), unsure)


@given(STARTS, COUNTS, tables())
def test_a_deadline_is_that_of_the_definition(start_at: datetime, workdays: int, table: HolidayTable) -> None:
    assert deadline(start_at, workdays, table=table) == one_day_at_a_time(start_at, workdays, table)


@given(STARTS, COUNTS, arrivals())
def test_a_table_that_arrives_never_makes_a_deadline_earlier(
    start_at: datetime, workdays: int, arrival: tuple[HolidayTable, HolidayTable]
) -> None:
    before, after = arrival
    announced = deadline(start_at, workdays, table=before)
    again = moved(announced, start_at, workdays, table=after)
    assert again.at == max(announced.at, deadline(start_at, workdays, table=after).at)
    assert moved(again, start_at, workdays, table=after) == again


@given(STARTS, COUNTS, arrivals())
def test_only_what_was_called_provisional_ever_moves(
    start_at: datetime, workdays: int, arrival: tuple[HolidayTable, HolidayTable]
) -> None:
    before, after = arrival
    announced = deadline(start_at, workdays, table=before)
    if not announced.is_provisional:
        assert moved(announced, start_at, workdays, table=after) == announced


@given(STARTS, COUNTS, tables())
def test_counting_back_over_a_deadline_gives_its_working_days(
    start_at: datetime, workdays: int, table: HolidayTable
) -> None:
    found = deadline(start_at, workdays, table=table)
    after_start = beijing_date(start_at) + timedelta(days=1)
    counted = workdays_between(after_start, beijing_date(found.at), table=table)
    assert (counted.days, counted.is_provisional) == (workdays, found.is_provisional)
    assert is_workday(beijing_date(found.at) - timedelta(days=1), table=table).is_workday


@given(STARTS, COUNTS, tables())
def test_one_more_working_day_ends_later(start_at: datetime, workdays: int, table: HolidayTable) -> None:
    assert deadline(start_at, workdays, table=table).at < deadline(start_at, workdays + 1, table=table).at
