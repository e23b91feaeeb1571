from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from commons.instants import BEIJING, start_of_day
from commons.workdays import (
    LIBRARY_TABLE,
    MAX_SPAN_DAYS,
    MAX_WORKDAYS,
    Deadline,
    HolidayTable,
    WorkdayAnswer,
    WorkdayCount,
    deadline,
    is_workday,
    library_table,
    moved,
    workdays_between,
)

EMPTY = HolidayTable(frozenset(), frozenset(), frozenset())
TO_2026 = LIBRARY_TABLE
# the notice of 2027 as it might come out (invented): New Year from Thursday 31 December, made up for on Sunday the 27th
WITH_2027 = HolidayTable(
    TO_2026.years | {2027},
    TO_2026.days_off | {date(2026, 12, 31), date(2027, 1, 1), date(2027, 10, 1)},
    TO_2026.extra_workdays | {date(2026, 12, 27)},
)


def at(text: str) -> datetime:
    """Beijing time, as people write it."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def test_the_library_knows_every_year_from_2004_to_2026_at_least() -> None:
    assert TO_2026.years >= set(range(2004, 2027))
    assert library_table() == TO_2026


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True),  # an ordinary Monday
        ("2026-11-21", False),  # an ordinary Saturday
        ("2026-02-14", True),  # Saturday, made a working day for the Spring Festival
        ("2026-02-15", False),  # Spring Festival: nine days, from Sunday the 15th
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),  # Saturday, made a working day
        ("2026-01-04", True),  # Sunday, made a working day for New Year
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday, made a working day for National Day
        ("2018-12-29", True),  # Saturday, made a working day by the notice of 2019
        ("2018-12-31", False),  # Monday, a day off by the notice of 2019
    ],
)
def test_a_day_of_a_known_year_is_answered_for_good(day: str, *, works: bool) -> None:
    assert is_workday(date.fromisoformat(day), table=TO_2026) == WorkdayAnswer(works, is_provisional=False)


@pytest.mark.parametrize(
    ("day", "works"),
    [("2027-01-01", True), ("2027-02-06", False), ("2027-02-08", True), ("2003-12-24", True), ("2003-12-27", False)],
)
def test_in_a_year_without_a_table_monday_to_friday_count_provisionally(day: str, *, works: bool) -> None:
    known = HolidayTable(frozenset({2026}), frozenset(), frozenset())
    assert is_workday(date.fromisoformat(day), table=known) == WorkdayAnswer(works, is_provisional=True)


def test_the_last_days_of_december_wait_for_the_notice_of_the_next_year() -> None:
    known = HolidayTable(frozenset({2026}), frozenset(), frozenset())
    both = HolidayTable(frozenset({2026, 2027}), frozenset(), frozenset())
    days = [date(2026, 12, number) for number in (24, 25, 31)]
    assert [is_workday(day, table=known).is_provisional for day in days] == [False, True, True]
    assert [is_workday(day, table=both).is_provisional for day in days] == [False, False, False]


@pytest.mark.parametrize(
    ("start_at", "workdays", "end_at"),
    [
        ("2026-11-23 09:00", 1, "2026-11-25 00:00"),  # Monday: the day after is the first, until its midnight
        ("2026-11-23 00:00", 1, "2026-11-25 00:00"),
        ("2026-11-23 23:59", 1, "2026-11-25 00:00"),
        ("2026-11-20 17:00", 1, "2026-11-24 00:00"),  # Friday: over the week-end
        ("2026-11-21 10:00", 1, "2026-11-24 00:00"),  # Saturday
        ("2026-11-20 17:00", 5, "2026-11-28 00:00"),
        ("2026-02-13 17:00", 1, "2026-02-15 00:00"),  # Friday before Spring Festival: the made-up Saturday
        ("2026-02-13 17:00", 2, "2026-02-25 00:00"),  # … and the day after the nine days off
        ("2026-02-13 17:00", 6, "2026-03-01 00:00"),  # … up to the made-up Saturday at the other end
        ("2026-09-30 17:00", 3, "2026-10-11 00:00"),  # over National Day: 8, 9 and Saturday 10 October
    ],
)
def test_a_deadline_is_the_end_of_its_last_working_day_in_beijing(start_at: str, workdays: int, end_at: str) -> None:
    assert deadline(at(start_at), workdays, table=TO_2026) == Deadline(at(end_at), is_provisional=False)


def test_the_day_of_the_start_is_that_of_beijing() -> None:
    # 16:30 UTC on Monday is Tuesday in Beijing: the first working day after it is Wednesday
    found = deadline(datetime(2026, 11, 23, 16, 30, tzinfo=UTC), 1, table=TO_2026)
    assert found.at == datetime(2026, 11, 25, 16, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        deadline(datetime(2026, 11, 23), 1)  # noqa: DTZ001  # a naive one is what must be refused


def test_a_deadline_that_reaches_into_an_unknown_year_is_provisional_and_moves_when_the_table_arrives() -> None:
    start = at("2026-12-23 09:00")
    announced = deadline(start, 7, table=HolidayTable(frozenset({2026}), frozenset(), frozenset()))
    assert announced == Deadline(at("2027-01-02 00:00"), is_provisional=True)
    later = moved(announced, start, 7, table=WITH_2027)
    assert later == Deadline(at("2027-01-05 00:00"), is_provisional=False)


def test_one_unknown_day_on_the_way_makes_a_deadline_provisional_even_when_it_ends_in_a_known_year() -> None:
    gap = HolidayTable(frozenset({2025, 2027}), frozenset(), frozenset())
    assert deadline(at("2026-12-21 09:00"), 12, table=gap) == Deadline(at("2027-01-07 00:00"), is_provisional=True)


def test_a_table_that_arrives_never_makes_a_deadline_earlier() -> None:
    # the made-up Sunday 27 December would end the third working day a day sooner: what was announced stands
    start = at("2026-12-24 09:00")
    announced = deadline(start, 3, table=HolidayTable(frozenset({2026}), frozenset(), frozenset()))
    assert announced == Deadline(at("2026-12-30 00:00"), is_provisional=True)
    assert deadline(start, 3, table=WITH_2027).at == at("2026-12-29 00:00")
    assert moved(announced, start, 3, table=WITH_2027) == Deadline(at("2026-12-30 00:00"), is_provisional=False)


def test_a_settled_deadline_does_not_move() -> None:
    start = at("2026-11-23 09:00")
    announced = deadline(start, 5, table=TO_2026)
    assert (
        moved(announced, start, 5, table=WITH_2027)
        == announced
        == Deadline(at("2026-12-01 00:00"), is_provisional=False)
    )


@pytest.mark.parametrize("workdays", [-1, 0, MAX_WORKDAYS + 1])
def test_a_count_of_working_days_has_bounds(workdays: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        deadline(at("2026-11-23 09:00"), workdays)


def test_the_longest_count_is_still_answered() -> None:
    found = deadline(at("2026-11-23 09:00"), MAX_WORKDAYS, table=EMPTY)
    assert found == Deadline(start_of_day(date(2036, 6, 24)), is_provisional=True)


@pytest.mark.parametrize(
    ("first", "until", "count"),
    [
        ("2026-11-23", "2026-11-23", WorkdayCount(0, is_provisional=False)),
        ("2026-11-24", "2026-11-23", WorkdayCount(0, is_provisional=False)),
        ("2026-11-23", "2026-11-30", WorkdayCount(5, is_provisional=False)),
        ("2026-02-14", "2026-03-01", WorkdayCount(6, is_provisional=False)),
    ],
)
def test_working_days_between_two_days_include_the_first_and_not_the_last(
    first: str, until: str, count: WorkdayCount
) -> None:
    assert workdays_between(date.fromisoformat(first), date.fromisoformat(until), table=TO_2026) == count


def test_working_days_over_an_unknown_year_are_provisional_and_a_span_has_a_bound() -> None:
    first = date(2026, 11, 23)
    assert workdays_between(first, date(2026, 11, 30), table=EMPTY) == WorkdayCount(5, is_provisional=True)
    assert workdays_between(first, date.fromordinal(first.toordinal() + MAX_SPAN_DAYS)).days > 2_700
    with pytest.raises(ValueError, match="more than"):
        workdays_between(first, date.fromordinal(first.toordinal() + MAX_SPAN_DAYS + 1))
