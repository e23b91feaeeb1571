"""Section 3: hundredths of points, cell by cell."""

from __future__ import annotations

from typing import Any

import pytest

from bidding.benchmark import benchmark
from tests.rules.selections import DRAW, PRICE, bids, comprehensive, decided, faults, points

FILL = {"kind": "experience", "each": 1}  # nobody has any: it only fills the sum of points up to 100


def criteria(*wanted: dict[str, Any]) -> list[dict[str, Any]]:
    rest = 100 - sum(criterion["points"] for criterion in wanted)
    return [*wanted, *([FILL | {"points": rest}] if rest else [])]


def first_cells(bid: list[dict[str, Any]], *wanted: dict[str, Any], **terms: Any) -> dict[str, int]:
    raw = comprehensive(bid, criteria=criteria(*wanted), draw=DRAW, **terms)
    return {bidder: cells[0] for bidder, cells in points(raw).items()}


def mean(**facts: Any) -> dict[str, Any]:
    return {"kind": "price", "points": 100, "formula": "mean", "above": 100, "below": 50} | facts


# price of the others, own price → hundredths of 60 points
LOWEST = [
    (100_000, 100_000, 6000),
    (100_000, 200_000, 3000),
    (100_000, 300_000, 2000),
    (1, 3, 2000),
    (1, 12_000, 1),  # 0.5 → half up
    (1, 12_001, 0),
    (999_999, 1_000_000, 6000),
    (200_000, 100_000, 6000),  # the own price is the lowest
]


@pytest.mark.parametrize(("other", "own", "hundredths"), LOWEST)
def test_lowest_price_has_all_points_and_others_in_proportion(other: int, own: int, hundredths: int) -> None:
    cells = first_cells(bids({"A": other, "B": own}), PRICE | {"points": 60})
    assert cells["B"] == hundredths


# own price against a benchmark of 100,000 (two more bids hold the mean there), criterion, hundredths
MEAN = [
    (100_000, {}, 10_000),
    (101_000, {}, 9900),  # 1 % above costs `above`
    (99_000, {}, 9950),  # 1 % below costs `below`
    (100_500, {}, 9950),  # half a percent, exact
    (100_500, {"deviation": "whole_up"}, 9900),  # a started percent counts whole
    (99_500, {"deviation": "whole_up"}, 9950),
    (101_000, {"deviation": "whole_up"}, 9900),  # a full one is not rounded further
    (150_000, {}, 5000),
    (150_000, {"above_max": 1000}, 9000),
    (50_000, {"below_max": 700}, 9300),
    (50_000, {"above_max": 700}, 7500),  # the cap of the other side does not bind
    (150_000, {"below_max": 700}, 5000),
    (199_000, {"above": 200}, 0),  # never below zero
    (100_005, {}, 10_000),  # 0.005 % × 100 = 0.5 hundredths lost: 9999.5 → 10000
    (100_015, {}, 9999),  # 1.5 lost: 9998.5 → 9999
]


@pytest.mark.parametrize(("own", "facts", "hundredths"), MEAN)
def test_each_percent_off_the_benchmark_costs_its_side(own: int, facts: dict[str, Any], hundredths: int) -> None:
    others = {"B": 100_000, "C": 200_000 - own} if own != 100_000 else {"B": 100_000}
    cells = first_cells(bids({"A": own} | others), mean(**facts))
    assert cells["A"] == hundredths


def test_whoever_lost_all_points_has_none_even_where_the_benchmark_is_a_fen_or_two() -> None:
    assert first_cells(bids({"A": 4, "B": 1, "C": 1}), mean())["A"] == 0  # 2 fen: 100 % above
    assert first_cells(bids({"A": 9, "B": 1, "C": 1, "D": 1, "E": 1}), mean())["A"] == 0


# prices, facts → benchmark in fen
BENCHMARKS = [
    ([100, 200, 300, 400], {}, 250),  # four: nothing dropped
    ([100, 200, 300, 1000, 900], {}, 467),  # five: one highest, one lowest; 466.67 half-up
    ([100, 200, 300, 1000, 900], {"drop_from": 6}, 500),
    ([100, 900, 500], {"drop_from": 3}, 500),
    ([100, 100, 100, 900], {"drop_from": 3}, 100),  # one of the equal lowest goes
    ([100, 200], {"factor_bp": [9500]}, 143),  # 142.5 half-up
    ([100, 200], {"factor_bp": [12_000]}, 180),
]


@pytest.mark.parametrize(("prices", "facts", "fen"), BENCHMARKS)
def test_the_benchmark_drops_one_of_each_end_and_rounds_once(
    prices: list[int], facts: dict[str, Any], fen: int
) -> None:
    numbers = {"drop_from": 5, "factor_bp": [10_000]} | facts
    found = benchmark(prices, drop_from=numbers["drop_from"], factor_bp=numbers["factor_bp"][0])
    assert found.fen == fen


def test_a_factor_is_drawn_among_the_sorted_choices() -> None:
    raw = comprehensive(bids({"A": 100_000}), criteria=[mean(factor_bp=[9800, 9600, 9700])], draw=DRAW)
    shuffled = comprehensive(bids({"A": 100_000}), criteria=[mean(factor_bp=[9700, 9800, 9600])], draw=DRAW)
    assert points(raw) == points(shuffled)
    assert points(raw)["A"][0] in {10_000 - 204, 10_000 - 417, 10_000 - 309}


def test_a_factor_to_draw_without_inputs_is_said_not_invented() -> None:
    assert decided(comprehensive(bids({"A": 5}), criteria=[mean(factor_bp=[9800, 9600])])).outcome == "draw_needed"


def test_too_few_bidders_come_before_a_needed_draw() -> None:
    raw = comprehensive(bids({"A": 5}), criteria=[mean(factor_bp=[9800, 9600])], min_bidders=2)
    assert decided(raw).outcome == "unsuccessful"


def test_a_benchmark_of_zero_is_malformed_at_its_factor() -> None:
    raw = comprehensive(bids({"A": 1}), criteria=[mean(factor_bp=[1])])
    assert faults(raw) == [("/terms/criteria/0/factor_bp", "benchmark_zero")]


# criterion, facts of A, facts of B → hundredths of A, of B
OTHERS = [
    ({"kind": "days", "points": 30}, {"days": 10}, {"days": 20}, 3000, 1500),
    ({"kind": "days", "points": 30}, {"days": 7}, {"days": 9}, 3000, 2333),
    ({"kind": "days", "points": 1}, {"days": 1}, {"days": 200}, 100, 1),  # 0.5 → half up
    ({"kind": "credit", "points": 50}, {"credit": 10_000}, {"credit": 8000}, 5000, 4000),
    ({"kind": "credit", "points": 50}, {"credit": 10_001}, {"credit": -1}, 5000, 0),  # clipped
    ({"kind": "credit", "points": 1}, {"credit": 50}, {"credit": 49}, 1, 0),  # 0.5 → half up
    ({"kind": "grade", "points": 20, "table": {"甲": 20, "乙": 7}}, {"grade": "甲"}, {"grade": "乙"}, 2000, 700),
    ({"kind": "grade", "points": 20, "table": {"甲": 20}}, {"grade": "丙"}, {}, 0, 0),
    ({"kind": "experience", "points": 10, "each": 250}, {"experience": 3}, {"experience": 5}, 750, 1000),
    ({"kind": "experience", "points": 10, "each": 250}, {"experience": 0}, {}, 0, 0),
    ({"kind": "plan", "points": 40}, {"marks": [101, 102]}, {"marks": [4000]}, 102, 4000),
    ({"kind": "plan", "points": 40}, {"marks": [0, 0, 0, 4]}, {"marks": [0, 0, 1, 1]}, 1, 1),  # four: all count
    ({"kind": "plan", "points": 40}, {"marks": [0, 10, 20, 30, 4000]}, {"marks": [7] * 5}, 20, 7),  # five: extremes go
    ({"kind": "plan", "points": 40}, {"marks": [0, 0, 0, 9, 9, 9]}, {"marks": [0, 4000, 1, 2, 4]}, 5, 2),
]


@pytest.mark.parametrize(("criterion", "one", "other", "first", "second"), OTHERS)
def test_a_criterion_gives_hundredths_by_its_own_formula(
    criterion: dict[str, Any], one: dict[str, Any], other: dict[str, Any], first: int, second: int
) -> None:
    both = [{"bidder": "A", "price_fen": 5, "days": 9} | one, {"bidder": "B", "price_fen": 5, "days": 9} | other]
    assert first_cells(both, criterion) == {"A": first, "B": second}


def test_the_total_is_the_sum_of_the_cells_and_the_highest_wins() -> None:
    weights = [PRICE | {"points": 50}, {"kind": "credit", "points": 50}]
    both = [
        {"bidder": "A", "price_fen": 100_000, "credit": 1000},
        {"bidder": "B", "price_fen": 200_000, "credit": 9000},
    ]
    decision = decided(comprehensive(both, criteria=weights))
    assert decision.winner == "B"
    assert [row.total for row in decision.ranking if hasattr(row, "total")] == [2500 + 4500, 5000 + 500]


def test_refused_bids_move_neither_the_lowest_price_nor_the_fewest_days() -> None:
    weights = [PRICE | {"points": 50}, {"kind": "days", "points": 50}]
    both = [
        {"bidder": "A", "price_fen": 0, "days": 1},
        {"bidder": "B", "price_fen": 100, "days": 10},
        {"bidder": "C", "price_fen": 50, "days": 99},
    ]
    assert points(comprehensive(both, criteria=weights, max_days=30)) == {"B": (5000, 5000)}
