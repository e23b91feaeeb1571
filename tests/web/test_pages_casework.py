"""From the recorded case to the page: the numbers of the mock, rounds, the shelf, draws, who gave way."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from bidding.engine import decide
from bidding.sensitivity import sensitivity
from commons.draws import Draw
from marketplace.web.casework.explained import Explained, explain
from marketplace.web.casework.points import low_price_line, weight_spans
from marketplace.web.casework.terms import terms_view
from marketplace.web.locale.terms import terms_lines
from marketplace.web.results import MAX_BIDDERS, kind_of
from marketplace.web.views.results import Bidder, Breakdown, Result, RoundsResult, ShelfResult, WeightSpan
from tests.web import example_cases as cases
from tests.web.example_cases import agency, people

CASES = {
    "mock": cases.mock_case(), "wide": cases.wide_case(), "few": cases.few_case(), "tied": cases.tied_case(),
    "undrawn": cases.undrawn_case(), "low": cases.low_case(), "rounds": cases.rounds_case(),
    "shelf": cases.shelf_case(), "value": cases.shelf_case("best_value"),
}  # fmt: skip


def made(name: str, winner: str | None = None) -> Explained:
    return explain(CASES[name], people(20), winner=winner)


@pytest.mark.parametrize("name", CASES)
def test_the_page_says_what_the_engine_decides(name: str) -> None:
    decision, page = decide(CASES[name]), made(name)
    assert page.outcome == decision.outcome
    assert (page.winner.uscc if page.winner else None) == (
        people(20)[decision.winner].uscc if decision.winner else None
    )
    assert len(page.left) >= len(decision.ranking) - 1 + len(decision.rejected)


def test_the_award_of_the_mock_comes_out_as_drawn() -> None:
    page = made("mock")
    assert isinstance(page.result, Breakdown)
    assert page.result.totals == (9_165, 8_809, 8_327, 8_279)
    assert page.result.spans == (WeightSpan(0, 65, "A"), WeightSpan(66, 68, "B"), WeightSpan(69, 100, "C"))
    assert page.result.low_price_line_fen == 10_838_000
    assert (page.winner, page.price_fen, page.offered_days, page.total) == (agency(0), 13_860_000, 18, 9_165)
    assert [one.behind for one in page.left] == [356, 838, 886]
    assert [cell.points for cell in page.result.rows[0].cells] == [3_945, 4_212, 4_500, 3_597]


def test_the_columns_of_a_breakdown_sum_to_its_totals() -> None:
    for name in ("mock", "wide", "tied", "low"):
        result = made(name).result
        assert isinstance(result, Breakdown)
        for column, total in enumerate(result.totals):
            assert sum(row.cells[column].points for row in result.rows) == total


def test_many_bidders_become_rows() -> None:
    assert kind_of(made("mock").result) == "columns"
    assert kind_of(made("wide").result) == "rows"
    assert kind_of(None) == "none"
    assert len(made("wide").left) <= MAX_BIDDERS


def test_the_rounds_show_every_offer_with_its_refusal_and_the_moved_close() -> None:
    page = made("rounds")
    assert isinstance(page.result, RoundsResult)
    refusals = {one.seq: one.refusal.code for one in page.result.offers if one.refusal}
    assert refusals == {7: "not_admitted", 10: "eliminated", 11: "step_not_met", 19: "selection_closed"}
    moved = [one.closes_at - one.planned_closes_at for one in page.result.rounds]
    assert [int(one.total_seconds()) // 60 for one in moved] == [0, 6, 6]
    assert [[one.agency.name for one in closed.eliminated] for closed in page.result.rounds] == [
        [agency(5).name], [agency(3).name, agency(4).name], [],
    ]  # fmt: skip
    assert page.effective == Fraction(20_000_000)
    assert [one.behind for one in page.left if one.rank] == [300_000, 450_000]


def test_the_course_of_the_best_price_only_falls_and_a_sealed_round_shows_at_its_close() -> None:
    result = made("rounds").result
    assert isinstance(result, RoundsResult)
    course = result.best_points
    assert course[0].at == result.rounds[0].closes_at
    assert all(later.effective < earlier.effective for earlier, later in pairwise(course))
    assert course[-1].effective == result.finals[0].effective
    assert [one.best for one in result.rounds][-1] == result.finals[0].effective


def test_a_shelf_price_is_the_minimum_or_unit_times_quantity_and_the_refused_keep_their_reasons() -> None:
    result = made("shelf").result
    assert isinstance(result, ShelfResult)
    assert all(row.price_fen == max(row.minimum_fee_fen, row.unit_price_fen * 120) for row in result.rows)
    assert [row.bidder.rank for row in result.rows] == [1, 2, 3, None, None]
    assert [[one.code for one in row.reasons] for row in result.rows][3:] == [["no_capacity"], ["offer_not_valid"]]
    assert isinstance(made("value").result, ShelfResult)
    assert made("value").result.breakdown is not None  # type: ignore[union-attr]  # narrowed the line before


def test_a_draw_shows_each_number_and_they_ascend() -> None:
    page = made("tied")
    assert page.draw is not None
    (group,) = page.draw.groups
    assert [row.number for row in group] == sorted(row.number for row in group)
    draw = Draw(bytes.fromhex(page.draw.salt), bytes.fromhex(page.draw.ikm))
    assert [draw.rank(row.label).hex() for row in group] == [row.number for row in group]
    assert made("mock").draw is None


def test_who_gave_way_is_said_and_the_next_is_the_winner() -> None:
    page = made("mock", winner="B1")
    assert page.winner == agency(1)
    assert [(one.rank, one.behind, [reason.code for reason in one.reasons]) for one in page.left] == [
        (1, None, ["gave_way"]), (3, 482, []), (4, 530, []),
    ]  # fmt: skip


def test_somebody_without_a_name_on_file_is_shown_by_the_id() -> None:
    page = explain(CASES["mock"], {})
    assert page.winner is not None
    assert page.winner.name == "B0"


def test_weights_are_shown_as_runs_and_not_where_a_missing_draw_leaves_one_open() -> None:
    names = {"B0": "A", "B1": "B"}
    assert [(one.first, one.last, one.label) for one in weight_spans(["B1", "B1", "B0"], names)] == [
        (0, 1, "B"), (2, 2, "A"),
    ]  # fmt: skip
    assert weight_spans(["B1", None, "B0"], names) == ()
    assert weight_spans([], names) == ()


@pytest.mark.parametrize("name", ["mock", "value"])
def test_the_page_weighs_as_the_engine_does(name: str) -> None:
    page = made(name).result
    laid = page.breakdown if isinstance(page, ShelfResult) else page
    (price,) = [one for one in sensitivity(CASES[name]) if one.code.startswith("price")]
    (span,) = [one for one in laid.spans if one.first <= price.points <= one.last]
    assert (span.first, span.last) == (price.low, price.high)


def test_the_low_price_line_is_the_highest_of_the_rule() -> None:
    terms = cases.wide_case().terms
    assert terms.mode == "comprehensive"
    assert low_price_line([100, 300], terms.low_price, ceiling_fen=1_000) == 450
    assert low_price_line([], terms.low_price, ceiling_fen=1_000) is None
    assert low_price_line([100], None, ceiling_fen=1_000) is None


@pytest.mark.parametrize("name", CASES)
def test_the_terms_of_every_case_have_their_words(name: str) -> None:
    lines = dict(terms_lines(terms_view(CASES[name].terms)))
    assert {"选取方式", "最高限价", "并列时"} <= set(lines)
    assert all(lines.values())


@pytest.mark.parametrize("name", ["mock", "rounds", "shelf", "value"])
def test_a_result_that_nobody_was_left_to_hold_names_no_winner_anywhere(name: str) -> None:
    page = explain(CASES[name], people(20), nobody_left=True)
    assert (page.outcome, page.winner, page.price_fen, page.total, page.effective) == (
        "unsuccessful", None, None, None, None,
    )  # fmt: skip
    assert page.reason is not None
    assert page.reason.code == "nobody_left"
    ranked = [one for one in page.left if one.rank]
    assert [one.rank for one in ranked] == list(range(1, len(decide(CASES[name]).ranking) + 1))
    assert {reason.code for one in ranked for reason in one.reasons} == {"gave_way_last"}
    assert not [one for one in bidders_of(page.result) if one.is_winner]


def bidders_of(result: Result | None) -> list[Bidder]:
    match result:
        case Breakdown():
            return list(result.bidders)
        case RoundsResult():
            return [row.bidder for row in result.finals]
        case ShelfResult():
            return [row.bidder for row in result.rows] + bidders_of(result.breakdown)
        case None:
            return []


def test_too_few_says_how_many_it_takes_and_lists_who_was_valid_at_what_price() -> None:
    page = made("few")
    assert page.reason is not None
    assert page.reason.params == {"valid": 2, "minimum": 3}
    valid = {one.agency.uscc: one.valid_fen for one in page.left if one.valid_fen is not None}
    rejected = {one.bidder for one in decide(CASES["few"]).rejected}
    bids = CASES["few"].bids  # type: ignore[union-attr]  # a comprehensive case
    assert valid == {people(20)[one.bidder].uscc: one.price_fen for one in bids if one.bidder not in rejected}
    assert len(page.left) == len(bids)


def test_too_few_at_the_first_close_of_rounds_lists_who_offered() -> None:
    case = cases.rounds_case()
    alone = replace(case, offers=tuple(one for one in case.offers if one.bidder == case.offers[0].bidder))
    page = explain(alone, people(20))
    assert page.outcome == "unsuccessful"
    assert page.valid_offers == 1
    assert [one.agency.uscc for one in page.left if one.valid_fen] == [people(20)[case.offers[0].bidder].uscc]


def test_before_a_draw_the_valid_ones_are_listed() -> None:
    page = made("undrawn")
    assert page.outcome == "draw_needed"
    assert len([one for one in page.left if one.valid_fen is not None]) == page.valid_offers > 1
