"""Sections 2 and 6: what an offer is refused with, all reasons in their order; the shelf."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.selections import AT, PRICE, comprehensive, decided, instant, minute, order_of, rejected, shelf

# price, days, max_days → reasons
OWN = [
    (1, 1, 30, []),
    (1_000_000, 30, 30, []),
    (0, 1, 30, ["price_not_positive"]),
    (-1, 1, 30, ["price_not_positive"]),
    (1_000_001, 1, 30, ["ceiling_exceeded"]),
    (1, 0, 30, ["days_not_positive"]),
    (1, 31, 30, ["days_exceeded"]),
    (1, 31, None, []),
    (0, 30, 30, ["price_not_positive"]),
    (1_000_000, 0, 30, ["days_not_positive"]),
    (0, 31, 30, ["price_not_positive", "days_exceeded"]),
    (0, -1, None, ["price_not_positive", "days_not_positive"]),
    (1_000_001, 0, 30, ["ceiling_exceeded", "days_not_positive"]),
    (1_000_001, 31, 30, ["ceiling_exceeded", "days_exceeded"]),
]


@pytest.mark.parametrize(("price", "days", "max_days", "reasons"), OWN)
def test_a_sealed_offer_is_refused_with_all_its_reasons(
    price: int, days: int, max_days: int | None, reasons: list[str]
) -> None:
    terms = {} if max_days is None else {"max_days": max_days}
    raw = comprehensive([{"bidder": "A", "price_fen": price, "days": days}], **terms)
    assert rejected(raw) == ({"A": reasons} if reasons else {})


def test_voided_is_the_only_reason_of_a_sealed_offer() -> None:
    raw = comprehensive([{"bidder": "A", "price_fen": 0, "voided_at": AT}, {"bidder": "B", "price_fen": 1}])
    assert (rejected(raw), decided(raw).winner) == ({"A": ["voided"]}, "B")


def test_a_refusal_names_its_source_and_numbers() -> None:
    raw = comprehensive([{"bidder": "A", "price_fen": 1_000_001}])
    reason = decided(raw).rejected[0].reasons[0]
    assert (reason.source.place, dict(reason.params)) == ("2", {"price_fen": 1_000_001, "ceiling_fen": 1_000_000})


def test_rejected_are_sorted_by_bidder() -> None:
    raw = comprehensive([{"bidder": bidder, "price_fen": 0} for bidder in ("b", "A", "a", "é")])
    assert [row.bidder for row in decided(raw).rejected] == ["A", "a", "b", "é"]


# facts of a shelf offer, quantity → price
PRICES = [
    ({"unit_price_fen": 100, "minimum_fee_fen": 0}, 3, 300),
    ({"unit_price_fen": 100, "minimum_fee_fen": 300}, 3, 300),
    ({"unit_price_fen": 100, "minimum_fee_fen": 301}, 3, 301),
    ({"unit_price_fen": 0, "minimum_fee_fen": 7}, 3, 7),
]


@pytest.mark.parametrize(("facts", "quantity", "price"), PRICES)
def test_the_shelf_price_is_the_minimum_or_unit_times_quantity(
    facts: dict[str, Any], quantity: int, price: int
) -> None:
    ranking = decided(instant([shelf("A", 1) | facts], quantity=quantity)).ranking
    assert [row.as_json() for row in ranking] == [{"bidder": "A", "rank": 1, "price_fen": price}]


SHELF: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"capacity": 0}, ["no_capacity"]),
    ({"capacity": -1}, ["no_capacity"]),
    ({"valid_from": minute(0, 0, ".000001")}, ["offer_not_valid"]),
    ({"valid_until": AT}, ["offer_not_valid"]),
    ({"valid_until": minute(0, 0, ".000001")}, []),
    ({"valid_from": minute(1), "valid_until": minute(0)}, ["offer_not_valid"]),
    ({"unit_price_fen": 0}, ["price_not_positive"]),
    ({"unit_price_fen": 500_001}, ["ceiling_exceeded"]),  # times two
    (
        {"unit_price_fen": 500_001, "days": 31, "capacity": 0, "valid_until": AT},
        ["ceiling_exceeded", "days_exceeded", "no_capacity", "offer_not_valid"],
    ),
    ({"capacity": 0, "voided_at": AT}, ["voided"]),
]


@pytest.mark.parametrize(("facts", "reasons"), SHELF)
def test_a_shelf_offer_is_refused_with_all_its_reasons_in_order(facts: dict[str, Any], reasons: list[str]) -> None:
    raw = instant([shelf("A", 100, days=5) | facts], quantity=2, max_days=30)
    assert rejected(raw) == ({"A": reasons} if reasons else {})


def test_one_valid_shelf_offer_is_enough_whatever_the_minimum() -> None:
    assert decided(instant([shelf("A", 1), shelf("B", 1, capacity=0)], min_bidders=3)).winner == "A"
    assert decided(instant([shelf("B", 1, capacity=0)])).outcome == "unsuccessful"


def test_the_cheapest_is_by_price_and_the_best_value_by_points() -> None:
    offers = [shelf("A", 100, credit=1000), shelf("B", 101, credit=9000)]
    weights = [PRICE | {"points": 50}, {"kind": "credit", "points": 50}]
    assert order_of(instant(offers)) == ["A", "B"]
    assert order_of(instant(offers, rule="best_value", criteria=weights)) == ["B", "A"]


def test_best_value_needs_inputs_for_a_drawn_factor() -> None:
    drawn = {"kind": "price", "points": 100, "formula": "mean", "above": 1, "below": 1, "factor_bp": [9500, 9600]}
    assert decided(instant([shelf("A", 100)], rule="best_value", criteria=[drawn])).outcome == "draw_needed"
