"""Relative times become instants: by the calendar, or at the pace of a demonstration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commons.instants import BEIJING, parse_instant
from commons.workdays import is_workday
from marketplace.seed.loading import load_seed, resolve
from marketplace.seed.resolving import CALENDAR, DEMONSTRATION, Pace, resolve_demand

SEED = load_seed()
DRAFTS = {draft.key: draft for draft in SEED.demands}
MONDAY_MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def beijing(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


def test_a_sealed_demand_closes_at_the_end_of_its_working_days():
    plan = resolve_demand(DRAFTS["D01"], at=MONDAY_MORNING)
    assert plan.sign_up_closes_at == beijing(2026, 11, 27)
    assert plan.closes_at == beijing(2026, 12, 1)
    assert plan.terms == DRAFTS["D01"].terms
    assert not plan.is_provisional


def test_rounds_open_on_the_next_working_day_one_after_another():
    plan = resolve_demand(DRAFTS["D02"], at=beijing(2026, 11, 24, 10))
    assert plan.sign_up_closes_at == beijing(2026, 11, 28)  # a Saturday begins
    rounds = plan.terms["rounds"]
    assert rounds[0] == {"kind": "sealed", "opens_at": "2026-11-30T01:30:00Z", "closes_at": "2026-11-30T02:00:00Z"}
    assert rounds[1]["opens_at"] == "2026-11-30T02:10:00Z"
    assert rounds[1]["survivors"] == 4
    assert plan.closes_at == parse_instant(rounds[2]["closes_at"]) == beijing(2026, 11, 30, 11, 20)


def test_an_instant_demand_has_no_deadline():
    plan = resolve_demand(DRAFTS["D09"], at=MONDAY_MORNING)
    assert plan.sign_up_closes_at is None
    assert plan.closes_at is None


def test_a_demonstration_plays_a_working_day_in_a_second_and_a_round_in_three():
    plan = resolve_demand(DRAFTS["D02"], at=MONDAY_MORNING, pace=DEMONSTRATION)
    assert plan.sign_up_closes_at == MONDAY_MORNING + timedelta(seconds=3)
    opens = [parse_instant(one["opens_at"]) - MONDAY_MORNING for one in plan.terms["rounds"]]
    closes = [parse_instant(one["closes_at"]) - MONDAY_MORNING for one in plan.terms["rounds"]]
    assert opens == [timedelta(seconds=3), timedelta(seconds=7), timedelta(seconds=11)]
    assert closes == [timedelta(seconds=6), timedelta(seconds=10), timedelta(seconds=14)]
    assert plan.terms["extension"] == {"window_s": 1, "extend_s": 1, "limit": 5}
    assert DRAFTS["D02"].terms["extension"] == {"window_s": 120, "extend_s": 120, "limit": 5}, "the draft is untouched"


@pytest.mark.parametrize("at", [MONDAY_MORNING, datetime(2031, 9, 30, 15, 59, 59, 999999, tzinfo=UTC)])
def test_the_seed_never_ages(at):
    market = resolve(SEED, at=at)
    assert len(market.demands) == len(SEED.demands)
    for plan in market.demands:
        assert (plan.closes_at is None) == (plan.draft.mode in {"instant", "direct"})
        assert plan.closes_at is None or at < plan.sign_up_closes_at <= plan.closes_at
        for one in plan.terms.get("rounds", ()):
            opens_at = parse_instant(one["opens_at"])
            assert at < plan.sign_up_closes_at <= opens_at < parse_instant(one["closes_at"]) <= plan.closes_at
            assert is_workday(opens_at.astimezone(BEIJING).date()).is_workday
    running = [offer for agency in market.agencies for offer in agency.shelf if offer.valid_from <= at]
    assert len([offer for offer in running if at < offer.valid_until]) >= 12


def test_deadlines_beyond_the_published_holidays_are_provisional():
    assert resolve_demand(DRAFTS["D02"], at=datetime(2061, 1, 3, tzinfo=UTC)).is_provisional
    assert not resolve_demand(DRAFTS["D02"], at=datetime(2061, 1, 3, tzinfo=UTC), pace=DEMONSTRATION).is_provisional


def test_dates_count_from_the_day_in_beijing():
    evening = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # midnight of the 23rd in Beijing
    ends = [
        {held.valid_until for agency in resolve(SEED, at=at).agencies for held in agency.qualifications}
        for at in (evening, MONDAY_MORNING, evening - timedelta(microseconds=1))
    ]
    assert ends[0] == ends[1]
    assert {end + timedelta(days=1) for end in ends[2] if end} == ends[0]


def test_the_same_load_gives_the_same_market():
    assert resolve(SEED, at=MONDAY_MORNING) == resolve(SEED, at=MONDAY_MORNING, pace=CALENDAR)


@pytest.mark.parametrize(
    ("workday", "minute"),
    [(None, timedelta(0)), (timedelta(0), timedelta(minutes=1)), (timedelta(seconds=-1), timedelta(minutes=1))],
)
def test_a_pace_that_stands_still_is_refused(workday, minute):
    with pytest.raises(ValueError, match="above zero"):
        Pace(workday=workday, minute=minute)
