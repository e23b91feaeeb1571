"""Invented offers: the same seed gives the same case, every mode can be decided, and no number leaves its range."""

from __future__ import annotations

from typing import Any

import pytest

from bidding.engine import decide
from bidding.inventing import Crowd, Range, invented_case
from bidding.reading.case import parse_case
from bidding.reading.terms import parse_terms
from commons.canonical import Json, canonical
from tests.rules.selections import comprehensive, credit_draw, instant, mean_price, multi_round, random_draw, round_

PRICE: dict[str, Any] = {"kind": "price", "points": 30, "formula": "mean", "above": 100, "below": 50}
ALL = [
    PRICE | {"factor_bp": [9500, 10_000]},
    {"kind": "days", "points": 20},
    {"kind": "credit", "points": 10},
    {"kind": "grade", "points": 10, "table": {"甲级": 10, "乙级": 5}},
    {"kind": "experience", "points": 10, "each": 300},
    {"kind": "plan", "points": 20},
]
SEALED_ROUND = [round_(0, 10, "sealed", survivors=4), round_(12, 20)]
PREFERENCES = [{"code": "绿色", "max_bp": 500}]
EXTENSION = {"window_s": 60, "extend_s": 60, "limit": 3}

TERMS: dict[str, dict[str, Any]] = {
    "comprehensive": comprehensive([], criteria=ALL, max_days=60),
    "comprehensive by rates": comprehensive([], price_basis="discount_rate"),
    "comprehensive with lines": comprehensive([], low_price={"below_mean_bp": 9900}),
    "empty grades": comprehensive([], criteria=[PRICE | {"points": 99}, {"kind": "grade", "points": 1, "table": {}}]),
    "worthless jobs": comprehensive([], criteria=[PRICE, {"kind": "experience", "points": 70, "each": 0}]),
    "mean price": mean_price([], factor_bp=[9500, 9800], ties=["price", "credit", "draw"]),
    "mean price by rates": mean_price([], price_basis="discount_rate", dropped_may_win=False, max_days=60),
    "random draw": random_draw([], max_days=60),
    "credit draw": credit_draw({}, big_list=4, small_list=2),
    "rounds": multi_round([], rounds=[round_(0, 10), round_(12, 20)], extension=EXTENSION, ties=["received"]),
    "rounds by rates": multi_round([], price_basis="discount_rate", step_basis="leader"),
    "rounds with preferences": multi_round([], rounds=SEALED_ROUND, preferences=PREFERENCES, day_value_fen=100),
    "rounds in multiples": multi_round([], step_multiple=True),
    "rounds shorter than their window": multi_round([], extension=EXTENSION | {"window_s": 601}),
    "shelf": instant([], rule="best_value", criteria=ALL, quantity=7),
    "shelf draw": instant([], rule="draw"),
}


def crowd(bidders: int = 6, seed: str = "种子") -> Crowd:
    return Crowd(bidders, Range(7000, 9500), Range(10, 60), Range(6000, 9500), seed)


def invented(name: str, **changes: Any) -> dict[str, Json]:
    raw = TERMS[name]["terms"]
    return invented_case(raw, parse_terms(raw), crowd(**changes))


@pytest.mark.parametrize("name", TERMS)
def test_terms_of_every_mode_and_basis_are_decided_on_invented_offers(name: str) -> None:
    case = invented(name)
    decision = decide(parse_case(case))
    assert decision.outcome in {"award", "owner_choice", "awaiting_explanation"}
    assert canonical(invented(name)) == canonical(case)
    assert canonical(invented(name, seed="别的")) != canonical(case)
    assert case["terms"] == TERMS[name]["terms"]


@pytest.mark.parametrize("name", TERMS)
def test_one_bidder_more_leaves_the_others_as_they_were(name: str) -> None:
    key = "bidders" if name.startswith("rounds") else "offers" if name.startswith("shelf") else "bids"
    few: Any = invented(name, bidders=4)[key]
    more: Any = invented(name, bidders=5)[key]
    assert (len(few), more[:4]) == (4, few)


def test_every_number_lies_in_its_range_and_the_whole_range_is_used() -> None:
    bids: Any = invented("comprehensive", bidders=200)["bids"]
    assert all(700_000 <= one["price_fen"] <= 950_000 for one in bids)
    assert min(one["days"] for one in bids) == 10
    assert max(one["days"] for one in bids) == 60
    assert all(6000 <= one["credit"] <= 9500 for one in bids)
    assert {one["grade"] for one in bids} == {"甲级", "乙级"}
    assert {one["experience"] for one in bids} == {0, 1, 2, 3, 4}
    assert {len(one["marks"]) for one in bids} == {5}
    assert all(1200 <= mark <= 2000 for one in bids for mark in one["marks"])


def test_invented_offers_of_rounds_come_in_order_inside_each_round_and_extend_nothing() -> None:
    case: Any = invented("rounds", bidders=50)
    instants = [one["at"] for one in case["offers"]]
    read = parse_case(case)
    decision: Any = decide(read).as_json()
    assert len(instants) == 100
    assert [one["closes_at"] for one in decision["rounds"]] == [one["closes_at"] for one in case["terms"]["rounds"]]
    assert all(one["accepted"] for one in decision["offers"])


def test_a_price_and_the_rate_that_means_it_are_invented_alike() -> None:
    by_rate: Any = invented("comprehensive by rates")["bids"]
    by_price: Any = invented("comprehensive with lines")["bids"]
    assert [1_000_000 * (10_000 - one["discount_bp"]) for one in by_rate] == [
        one["price_fen"] * 10_000 for one in by_price
    ]
