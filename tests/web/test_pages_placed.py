"""From the case to the page in the modes that rank by place: benchmark, draw, owner's choice, rates beside prices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bidding.case import MeanPriceCase
from bidding.decision import PlacedDecision
from bidding.engine import decide
from commons.draws import Draw, tickets
from marketplace.web.casework.explained import explain
from marketplace.web.casework.made import Explained
from marketplace.web.casework.terms import terms_view
from marketplace.web.locale.losing import left_words
from marketplace.web.locale.names import phase_name
from marketplace.web.locale.terms import terms_lines
from marketplace.web.near_chart import MOST_LANES, Dot, near_chart
from marketplace.web.results import choices_words, kind_of, mean_words
from marketplace.web.views.awards import Left
from marketplace.web.views.results import Breakdown, DrawnResult, NearResult, RoundsResult
from tests.web import example_awards as awards
from tests.web import example_placed as placed
from tests.web.example_cases import OPENING, agency, people, shelf_case

CASES = {
    "near": placed.near_case(), "fixed": placed.near_case(drawn=False),
    "rates": placed.near_case(basis="discount_rate"), "crowd": placed.crowded_case(), "drawn": placed.drawn_case(),
    "undrawn": placed.drawn_case(draw=False), "credit": placed.credit_case(), "rated": placed.rated_case(),
    "rounds": placed.rated_rounds_case(),
}  # fmt: skip


def made(name: str, **holder: str | bool) -> Explained:
    return explain(CASES[name], people(60), **holder)  # type: ignore[arg-type]  # a test's shorthand


def near(name: str) -> NearResult:
    result = made(name).result
    assert isinstance(result, NearResult)
    return result


def drawn(name: str) -> DrawnResult:
    result = made(name).result
    assert isinstance(result, DrawnResult)
    return result


@pytest.mark.parametrize("name", CASES)
def test_the_page_says_what_the_engine_decides_in_every_mode(name: str) -> None:
    decision, page = decide(CASES[name]), made(name)
    assert page.outcome == decision.outcome
    assert page.winner == (None if decision.winner is None else people(60)[decision.winner])
    told = {one.agency.uscc for one in page.left} | ({page.winner.uscc} if page.winner else set())
    shortlist = set(decision.shortlist or ()) if isinstance(decision, PlacedDecision) else set()
    expected = {row.bidder for row in decision.ranking} | {one.bidder for one in decision.rejected}
    assert {people(60)[one].uscc for one in expected - shortlist} <= told


@pytest.mark.parametrize("name", ["near", "fixed", "rates", "crowd"])
def test_the_benchmark_comes_out_of_the_numbers_that_are_shown(name: str) -> None:
    result, decision = near(name), decide(CASES[name])
    assert isinstance(decision, PlacedDecision)
    assert decision.benchmark is not None
    averaged = [row.price_fen for row in result.rows if row.is_averaged]
    assert (sum(averaged), len(averaged)) == (result.sum_fen, result.count)
    exact = 2 * result.sum_fen * result.factor_bp + result.count * 10_000
    assert result.benchmark_fen == exact // (2 * result.count * 10_000) == decision.benchmark.fen
    for row in result.rows:
        assert row.distance_fen == abs(row.price_fen - result.benchmark_fen)
    ranked = [row.distance_fen for row in result.rows if not row.reasons]
    assert ranked == sorted(ranked)


def test_a_drawn_factor_is_the_one_at_its_index() -> None:
    result = near("near")
    assert result.index is not None
    assert result.choices[result.index] == result.factor_bp
    assert near("fixed").index is None
    assert choices_words(result) == "95%、96%、97%、98%"
    assert mean_words(result) == "136,575.00"


def test_extremes_stand_last_with_their_reason_and_outside_the_mean() -> None:
    rows = near("near").rows
    out = [row for row in rows if row.reasons]
    assert rows[-len(out) :] == tuple(out)
    assert [reason.code for row in out for reason in row.reasons] == ["extreme_price_dropped"] * 2
    assert not any(row.is_averaged for row in out)


def test_without_a_factor_no_benchmark_is_shown_and_the_valid_ones_are_listed() -> None:
    case = placed.near_case()
    assert isinstance(case, MeanPriceCase)
    page = explain(replace(case, draw=None), people(20))
    assert (page.outcome, page.result) == ("draw_needed", None)
    assert len([one for one in page.left if one.is_valid]) == 6


def test_a_rate_stands_beside_its_price_everywhere() -> None:
    assert all(row.discount_bp is not None for row in near("rates").rows)
    assert all(row.discount_bp is None for row in near("near").rows)
    rated, rounds = made("rated"), made("rounds")
    assert isinstance(rated.result, Breakdown)
    assert [cell.discount_bp for cell in rated.result.rows[0].cells] == [2_300, 3_250, 2_789, 1_555]
    assert [cell.discount_bp for cell in rated.result.rows[1].cells] == [None] * 4
    assert (rated.price_fen, rated.discount_bp) == (13_860_000, 2_300)
    assert isinstance(rounds.result, RoundsResult)
    assert [row.discount_bp for row in rounds.result.finals] == [1_580, 1_234, 1_150]
    assert all(offer.discount_bp is not None for offer in rounds.result.offers)
    assert rounds.discount_bp == 1_580


def test_everybody_drawn_has_the_number_that_the_inputs_give() -> None:
    for name in ("drawn", "credit"):
        result = drawn(name)
        draw = Draw(bytes.fromhex(result.salt), bytes.fromhex(result.ikm))
        for row in result.rows:
            label = row.bidder_id if row.ticket is None else f"{row.bidder_id}/{row.ticket}"
            assert draw.rank(label).hex() == row.number
        assert [row.number for row in result.rows] == sorted(row.number for row in result.rows)


def test_who_is_drawn_takes_the_published_amount() -> None:
    page = made("drawn")
    assert (page.price_fen, page.offered_days) == (9_800_000, 30)
    assert page.valid_offers == 7
    assert [one.reasons[0].code for one in page.left if one.reasons] == ["voided"]


def test_a_credit_draw_shows_tickets_the_big_list_and_who_was_below_it() -> None:
    result = drawn("credit")
    assert all(row.credit is not None and row.tickets == tickets(row.credit) for row in result.rows)
    assert len(result.rows) == 6, "two are equal at the edge of five"
    assert result.edge == min(row.credit or 0 for row in result.rows)
    assert all(credit < result.edge for _, credit in result.below)
    assert len(result.below) == 3
    assert [row.is_listed for row in result.rows] == [True] * 3 + [False] * 3
    assert drawn("drawn").tickets == 7


def test_while_the_owner_may_choose_nobody_on_the_small_list_is_told_no() -> None:
    page, result = made("credit"), drawn("credit")
    assert (page.outcome, page.winner) == ("owner_choice", None)
    listed = {row.bidder.agency.uscc for row in result.rows if row.is_listed}
    assert listed & {one.agency.uscc for one in page.left} == set()


def codes(page: Explained) -> dict[str, list[str]]:
    """Reason codes by name of whoever has any."""
    return {one.agency.name: [reason.code for reason in one.reasons] for one in page.left if one.reasons}


def test_the_picked_one_wins_and_the_others_of_the_small_list_were_not_picked() -> None:
    first, second, third = (row.bidder for row in drawn("credit").rows[:3])
    page = made("credit", picked=drawn("credit").rows[1].bidder_id)
    assert (page.outcome, page.winner, page.price_fen) == ("award", second.agency, 26_500_000)
    assert codes(page) == {first.agency.name: ["not_picked"], third.agency.name: ["not_picked"]}


def test_when_the_picked_one_gives_way_the_ranking_follows_from_its_first() -> None:
    first, second, third = (row.bidder_id for row in drawn("credit").rows[:3])
    page = made("credit", picked=second, winner=first)
    assert page.winner == people(60)[first]
    assert codes(page) == {people(60)[second].name: ["gave_way"], people(60)[third].name: ["not_picked"]}
    later = made("credit", picked=second, winner=third)
    assert codes(later) == {people(60)[one].name: ["gave_way"] for one in (first, second)}
    nobody = made("credit", picked=second, nobody_left=True)
    assert (nobody.outcome, nobody.winner) == ("unsuccessful", None)
    assert set(map(tuple, codes(nobody).values())) == {("gave_way_last",)}


def test_another_one_on_the_shelf_is_shown_with_its_own_rank_and_price() -> None:
    page = explain(shelf_case(), people(20), picked="B3")
    assert (page.winner, page.price_fen) == (agency(3), 2_640_000)
    assert codes(page)[agency(2).name] == ["not_picked"]


def test_a_direct_choice_has_nothing_to_compute() -> None:
    page = placed.direct_result()
    assert (page.winner, page.price_fen, page.offered_days, page.result) == (agency(0), 4_800_000, 20, None)
    gone = placed.direct_result(nobody_left=True)
    assert (gone.winner, gone.outcome, codes(gone)) == (None, "unsuccessful", {agency(0).name: ["gave_way_last"]})
    assert gone.reason is not None
    assert gone.reason.code == "nobody_left"


def test_who_has_reached_the_cap_of_lots_is_out_of_the_next_and_the_terms_say_so() -> None:
    case = placed.capped_case()
    page = explain(case, people(20))
    assert page.winner == agency(1)
    assert codes(page)[agency(0).name] == ["lot_cap_reached"]
    assert "标段上限" in dict(terms_lines(terms_view(case.terms)))
    later = explain(case, people(20), winner="B2", passed_over={"B1": "passed_over_at_cap"})
    assert codes(later)[agency(1).name] == ["passed_over_at_cap"]


@pytest.mark.parametrize(
    ("name", "kind"), [("near", "near"), ("drawn", "drawn"), ("credit", "drawn"), ("undrawn", "none")]
)
def test_each_result_has_its_form(name: str, kind: str) -> None:
    assert kind_of(made(name).result) == kind


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("near", ("最接近基准价者中选", "从 95%、96%、97%、98% 中可验证抽取其一", "不参加选取（此外没有别家时除外）")),
        ("rates", ("报下浮率；报价 = 最高限价 × (1 − 下浮率)",)),
        ("drawn", ("可验证地抽取一家中选", "98,000.00 元，各家不另报价", "有效报名少于 3 家")),
        ("credit", ("由业主从小名单中择定一家", "信用分最高的 5 家", "每满 1 分一票", "前 3 家", "小名单第一名中选")),
    ],
)  # fmt: skip
def test_the_terms_of_a_mode_are_said_in_words(name: str, words: tuple[str, ...]) -> None:
    said = "\n".join(sentence for _, sentence in terms_lines(terms_view(CASES[name].terms)))
    assert [one for one in words if one not in said] == []


def test_who_is_left_hears_how_far_from_the_benchmark_or_behind_the_draw() -> None:
    page = awards.award(CASES["near"])
    assert left_words(page.left[0], page) == "比中选机构离基准价远 2,407.50 元"
    drawn_page, credit_page = awards.award(CASES["drawn"]), awards.award(CASES["credit"])
    assert left_words(drawn_page.left[0], drawn_page) == "抽取号大于中选机构"
    assert left_words(credit_page.left[0], credit_page) == "抽取顺序在前 3 名之后，未进入小名单"
    waiting = awards.award(CASES["undrawn"])
    assert left_words(waiting.left[0], waiting) == "须经抽取才能分出先后"
    rated = replace(waiting, outcome="unsuccessful")
    valid = Left(agency(0), is_valid=True, valid_fen=13_860_000, discount_bp=2_300)
    assert left_words(valid, rated) == "报价 138,600.00 元（下浮 23.00%）；有效家数不足，选取未成立"


@pytest.mark.parametrize(
    ("state", "mode", "words"),
    [
        ("published", "random_draw", "待抽取"), ("offers_closed", "credit_draw", "待抽取"),
        ("published", "direct", "待业主选定"), ("choosing", "credit_draw", "待业主择定"),
        ("suspended", "mean_price", "已暂停"), ("published", "mean_price", "密封报价中"),
    ],
)  # fmt: skip
def test_a_phase_is_named_by_what_the_mode_has(state: str, mode: str, words: str) -> None:
    assert phase_name(state, mode, OPENING, OPENING) == words  # type: ignore[arg-type]  # a table of words


@pytest.mark.parametrize("prices", [(5,), (5, 5, 5), tuple(range(100, 160)), (1, 10**12)])
def test_a_line_of_prices_stays_inside_and_leaves_out_letters_that_would_collide(prices: tuple[int, ...]) -> None:
    dots = tuple(Dot(f"D{at}", price, at == 0) for at, price in enumerate(prices))
    chart = str(near_chart(dots, prices[0], "价格"))
    places = [float(part.split("%")[0]) for part in chart.split('cx="')[1:]]
    assert len(places) == len(prices)
    assert all(0 <= place <= 100 for place in places)
    letters = chart.count(">D")
    assert letters == len(prices) or letters >= MOST_LANES
