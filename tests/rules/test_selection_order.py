"""Section 7: ties and draws. The order is total and owes nothing to the order of a list."""

from __future__ import annotations

from typing import Any

import pytest

from bidding.offers import Bid
from bidding.ranking import Order, credits_of, days_of, order
from bidding.reading.terms import parse_terms
from bidding.terms import needs_draw
from commons.draws import Draw
from tests.rules.selections import (
    DRAW,
    PRICE,
    bids,
    comprehensive,
    credit_draw,
    decided,
    instant,
    mean_price,
    multi_round,
    offer,
    order_of,
    random_draw,
    round_,
    shelf,
)

SAME = [{"kind": "experience", "points": 100, "each": 1}]  # everybody has the same total


def equal(first: dict[str, Any], second: dict[str, Any], *ties: str, **terms: Any) -> list[str]:
    one = {"bidder": "A", "price_fen": 500, "days": 10, "credit": 5000} | first
    other = {"bidder": "B", "price_fen": 500, "days": 10, "credit": 5000} | second
    return order_of(comprehensive([one, other], criteria=SAME, ties=[*ties], max_days=30, draw=DRAW, **terms))


BY_DRAW = sorted("AB", key=Draw(bytes(16), b"\x01" * 32).rank)

ROWS: list[tuple[dict[str, Any], dict[str, Any], list[str], list[str]]] = [
    ({"price_fen": 501}, {}, ["price", "draw"], ["B", "A"]),
    ({"days": 11}, {}, ["days", "draw"], ["B", "A"]),
    ({"credit": 4999}, {}, ["credit", "draw"], ["B", "A"]),  # higher first
    ({"credit": 5001}, {}, ["credit", "draw"], ["A", "B"]),
    ({"days": 9, "credit": 1}, {}, ["credit", "days", "draw"], ["B", "A"]),  # in the declared order
    ({"days": 9, "credit": 1}, {}, ["days", "credit", "draw"], ["A", "B"]),
    ({}, {}, ["price", "days", "credit", "draw"], BY_DRAW),
    ({"price_fen": 1}, {}, ["draw"], BY_DRAW),
    ({"price_fen": 1}, {}, ["draw", "price", "draw"], BY_DRAW),  # nothing counts after a draw
    ({"credit": 10_001}, {"credit": 10_000}, ["credit", "draw"], BY_DRAW),  # clipped, hence equal
]


@pytest.mark.parametrize(("first", "second", "ties", "expected"), ROWS)
def test_equals_are_told_apart_by_the_declared_ties_in_their_order(
    first: dict[str, Any], second: dict[str, Any], ties: list[str], expected: list[str]
) -> None:
    assert equal(first, second, *ties) == expected


def test_a_tie_anywhere_in_the_ranking_needs_the_draw() -> None:
    last_two_equal = comprehensive(bids({"A": 1, "B": 2, "C": 2}), ties=["draw"])
    assert decided(last_two_equal).outcome == "draw_needed"
    assert decided(last_two_equal).ranking == ()


def test_hundreds_of_equals_are_placed_by_days_credit_and_the_draw() -> None:
    many = [
        {"bidder": f"B{place:03d}", "price_fen": 500, "days": 10 - place // 200, "credit": 5000 - place // 300}
        for place in range(400)
    ]
    lots = Draw(bytes(16), b"\x01" * 32)
    known = {bid["bidder"]: bid for bid in many}
    placed = order_of(comprehensive(many, criteria=SAME, ties=["days", "credit", "draw"], max_days=30, draw=DRAW))
    assert placed == sorted(known, key=lambda one: (known[one]["days"], -known[one]["credit"], lots.rank(one)))


def test_hundreds_of_whom_none_are_equal_need_no_draw() -> None:
    many = bids({f"B{place:03d}": 1000 - place for place in range(400)})
    assert order_of(comprehensive(many, ties=["price", "draw"]))[:2] == ["B399", "B398"]


def test_a_fact_that_the_terms_ask_for_and_a_bid_lacks_is_a_bug_and_never_a_place() -> None:
    for missing in (days_of, credits_of):
        with pytest.raises(AssertionError, match="ask for"):
            missing([Bid("A", 500, days=1, credit=1), Bid("B", 500)])


# one key for each of A, B, C, … → the groups that only the draw told apart, as sets
GROUPS: list[tuple[list[int], list[str]]] = [
    ([3, 1, 2], []),
    ([1, 1, 2], ["AB"]),
    ([2, 1, 1], ["BC"]),
    ([2, 1, 2, 1, 3], ["BD", "AC"]),
    ([5, 4, 3, 3, 2, 1], ["CD"]),
    ([1, 2, 2, 2, 3, 3], ["BCD", "EF"]),
]


@pytest.mark.parametrize(("keys", "groups"), GROUPS)
def test_only_equals_are_drawn_and_whoever_stands_alone_is_not(keys: list[int], groups: list[str]) -> None:
    ids, lots = "ABCDEF"[: len(keys)], Draw(bytes(16), b"\x01" * 32)
    placed = order(ids, [keys], lots)
    assert isinstance(placed, Order)
    assert ["".join(sorted(ids[position] for position in group)) for group in placed.drawn] == groups
    assert [ids[position] for position in placed.positions] == sorted(
        ids, key=lambda one: (keys[ids.index(one)], lots.rank(one))
    )


def test_columns_of_different_lengths_are_a_bug_and_never_an_order() -> None:
    with pytest.raises(ValueError, match="shorter"):
        order(["A", "B"], [[1, 2], [1]], None)


def test_no_inputs_are_needed_where_nobody_is_equal() -> None:
    assert decided(comprehensive(bids({"A": 1, "B": 2}), ties=["draw"])).winner == "A"


def test_the_draw_orders_three_equals_by_their_rank() -> None:
    by_rank = sorted("ABC", key=Draw(bytes(16), b"\x01" * 32).rank)
    assert order_of(comprehensive(bids({"A": 2, "B": 2, "C": 2, "D": 1}), draw=DRAW)) == ["D", *by_rank]


def test_received_is_the_seq_of_the_standing_offer() -> None:
    offers = [offer("A", 1, 950_000), offer("B", 2, 900_000), offer("A", 3, 900_000)]
    assert order_of(multi_round(offers, ties=["received"])) == ["B", "A"]


def test_the_rounds_know_price_days_and_credit_ties() -> None:
    bidders = [{"bidder": "A", "credit": 1}, {"bidder": "B", "credit": 2}]
    terms: dict[str, Any] = {"day_value_fen": 1000, "max_days": 30}
    offers = [offer("A", 1, 900_000, days=10), offer("B", 2, 901_000, days=9)]
    for ties, expected in ((["price", "draw"], "A"), (["days", "draw"], "B"), (["credit", "draw"], "B")):
        assert decided(multi_round(offers, bidders=bidders, ties=ties, **terms)).winner == expected


def test_an_instant_draw_needs_inputs_even_for_one() -> None:
    assert decided(instant([shelf("A", 5)], rule="draw")).outcome == "draw_needed"
    assert decided(instant([shelf("A", 5)], rule="draw", draw=DRAW)).winner == "A"
    assert order_of(instant([shelf("A", 5), shelf("B", 1)], rule="draw", draw=DRAW)) == BY_DRAW


MEAN = {"kind": "price", "points": 100, "formula": "mean", "above": 1, "below": 1}
TERMS = [
    (comprehensive([], ties=["draw"]), True),
    (comprehensive([], criteria=[MEAN | {"factor_bp": [9500, 9600]}]), True),
    (multi_round([], ties=["received"]), False),
    (multi_round([], ties=["received", "draw"]), False),
    (multi_round([], ties=["price", "draw"]), True),
    (multi_round([], ties=["draw"], rounds=[round_(0, 1, "sealed")]), True),
    (instant([], rule="cheapest"), True),
    (instant([], rule="draw"), True),
    (instant([], rule="best_value", criteria=[PRICE]), True),
    (mean_price([]), True),
    (random_draw([]), True),
    (credit_draw({}), True),
]


@pytest.mark.parametrize(("raw", "expected"), TERMS)
def test_terms_say_whether_a_draw_can_ever_be_needed(raw: dict[str, Any], expected: bool) -> None:
    assert needs_draw(parse_terms(raw["terms"])) is expected
