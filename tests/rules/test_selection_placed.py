"""Sections 1 and 7: nearest to the benchmark, drawn at random, drawn by credit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bidding.explain import explain
from bidding.reading.case import parse_case
from commons.draws import Draw
from commons.money import Money
from tests.reference import selection
from tests.rules.selections import (
    AT,
    DRAW,
    bids,
    credit_draw,
    decided,
    mean_price,
    order_of,
    random_draw,
    rejected,
)

INPUTS = Draw(bytes(16), b"\x01" * 32)

# prices, terms → benchmark in fen, order
NEAREST: list[tuple[dict[str, int], dict[str, Any], int, str]] = [
    ({"A": 100, "B": 200, "C": 330}, {}, 210, "BAC"),
    ({"A": 100, "B": 200, "C": 330}, {"factor_bp": [5000]}, 105, "ABC"),
    ({"A": 100, "B": 201}, {}, 151, "BA"),  # 150.5 half-up
    ({"A": 100, "B": 200}, {}, 150, "AB"),  # equally far above and below: the lower price first
    ({"A": 100, "B": 150, "C": 160, "D": 900}, {}, 328, "CBAD"),  # four: the mean of all
    ({"A": 100, "B": 150, "C": 160, "D": 170, "E": 900}, {}, 160, "CBDAE"),  # five: without 100 and 900
    ({"A": 100, "B": 150, "C": 160, "D": 170, "E": 900}, {"drop_from": 6}, 296, "DCBAE"),
    ({"A": 100, "B": 100, "C": 400}, {"drop_from": 3}, 100, "ABC"),
    ({"A": 7}, {}, 7, "A"),
]


@pytest.mark.parametrize(("prices", "terms", "fen", "expected"), NEAREST)
def test_the_nearest_to_the_benchmark_comes_first(
    prices: dict[str, int], terms: dict[str, Any], fen: int, expected: str
) -> None:
    decision = decided(mean_price(bids(prices, credit=5), ties=["price", "credit", "draw"], draw=DRAW, **terms))
    assert (decision.as_json()["benchmark_fen"], {row.bidder for row in decision.ranking}) == (fen, set(expected))
    places = [row.bidder for row in decision.ranking]
    assert [prices[bidder] for bidder in places] == [prices[bidder] for bidder in expected]


# prices, drop_from → who is out as extreme, who wins
DROPPED: list[tuple[dict[str, int], int, str, str]] = [
    ({"A": 100, "B": 200, "C": 300}, 4, "", "B"),  # fewer than drop_from: nobody
    ({"A": 100, "B": 200, "C": 300}, 3, "AC", "B"),
    ({"A": 100, "B": 100, "C": 200, "D": 900}, 3, "ABD", "C"),  # all at the lowest price
    ({"A": 100, "B": 200, "C": 900, "D": 900}, 3, "ACD", "B"),
    ({"A": 100, "B": 200, "C": 200}, 3, "", "B"),  # nobody else would remain
]


@pytest.mark.parametrize(("prices", "drop_from", "out", "winner"), DROPPED)
def test_extremes_are_out_where_they_may_not_win(prices: dict[str, int], drop_from: int, out: str, winner: str) -> None:
    raw = mean_price(bids(prices), drop_from=drop_from, dropped_may_win=False, draw=DRAW)
    assert rejected(raw) == {bidder: ["extreme_price_dropped"] for bidder in out}
    prices_of_first = prices[decided(raw).ranking[0].bidder]
    assert prices_of_first == prices[winner]


def test_extremes_may_win_unless_the_terms_say_otherwise() -> None:
    assert decided(mean_price(bids({"A": 100, "B": 200, "C": 300}), drop_from=3, factor_bp=[4000])).winner == "A"


# prices, drop_from, min_bidders → outcome, who is out as extreme; extremes may not win
COUNTED: list[tuple[dict[str, int], int, int, str, str]] = [
    ({"A": 100, "B": 200, "C": 300}, 3, 3, "award", "AC"),  # the dropped two still count: three are enough
    ({"A": 100, "B": 200, "C": 300}, 3, 4, "unsuccessful", ""),  # too few: counted first, so nobody is dropped
    ({"A": 100, "B": 200, "C": 300, "D": 400}, 3, 5, "unsuccessful", ""),
    ({"A": 100, "B": 200, "C": 300, "D": 400}, 5, 4, "award", ""),  # enough, and fewer than drop_from
    ({"A": 100, "B": 200, "C": 300, "D": 2_000_000}, 4, 3, "award", ""),  # a refused offer neither counts nor drops
    ({"A": 100, "B": 200, "C": 300, "D": 2_000_000}, 3, 4, "unsuccessful", ""),
]


@pytest.mark.parametrize(("prices", "drop_from", "min_bidders", "outcome", "out"), COUNTED)
def test_offers_dropped_as_extreme_still_count_and_nobody_is_dropped_where_too_few_bid(
    prices: dict[str, int], drop_from: int, min_bidders: int, outcome: str, out: str
) -> None:
    terms: dict[str, Any] = {"drop_from": drop_from, "min_bidders": min_bidders, "dropped_may_win": False}
    raw = mean_price(bids(prices), draw=DRAW, **terms)
    assert decided(raw).outcome == outcome
    refused = {bidder: ["ceiling_exceeded"] for bidder, price in prices.items() if price > 1_000_000}
    assert rejected(raw) == {bidder: ["extreme_price_dropped"] for bidder in out} | refused
    assert selection.decide(raw) == json.loads(json.dumps(decided(raw).as_json()))


def test_too_few_bidders_leave_nothing_else_to_say() -> None:
    few = decided(mean_price(bids({"A": 100, "B": 200, "C": 300}), min_bidders=4, drop_from=3, dropped_may_win=False))
    assert few.as_json() == {
        "outcome": "unsuccessful",
        "winner": None,
        "ranking": [],
        "rejected": [],
        "reason": "too_few_bidders",
    }


def test_a_mean_price_offer_is_refused_like_any_sealed_one() -> None:
    raw = mean_price(
        [
            {"bidder": "A", "price_fen": 0, "days": 9},
            {"bidder": "B", "price_fen": 5, "days": 31, "voided_at": AT},
            {"bidder": "C", "price_fen": 5, "days": 30},
        ],
        max_days=30,
    )
    assert (rejected(raw), decided(raw).winner) == ({"A": ["price_not_positive"], "B": ["voided"]}, "C")


def test_a_mean_price_without_the_draw_it_needs_says_so() -> None:
    factors = mean_price(bids({"A": 5}), factor_bp=[9000, 10_000])
    equals = mean_price(bids({"A": 5, "B": 5}), ties=["draw"])
    too_few = mean_price(bids({"A": 5}), factor_bp=[9000, 10_000], min_bidders=2)
    assert [decided(raw).outcome for raw in (factors, equals, too_few)] == [
        "draw_needed",
        "draw_needed",
        "unsuccessful",
    ]
    assert "benchmark_fen" not in decided(equals).as_json()


def test_a_drawn_factor_is_one_of_the_sorted_choices() -> None:
    decision = decided(mean_price(bids({"A": 500}), factor_bp=[9800, 9500, 9600], draw=DRAW)).as_json()
    assert decision["factor_bp"] == [9500, 9600, 9800][INPUTS.integer("factor", 0, 2)]


def test_a_random_draw_orders_everybody_by_their_rank() -> None:
    assert order_of(random_draw("ABCD", draw=DRAW)) == sorted("ABCD", key=INPUTS.rank)
    assert decided(random_draw("ABCD", draw=DRAW)).winner == min("ABCD", key=INPUTS.rank)


def test_taking_one_out_of_a_draw_moves_nobody_else() -> None:
    whole = order_of(random_draw("ABCDEF", draw=DRAW))
    for gone in whole:
        left = [bidder for bidder in whole if bidder != gone]
        assert order_of(random_draw(left, draw=DRAW)) == left


@pytest.mark.parametrize("make", [random_draw("A"), credit_draw({"A": 5000})])
def test_a_draw_needs_inputs_even_with_one_bidder(make: dict[str, Any]) -> None:
    assert decided(make).as_json() == {"outcome": "draw_needed", "winner": None, "ranking": [], "rejected": []}


# facts of a sign-up, terms → reasons
SIGN_UPS: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({}, {}, []),
    ({"voided_at": AT, "price_fen": 0}, {}, ["voided"]),
    ({"price_fen": 1_000_001, "days": 0}, {}, ["ceiling_exceeded", "days_not_positive"]),
    ({"price_fen": 0}, {}, ["price_not_positive"]),
    ({"days": 31}, {"max_days": 30}, ["days_exceeded"]),
]


@pytest.mark.parametrize(("facts", "terms", "reasons"), SIGN_UPS)
def test_a_sign_up_is_refused_for_what_it_names(
    facts: dict[str, Any], terms: dict[str, Any], reasons: list[str]
) -> None:
    raw = random_draw([{"bidder": "A"} | facts, {"bidder": "B", "days": 1}], draw=DRAW, **terms)
    assert rejected(raw) == ({"A": reasons} if reasons else {})


def test_too_few_sign_ups_come_before_the_missing_draw() -> None:
    assert decided(random_draw("A", min_bidders=2)).outcome == "unsuccessful"
    assert decided(credit_draw({"A": 5}, min_bidders=2)).outcome == "unsuccessful"
    assert decided(random_draw([])).outcome == "unsuccessful"


# credits, big list → who is on it
BIG: list[tuple[dict[str, int], int, str]] = [
    ({"A": 9000, "B": 8000, "C": 7000}, 2, "AB"),
    ({"A": 9000, "B": 8000, "C": 8000, "D": 7999}, 2, "ABC"),  # equals at the edge are all in
    ({"A": 9000, "B": 8000}, 5, "AB"),  # fewer than the list holds
    ({"A": 10_005, "B": 10_000, "C": 9_999}, 1, "AB"),  # clipped, hence equal
    ({"A": -5, "B": 0}, 1, "AB"),
]


@pytest.mark.parametrize(("credits", "size", "expected"), BIG)
def test_the_big_list_holds_the_best_by_credit_and_all_at_its_edge(
    credits: dict[str, int], size: int, expected: str
) -> None:
    assert set(order_of(credit_draw(credits, big_list=size, draw=DRAW))) == set(expected)


def test_the_small_list_is_the_first_of_the_big_one_in_drawn_order() -> None:
    credits = {"A": 9000, "B": 1, "C": 150, "D": 8000}
    decision = decided(credit_draw(credits, big_list=4, small_list=3, draw=DRAW))
    by_ticket = sorted(credits, key=lambda one: INPUTS.weighted_rank(one, max(1, credits[one] // 100)))
    assert [row.bidder for row in decision.ranking] == by_ticket
    assert (decision.outcome, decision.winner, decision.as_json()["shortlist"]) == ("owner_choice", None, by_ticket[:3])


def notes(raw: dict[str, Any]) -> dict[tuple[str, str], str]:
    explanation = explain(parse_case(raw))
    return {(note.subject, note.cell): note.zh for note in (*explanation.cells, *explanation.refusals)}


def test_a_mean_price_is_explained_by_its_benchmark_and_the_distances() -> None:
    prices = bids({"A": 10_000, "B": 20_000, "C": 30_000, "D": 36_000})
    told = notes(mean_price(prices, drop_from=3, dropped_may_win=False, factor_bp=[9000, 9500], draw=DRAW))
    factor = [9000, 9500][INPUTS.integer("factor", 0, 1)]
    fen = 50_000 * factor // 20_000
    assert told["", "benchmark"] == (
        f"基准价 = 2 个报价合计 500.00 元 ÷ 2 × {factor // 100}.00% = {Money(fen).yuan} 元，"
        "已去掉最低 100.00 元、最高 360.00 元"
    )
    index = [9000, 9500].index(factor)
    assert told["", "factor_bp"] == (
        f"系数从 9000、9500（万分之）这 2 个中抽取，序号 {index}（从 0 起），得 {factor // 100}.00%"
    )
    off = Money(fen - 20_000).yuan
    assert told["B", "distance"] == f"距离 = |报价 200.00 元 − 基准价 {Money(fen).yuan} 元| = {off} 元"
    assert told["C", "rank"] == "离基准价比 B 远"
    assert told["A", "rejected"] == "属于按条款去掉的最高价或最低价：报价 100.00 元，最低 100.00 元，最高 360.00 元"


def test_a_draw_is_explained_by_its_inputs_tickets_and_lists() -> None:
    told = notes(credit_draw({"A": 9000, "B": 8000, "C": 50}, big_list=2, small_list=1, draw=DRAW))
    first = min("AB", key=lambda one: INPUTS.weighted_rank(one, {"A": 90, "B": 80}[one]))
    assert told["", "draw"] == f"抽签输入（十六进制）：salt {'00' * 16}，ikm {'01' * 32}；任何人可据此重算"
    assert told["A", "rank"].startswith("信用评分 90.00，持签 90 支，最小签号 ")
    assert told[first, "small_list"] == "抽签排前 1 名，进入小名单"
    assert told["C", "big_list"] == "信用评分 0.50 低于大名单第 2 名的 80.00，未进入大名单"
