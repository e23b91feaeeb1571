"""Clocks of a rule profile: lengths, working days, and what a new holiday notice does to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from commons.errors import NotFound
from commons.instants import Deadline, start_of_day
from commons.profiles import ProfileValue, RuleProfile
from commons.sources import Source
from commons.workdays import HolidayTable
from marketplace.catalogue.profiles import rule_profile

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)  # a Monday
SOURCE = Source("规则（示例）", "no", "1")
KNOWN = HolidayTable(frozenset({2026, 2027}), frozenset(), frozenset())
CLOCKS = {
    "notice": ProfileValue("notice", 2, "workdays", SOURCE),
    "none": ProfileValue("none", 0, "workdays", SOURCE),
    "sign_up": ProfileValue("sign_up", 3, "days", SOURCE),
    "round": ProfileValue("round", 30, "minutes", SOURCE),
    "break": ProfileValue("break", 7, "seconds", SOURCE),
    "fewest": ProfileValue("fewest", 3, "bidders", SOURCE),
}


def profile(table: HolidayTable = KNOWN) -> RuleProfile:
    """A profile of every unit."""
    return RuleProfile("示例-v1", CLOCKS, table)


@pytest.mark.parametrize(
    ("key", "end"),
    [
        ("notice", start_of_day(date(2026, 11, 26))),
        ("none", AT),
        ("sign_up", AT + timedelta(days=3)),
        ("round", AT + timedelta(minutes=30)),
        ("break", AT + timedelta(seconds=7)),
    ],
)
def test_a_clock_ends_by_its_own_unit(key: str, end: datetime) -> None:
    assert profile().after(key, AT) == Deadline(end, is_provisional=False)


def test_a_count_has_no_length_and_an_unknown_key_is_a_bug() -> None:
    assert profile()["fewest"].value == 3
    for key in ("fewest", "notice", "unheard"):
        with pytest.raises(KeyError):
            profile().length(key)


UNKNOWN = HolidayTable(frozenset(), frozenset(), frozenset())
TUESDAY_OFF = HolidayTable(frozenset({2026, 2027}), frozenset({date(2026, 11, 24)}), frozenset())


def test_only_a_provisional_end_in_working_days_is_counted_again() -> None:
    announced = profile(UNKNOWN).after("notice", AT)
    assert announced == Deadline(start_of_day(date(2026, 11, 26)), is_provisional=True)
    now = profile(TUESDAY_OFF)
    assert now.recounted("notice", announced, AT) == Deadline(start_of_day(date(2026, 11, 27)), is_provisional=False)
    settled = Deadline(announced.at, is_provisional=False)
    assert now.recounted("notice", settled, AT) == settled
    for key in ("sign_up", "none"):
        assert now.recounted(key, announced, AT) == announced


def test_a_shipped_profile_has_its_source_and_another_name_is_not_found() -> None:
    generic = rule_profile("generic-v1")
    assert (generic["sign_up"].unit, generic["sign_up"].source.place) == ("workdays", "sign_up")
    with pytest.raises(NotFound):
        rule_profile("nobody-v1")
