from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.statistics.concentration import Cell, largest, ordered
from marketplace.statistics.counting import Count, counted, difference, permille_below, workdays
from marketplace.statistics.facts import KINDS, facts_json, facts_of, key_of
from marketplace.statistics.measures import CONCENTRATION, FEW, GROUPS, MEASURES
from marketplace.statistics.numbers import Distribution, baseline_of, gathered
from marketplace.statistics.period import Months, is_month, month_of, months_between, moved, this_year
from marketplace.web.locale.statistics_words import GROUP_NAMES, KIND_NAMES, MEASURE_WORDS, UNIT_NAMES, WHEN_NAMES
from tests.rules.statistics_document import PATH, document, numbers_of, published
from tests.rules.statistics_examples import ACCEPTED, AWARD, EXAMPLES, LINE, MONDAY, NONE, SPARED, TIMED, Example, stars


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.measure)
def test_a_worked_example_gives_the_published_number(example: Example) -> None:
    assert published(example) == example.number


def test_every_number_has_its_words_its_example_and_its_place() -> None:
    assert set(MEASURE_WORDS) == {*MEASURES, CONCENTRATION}
    assert [one.measure for one in EXAMPLES] == list(MEASURES)
    assert set(GROUPS) == set(GROUP_NAMES) == {one.group for one in MEASURES.values()}
    assert {one.unit for one in MEASURES.values()} == set(UNIT_NAMES)
    assert {one.when for one in MEASURES.values()} == set(WHEN_NAMES)
    assert {one.kind for one in MEASURES.values()} == set(KIND_NAMES)


def test_the_reference_of_statistics_is_printed_from_the_definitions() -> None:
    text = PATH.read_text(encoding="utf-8")
    assert document(text) == text, "run: python -m tests.rules.statistics_document"


def test_nothing_is_counted_that_no_definition_names() -> None:
    for example in EXAMPLES:
        assert set(numbers_of(example).by_measure) <= set(MEASURES)


@pytest.mark.parametrize(
    ("changes", "measure"),
    [
        ({"mode": "direct"}, "saving_ceiling"),
        ({"mode": "direct"}, "failed"),
        ({"mode": "instant"}, "single_bid"),
        ({"is_timed": True}, "award_workdays"),
        ({"is_joint": True}, "saving_baseline"),
        ({"is_joint": True}, "award_against"),
        ({"winner_city": None}, "outside_city"),
        ({"ceiling_fen": 0}, "saving_ceiling"),
        ({"outcome": "cancelled"}, "failed"),
        ({"published_at": MONDAY + timedelta(days=400)}, "award_workdays"),
    ],
)
def test_what_says_nothing_is_in_no_sample(changes: dict[str, object], measure: str) -> None:
    assert any(row.measure == measure for row in counted(AWARD, LINE)), "without the change it is"
    assert not any(row.measure == measure for row in counted(replace(AWARD, **changes), LINE))  # type: ignore[arg-type]  # a row of the table


def test_a_joint_purchase_and_a_silence_are_in_no_baseline_and_no_rating() -> None:
    joint = {row.measure for row in counted(replace(ACCEPTED, is_joint=True, rating=None, scores=None), LINE)}
    assert "result_workdays" in joint
    assert not joint & {"result_against", "rating", "rating_quality"}
    assert {"rated", "deemed"} <= joint


def test_facts_are_the_same_after_they_were_written() -> None:
    for one in (AWARD, NONE, ACCEPTED, TIMED, *SPARED, *stars("filing", 3), EXAMPLES[-1].facts[0]):
        kind, _, _ = key_of(one).partition("/")
        assert facts_of(kind, facts_json(one)) == one
        assert isinstance(one, KINDS[kind])


def test_counting_again_adds_the_difference_alone() -> None:
    before, after = counted(AWARD), counted(replace(AWARD, price_fen=9_000_000))
    changed = difference(before, after)
    assert {row.measure for row in changed} == {"saving_ceiling", "saved_fen"}
    assert difference(before, before) == ()
    assert difference((), before) == before
    assert Count("2026-05", "", "", "awarded", 0).row() == ["2026-05", "", "", "awarded", 0, 1]


VALUES = st.lists(st.integers(-50, 50), min_size=1, max_size=40)


@given(VALUES)
def test_a_quantile_is_the_nearest_rank_and_rounding_may_come_first(values: list[int]) -> None:
    found = gathered(("rating", value, 1) for value in values).of("rating")
    ordered_values = sorted(values)
    assert [found.at_quarter(part) for part in range(5)] == [
        ordered_values[(len(values) - 1) * part // 4] for part in range(5)
    ]
    assert (found.mean, found.sample) == (Fraction(sum(values), len(values)), len(values))
    coarse = gathered(("rating", value // 7, 1) for value in values).of("rating")
    assert found.median is not None
    assert coarse.median == found.median // 7
    assert found.under(0) == sum(value < 0 for value in values)


@given(VALUES)
def test_a_baseline_is_the_lower_middle_one_of_enough(values: list[int]) -> None:
    expected = sorted(values)[(len(values) - 1) // 2] if len(values) >= FEW else None
    assert baseline_of(values) == expected


def test_of_nothing_there_is_no_number() -> None:
    nothing = Distribution()
    assert (nothing.median, nothing.mean, nothing.share_bp, nothing.sample, nothing.is_few) == (
        None,
        None,
        None,
        0,
        True,
    )
    assert gathered([("failed", 1, 2), ("failed", 1, -2)]).by_measure == {}
    few = gathered([("failed", 0, 3), ("failed", 1, 1)]).of("failed")
    assert (few.share_bp, few.part, few.is_few) == (2_500, 1, True)
    assert not gathered([("failed", 0, FEW)]).of("failed").is_few


def test_sums_and_shares_say_their_sample() -> None:
    numbers = gathered([("saved_fen", 0, 700), ("saving_ceiling", 5, 2)])
    assert (numbers.total("saved_fen"), numbers.sample("saved_fen"), numbers.sample("saving_ceiling")) == (700, 2, 2)


@pytest.mark.parametrize(
    ("price", "reference", "permille"), [(8_135, 10_000, 187), (81_349, 100_000, 187), (10_000, 8_000, -250), (5, 5, 0)]
)
def test_a_saving_is_rounded_half_up_to_a_tenth_of_a_percent(price: int, reference: int, permille: int) -> None:
    assert permille_below(price, reference) == permille


@pytest.mark.parametrize(
    ("first", "last", "spans"),
    [
        ("2026-01", "2026-12", ("2026",)),
        ("2025-11", "2026-02", ("2025-11", "2025-12", "2026-01", "2026-02")),
        ("2024-12", "2026-01", ("2025", "2024-12", "2026-01")),
    ],
)
def test_a_period_is_made_of_the_fewest_years_and_months(first: str, last: str, spans: tuple[str, ...]) -> None:
    months = Months(first, last)
    assert months.spans == spans
    assert months.years == tuple(sorted({month[:4] for month in months.months}))
    assert (months.months[0], months.months[-1], len(months.months)) == (first, last, months_between(first, last))


def test_months_are_of_beijing_and_a_year_so_far_ends_today() -> None:
    assert month_of(datetime(2026, 4, 30, 16, tzinfo=UTC)) == "2026-05"
    assert month_of(date(2026, 4, 30)) == "2026-04"
    assert [moved("2026-01", by) for by in (-1, 0, 13)] == ["2025-12", "2026-01", "2027-02"]
    assert [is_month(text) for text in ("2026-01", "2026-13", "2026-1", "")] == [True, False, False, False]
    year = this_year(date(2026, 5, 6))
    assert year.days(date(2026, 5, 6)) == (date(2026, 1, 1), date(2026, 5, 6))
    assert year.days(date(2025, 5, 6)) == (date(2026, 1, 1), date(2026, 12, 31))
    with pytest.raises(AssertionError):
        Months("2026-02", "2026-01")


def test_days_backwards_or_beyond_counting_are_none() -> None:
    assert workdays(MONDAY, MONDAY) == 0
    assert workdays(MONDAY, MONDAY - timedelta(days=1)) is None
    assert workdays(MONDAY, MONDAY + timedelta(days=5_000)) is None


def test_the_four_largest_are_shared_by_money_and_few_come_last() -> None:
    sums = [4_000, 3_000, 1_000, 1_000, 1_000]
    cell = Cell("330302", "SV22", 6, 5, sum(sums), largest(sums))
    few, nothing = Cell("330303", "SV22", 2, 1, 5, 5), Cell("330304", "SV22", 5, 1, 0, 0)
    assert (cell.share_bp, cell.is_few, few.share_bp, few.is_few, nothing.share_bp) == (
        9_000,
        False,
        10_000,
        True,
        10_000,
    )
    assert ordered([few, cell, nothing]) == (nothing, cell, few)
