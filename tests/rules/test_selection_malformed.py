"""Section 10: what makes a case malformed, and where. Nothing is coerced; all faults are listed."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from bidding.reading.fields import MAX_NUMBER
from bidding.reading.terms import parse_terms
from commons.documents import MAX_KEPT
from commons.errors import Malformed
from tests.rules.selections import (
    AT,
    DRAW,
    PRICE,
    comprehensive,
    credit_draw,
    faults,
    instant,
    mean_price,
    minute,
    multi_round,
    offer,
    random_draw,
    round_,
    shelf,
)

GONE = object()
MEAN = {"kind": "price", "points": 100, "formula": "mean", "above": 1, "below": 1}
GRADE = {"kind": "grade", "points": 100}
EXTENSION = {"window_s": 1, "extend_s": 1, "limit": 1}

SEALED = comprehensive([{"bidder": "A", "price_fen": 5}, {"bidder": "B", "price_fen": 6}], draw=DRAW)
ROUNDS = multi_round([offer("A", 1, 5), offer("B", 2, 6)], rounds=[round_(0, 10), round_(10, 20)])
SHELF = instant([shelf("A", 5), shelf("B", 6)], draw=DRAW)

NEAREST = mean_price([{"bidder": "A", "price_fen": 5}, {"bidder": "B", "price_fen": 6}], draw=DRAW)
LOTTERY = random_draw("AB", draw=DRAW)
LISTS = credit_draw({"A": 9000, "B": 8000}, draw=DRAW)


def changed(raw: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """The case with one member set, or taken away."""
    out = deepcopy(raw)
    *path, last = pointer.strip("/").split("/")
    place: Any = out
    for step in path:
        place = place[int(step) if isinstance(place, list) else step]
    key = int(last) if isinstance(place, list) else last
    if value is GONE:
        del place[key]
    else:
        place[key] = value
    return out


# base, pointer of the change, new value → pointer and code of the fault
ROWS: list[tuple[dict[str, Any], str, Any, str, str]] = [
    (SEALED, "/terms", GONE, "/terms", "missing"),
    (SEALED, "/terms", 5, "/terms", "not_an_object"),
    (SEALED, "/bids", GONE, "/bids", "missing"),
    (SEALED, "/bids", {}, "/bids", "not_a_list"),
    (SEALED, "/bids/0", "A", "/bids/0", "not_an_object"),
    (SEALED, "/why", 1, "/why", "unknown_key"),
    (SEALED, "/a~1b", 1, "/a~01b", "unknown_key"),
    (SEALED, "/terms/mode", GONE, "/terms/mode", "missing"),
    (SEALED, "/terms/mode", 5, "/terms/mode", "not_a_text"),
    (SEALED, "/terms/mode", "auction", "/terms/mode", "not_one_of"),
    (SEALED, "/terms/mode", "direct", "/terms/mode", "mode_not_computed"),
    (SEALED, "/terms/colour", 1, "/terms/colour", "unknown_key"),
    (SEALED, "/terms/ceiling_fen", GONE, "/terms/ceiling_fen", "missing"),
    (SEALED, "/terms/ceiling_fen", True, "/terms/ceiling_fen", "not_an_integer"),
    (SEALED, "/terms/ceiling_fen", "5", "/terms/ceiling_fen", "not_an_integer"),
    (SEALED, "/terms/ceiling_fen", None, "/terms/ceiling_fen", "not_an_integer"),
    (SEALED, "/terms/ceiling_fen", 0, "/terms/ceiling_fen", "out_of_range"),
    (SEALED, "/terms/ceiling_fen", MAX_NUMBER + 1, "/terms/ceiling_fen", "out_of_range"),
    (SEALED, "/terms/min_bidders", 0, "/terms/min_bidders", "out_of_range"),
    (SEALED, "/terms/max_days", 0, "/terms/max_days", "out_of_range"),
    (SEALED, "/terms/criteria", GONE, "/terms/criteria", "missing"),
    (SEALED, "/terms/criteria", [], "/terms/criteria", "points_not_100"),
    (SEALED, "/terms/criteria/0/points", 99, "/terms/criteria", "points_not_100"),
    (SEALED, "/terms/criteria/0/points", 0, "/terms/criteria/0/points", "out_of_range"),
    (SEALED, "/terms/criteria/0/points", GONE, "/terms/criteria/0/points", "missing"),
    (SEALED, "/terms/criteria/0/kind", GONE, "/terms/criteria/0/kind", "missing"),
    (SEALED, "/terms/criteria/0/kind", "luck", "/terms/criteria/0/kind", "not_one_of"),
    (SEALED, "/terms/criteria/0/kind", ["price"], "/terms/criteria/0/kind", "not_one_of"),
    (SEALED, "/terms/criteria/0/formula", GONE, "/terms/criteria/0/formula", "missing"),
    (SEALED, "/terms/criteria/0/weight", 1, "/terms/criteria/0/weight", "unknown_key"),
    (SEALED, "/terms/criteria", [PRICE | {"points": 50}] * 2, "/terms/criteria", "two_price_criteria"),
    (SEALED, "/terms/criteria/0", MEAN | {"above": -1}, "/terms/criteria/0/above", "out_of_range"),
    (SEALED, "/terms/criteria/0", MEAN | {"below_max": -1}, "/terms/criteria/0/below_max", "out_of_range"),
    (SEALED, "/terms/criteria/0", MEAN | {"drop_from": 2}, "/terms/criteria/0/drop_from", "out_of_range"),
    (SEALED, "/terms/criteria/0", MEAN | {"deviation": "up"}, "/terms/criteria/0/deviation", "not_one_of"),
    (SEALED, "/terms/criteria/0", MEAN | {"factor_bp": 9500}, "/terms/criteria/0/factor_bp", "not_a_list"),
    (SEALED, "/terms/criteria/0", MEAN | {"factor_bp": []}, "/terms/criteria/0/factor_bp", "bad_factors"),
    (SEALED, "/terms/criteria/0", MEAN | {"factor_bp": [0]}, "/terms/criteria/0/factor_bp", "bad_factors"),
    (SEALED, "/terms/criteria/0", MEAN | {"factor_bp": [5, 5]}, "/terms/criteria/0/factor_bp", "bad_factors"),
    (SEALED, "/terms/criteria/0", MEAN | {"factor_bp": [True]}, "/terms/criteria/0/factor_bp/0", "not_an_integer"),
    (SEALED, "/terms/criteria/0", MEAN | {"factor_bp": [10**13]}, "/terms/criteria/0/factor_bp/0", "out_of_range"),
    (SEALED, "/terms/criteria/0", GRADE, "/terms/criteria/0/table", "missing"),
    (SEALED, "/terms/criteria/0", GRADE | {"table": []}, "/terms/criteria/0/table", "not_an_object"),
    (SEALED, "/terms/criteria/0", GRADE | {"table": {"甲": 101}}, "/terms/criteria/0/table/甲", "out_of_range"),
    (SEALED, "/terms/criteria/0", {"kind": "experience", "points": 100}, "/terms/criteria/0/each", "missing"),
    (SEALED, "/terms/low_price", 5, "/terms/low_price", "not_an_object"),
    (SEALED, "/terms/low_price", {"below_median_bp": 5}, "/terms/low_price/below_median_bp", "unknown_key"),
    (SEALED, "/terms/low_price", {"below_mean_bp": -1}, "/terms/low_price/below_mean_bp", "out_of_range"),
    (SEALED, "/terms/ties", GONE, "/terms/ties", "missing"),
    (SEALED, "/terms/ties", [], "/terms/ties", "order_not_total"),
    (SEALED, "/terms/ties", ["price"], "/terms/ties", "order_not_total"),
    (SEALED, "/terms/ties", ["draw", "price"], "/terms/ties", "order_not_total"),
    (SEALED, "/terms/ties/0", "luck", "/terms/ties/0", "not_one_of"),
    (SEALED, "/terms/ties/0", "days", "/terms/ties/0", "days_without_max_days"),
    (SEALED, "/terms/ties/0", "received", "/terms/ties/0", "received_not_allowed"),
    (SEALED, "/terms/ties", ["credit", "draw"], "/bids/0/credit", "missing"),
    (SEALED, "/terms/max_days", 30, "/bids/0/days", "missing"),
    (SEALED, "/terms/criteria/0", {"kind": "days", "points": 100}, "/bids/0/days", "missing"),
    (SEALED, "/terms/criteria/0", {"kind": "credit", "points": 100}, "/bids/0/credit", "missing"),
    (SEALED, "/terms/criteria/0", {"kind": "plan", "points": 100}, "/bids/0/marks", "missing"),
    (SEALED, "/bids/0/price_fen", GONE, "/bids/0/price_fen", "missing"),
    (SEALED, "/bids/0/price_fen", MAX_NUMBER + 1, "/bids/0/price_fen", "out_of_range"),
    (SEALED, "/bids/0/bidder", GONE, "/bids/0/bidder", "missing"),
    (SEALED, "/bids/0/bidder", 5, "/bids/0/bidder", "not_a_text"),
    (SEALED, "/bids/0/bidder", "", "/bids/0/bidder", "bad_bidder_id"),
    (SEALED, "/bids/0/bidder", "x" * 65, "/bids/0/bidder", "bad_bidder_id"),
    (SEALED, "/bids/0/bidder", "a/b", "/bids/0/bidder", "bad_bidder_id"),
    (SEALED, "/bids/0/bidder", "a\u0000", "/bids/0/bidder", "bad_bidder_id"),
    (SEALED, "/bids/0/bidder", "a\u0085", "/bids/0/bidder", "bad_bidder_id"),
    (SEALED, "/bids/0/bidder", "B", "/bids/1/bidder", "duplicate_bidder"),
    (SEALED, "/bids/0/colour", 1, "/bids/0/colour", "unknown_key"),
    (SEALED, "/bids/0/credit", "9", "/bids/0/credit", "not_an_integer"),
    (SEALED, "/bids/0/experience", -1, "/bids/0/experience", "out_of_range"),
    (SEALED, "/bids/0/grade", 1, "/bids/0/grade", "not_a_text"),
    (SEALED, "/bids/0/marks", 1, "/bids/0/marks", "not_a_list"),
    (SEALED, "/bids/0/marks", ["1"], "/bids/0/marks/0", "not_an_integer"),
    (SEALED, "/bids/0/explanation", "none", "/bids/0/explanation", "not_one_of"),
    (SEALED, "/bids/0/voided_at", 5, "/bids/0/voided_at", "not_a_text"),
    (SEALED, "/bids/0/voided_at", "2026-11-23", "/bids/0/voided_at", "not_an_instant"),
    (SEALED, "/draw", [], "/draw", "not_an_object"),
    (SEALED, "/draw/salt", GONE, "/draw/salt", "missing"),
    (SEALED, "/draw/salt", "", "/draw/salt", "not_hex"),
    (SEALED, "/draw/ikm", "0", "/draw/ikm", "not_hex"),
    (SEALED, "/draw/ikm", "0 1f", "/draw/ikm", "not_hex"),
    (SEALED, "/draw/ikm", 12, "/draw/ikm", "not_a_text"),
    (SEALED, "/draw/seed", "00", "/draw/seed", "unknown_key"),
    (ROUNDS, "/bidders", GONE, "/bidders", "missing"),
    (ROUNDS, "/offers", GONE, "/offers", "missing"),
    (ROUNDS, "/bidders/0/bidder", "B", "/bidders/1/bidder", "duplicate_bidder"),
    (ROUNDS, "/terms/step_fen", 0, "/terms/step_fen", "out_of_range"),
    (ROUNDS, "/terms/step_fen", GONE, "/terms/step_fen", "missing"),
    (ROUNDS, "/terms/step_basis", "best", "/terms/step_basis", "not_one_of"),
    (ROUNDS, "/terms/step_multiple", 1, "/terms/step_multiple", "not_a_boolean"),
    (ROUNDS, "/terms/rounds", [], "/terms/rounds", "no_rounds"),
    (ROUNDS, "/terms/rounds", GONE, "/terms/rounds", "missing"),
    (ROUNDS, "/terms/rounds/0/kind", "ajar", "/terms/rounds/0/kind", "not_one_of"),
    (ROUNDS, "/terms/rounds/0/closes_at", minute(0), "/terms/rounds/0/closes_at", "closes_before_opening"),
    (ROUNDS, "/terms/rounds/1/opens_at", minute(9), "/terms/rounds/1/opens_at", "opens_before_previous_close"),
    (ROUNDS, "/terms/rounds/1/opens_at", "2026-11-23T09:10:00+08:00", "/terms/rounds/1/opens_at", "not_an_instant"),
    (ROUNDS, "/terms/rounds/1/opens_at", "2026-11-31T01:10:00Z", "/terms/rounds/1/opens_at", "not_an_instant"),
    (ROUNDS, "/terms/rounds/1/opens_at", GONE, "/terms/rounds/1/opens_at", "missing"),
    (ROUNDS, "/terms/rounds/0/survivors", 0, "/terms/rounds/0/survivors", "out_of_range"),
    (ROUNDS, "/terms/rounds/1/survivors", 2, "/terms/rounds/1/survivors", "survivors_on_last_round"),
    (ROUNDS, "/terms/rounds/1/pause", 2, "/terms/rounds/1/pause", "unknown_key"),
    (ROUNDS, "/terms/extension", {"window_s": 1, "extend_s": 1}, "/terms/extension/limit", "missing"),
    (ROUNDS, "/terms/extension", EXTENSION | {"window_s": -1}, "/terms/extension/window_s", "out_of_range"),
    (ROUNDS, "/terms/extension", EXTENSION | {"extend_s": 10**6, "limit": 10**6}, "/terms/extension", "out_of_range"),
    (ROUNDS, "/terms/day_value_fen", -1, "/terms/day_value_fen", "out_of_range"),
    (ROUNDS, "/terms/day_value_fen", 5, "/offers/0/days", "missing"),
    (ROUNDS, "/terms/max_days", 5, "/offers/0/days", "missing"),
    (ROUNDS, "/terms/preferences", [{"code": "x"}], "/terms/preferences/0/max_bp", "missing"),
    (ROUNDS, "/terms/preferences", [{"code": "x", "max_bp": 10_000}], "/terms/preferences", "out_of_range"),
    (ROUNDS, "/terms/preferences", [{"code": "x", "max_bp": 1}] * 2, "/terms/preferences", "duplicate"),
    (ROUNDS, "/bidders/0/preferences", {"x": 1}, "/bidders/0/preferences/x", "unknown_key"),
    (ROUNDS, "/bidders/0/preferences", [], "/bidders/0/preferences", "not_an_object"),
    (ROUNDS, "/terms/ties", ["credit", "received"], "/bidders/0/credit", "missing"),
    (ROUNDS, "/offers/1/at", minute(0), "/offers/1/at", "runs_backwards"),
    (ROUNDS, "/offers/1/at", GONE, "/offers/1/at", "missing"),
    (ROUNDS, "/offers/1/at", minute(2, 0, ".1234567"), "/offers/1/at", "not_an_instant"),
    (ROUNDS, "/offers/1/bidder", GONE, "/offers/1/bidder", "missing"),
    (ROUNDS, "/offers/1/credit", 5, "/offers/1/credit", "unknown_key"),
    (SHELF, "/at", GONE, "/at", "missing"),
    (SHELF, "/offers/0/bidder", "B", "/offers/1/bidder", "duplicate_bidder"),
    (SHELF, "/offers/0/unit_price_fen", GONE, "/offers/0/unit_price_fen", "missing"),
    (SHELF, "/offers/0/minimum_fee_fen", GONE, "/offers/0/minimum_fee_fen", "missing"),
    (SHELF, "/offers/0/capacity", GONE, "/offers/0/capacity", "missing"),
    (SHELF, "/offers/0/valid_from", GONE, "/offers/0/valid_from", "missing"),
    (SHELF, "/offers/0/valid_until", "soon", "/offers/0/valid_until", "not_an_instant"),
    (SHELF, "/terms/quantity", 0, "/terms/quantity", "out_of_range"),
    (SHELF, "/terms/rule", "dearest", "/terms/rule", "not_one_of"),
    (SHELF, "/terms/rule", "best_value", "/terms/criteria", "missing"),
    (SHELF, "/terms/low_price", {}, "/terms/low_price", "low_price_not_allowed"),
    (SHELF, "/terms/max_days", 5, "/offers/0/days", "missing"),
    (SHELF, "/terms/ties", ["received"], "/terms/ties/0", "received_not_allowed"),
    (NEAREST, "/bids/0/price_fen", GONE, "/bids/0/price_fen", "missing"),
    (NEAREST, "/terms/drop_from", 2, "/terms/drop_from", "out_of_range"),
    (NEAREST, "/terms/dropped_may_win", 1, "/terms/dropped_may_win", "not_a_boolean"),
    (NEAREST, "/terms/factor_bp", [], "/terms/factor_bp", "bad_factors"),
    (NEAREST, "/terms/factor_bp", [1], "/terms/factor_bp", "benchmark_zero"),
    (NEAREST, "/terms/low_price", {}, "/terms/low_price", "low_price_not_allowed"),
    (NEAREST, "/terms/ties", ["received"], "/terms/ties/0", "received_not_allowed"),
    (NEAREST, "/terms/ties", ["credit", "draw"], "/bids/0/credit", "missing"),
    (NEAREST, "/terms/max_days", 5, "/bids/0/days", "missing"),
    (NEAREST, "/bids/0/bidder", "B", "/bids/1/bidder", "duplicate_bidder"),
    (LOTTERY, "/bids", GONE, "/bids", "missing"),
    (LOTTERY, "/bids/0/bidder", "a/1", "/bids/0/bidder", "bad_bidder_id"),
    (LOTTERY, "/bids/0/bidder", "B", "/bids/1/bidder", "duplicate_bidder"),
    (LOTTERY, "/bids/0/price_fen", "5", "/bids/0/price_fen", "not_an_integer"),
    (LOTTERY, "/terms/max_days", 5, "/bids/0/days", "missing"),
    (LOTTERY, "/terms/ties", ["credit", "draw"], "/bids/0/credit", "missing"),
    (LOTTERY, "/terms/low_price", {}, "/terms/low_price", "low_price_not_allowed"),
    (LISTS, "/bids/0/credit", GONE, "/bids/0/credit", "missing"),
    (LISTS, "/terms/big_list", GONE, "/terms/big_list", "missing"),
    (LISTS, "/terms/big_list", 0, "/terms/big_list", "out_of_range"),
    (LISTS, "/terms/small_list", 0, "/terms/small_list", "out_of_range"),
    (LISTS, "/terms/max_days", 5, "/bids/0/days", "missing"),
    (LISTS, "/terms/low_price", {}, "/terms/low_price", "low_price_not_allowed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "pointer", "value", "at", "code"),
    ROWS,
    ids=[f"{row[0]['terms']['mode']}{row[3]}-{row[4]}-{index}" for index, row in enumerate(ROWS)],
)
def test_a_malformed_case_is_refused_at_its_place(
    raw: dict[str, Any], pointer: str, value: Any, at: str, code: str
) -> None:
    assert faults(raw) == []
    assert (at, code) == faults(changed(raw, pointer, value))[0]


GOOD: list[tuple[dict[str, Any], str, Any]] = [
    (SEALED, "/bids", []),
    (SEALED, "/terms/rounds", "a key of another mode is not looked at"),
    (SEALED, "/offers", "nor here"),
    (SEALED, "/terms/min_bidders", MAX_NUMBER),
    (SEALED, "/terms/low_price", {}),
    (SEALED, "/bids/0/bidder", "x" * 64),
    (SEALED, "/bids/0/bidder", "示例机构 一"),
    (SEALED, "/bids/0/preferences", {"x": 1}),
    (SEALED, "/bids/0/marks", [-1]),  # a fact that these terms do not use
    (SEALED, "/bids/0/capacity", 0),
    (SEALED, "/draw/ikm", "AaFf"),
    (SEALED, "/draw", GONE),
    (SEALED, "/terms/criteria/0/above", 5),  # a key of the other formula
    (ROUNDS, "/terms/preferences", []),
    (ROUNDS, "/terms/day_value_fen", 0),
    (ROUNDS, "/terms/extension", {}),
    (ROUNDS, "/terms/step_multiple", True),
    (ROUNDS, "/terms/ties", ["received"]),
    (ROUNDS, "/bidders/0/preferences", {}),
    (ROUNDS, "/offers/0/bidder", "x" * 100),
    (ROUNDS, "/offers/1/at", minute(1)),  # two offers in one instant keep their order
    (SHELF, "/offers", []),
    (SHELF, "/terms/criteria", "not looked at but for best_value"),
    (NEAREST, "/terms/drop_from", 3),
    (NEAREST, "/terms/dropped_may_win", False),
    (LOTTERY, "/terms/min_bidders", 5),
    (LOTTERY, "/bids/0/price_fen", 7),
    (LISTS, "/terms/small_list", 9),
]


@pytest.mark.parametrize(("raw", "pointer", "value"), GOOD)
def test_what_the_rules_allow_is_not_malformed(raw: dict[str, Any], pointer: str, value: Any) -> None:
    assert faults(changed(raw, pointer, value)) == []


def test_a_preference_above_its_maximum_is_malformed() -> None:
    terms = {"preferences": [{"code": "x", "max_bp": 100}]}
    raw = multi_round([], bidders=[{"bidder": "A", "preferences": {"x": 101, "y": 1}}], **terms)
    assert faults(raw) == [("/bidders/0/preferences/y", "unknown_key"), ("/bidders/0/preferences/x", "out_of_range")]


def test_a_mark_outside_the_criterion_is_malformed() -> None:
    plan = {"kind": "plan", "points": 40}
    weights = [plan, PRICE | {"points": 60}]
    raw = comprehensive([{"bidder": "A", "price_fen": 5, "marks": [0, 4000, 4001, -1]}], criteria=weights)
    assert faults(raw) == [("/bids/0/marks/2", "out_of_range"), ("/bids/0/marks/3", "out_of_range")]
    raw["bids"][0]["marks"] = []
    assert faults(raw) == [("/bids/0/marks", "missing")]


def test_step_multiple_goes_only_without_preferences_and_day_value() -> None:
    for terms in ({"day_value_fen": 1}, {"preferences": [{"code": "x", "max_bp": 1}]}):
        raw = multi_round([], step_multiple=True, **terms)
        assert faults(raw) == [("/terms/step_multiple", "step_multiple_not_allowed")]


def test_an_extension_beside_unreadable_rounds_adds_no_fault_of_its_own() -> None:
    assert faults(multi_round([], rounds=[], extension=EXTENSION)) == [
        ("/terms/rounds", "no_rounds"),
    ]


def test_received_is_allowed_only_with_an_open_last_round() -> None:
    sealed_last = [round_(0, 1), round_(1, 2, "sealed")]
    open_last = [round_(0, 1, "sealed"), round_(1, 2)]
    assert faults(multi_round([], ties=["received"], rounds=open_last)) == []
    assert faults(multi_round([], ties=["received"], rounds=sealed_last)) == [("/terms/ties/0", "received_not_allowed")]


def test_all_faults_are_listed_in_document_order() -> None:
    raw = comprehensive([{"bidder": "A"}, {"price_fen": "5"}], ceiling_fen=0, colour=1)
    assert faults(raw) == [
        ("/terms/colour", "unknown_key"),
        ("/terms/ceiling_fen", "out_of_range"),
        ("/bids/0/price_fen", "missing"),
        ("/bids/1/bidder", "missing"),
        ("/bids/1/price_fen", "not_an_integer"),
    ]


def test_reading_stops_at_the_thousandth_fault() -> None:
    assert len(faults(comprehensive([{"colour": 1}] * 5000))) == MAX_KEPT


@pytest.mark.parametrize("raw", [None, 5, True, "case", []])
def test_anything_but_an_object_is_one_fault(raw: Any) -> None:
    assert faults(raw) == [("", "not_an_object")]


def test_terms_alone_are_read_with_pointers_of_their_own() -> None:
    with pytest.raises(Malformed) as refusal:
        parse_terms({"mode": "instant"}, "")
    assert [fault.pointer for fault in refusal.value.faults] == ["/rule", "/ceiling_fen", "/quantity", "/ties"]
    assert parse_terms(SHELF["terms"]).mode == "instant"


def test_instants_of_a_case_are_utc_to_the_microsecond() -> None:
    assert faults(changed(SHELF, "/at", AT.replace("Z", ".123456Z"))) == []
    assert faults(changed(SHELF, "/at", AT.replace("Z", ""))) == [("/at", "not_an_instant")]
