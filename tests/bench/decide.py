"""``decide``: 10,000 bidders under four criteria, 1,000 in ties, a draw of 10,000.

The bar of the first is that of the design, 25 ms; the others have its "well under a second" only, here a tenth of one.
"""

from __future__ import annotations

import random
from typing import Any

from tests.bench.compared import compare, from_bytes
from tests.bench.measuring import Row

NAME = "decide"
MOST_MS = 25.0
WELL_UNDER_A_SECOND_MS = 100.0
SCORED = 3.8
"""The bar as a ratio: where the control takes 95 ms (the quiet machine of docs/performance.md), 25 ms is 3.8 times."""
TIED = 2.5
"""A guard, no bar: part of it is hashes, the same on both sides. It was 1.7 when each rank keyed its hash anew."""
DRAWN = 2.0
"""A guard, no bar: all of it is hashes. It was 1.0 when the engine keyed each anew, as the control still does."""
Raw = dict[str, Any]
DRAW = {"salt": "00" * 16, "ikm": "01" * 32}
CRITERIA = [
    {"kind": "price", "points": 50, "formula": "lowest"},
    {"kind": "days", "points": 10},
    {"kind": "credit", "points": 25},
    {"kind": "grade", "points": 15, "table": {"甲级": 15, "乙级": 9, "丙级": 3}},
]


def bidders(count: int, offers: int) -> Raw:
    """A comprehensive case of so many bidders, among them so many different offers."""
    source = random.Random(20_261_123)
    kinds = [
        {
            "price_fen": source.randint(30_000_000, 100_000_000),
            "days": source.randint(5, 60),
            "credit": source.randint(5_000, 10_000),
            "grade": source.choice(["甲级", "乙级", "丙级"]),
        }
        for _ in range(offers)
    ]
    bids = [{"bidder": f"B{number:05d}"} | kinds[number % offers] for number in range(count)]
    terms = {"mode": "comprehensive", "ceiling_fen": 100_000_000, "max_days": 60, "criteria": CRITERIA}
    return {"terms": terms | {"ties": ["price", "credit", "draw"]}, "bids": bids, "draw": DRAW}


def draw(count: int) -> Raw:
    """A random draw of so many."""
    terms = {"mode": "random_draw", "ceiling_fen": 100_000_000, "ties": ["draw"]}
    return {"terms": terms, "bids": [{"bidder": f"B{number:05d}"} for number in range(count)], "draw": DRAW}


def run(*, smoke: bool) -> list[Row]:
    """Measure; a smoke run does so on a hundredth."""
    part = 100 if smoke else 1
    many, few = 10_000 // part, 1_000 // part
    full = bidders(many, many)
    return [
        *compare(f"{many:,} bidders, 4 criteria", full, smoke=smoke, most_ms=MOST_MS, least_times=SCORED),
        from_bytes(f"{many:,} bidders, 4 criteria, from bytes", full, smoke=smoke, most_ms=1000),
        *compare(
            f"{few:,} bidders in ties of {few // 5}",
            bidders(few, 5),
            smoke=smoke,
            most_ms=WELL_UNDER_A_SECOND_MS,
            least_times=TIED,
        ),
        *compare(f"a draw of {many:,}", draw(many), smoke=smoke, most_ms=WELL_UNDER_A_SECOND_MS, least_times=DRAWN),
    ]
