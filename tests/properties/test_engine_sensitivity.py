"""What sensitivity says is what a decision under the changed weights says, computed again in plain fractions."""

from __future__ import annotations

import random
import time
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bidding.engine import decide
from bidding.explain import explain
from bidding.reading.case import parse_case
from bidding.sensitivity import WeightRange, sensitivity
from commons.draws import Draw
from commons.money import half_up
from tests.properties.engine_cases import DAYS, DRAWS, PRICES, Raw, sealed
from tests.properties.test_engine_explains import exact_points

FACTS = {"price": "price_fen", "days": "days", "credit": "credit"}


def shares(raw: Raw) -> dict[str, list[Fraction]]:
    """Each ranked bidder's exact share of each criterion, from the explanation's numbers alone."""
    out: dict[str, list[Fraction]] = {}
    for note in explain(parse_case(raw)).cells:
        if note.cell.startswith("points/"):
            pts: Any = note.params["pts"]
            out.setdefault(note.subject, []).append(exact_points(note) / pts)
    return out


def first_at(raw: Raw, all_shares: dict[str, list[Fraction]], index: int, weight: int) -> str | None:
    """Who comes first with so many points on one criterion, by the plainest way; None where a draw is missing."""
    points = [one["points"] for one in raw["terms"]["criteria"]]
    weights = [Fraction(one * (100 - weight), 100 - points[index]) for one in points]
    weights[index] = Fraction(weight)
    bids = {bid["bidder"]: bid for bid in raw["bids"]}

    def key(bidder: str) -> list[int]:
        cells = [half_up(100 * one * share) for one, share in zip(weights, all_shares[bidder], strict=True)]
        facts = [(tie, bids[bidder][FACTS[tie]]) for tie in raw["terms"]["ties"] if tie != "draw"]
        return [-sum(cells), *(-min(max(fact, 0), 10_000) if tie == "credit" else fact for tie, fact in facts)]

    keys = {bidder: key(bidder) for bidder in all_shares}
    equals = [bidder for bidder in keys if keys[bidder] == min(keys.values())]
    if len(equals) == 1:
        return equals[0]
    if "draw" not in raw:
        return None
    return min(equals, key=Draw(*(bytes.fromhex(raw["draw"][part]) for part in ("salt", "ikm"))).rank)


def check(raw: Raw, all_shares: dict[str, list[Fraction]], one: WeightRange, weight: int) -> None:
    """The range's claim at a weight."""
    if one.low <= weight <= one.high:
        assert first_at(raw, all_shares, one.index, weight) == one.first
    for beyond in (one.below, one.above):
        if beyond is not None and beyond.points == weight:
            assert first_at(raw, all_shares, one.index, weight) == beyond.bidder != one.first


@given(sealed(), st.data())
def test_a_decision_with_the_changed_weight_has_the_first_that_sensitivity_names(raw: Raw, data: st.DataObject) -> None:
    case = parse_case(raw)
    ranges, ranking, all_shares = sensitivity(case), decide(case).ranking, shares(raw)
    assert len(ranges) == (len(raw["terms"]["criteria"]) if ranking else 0)
    for one in ranges:
        assert (one.first, one.points) == (ranking[0].bidder, raw["terms"]["criteria"][one.index]["points"])
        assert 0 <= one.low <= one.points <= one.high <= 100
        if one.points == 100:
            continue
        assert (one.below is None, one.above is None) == (one.low == 0, one.high == 100)
        for weight in {one.low, one.high, max(0, one.low - 1), min(100, one.high + 1), data.draw(st.integers(0, 100))}:
            check(raw, all_shares, one, weight)


@st.composite
def halved(draw: st.DrawFn) -> Raw:
    """Price, days and credit, the last two with equal weights, so that many shifts leave whole points."""
    facts = st.fixed_dictionaries({"price_fen": PRICES, "days": DAYS, "credit": st.integers(0, 10_000)})
    criteria = weighed(draw(st.sampled_from(range(10, 91, 2))))
    terms = {"mode": "comprehensive", "ceiling_fen": 100, "max_days": 10, "ties": ["price", "draw"]}
    bids = [draw(facts) | {"bidder": bidder} for bidder in "ABCD"]
    return {"terms": terms | {"criteria": criteria}, "bids": bids, "draw": draw(DRAWS)}


def weighed(price: int) -> list[Raw]:
    """The criteria with so many points for the price."""
    rest = (100 - price) // 2
    kinds: list[Raw] = [{"kind": "price", "formula": "lowest", "points": price}]
    return [*kinds, {"kind": "days", "points": rest}, {"kind": "credit", "points": rest}]


@given(halved())
def test_the_engine_itself_decides_for_whom_sensitivity_names_where_all_weights_are_whole(raw: Raw) -> None:
    for one in sensitivity(parse_case(raw))[:1]:
        for weight in range(2, 99, 2):
            winner = decide(parse_case(raw | {"terms": raw["terms"] | {"criteria": weighed(weight)}})).winner
            if one.low <= weight <= one.high:
                assert winner == one.first
            for beyond in (one.below, one.above):
                if beyond is not None and beyond.points == weight:
                    assert winner == beyond.bidder


MOST_MS = 50
"""What fifty bidders by five criteria may cost, of processor time."""


def test_fifty_bidders_by_five_criteria_cost_fifty_milliseconds_at_most(seed: int) -> None:
    dice = random.Random(seed)
    kinds: list[Raw] = [{"kind": "price", "formula": "lowest"}, {"kind": "days"}, {"kind": "credit"}]
    kinds += [{"kind": "experience", "each": 100}, {"kind": "plan"}]
    criteria = [kind | {"points": points} for kind, points in zip(kinds, (40, 20, 20, 10, 10), strict=True)]
    bids = [
        {
            "bidder": f"B{index}",
            "price_fen": dice.randint(90_000_000, 100_000_000),
            "days": dice.randint(50, 60),
            "credit": dice.randint(8500, 9000),
            "experience": dice.randint(8, 12),
            "marks": [dice.randint(900, 1000) for _ in range(7)],
        }
        for index in range(50)
    ]
    terms = {"mode": "comprehensive", "ceiling_fen": 100_000_000, "max_days": 60, "criteria": criteria}
    case = parse_case({"terms": terms | {"ties": ["draw"]}, "bids": bids, "draw": {"salt": "00", "ikm": "01"}})
    spent = []
    for _ in range(3):
        start = time.process_time_ns()
        assert len(sensitivity(case)) == 5
        spent.append(time.process_time_ns() - start)
    assert min(spent) <= MOST_MS * 1_000_000
