from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from commons.instants import (
    BEIJING,
    DayPeriod,
    Period,
    as_utc,
    beijing_date,
    format_instant,
    parse_instant,
    start_of_day,
)

NAIVE = datetime(2026, 11, 23, 1, 2, 3)  # noqa: DTZ001  # a naive one is what must be refused
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-23T01:02:03Z", datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)),
        ("2026-11-23T01:02:03.5Z", datetime(2026, 11, 23, 1, 2, 3, 500_000, tzinfo=UTC)),
        ("2026-11-23T01:02:03.000001Z", datetime(2026, 11, 23, 1, 2, 3, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read(text: str, at: datetime) -> None:
    assert parse_instant(text) == at


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-23", "2026-11-23T01:02:03", "2026-11-23T01:02:03+08:00", "2026-11-23T01:02:03z",
     "2026-11-23 01:02:03Z",
     "2026-11-23T01:02:03.0000001Z", "2026-11-23T01:02:03.Z", "2026-02-30T01:02:03Z", "2026-11-23T24:00:00Z",
     "2026-11-23T01:02:60Z", "0000-01-01T00:00:00Z", "2026-11-23T01:02:03Z\n", "２026-11-23T01:02:03Z"],
)  # fmt: skip
def test_anything_else_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the words are Python's own where the shape is right
        parse_instant(text)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC), "2026-11-23T01:02:03Z"),
        (datetime(2026, 11, 23, 1, 2, 3, 10, tzinfo=UTC), "2026-11-23T01:02:03.000010Z"),
        (datetime(2026, 11, 23, 1, 2, 3, tzinfo=BEIJING), "2026-11-22T17:02:03Z"),
        (datetime(987, 1, 2, tzinfo=UTC), "0987-01-02T00:00:00Z"),
    ],
)
def test_an_instant_is_written_in_utc(at: datetime, text: str) -> None:
    assert format_instant(at) == text


def test_a_time_without_a_zone_is_refused_everywhere() -> None:
    for ask in (as_utc, format_instant, beijing_date):
        with pytest.raises(ValueError, match="zone"):
            ask(NAIVE)
    for start, end in ((NAIVE, None), (NAIVE, NOON), (NOON, NAIVE)):
        with pytest.raises(ValueError, match="zone"):
            Period(start, end)


def test_the_day_in_beijing_turns_at_16_00_utc() -> None:
    assert beijing_date(datetime(2026, 11, 23, 15, 59, 59, 999_999, tzinfo=UTC)) == date(2026, 11, 23)
    assert beijing_date(datetime(2026, 11, 23, 16, tzinfo=UTC)) == date(2026, 11, 24)
    assert start_of_day(date(2026, 11, 24)) == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert start_of_day(date(2026, 11, 24)).tzinfo is UTC


def test_a_period_holds_its_start_but_not_its_end() -> None:
    instant = timedelta(microseconds=1)
    hour = Period(NOON, NOON + timedelta(hours=1))
    inside = [hour.contains(at) for at in (hour.start - instant, hour.start, NOON + timedelta(hours=1) - instant)]
    assert inside == [False, True, True]
    assert not hour.contains(NOON + timedelta(hours=1))
    assert hour.contains(NOON.astimezone(timezone(timedelta(hours=-5))))


def test_a_period_without_end_holds_everything_later_and_an_empty_one_nothing() -> None:
    assert Period(NOON, None).contains(NOON + timedelta(days=10_000))
    assert not Period(NOON, None).contains(NOON - timedelta(days=1))
    assert not Period(NOON, NOON).contains(NOON)


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="no earlier"):
        Period(NOON, NOON - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("first", "until", "inside"),
    [
        (date(2026, 11, 23), date(2026, 11, 24), True),
        (date(2026, 11, 22), date(2026, 11, 23), False),
        (date(2026, 11, 24), None, False),
        (None, date(2026, 11, 24), True),
        (None, None, True),
    ],
)
def test_a_period_of_days_is_half_open_and_may_be_open_at_either_side(
    first: date | None, until: date | None, *, inside: bool
) -> None:
    assert DayPeriod(first, until).contains(date(2026, 11, 23)) is inside
