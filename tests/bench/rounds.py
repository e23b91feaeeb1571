"""``rounds``: 3, 10, 50 bidders, an offer each in each of three rounds, by price and preferred.

The bar is that of docs/performance.md, 5 ms for 150 offers (a published engine of the field took 47 ms by price and
90 ms with preferences). The control is quicker than that, so as a ratio the bar would ask for nothing.
"""

from __future__ import annotations

from typing import Any

from tests.bench.compared import compare
from tests.bench.measuring import Row

NAME = "rounds"
MOST_MS = 5.0
LEAST_TIMES = {3: 1, 10: 2, 50: 3}
"""Guards, by bidders: only the control looks through all that stands at each offer, so it falls behind with them."""
Raw = dict[str, Any]
MINUTES = 10
PREFERENCES = [{"code": "green", "max_bp": 1000}, {"code": "local_record", "max_bp": 500}]


def at(minute: int, microseconds: int = 0) -> str:
    """An instant of the morning."""
    seconds, micro = divmod(microseconds, 10**6)
    return f"2026-11-23T01:{minute + seconds // 60:02d}:{seconds % 60:02d}.{micro:06d}Z"


def falling(count: int, *, preferred: bool) -> Raw:
    """So many bidders, each beating its own standing offer once in each of three open rounds with extensions."""
    rounds = [
        {"kind": "open", "opens_at": at(place * MINUTES), "closes_at": at((place + 1) * MINUTES)} for place in range(3)
    ]
    terms: Raw = {"mode": "multi_round", "ceiling_fen": 100_000_000, "step_fen": 100_000, "step_basis": "own"}
    terms |= {"rounds": rounds, "ties": ["received"], "extension": {"window_s": 1, "extend_s": 30, "limit": 3}}
    bidders: list[Raw] = [{"bidder": f"B{number:03d}"} for number in range(count)]
    if preferred:
        terms["preferences"] = PREFERENCES
        for number, each in enumerate(bidders):
            each["preferences"] = {"green": number * 37 % 1001, "local_record": number * 53 % 501}
    offers = [
        {
            "bidder": bidder["bidder"],
            "at": at(place * MINUTES, number * 500_000_000 // count),
            "price_fen": 90_000_000 - place * 200_000 - number * 7_919 % 100_000,
        }
        for place in range(3)
        for number, bidder in enumerate(bidders)
    ]
    return {"terms": terms, "bidders": bidders, "offers": offers}


def run(*, smoke: bool) -> list[Row]:
    """Measure; a smoke run takes three bidders only."""
    rows: list[Row] = []
    for count in (3,) if smoke else (3, 10, 50):
        for preferred in (False, True):
            what = f"{count} bidders × 3 rounds, {'with preferences' if preferred else 'by price'}"
            case, least = falling(count, preferred=preferred), LEAST_TIMES[count]
            rows += compare(what, case, smoke=smoke, most_ms=MOST_MS, least_times=least)
    return rows
