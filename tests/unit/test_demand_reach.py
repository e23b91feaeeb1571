"""How far a demand reaches, from counts alone: the numbers add up, and what cuts most is named with its basis."""

from __future__ import annotations

from datetime import date

import pytest

from agencies.qualifications import Requirement
from bidding.reading.terms import parse_demand_terms, parse_terms
from commons.sources import Source
from marketplace.demands.reach import FEWEST, REACH_RULE, Counts, check_reach, reach_of
from tests.rules.selections import comprehensive, instant

LAW = Source("测绘法", "title")
SURVEY = Requirement("测绘资质", ("甲级", "乙级"), LAW)
UNGRADED = Requirement("考古发掘资质", None, LAW)
ON = date(2026, 12, 2)

# counts, what the items ask for, minimum of the terms → codes with the place of each
ROWS: list[tuple[Counts, tuple[Requirement, ...], int, list[tuple[str, str]]]] = [
    (Counts(9, 8, 7, 6, 5, 3), (SURVEY,), 3, []),
    (Counts(9, 3, 3, 3, 3, 2), (SURVEY,), 2, [("few_qualified", ""), ("kind_cuts_most", "")]),
    (Counts(9, 9, 3, 3, 3, 2), (SURVEY,), 2, [("few_qualified", ""), ("grade_cuts_most", "")]),
    (Counts(9, 9, 9, 3, 3, 2), (SURVEY,), 2, [("few_qualified", ""), ("validity_cuts_most", "")]),
    (Counts(9, 9, 9, 9, 3, 2), (SURVEY,), 2, [("few_qualified", ""), ("restrictions_cut_most", "")]),
    (Counts(9, 9, 9, 9, 9, 2), (SURVEY,), 2, [("few_qualified", ""), ("recusals_cut_most", "")]),
    (Counts(9, 6, 6, 6, 6, 3), (UNGRADED,), 4, [
        ("min_bidders_above_qualified", "/min_bidders"), ("kind_cuts_most", "")]),
    (Counts(2, 2, 2, 2, 2, 2), (), 2, [("few_qualified", "")]),
    (Counts(0, 0, 0, 0, 0, 0), (), 2, [("few_qualified", ""), ("min_bidders_above_qualified", "/min_bidders")]),
    (Counts(4, 2, 2, 2, 0, 0), (SURVEY,), 1, [("few_qualified", ""), ("kind_cuts_most", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("counts", "asked", "minimum", "expected"), ROWS)
def test_a_demand_that_reaches_too_few_is_warned_of_with_what_cuts_most(
    counts: Counts, asked: tuple[Requirement, ...], minimum: int, expected: list[tuple[str, str]]
) -> None:
    terms = parse_terms(comprehensive([], min_bidders=minimum)["terms"])
    warnings = tuple(check_reach(terms, reach_of(counts, asked), asked, on=ON))
    assert [(one.code, one.pointer) for one in warnings] == expected
    for one in warnings:
        assert not set("{}") & set(f"{one.zh}{one.en}")
        assert one.source in {LAW, REACH_RULE}


def test_the_conditions_add_up_and_what_an_item_does_not_ask_for_is_no_condition() -> None:
    counts = Counts(9, 8, 7, 5, 4, 3)
    graded = reach_of(counts, (UNGRADED, SURVEY))
    assert [(one.code, one.left, one.cut) for one in graded.conditions] == [
        ("kind", 8, 1), ("grade", 7, 1), ("validity", 5, 2), ("restrictions", 4, 1), ("recusals", 3, 1),
    ]  # fmt: skip
    assert graded.filed - sum(one.cut for one in graded.conditions) == graded.qualified == FEWEST
    assert graded.cuts_most == graded.conditions[2]
    assert [one.code for one in reach_of(counts, (UNGRADED,)).conditions] == [
        "kind", "validity", "restrictions", "recusals",
    ]  # fmt: skip
    nobody_cut = reach_of(Counts(4, 4, 4, 4, 4, 4), ())
    assert ([one.code for one in nobody_cut.conditions], nobody_cut.cuts_most) == (["restrictions", "recusals"], None)


def test_the_shelf_needs_one_offer_whatever_its_terms_say() -> None:
    terms = parse_terms(instant([], min_bidders=9)["terms"])
    reach = reach_of(Counts(3, 3, 3, 3, 3, 3), ())
    assert tuple(check_reach(terms, reach, (), on=ON)) == ()


def test_a_direct_choice_is_warned_of_only_when_nobody_could_be_named() -> None:
    terms = parse_demand_terms({"mode": "direct", "ceiling_fen": 5})
    assert tuple(check_reach(terms, reach_of(Counts(9, 9, 9, 9, 9, 1), ()), (), on=ON)) == ()
    warnings = check_reach(terms, reach_of(Counts(9, 9, 9, 9, 0, 0), ()), (), on=ON)
    assert [one.code for one in warnings] == ["few_qualified", "restrictions_cut_most"]


def test_what_cuts_most_says_what_is_asked_in_both_languages() -> None:
    terms = parse_terms(comprehensive([], min_bidders=2)["terms"])
    few, most = check_reach(terms, reach_of(Counts(9, 9, 3, 3, 3, 2), (SURVEY,)), (SURVEY,), on=ON)
    assert few.zh == "备案机构 9 家，今天够条件参加的只有 2 家，少于 3 家"
    assert most.zh == "减少最多的是资质等级：6 家达不到（甲级、乙级）"
    assert most.en == "the grade cuts most: 6 hold none of 甲级、乙级"
