"""What the publication of a demand must satisfy: minimum, clocks, round hours, publicity, buyer; row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from commons.instants import BEIJING, Deadline
from commons.profiles import RuleProfile
from commons.sources import Source
from commons.verdicts import Reason, Refused
from commons.workdays import HolidayTable
from marketplace.catalogue.profiles import rule_profile
from marketplace.demands.demand import (
    BuyerClass,
    Mode,
    RoundPlan,
    Schedule,
    default_rounds,
    judge_direct,
    judge_minimum,
    judge_publication,
    judge_schedule,
    publicity,
)

GENERIC, DEMO = rule_profile("generic-v1"), rule_profile("demo-v1")
SOURCE = Source("规则（示例）", "no", "1")


def beijing(text: str) -> datetime:
    """A minute of November 2026 in Beijing: day and clock."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=BEIJING)


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [one.code for one in reasons]


# mode, buyer, given → the least that does
LEAST: list[tuple[Mode, BuyerClass, int]] = [
    ("comprehensive", "fiscal", 3),
    ("multi_round", "entrusted", 3),
    ("mean_price", "fiscal", 5),
    ("credit_draw", "fiscal", 2),
    ("comprehensive", "voluntary", 2),
    ("instant", "fiscal", 1),
    ("instant", "voluntary", 1),
]


@pytest.mark.parametrize(("mode", "buyer", "least"), LEAST)
def test_fewer_bidders_than_the_profiles_minimum_are_refused_with_both_numbers(
    mode: Mode, buyer: BuyerClass, least: int
) -> None:
    assert judge_minimum(GENERIC, mode, buyer, given=least) == ()
    (refused,) = judge_minimum(GENERIC, mode, buyer, given=least - 1)
    assert (refused.code, dict(refused.params)) == (
        "minimum_bidders_below_profile",
        {"given": least - 1, "minimum": least},
    )


MONDAY = beijing("23 09:00")
ENOUGH = beijing("27 00:00")  # Tuesday to Thursday are three working days


def round_at(text: str) -> RoundPlan:
    """A round of half an hour."""
    return RoundPlan(beijing(text), beijing(text) + timedelta(minutes=30))


# schedule, rounds → reasons; published on Monday at nine
SCHEDULES: list[tuple[Schedule, tuple[RoundPlan, ...], list[str]]] = [
    (Schedule(ENOUGH, ENOUGH), (), []),
    (Schedule(ENOUGH - timedelta(microseconds=1), ENOUGH), (), ["sign_up_too_short"]),
    (Schedule(ENOUGH, ENOUGH - timedelta(microseconds=1)), (), ["closes_before_sign_up_ends"]),
    (Schedule(None, ENOUGH), (), ["schedule_missing"]),
    (Schedule(ENOUGH, None), (), ["schedule_missing"]),
    (Schedule(ENOUGH, ENOUGH), (round_at("27 09:00"), round_at("27 16:30")), []),
    (Schedule(ENOUGH, ENOUGH), (round_at("27 08:59"),), ["round_outside_hours"]),
    (Schedule(ENOUGH, ENOUGH), (round_at("27 09:00"), round_at("27 16:31")), ["round_outside_hours"]),
    (Schedule(ENOUGH, ENOUGH), (round_at("28 10:00"),), ["round_outside_hours"]),  # a Saturday
    (Schedule(ENOUGH, ENOUGH), (round_at("26 10:00"),), ["rounds_before_sign_up_ends"]),
]


@pytest.mark.parametrize(("schedule", "rounds", "expected"), SCHEDULES)
def test_clocks_shorter_than_the_profiles_and_rounds_out_of_hours_are_refused(
    schedule: Schedule, rounds: tuple[RoundPlan, ...], expected: list[str]
) -> None:
    assert codes(judge_schedule(GENERIC, "multi_round", schedule, rounds, at=MONDAY)) == expected


def test_a_direct_choice_has_neither_a_minimum_nor_a_schedule_and_goes_only_where_the_profile_says_so() -> None:
    assert judge_minimum(GENERIC, "direct", "fiscal", given=0) == ()
    assert judge_schedule(GENERIC, "direct", Schedule(None, None), (), at=MONDAY) == ()
    assert judge_direct(GENERIC, "voluntary") == ()
    for buyer in ("fiscal", "entrusted"):
        (refused,) = judge_direct(GENERIC, buyer)
        assert (refused.code, dict(refused.params)) == ("direct_not_allowed", {"buyer_class": buyer})


def test_an_instant_selection_has_no_schedule_and_a_profile_open_all_day_no_hours() -> None:
    nothing = Schedule(None, None)
    assert judge_schedule(GENERIC, "instant", nothing, (), at=MONDAY) == ()
    night = beijing("28 03:00")
    assert judge_schedule(DEMO, "multi_round", Schedule(night, night), (RoundPlan(night, night),), at=MONDAY) == ()
    late = replace(DEMO, values={**DEMO.values, "rounds_open_from": replace(DEMO["rounds_open_from"], value=1)})
    short = replace(DEMO, values={**DEMO.values, "rounds_open_until": replace(DEMO["rounds_open_until"], value=1439)})
    for other in (late, short):
        found = judge_schedule(other, "multi_round", Schedule(night, night), (RoundPlan(night, night),), at=MONDAY)
        assert codes(found) == ["round_outside_hours"]


def test_rounds_by_default_are_as_many_as_the_profile_says_with_its_breaks() -> None:
    starts = default_rounds(GENERIC, first_opens_at=MONDAY)
    assert [(one.opens_at - MONDAY, one.closes_at - MONDAY) for one in starts] == [
        (timedelta(minutes=first), timedelta(minutes=first + 30)) for first in (0, 40, 80)
    ]


def unsettled(profile: RuleProfile) -> RuleProfile:
    """The profile without any holiday notice."""
    return replace(profile, table=HolidayTable(frozenset(), frozenset(), frozenset()))


@pytest.mark.parametrize(
    ("buyer", "end"), [("fiscal", "27 00:00"), ("entrusted", "27 00:00"), ("voluntary", "25 00:00")]
)
def test_publicity_lasts_by_the_buyer_and_moves_only_while_it_is_provisional(buyer: BuyerClass, end: str) -> None:
    settled = Deadline(beijing(end), is_provisional=False)
    assert publicity(GENERIC, buyer, at=MONDAY) == settled
    provisional = publicity(unsettled(GENERIC), buyer, at=MONDAY)
    assert provisional == Deadline(beijing(end), is_provisional=True)
    assert publicity(GENERIC, buyer, at=MONDAY, announced=provisional) == settled
    assert publicity(GENERIC, buyer, at=MONDAY - timedelta(days=9), announced=settled) == settled


SHORT = (Reason("sign_up_too_short", SOURCE),)

# what differs from a sound publication → reasons
PUBLICATIONS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ()),
    ({"is_regional_assessment": True}, ()),
    ({"is_regional_assessment": True, "buyer_class": "voluntary"}, ("regional_assessment_buyer",)),
    ({"buyer_class": "voluntary"}, ()),
    ({"needs_draw": True, "has_nonce": True}, ()),
    ({"needs_draw": True}, ("nonce_missing",)),
    ({"clocks": SHORT, "needs_draw": True}, ("sign_up_too_short", "nonce_missing")),
]


@pytest.mark.parametrize(("facts", "expected"), PUBLICATIONS)
def test_a_publication_is_refused_with_all_that_speaks_against_it(
    facts: dict[str, Any], expected: tuple[str, ...]
) -> None:
    sound: dict[str, Any] = {"is_regional_assessment": False, "buyer_class": "fiscal", "clocks": ()}
    ruling = judge_publication(**(sound | {"needs_draw": False, "has_nonce": False} | facts))
    assert (ruling.codes if isinstance(ruling, Refused) else ()) == expected
