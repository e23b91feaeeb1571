"""Warnings about terms: allowed, and probably not meant."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from bidding.reading.case import parse_case
from bidding.reading.terms import parse_terms
from bidding.terms_check import check_terms
from bidding.terms_check_facts import check_facts
from bidding.terms_check_grades import check_grades
from bidding.terms_warning import SENTENCES
from tests.rules.selections import (
    PRICE,
    bids,
    comprehensive,
    credit_draw,
    instant,
    mean_price,
    multi_round,
    offer,
    random_draw,
    round_,
    shelf,
)

Raw = dict[str, Any]
TWO: Raw = {"min_bidders": 2}
REST = PRICE | {"points": 60}
MEAN: Raw = {"kind": "price", "points": 60, "formula": "mean", "above": 100, "below": 50}
CREDIT: Raw = {"kind": "credit", "points": 40}
EXTENSION: Raw = {"window_s": 60, "extend_s": 60, "limit": 3}
ROUNDS = [round_(0, 10), round_(12, 20)]


def points(*criteria: Raw, **terms: Any) -> Raw:
    return comprehensive([], **(TWO | {"criteria": list(criteria)} | terms))


def graded(table: dict[str, int]) -> Raw:
    return points(REST, {"kind": "grade", "points": 40, "table": table})


def experienced(each: int) -> Raw:
    return points(REST, {"kind": "experience", "points": 40, "each": each})


def lines(**by_line: int) -> Raw:
    return points(PRICE, low_price=by_line)


def rounds(**terms: Any) -> Raw:
    return multi_round([], **(TWO | {"rounds": ROUNDS} | terms))


# case → codes with the place of each
ROWS: list[tuple[Raw, list[tuple[str, str]]]] = [
    (points(PRICE), []),
    (points(PRICE, min_bidders=1), [("min_bidders_one", "/min_bidders")]),
    (random_draw([]), [("min_bidders_one", "/min_bidders")]),
    (instant([]), []),
    (instant([], min_bidders=2), [("min_bidders_not_used", "/min_bidders")]),
    (points(CREDIT | {"points": 100}), [("price_does_not_count", "/criteria")]),
    (points(MEAN, CREDIT), []),
    (graded({"甲": 40, "乙": 20}), []),
    (graded({"甲": 40}), []),  # one grade tells those who have it from those who do not
    (graded({}), [("grade_table_gives_nothing", "/criteria/1/table")]),
    (graded({"甲": 0, "乙": 0}), [("grade_table_gives_nothing", "/criteria/1/table")]),
    (graded({"甲": 40, "乙": 40}), [("grade_table_flat", "/criteria/1/table")]),
    (graded({"甲": 39, "乙": 20}), [("grade_points_unreachable", "/criteria/1/table")]),
    (
        graded({"甲": 9, "乙": 9}),
        [("grade_table_flat", "/criteria/1/table"), ("grade_points_unreachable", "/criteria/1/table")],
    ),
    (experienced(0), [("experience_worth_nothing", "/criteria/1/each")]),
    (experienced(79), [("experience_points_unreachable", "/criteria/1/each")]),
    (experienced(80), []),
    (experienced(3999), []),
    (experienced(4000), [("experience_one_job_is_all", "/criteria/1/each")]),
    (points(REST, {"kind": "days", "points": 40}, max_days=1), [("days_without_spread", "/criteria/1")]),
    (points(REST, {"kind": "days", "points": 40}, max_days=2), []),
    (points(REST, {"kind": "days", "points": 40}), []),
    (points(REST, {"kind": "plan", "points": 40}), []),
    (points(MEAN | {"above": 0, "below": 0}, CREDIT), [("price_cannot_matter", "/criteria/0")]),
    (points(MEAN | {"above_max": 0, "below_max": 0}, CREDIT), [("price_cannot_matter", "/criteria/0")]),
    (points(MEAN | {"above": 0}, CREDIT), [("dearer_costs_nothing", "/criteria/0/above")]),
    (points(MEAN | {"below": 101}, CREDIT), [("cheaper_costs_more", "/criteria/0/below")]),
    (points(MEAN | {"below": 100}, CREDIT), []),
    (points(MEAN | {"above_max": 5999, "below_max": 500}, CREDIT), [("price_weight_capped", "/criteria/0")]),
    (points(MEAN | {"above_max": 5999, "below": 0}, CREDIT), [("price_weight_capped", "/criteria/0")]),
    (points(MEAN | {"above_max": 6000, "below_max": 500}, CREDIT), []),
    (points(MEAN | {"factor_bp": [7999, 8000]}, CREDIT), [("factor_far_from_mean", "/criteria/0/factor_bp/0")]),
    (mean_price([], **TWO, factor_bp=[12_000, 12_001]), [("factor_far_from_mean", "/factor_bp/1")]),
    (mean_price([], **TWO, drop_from=3, dropped_may_win=False), [("only_the_middle_can_win", "/drop_from")]),
    (mean_price([], **TWO, drop_from=4, dropped_may_win=False), []),
    (mean_price([], **TWO, drop_from=3), []),
    (lines(), [("low_price_without_lines", "/low_price")]),
    (lines(below_mean_bp=0), [("low_price_flags_nobody", "/low_price/below_mean_bp")]),
    (lines(below_mean_bp=9999, below_second_bp=1), []),
    (lines(below_second_bp=10_000), [("low_price_flags_everybody", "/low_price/below_second_bp")]),
    (lines(below_ceiling_bp=10_000), [("low_price_flags_everybody", "/low_price/below_ceiling_bp")]),
    (points(PRICE, low_price={"below_ceiling_bp": 100}, ceiling_fen=100), [
        ("low_price_flags_nobody", "/low_price/below_ceiling_bp")]),
    (points(PRICE, low_price={"below_ceiling_bp": 100}, ceiling_fen=101), []),
    (points(PRICE, price_basis="discount_rate"), []),
    (points(PRICE, price_basis="discount_rate", ceiling_fen=9999), [("rates_finer_than_fen", "/price_basis")]),
    (points(PRICE, ceiling_fen=9999), []),
    (points(PRICE, ties=["price", "draw", "credit", "draw"]), [
        ("tie_cannot_matter", "/ties/2"), ("tie_cannot_matter", "/ties/3")]),
    (points(PRICE, ties=["days", "draw"], max_days=1), [("tie_cannot_matter", "/ties/0")]),
    (instant([], ties=["price", "draw"]), [("tie_cannot_matter", "/ties/0")]),
    (instant([], ties=["credit", "draw"]), []),
    (instant([], rule="draw", ties=["credit", "draw"]), [("tie_cannot_matter", "/ties/0")]),
    (instant([], rule="best_value", criteria=[PRICE], ties=["price", "draw"]), []),
    (random_draw([], **TWO, ties=["credit", "draw"]), [("tie_cannot_matter", "/ties/0")]),
    (rounds(ties=["price", "draw"]), [("tie_cannot_matter", "/ties/0")]),
    (rounds(ties=["price", "draw"], day_value_fen=5), []),
    (rounds(ties=["received"]), [("received_favours_speed", "/ties/0")]),
    (rounds(ties=["credit", "received"]), [("received_favours_speed", "/ties/1")]),
    (rounds(), []),
    (rounds(step_fen=1_000_000), [("step_exceeds_ceiling", "/step_fen")]),
    (rounds(step_fen=999_999), []),
    (rounds(rounds=[round_(0, 10, "sealed")]), [("step_cannot_matter", "/step_fen")]),
    (rounds(rounds=[round_(0, 10, "sealed")], step_multiple=True), []),
    (rounds(step_fen=300_001, low_price={"below_ceiling_bp": 7000}), [("step_exceeds_low_price_room", "/step_fen")]),
    (rounds(step_fen=300_000, low_price={"below_ceiling_bp": 7000}), []),
    (rounds(low_price={"below_mean_bp": 7000}), []),
    (rounds(extension=EXTENSION), []),
    (rounds(extension=EXTENSION | {"window_s": 480}), [("extension_window_covers_round", "/rounds/1")]),
    (rounds(extension=EXTENSION | {"window_s": 479}), []),
    (rounds(extension=EXTENSION | {"extend_s": 0}), [("extension_without_effect", "/extension")]),
    (rounds(extension=EXTENSION | {"limit": 0}), [("extension_without_effect", "/extension")]),
    (rounds(extension=EXTENSION | {"window_s": 0}), [("extension_without_effect", "/extension")]),
    (rounds(extension=EXTENSION, rounds=[round_(0, 9, "sealed"), round_(9, 10, "sealed")]), [
        ("extension_without_effect", "/extension")]),
    (rounds(rounds=[round_(0, 9, survivors=1), round_(9, 10)]), [("one_survivor", "/rounds/0/survivors")]),
    (rounds(rounds=[round_(0, 9, survivors=3), round_(9, 10, survivors=3), round_(10, 11)]), [
        ("survivors_cut_nobody", "/rounds/1/survivors")]),
    (rounds(rounds=[round_(0, 9, survivors=3), round_(9, 10, survivors=2), round_(10, 11)]), []),
    (rounds(preferences=[{"code": "绿色", "max_bp": 0}]), [("preference_without_effect", "/preferences/0")]),
    (rounds(preferences=[{"code": "绿色", "max_bp": 5000}]), [("preferences_outweigh_price", "/preferences")]),
    (rounds(preferences=[{"code": "绿色", "max_bp": 4999}]), []),
    (rounds(day_value_fen=50_000, max_days=21), [("days_outweigh_price", "/day_value_fen")]),
    (rounds(day_value_fen=50_000, max_days=20), []),
    (rounds(day_value_fen=50_000, max_days=1), [("days_without_spread", "/day_value_fen")]),
    (rounds(day_value_fen=50_000), []),
    (credit_draw({}, **TWO), []),
    (credit_draw({}, **TWO, big_list=1, small_list=2), [("big_list_one", "/big_list")]),
    (credit_draw({}, **TWO, big_list=3, small_list=3), [("small_list_holds_all", "/small_list")]),
    (credit_draw({}, **TWO, big_list=3, small_list=1), [("small_list_one", "/small_list")]),
    (credit_draw({}, **TWO, ties=["credit", "draw"]), [("tie_cannot_matter", "/ties/0")]),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), ROWS, ids=[f"{index}" for index in range(len(ROWS))])
def test_terms_that_are_probably_not_meant_are_named_with_their_place(
    raw: Raw, expected: list[tuple[str, str]]
) -> None:
    warnings = check_terms(parse_terms(raw["terms"]))
    assert [(one.code, one.pointer) for one in warnings] == expected
    for one in warnings:
        words = f"{one.zh}{one.en}"
        assert "{" not in words
        assert "None" not in words
        assert one.as_json()["source"] == {"title": one.source.title, "section": one.source.place}


CUT = rounds(rounds=[round_(0, 9, survivors=3), round_(9, 10)])

# bidders admitted → codes
ADMITTED: list[tuple[int | None, list[str]]] = [
    (None, []),
    (4, []),
    (3, ["survivors_cut_nobody"]),
    (1, ["min_bidders_above_admitted", "survivors_cut_nobody"]),
]


@pytest.mark.parametrize(("admitted", "codes"), ADMITTED)
def test_numbers_that_are_known_before_the_opening_are_compared(admitted: int | None, codes: list[str]) -> None:
    terms = parse_terms(CUT["terms"])
    assert [one.code for one in check_terms(terms, admitted=admitted)] == codes


def test_a_minimum_above_the_admitted_concerns_no_shelf() -> None:
    assert [one.code for one in check_terms(parse_terms(instant([])["terms"]), admitted=0)] == []


def test_a_warning_is_said_with_its_numbers() -> None:
    (one,) = check_terms(parse_terms(experienced(79)["terms"]))
    assert one.zh == "每项业绩只得 0.79 分，满分要 51 项"
    assert one.en == "at 0.79 each, all 40 points take 51 past jobs"
    assert (dict(one.params), one.source.place) == ({"points": 40, "each": 79, "jobs": 51}, "3")


# case, grades that do for the item → codes with the place of each
GRADES: list[tuple[Raw, tuple[str, ...], list[tuple[str, str]]]] = [
    (points(PRICE), (), []),
    (rounds(), (), []),
    (graded({"甲级": 40, "乙级": 20}), ("甲级", "乙级"), []),
    (graded({"甲级": 40}), ("甲级", "乙级"), []),
    (graded({"甲级": 40}), ("甲级",), [("grade_table_flat_for_item", "/criteria/1/table")]),
    (graded({"甲级": 40, "乙级": 40, "丙级": 0}), ("甲级", "乙级"), [
        ("grade_table_flat_for_item", "/criteria/1/table")]),
    (graded({"甲级": 40, "乙级": 40}), ("甲级", "乙级"), []),  # flat by itself: said without the item
    (graded({"一级": 40, "二级": 20}), ("甲级", "乙级"), [("grade_table_misses_item", "/criteria/1/table")]),
    (graded({"甲级": 0}), ("甲级",), []),  # gives nothing by itself
    (graded({}), ("甲级",), []),
    (graded({"甲级": 40, "乙级": 20}), (), [("grade_without_graded_item", "/criteria/1")]),
    (instant([], rule="best_value", criteria=[REST, {"kind": "grade", "points": 40, "table": {"甲级": 40}}]), (), [
        ("grade_without_graded_item", "/criteria/1")]),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "accepted", "expected"), GRADES, ids=[f"{index}" for index in range(len(GRADES))])
def test_points_for_grades_are_held_against_what_the_item_asks_for(
    raw: Raw, accepted: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    warnings = tuple(check_grades(parse_terms(raw["terms"]), accepted))
    assert [(one.code, one.pointer) for one in warnings] == expected
    assert not any("{" in f"{one.zh}{one.en}" for one in warnings)


BOTH = comprehensive(bids({"A": 500_000, "B": 400_000}, credit=9000), criteria=[REST, CREDIT])

# case → codes with the place of each
FACTS: list[tuple[Raw, list[tuple[str, str]]]] = [
    (BOTH, [("criterion_tells_nobody_apart", "/criteria/1")]),
    (BOTH | {"bids": bids({"A": 500_000}, credit=9000)}, []),
    (BOTH | {"bids": [*bids({"A": 5, "B": 4}, credit=9000), *bids({"C": 1_000_001}, credit=1)]}, [
        ("criterion_tells_nobody_apart", "/criteria/1")]),  # who is refused is not compared
    (BOTH | {"bids": [*bids({"A": 5}, credit=9000), *bids({"B": 5}, credit=1)]}, [
        ("criterion_tells_nobody_apart", "/criteria/0")]),
    (comprehensive(bids({"A": 5, "B": 4}), min_bidders=3), []),
    (instant([shelf("A", 5), shelf("B", 5)], rule="best_value", criteria=[PRICE]), [
        ("criterion_tells_nobody_apart", "/criteria/0")]),
    (instant([shelf("A", 5), shelf("B", 5)]), []),
    (multi_round([offer("A", 1, 500_000), offer("B", 2, 490_001)]), [("step_exceeds_spread", "/step_fen")]),
    (multi_round([offer("A", 1, 500_000), offer("B", 2, 490_000)]), []),
    (multi_round([offer("A", 1, 500_000)]), []),
    (random_draw(["A", "B"]), []),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), FACTS, ids=[f"{index}" for index in range(len(FACTS))])
def test_what_only_offers_show_is_named_with_its_place(raw: Raw, expected: list[tuple[str, str]]) -> None:
    warnings = tuple(check_facts(parse_case(raw)))
    assert [(one.code, one.pointer) for one in warnings] == expected
    assert not any("{" in f"{one.zh}{one.en}" for one in warnings)


def test_points_that_told_nobody_apart_are_said_with_their_number() -> None:
    (one,) = check_facts(parse_case(BOTH))
    assert one.zh == "40 分的这一项 2 家都得 36.00 分，拉不开差距"
    assert one.en == "all 2 got 36.00 of the 40 points: this criterion told nobody apart"


FILED_RULES = ("few_qualified", "min_bidders_above_qualified", "kind_cuts_most", "grade_cuts_most",
               "validity_cuts_most", "restrictions_cut_most", "recusals_cut_most")  # fmt: skip
"""Said beside the agencies on file: tests/unit/test_demand_reach.py has their rows."""


def test_every_code_has_a_row_and_words_and_no_words_are_left_over() -> None:
    given = set()
    for name in ("terms_check", "terms_check_rounds", "terms_check_grades", "terms_check_facts"):
        tree = ast.parse((Path(__file__).parents[2] / "bidding" / f"{name}.py").read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
        made = [node.args[0] for node in calls if getattr(node.func, "id", "") == "TermsWarning"]
        given |= {code.value for code in made if isinstance(code, ast.Constant)}
    shown = {code for _, expected in ROWS for code, _ in expected} | {"min_bidders_above_admitted"}
    shown |= {code for _, _, expected in GRADES for code, _ in expected}
    shown |= {code for _, expected in FACTS for code, _ in expected}
    assert given == set(SENTENCES) - set(FILED_RULES) == shown
