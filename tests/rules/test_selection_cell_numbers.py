"""Sections 3 and 8: the numbers that go into each cell of points, as the explanation publishes them."""

from __future__ import annotations

from typing import Any

import pytest

from bidding.explain import explain
from bidding.reading.case import parse_case
from commons.verdicts import Param
from tests.rules.selections import bids, comprehensive
from tests.rules.test_selection_criteria import criteria, mean

EVEN: dict[str, int] = {"B": 100_000, "C": 100_000}
"""Beside A and D these two hold the mean at 100,000."""


def against(own: int) -> list[dict[str, Any]]:
    """A at this price, D as far on the other side: the benchmark is 100,000 fen."""
    return bids({"A": own, **EVEN, "D": 200_000 - own})


def one(**facts: Any) -> list[dict[str, Any]]:
    """A with these facts, B with plainer ones."""
    return [
        {"bidder": "A", "price_fen": 5} | facts,
        {"bidder": "B", "price_fen": 5, "days": 7, "credit": 1, "marks": [5], "grade": "乙"},
    ]


def off(own: int, deviation: str, **others: Param) -> dict[str, Param]:
    """The numbers of a cell of the mean formula against 100,000."""
    plain: dict[str, Param] = {"pts": 10_000, "benchmark_fen": 100_000, "sum_fen": 400_000, "count": 4, "dropped": 0}
    plain |= {"factor_bp": 10_000, "price_fen": own, "side": "above", "each_percent": 100, "most": None}
    return plain | {"whole_up": False, "deviation_percent": deviation} | others


BELOW: dict[str, Param] = {"side": "below", "each_percent": 50}
UP: dict[str, Any] = {"deviation": "whole_up"}
PLAN = {"kind": "plan", "points": 40}
GRADE = {"kind": "grade", "points": 20, "table": {"甲": 20}}
JOBS = {"kind": "experience", "points": 10, "each": 250}

# criterion, bids → the numbers of A's cell
CELLS: list[tuple[dict[str, Any], list[dict[str, Any]], dict[str, Param]]] = [
    (
        {"kind": "price", "formula": "lowest", "points": 60},
        bids({"A": 300, "B": 200}),
        {"pts": 6000, "lowest_fen": 200, "price_fen": 300},
    ),
    (mean(), against(101_500), off(101_500, "3/2")),
    (mean(), against(99_500), off(99_500, "1/2", **BELOW)),
    (mean(), against(100_000), off(100_000, "0", **BELOW)),  # on the benchmark: not above it
    (mean(**UP), against(101_500), off(101_500, "2", whole_up=True)),  # a started percent counts whole
    (mean(**UP), against(97_000), off(97_000, "3", whole_up=True, **BELOW)),  # a full one is not rounded further
    (mean(above_max=700, below_max=900), against(110_000), off(110_000, "10", most=700)),
    (mean(above_max=700, below_max=900), against(90_000), off(90_000, "10", most=900, **BELOW)),
    (
        mean(drop_from=4, factor_bp=[9000]),
        against(120_000),
        off(120_000, "100/3", benchmark_fen=90_000, sum_fen=200_000, count=2, dropped=2, factor_bp=9000),
    ),
    ({"kind": "days", "points": 30}, one(days=10), {"pts": 3000, "fewest_days": 7, "days": 10}),
    ({"kind": "credit", "points": 30}, one(credit=8050), {"pts": 3000, "credit": 8050}),
    (GRADE, one(grade="甲"), {"pts": 2000, "grade": "甲", "listed": True}),
    (GRADE, one(grade="丙"), {"pts": 2000, "grade": "丙", "listed": False}),
    (GRADE, one(), {"pts": 2000, "grade": None, "listed": False}),
    (JOBS, one(experience=3), {"pts": 1000, "each": 250, "count": 3}),
    (JOBS, one(), {"pts": 1000, "each": 250, "count": 0}),
    (PLAN, one(marks=[7, 9, 1, 30]), {"pts": 4000, "sum": 47, "count": 4, "marks": 4, "dropped": 0}),
    (PLAN, one(marks=[7, 9, 1, 30, 2]), {"pts": 4000, "sum": 18, "count": 3, "marks": 5, "dropped": 2}),
    (PLAN, one(marks=[7, 9, 1, 30, 2, 5, 6]), {"pts": 4000, "sum": 29, "count": 5, "marks": 7, "dropped": 2}),
]


@pytest.mark.parametrize(("criterion", "given", "numbers"), CELLS, ids=[f"{index}" for index in range(len(CELLS))])
def test_a_cell_is_published_with_the_numbers_it_was_made_of(
    criterion: dict[str, Any], given: list[dict[str, Any]], numbers: dict[str, Param]
) -> None:
    told = explain(parse_case(comprehensive(given, criteria=criteria(criterion), draw={"salt": "00", "ikm": "01"})))
    (cell,) = [note for note in told.cells if (note.subject, note.cell) == ("A", "points/0")]
    assert dict(cell.params) == numbers
