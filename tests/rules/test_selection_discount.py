"""Section 2, price basis discount_rate: what a rate means in fen, what is refused, what the rows show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bidding.case import MultiRoundCase
from bidding.discount import discounted_fen, least_discount_bp
from bidding.explain import explain
from bidding.reading.case import parse_case
from bidding.room import bound, standing_of
from bidding.rounds import begin, place
from tests.rules.selections import (
    DRAW,
    PRICE,
    comprehensive,
    credit_draw,
    decided,
    faults,
    instant,
    mean_price,
    minute,
    multi_round,
    random_draw,
    rejected,
    told,
)

# ceiling in fen, rate in bp → price in fen
RATES = [
    (1_000_000, 0, 1_000_000),
    (1_000_000, 1250, 875_000),
    (1_000_000, 9999, 100),
    (333, 5000, 167),  # 166.5 half-up
    (333, 5001, 166),
    (101, 50, 100),  # 100.495
    (1, 5000, 1),  # 0.5 half-up
    (1, 5001, 0),
    (1_000_000, 10_000, 0),
    (1_000_000, -1, 1_000_100),
]


@pytest.mark.parametrize(("ceiling", "rate", "fen"), RATES)
def test_a_rate_means_a_price_rounded_half_up_to_fen(ceiling: int, rate: int, fen: int) -> None:
    assert discounted_fen(ceiling, rate) == fen


def rates(**by_bidder: int) -> list[dict[str, Any]]:
    return [{"bidder": bidder, "discount_bp": rate} for bidder, rate in by_bidder.items()]


# rate, ceiling → reasons
REFUSED = [
    (0, 1_000_000, []),
    (9999, 1_000_000, []),
    (-1, 1_000_000, ["discount_out_of_range"]),
    (10_000, 1_000_000, ["discount_out_of_range"]),
    (-1, 100, ["discount_out_of_range"]),  # 100.01 fen would round to the ceiling
    (9999, 100, ["price_not_positive"]),  # 0.01 fen
]


@pytest.mark.parametrize(("rate", "ceiling", "reasons"), REFUSED)
def test_a_rate_out_of_range_is_refused_and_never_malformed(rate: int, ceiling: int, reasons: list[str]) -> None:
    raw = comprehensive(rates(A=rate), price_basis="discount_rate", ceiling_fen=ceiling)
    assert rejected(raw) == ({"A": reasons} if reasons else {})


def test_a_points_row_shows_the_price_and_the_rate() -> None:
    raw = comprehensive(rates(A=1000, B=2000), price_basis="discount_rate")
    assert decided(raw).as_json()["ranking"] == [
        {"bidder": "B", "rank": 1, "total": 10_000, "points": [10_000], "price_fen": 800_000, "discount_bp": 2000},
        {"bidder": "A", "rank": 2, "total": 8889, "points": [8889], "price_fen": 900_000, "discount_bp": 1000},
    ]


def test_a_mean_price_row_shows_the_price_and_the_rate() -> None:
    decision = decided(mean_price(rates(A=1000, B=2000, C=2100), price_basis="discount_rate")).as_json()
    assert decision["benchmark_fen"] == 830_000
    assert decision["ranking"] == [
        {"bidder": "B", "rank": 1, "price_fen": 800_000, "discount_bp": 2000},
        {"bidder": "C", "rank": 2, "price_fen": 790_000, "discount_bp": 2100},
        {"bidder": "A", "rank": 3, "price_fen": 900_000, "discount_bp": 1000},
    ]


def cut(bidder: str, at: int, rate: int) -> dict[str, Any]:
    return {"bidder": bidder, "at": minute(at), "discount_bp": rate}


FALLING = [cut("A", 1, 500), cut("A", 2, 599), cut("A", 3, 600), cut("B", 4, 10_000)]


def test_rounds_take_rates_and_their_steps_stay_in_fen() -> None:
    raw = multi_round(FALLING, price_basis="discount_rate")
    assert told(raw) == ["accepted", "step_not_met", "accepted", "discount_out_of_range"]
    row = {"bidder": "A", "rank": 1, "price_fen": 940_000, "effective": [940_000, 1], "discount_bp": 600}
    assert decided(raw).as_json()["ranking"] == [row]


def test_the_room_shows_the_rate_that_stands_and_the_least_that_is_accepted() -> None:
    case = parse_case(multi_round(FALLING[:1], price_basis="discount_rate", step_fen=1))
    assert isinstance(case, MultiRoundCase)
    state, _ = place(begin(case.terms, case.bidders), case.offers[0])
    standing, least = standing_of(state, "A"), bound(state, "A")
    assert standing is not None
    assert (standing.discount_bp, least.max_price_fen, least.min_discount_bp) == (500, 949_999, 501)
    assert bound(state, "B").min_discount_bp == 0
    tiny = parse_case(multi_round([cut("A", 1, 0)], price_basis="discount_rate", step_fen=1, ceiling_fen=2))
    assert isinstance(tiny, MultiRoundCase)
    state, _ = place(begin(tiny.terms, tiny.bidders), tiny.offers[0])
    assert bound(state, "A").min_discount_bp == 2501  # 1.4998 fen, half-up to the one fen that is left
    assert state.at is not None
    state, _ = place(state, tiny.offers[0].__class__("A", state.at + timedelta(seconds=1), 1, None, 2501))
    assert bound(state, "A").barrier == "no_price_left"


# ceiling, most → least rate with a price of at most that
LEAST = [
    (1_000_000, 1_000_000, 0),
    (1_000_000, 2_000_000, 0),
    (1_000_000, 999_999, 1),
    (100, 99, 51),  # 99.49
    (1_000_000, 99, None),  # 9999 bp leave 100 fen
    (1_000_000, 100, 9999),
    (1, 0, None),
    (10, 1, 8501),
]


@pytest.mark.parametrize(("ceiling", "most", "rate"), LEAST)
def test_the_least_rate_for_a_price_is_exact(ceiling: int, most: int, rate: int | None) -> None:
    assert least_discount_bp(ceiling, most) == rate


NAMED = [
    (comprehensive([{"bidder": "A", "price_fen": 5, "discount_bp": 5}]), "/bids/0/discount_bp", "other_price_basis"),
    (
        comprehensive([{"bidder": "A", "price_fen": 5, "discount_bp": 5}], price_basis="discount_rate"),
        "/bids/0/price_fen",
        "other_price_basis",
    ),
    (comprehensive([{"bidder": "A"}], price_basis="discount_rate"), "/bids/0/discount_bp", "missing"),
    (mean_price([{"bidder": "A", "discount_bp": 5}]), "/bids/0/discount_bp", "other_price_basis"),
    (multi_round([cut("A", 1, 5)]), "/offers/0/discount_bp", "other_price_basis"),
    (comprehensive(rates(A=5), price_basis="rate"), "/terms/price_basis", "not_one_of"),
    (instant([], price_basis="discount_rate"), "/terms/price_basis", "price_basis_not_allowed"),
    (random_draw([], price_basis="discount_rate"), "/terms/price_basis", "price_basis_not_allowed"),
    (credit_draw({}, price_basis="discount_rate"), "/terms/price_basis", "price_basis_not_allowed"),
]


@pytest.mark.parametrize(("raw", "pointer", "code"), NAMED)
def test_an_offer_names_what_its_terms_ask_for_and_nothing_else(raw: dict[str, Any], pointer: str, code: str) -> None:
    assert faults(raw)[0] == (pointer, code)


def test_the_basis_fen_may_be_named_everywhere() -> None:
    assert faults(comprehensive([{"bidder": "A", "price_fen": 5}], price_basis="fen")) == []
    assert faults(instant([], price_basis="fen")) == []


@pytest.mark.parametrize(
    "raw",
    [
        comprehensive(rates(A=1000), price_basis="discount_rate", criteria=[PRICE], draw=DRAW),
        mean_price(rates(A=1000), price_basis="discount_rate"),
        multi_round([cut("A", 1, 1000)], price_basis="discount_rate"),
    ],
)
def test_what_a_rate_means_is_explained(raw: dict[str, Any]) -> None:
    (note,) = [note for note in explain(parse_case(raw)).cells if note.code == "discounted"]
    assert note.zh == "报价 = 最高限价 10,000.00 元 × (100% − 下浮率 10.00%) = 9,000.00 元"
    assert (note.cell, note.result) == ("price_fen", 900_000)


def test_a_refused_rate_is_said_in_percent() -> None:
    notes = explain(parse_case(comprehensive(rates(A=10_050), price_basis="discount_rate"))).refusals
    assert notes[0].zh == "下浮率 100.50% 不在 0.00% 至 99.99% 之间"
