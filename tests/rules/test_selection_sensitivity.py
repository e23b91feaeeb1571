"""Section 3: how far a weight may move before somebody else comes first."""

from __future__ import annotations

from typing import Any

import pytest

from bidding.reading.case import parse_case
from bidding.sensitivity import Beyond, leaders, sensitivity
from tests.rules.selections import DRAW, PRICE, bids, comprehensive, instant, mean_price, multi_round, offer, shelf

CHEAP_OR_GOOD = [
    {"bidder": "A", "price_fen": 50, "credit": 4000},
    {"bidder": "B", "price_fen": 100, "credit": 8000},
]
"""B has half of A's price points, A half of B's credit points: A leads where w/2 > 0.4 · (100 − w), from 45 on."""


def weighed(price: int, both: list[dict[str, Any]], **terms: Any) -> dict[str, Any]:
    criteria = [PRICE | {"points": price}, {"kind": "credit", "points": 100 - price}]
    return comprehensive(both, criteria=criteria, **terms)


# weight of the price → low, high, below, above
ROWS: list[tuple[int, int, int, Beyond | None, Beyond | None]] = [
    (60, 45, 100, Beyond(44, "B"), None),
    (45, 45, 100, Beyond(44, "B"), None),
    (44, 0, 44, None, Beyond(45, "A")),
    (10, 0, 44, None, Beyond(45, "A")),
]


@pytest.mark.parametrize(("price", "low", "high", "below", "above"), ROWS)
def test_the_first_stays_first_within_the_range_and_not_beyond(
    price: int, low: int, high: int, below: Beyond | None, above: Beyond | None
) -> None:
    one, other = sensitivity(parse_case(weighed(price, CHEAP_OR_GOOD)))
    assert (one.low, one.high, one.below, one.above) == (low, high, below, above)
    assert (other.low, other.high) == (100 - high, 100 - low)
    mirrored = [None if beyond is None else Beyond(100 - beyond.points, beyond.bidder) for beyond in (above, below)]
    assert [other.below, other.above] == mirrored


EVEN = [{"bidder": "A", "price_fen": 50, "credit": 5000}, {"bidder": "B", "price_fen": 100, "credit": 10_000}]
"""At 50 points of price both have 75."""


def test_a_tie_beyond_the_range_is_for_the_declared_ties_then_for_the_draw() -> None:
    by_price = sensitivity(parse_case(weighed(49, EVEN, ties=["price", "draw"])))[0]
    assert (by_price.high, by_price.above) == (49, Beyond(50, "A"))
    undrawn = sensitivity(parse_case(weighed(49, EVEN, ties=["draw"])))[0]
    assert (undrawn.high, undrawn.above) == (49, Beyond(50, None))
    drawn = sensitivity(parse_case(weighed(49, EVEN, ties=["draw"], draw=DRAW)))[0]
    assert drawn.above in {Beyond(50, "A"), Beyond(51, "A")}


def test_the_leader_at_every_weight_is_the_first_there() -> None:
    by_price = leaders(parse_case(weighed(60, CHEAP_OR_GOOD)), 0)
    assert by_price == ("B",) * 45 + ("A",) * 56  # 0 … 44, then 45 … 100
    assert leaders(parse_case(weighed(60, CHEAP_OR_GOOD)), 1) == by_price[::-1]
    assert leaders(parse_case(weighed(49, EVEN, ties=["draw"])), 0)[49:52] == ("B", None, "A")


def test_where_nothing_can_be_weighed_there_are_no_leaders() -> None:
    both = [{"bidder": "A", "price_fen": 50}, {"bidder": "B", "price_fen": 100}]
    alone, unsuccessful = comprehensive(both), comprehensive([])
    for raw in (alone, unsuccessful, mean_price(both, draw=DRAW), instant([shelf("A", 5)])):
        assert leaders(parse_case(raw), 0) == ()


def test_the_others_keep_their_proportion_without_rounding() -> None:
    criteria = [PRICE | {"points": 40}, {"kind": "credit", "points": 20}, {"kind": "days", "points": 40}]
    both = [
        {"bidder": "A", "price_fen": 100, "credit": 10_000, "days": 2},
        {"bidder": "B", "price_fen": 50, "credit": 0, "days": 1},
    ]
    ranges = sensitivity(parse_case(comprehensive(both, criteria=criteria, max_days=9)))
    # A leads B where w > (100 − w)/2: from 34 points of credit on
    assert (ranges[1].low, ranges[1].high, ranges[1].above) == (0, 33, Beyond(34, "A"))
    # without any price both have two thirds: A as 33.33 + 33.33, B as 66.67 in one cell, which the decision rounds
    assert (ranges[0].low, ranges[0].high, ranges[0].first) == (0, 100, "B")


def test_a_sole_criterion_has_nobody_to_give_weight_to() -> None:
    (only,) = sensitivity(parse_case(comprehensive(bids({"A": 1, "B": 2}))))
    assert (only.low, only.high, only.below, only.above) == (100, 100, None, None)


def test_a_sole_bidder_is_first_at_every_weight() -> None:
    assert {(one.low, one.high) for one in sensitivity(parse_case(weighed(60, CHEAP_OR_GOOD[:1])))} == {(0, 100)}


NOTHING = [
    comprehensive(bids({"A": 5, "B": 5})),  # a draw is needed
    comprehensive([]),
    instant([shelf("A", 1)]),
    mean_price(bids({"A": 1})),
    multi_round([offer("A", 1, 5)]),
]


@pytest.mark.parametrize("raw", NOTHING)
def test_nothing_is_said_where_nobody_is_ranked_by_points(raw: dict[str, Any]) -> None:
    assert sensitivity(parse_case(raw)) == ()


def test_the_shelf_s_best_value_is_weighed_too() -> None:
    criteria = [PRICE | {"points": 60}, {"kind": "credit", "points": 40}]
    offers = [shelf("A", 50, credit=4000), shelf("B", 100, credit=8000)]
    ranges = sensitivity(parse_case(instant(offers, rule="best_value", criteria=criteria)))
    assert [(one.low, one.high) for one in ranges] == [(45, 100), (0, 55)]


def test_a_range_is_said_in_both_languages_with_its_numbers() -> None:
    first = sensitivity(parse_case(weighed(60, CHEAP_OR_GOOD)))[0].as_json()
    assert first == {
        "criterion": 0,
        "code": "price_lowest",
        "points": 60,
        "first": "A",
        "low": 45,
        "high": 100,
        "below": {"points": 44, "bidder": "B"},
        "above": None,
        "zh": "该项权重（现为 60 分）在 45 至 100 分之间时，A 保持第一；44 分时 B 第一",
        "en": "with this criterion (now 60 points) at 45 to 100 points, A stays first; at 44 points B comes first",
    }
    undrawn = sensitivity(parse_case(weighed(49, EVEN, ties=["draw"])))[0].as_json()
    assert str(undrawn["zh"]).endswith("；50 分时须抽签")
