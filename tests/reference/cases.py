"""Random valid cases of every mode, from one seeded source: ties, edges and boundaries are common, most get decided.

``case_of(source, mode)`` is one case as JSON; the same source gives the same case. Prices are few and near each other
(ties), instants sit on openings, closes and windows to the microsecond. Source: selection.md sections 2 to 10.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.reference.chances import AT, CREDITS, chance, draw_inputs, low_price, ties_of, written
from tests.reference.rooms import room_case

Raw = dict[str, Any]
IDS = ["A", "a", "A1", "A10", "A2", "B", "乙", "甲机构（示例）", "é", "e\u0301", "𠮷", "x" * 64, " ", "~", "0", "Z-9"]
FACTORS = [[10_000], [9500], [9500, 9600, 9700, 9800], [9800, 9500, 9700], [10_500, 10_000], [5000], [9999, 10_001]]


def price_pool(source: random.Random, ceiling: int) -> list[int]:
    """A few prices near each other, seldom an impossible one."""
    middle = max(1, ceiling * source.randint(30, 95) // 100)
    near = [max(1, middle + source.choice([-1, 0, 1]) * source.choice([0, 1, 2, ceiling // 50])) for _ in range(3)]
    wide = [source.randint(max(1, ceiling // 5), ceiling) for _ in range(2)]
    odd = [source.choice([ceiling, ceiling + 1, 0, -1, 1])] if chance(source, 40) else []
    return [min(price, 10**12) for price in (*near, *near, *wide, ceiling * source.randint(1, 20) // 20 or 1, *odd)]


def criteria(source: random.Random, *, instant: bool = False) -> list[Raw]:
    """Criteria that sum to a hundred points."""
    kinds = source.sample(["days", "credit", "grade", "experience", "plan"], source.randint(0, 3))
    if instant or chance(source, 85) or not kinds:
        kinds.insert(source.randint(0, len(kinds)), "price")
    cuts = [0, *sorted(source.sample(range(1, 100), len(kinds) - 1)), 100]
    return [
        criterion(source, kind, cuts[place + 1] - cuts[place]) | {"kind": kind, "points": cuts[place + 1] - cuts[place]}
        for place, kind in enumerate(kinds)
    ]


def criterion(source: random.Random, kind: str, points: int) -> Raw:
    """What one kind of criterion needs beside its points."""
    if kind == "grade":
        return {"table": {grade: source.randint(0, points) for grade in source.sample(["甲级", "乙级", "丙级"], 2)}}
    if kind == "experience":
        return {"each": source.choice([0, 50, 150, 100 * points])}
    if kind != "price":
        return {}
    if chance(source, 50):
        return {"formula": "lowest"}
    rule: Raw = {"formula": "mean", "above": source.choice([0, 30, 75, 100]), "below": source.choice([0, 20, 50])}
    options: Raw = {
        "above_max": source.choice([0, 500, 3000]),
        "below_max": source.choice([0, 500, 3000]),
        "deviation": source.choice(["exact", "whole_up"]),
        "drop_from": source.randint(3, 6),
        "factor_bp": source.choice(FACTORS),
    }
    return rule | {key: value for key, value in options.items() if chance(source, 50)}


def facts(source: random.Random, terms: Raw) -> Raw:
    """What is known of a bidder: all that any of the terms may ask for."""
    days = source.choice([1, 2, 3, 5, 5, 10, 10, terms.get("max_days", 20)])
    if chance(source, 4):
        days = source.choice([0, -1, terms.get("max_days", 20) + 1])
    plan = [each["points"] * 100 for each in terms.get("criteria", []) if each["kind"] == "plan"]
    marks = (
        [source.choice([0, plan[0], source.randint(0, plan[0])]) for _ in range(source.randint(1, 8))] if plan else []
    )
    optional = {
        "grade": source.choice(["甲级", "乙级", "丙级", "丁"]),
        "experience": source.randint(0, 9),
        "explanation": source.choice(["missing", "accepted", "rejected", "rejected"]),
    }
    known: Raw = {"days": days, "credit": source.choice(CREDITS)} | ({"marks": marks} if plan else {})
    known |= {key: value for key, value in optional.items() if chance(source, 70)}
    if chance(source, 6):
        known["voided_at"] = written(AT + timedelta(seconds=source.randint(-9, 9)), source)
    asked = {*terms["ties"], *(each["kind"] for each in terms.get("criteria", [])), *terms, terms["mode"]}
    if chance(source, 15) and not asked & {"credit", "credit_draw"}:
        del known["credit"]
    if chance(source, 15) and not asked & {"days", "max_days"}:
        del known["days"]
    return known


def sealed_case(source: random.Random, mode: str) -> Raw:
    """Comprehensive, mean price, random draw, credit draw."""
    ceiling = source.choice([20, 100, 9999, 1_000_000, 90_000_007, 10**12])
    terms: Raw = {"mode": mode, "ceiling_fen": ceiling, "max_days": source.choice([10, 20])}
    terms["min_bidders"] = source.choice([1, 1, 2, 3, 5])
    priced = mode in {"comprehensive", "mean_price"}
    terms["ties"] = ties_of(source, ["price", "days", "credit"] if priced else ["days", "credit"])
    if mode == "comprehensive":
        terms |= {"criteria": criteria(source)} | (low_price(source) if chance(source, 60) else {})
    if mode == "mean_price":
        options: Raw = {"drop_from": source.randint(3, 6), "dropped_may_win": chance(source, 40)}
        options |= {"factor_bp": source.choice(FACTORS)}
        terms |= {key: value for key, value in options.items() if chance(source, 65)}
    if mode == "credit_draw":
        terms |= {"big_list": source.randint(1, 8), "small_list": source.randint(1, 4)}
        terms["small_list"] = min(terms["small_list"], terms["big_list"])
    for key in ("min_bidders", "max_days"):
        if chance(source, 15) and not (key == "max_days" and "days" in terms["ties"]):
            del terms[key]
    pool = price_pool(source, ceiling)
    bids: list[Raw] = []
    for bidder in source.sample(IDS, source.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12])):
        price = {"price_fen": source.choice(pool)} if priced else {}
        bids.append({"bidder": bidder} | price | facts(source, terms))
    return {"terms": terms, "bids": bids} | draw_inputs(source, 75)


def instant_case(source: random.Random, _mode: str) -> Raw:
    """A pick among shelf offers, some of them full, early or late."""
    quantity, ceiling = source.choice([1, 1, 3, 120]), source.choice([100, 10_000, 3_000_000, 10**12])
    terms: Raw = {"mode": "instant", "ceiling_fen": ceiling, "quantity": quantity, "max_days": 20, "min_bidders": 3}
    terms |= {
        "rule": source.choice(["cheapest", "best_value", "draw"]),
        "ties": ties_of(source, ["price", "days", "credit"]),
    }
    if terms["rule"] == "best_value":
        terms["criteria"] = criteria(source, instant=True)
    pool, offers = price_pool(source, ceiling), []
    for bidder in source.sample(IDS, source.randint(0, 8)):
        offer = {"bidder": bidder, "unit_price_fen": max(0, source.choice(pool) // quantity)}
        offer["minimum_fee_fen"] = max(0, source.choice([0, 0, source.choice(pool)]))
        offer["capacity"] = source.choice([0, 1, 1, 1, 2, 5])
        since, until = source.choice([(-60, 30), (0, 1), (0, 30), (-30, 30), (-30, 0), (1, 30), (-60, -1)])
        tick = timedelta(microseconds=source.choice([0, 0, 1]))
        offer["valid_from"] = written(AT + timedelta(seconds=since) + tick, source)
        offer["valid_until"] = written(AT + timedelta(seconds=until) + tick, source)
        offers.append(offer | facts(source, terms))
    return {"terms": terms, "at": written(AT, source), "offers": offers} | draw_inputs(source, 75)


MAKERS: dict[str, Callable[[random.Random, str], Raw]] = {
    "comprehensive": sealed_case,
    "multi_round": room_case,
    "instant": instant_case,
    "mean_price": sealed_case,
    "random_draw": sealed_case,
    "credit_draw": sealed_case,
}
MODES = tuple(MAKERS)


def case_of(source: random.Random, mode: str) -> Raw:
    """A valid case of the mode."""
    return MAKERS[mode](source, mode)


def cases(mode: str) -> st.SearchStrategy[Raw]:
    """The same cases, for Hypothesis to choose and to shrink."""
    return st.randoms(use_true_random=False).map(lambda source: case_of(source, mode))
