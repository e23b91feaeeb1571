"""A demands workbook becomes drafts whose terms the engine reads; a column that does not count must be empty."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bidding.reading.terms import parse_demand_terms
from marketplace.seed.plans import DemandDraft, RelativeSchedule, RoundLength
from marketplace.seed.resolving import resolve_demand
from marketplace.sheets.answers import Loaded, Rejected
from marketplace.sheets.columns import MODES, ROUND_KINDS
from marketplace.sheets.demands import read_demands
from tests.unit.sheets_builder import (
    COMPREHENSIVE,
    CREDIT_DRAW,
    DIRECT,
    INSTANT,
    MEAN_PRICE,
    MULTI_ROUND,
    RANDOM_DRAW,
    book,
)

ON = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
BEST_VALUE = {
    **INSTANT,
    "instant_rule": "综合最优",
    "weight_price": 70,
    "weight_days": 30,
    "price_formula": "最低价为基准",
}


def read(*rows):
    return read_demands(book({"需求": rows}), on=ON)


def draft(row) -> DemandDraft:
    answer = read(row)
    assert isinstance(answer, Loaded), answer
    return answer.rows[0]


def wrong(*rows):
    answer = read(*rows)
    assert isinstance(answer, Rejected)
    return [(fault.row, fault.column, fault.reason) for fault in answer.faults]


def test_a_comprehensive_row_becomes_terms():
    found = draft({**COMPREHENSIVE, "description": "两行\n说明"})
    assert found == DemandDraft(
        key="R3",
        project_code="2610-330304-04-01-104270",
        project_name="瓯海区示例片区工程（示例）",
        title="瓯海区示例片区工程（示例）水土保持方案编制",
        owner_name="瓯海示例建设投资有限公司（示例）",
        owner_uscc="91990103MA0009036F",
        region="330304",
        place="梧田街道",
        item="RA03",
        buyer_class="fiscal",
        quantity=1,
        unit="份",
        description="两行 说明",
        terms={
            "mode": "comprehensive",
            "ceiling_fen": 18_000_000,
            "max_days": 30,
            "min_bidders": 3,
            "criteria": [
                {"kind": "price", "points": 60, "formula": "lowest"},
                {"kind": "days", "points": 20},
                {"kind": "credit", "points": 20},
            ],
            "ties": ["price", "days", "credit", "draw"],
        },
        schedule=RelativeSchedule(3, 2),
    )


def test_a_multi_round_row_becomes_terms_and_a_schedule():
    row = {**MULTI_ROUND, "survivors": 4, "extension_seconds": 120, "extension_limit": 5, "low_price_percent": 80}
    found = draft({**row, "first_round_at": time(9, 30)})
    assert found.terms == {
        "mode": "multi_round",
        "ceiling_fen": 18_000_000,
        "max_days": 30,
        "min_bidders": 3,
        "low_price": {"below_mean_bp": 8_000},
        "step_fen": 100_000,
        "step_basis": "leader",
        "extension": {"window_s": 120, "extend_s": 120, "limit": 5},
        "rounds": [{"kind": "sealed", "survivors": 4}, {"kind": "open", "survivors": 4}, {"kind": "open"}],
        "ties": ["days", "credit", "draw"],
    }
    assert found.schedule == RelativeSchedule(3, 0, (RoundLength(30, 10),) * 3, 570)


def test_an_instant_row_becomes_terms():
    found = draft(INSTANT)
    assert found.terms == {
        "mode": "instant",
        "ceiling_fen": 18_000_000,
        "max_days": 30,
        "quantity": 4,
        "rule": "cheapest",
        "ties": ["price", "days", "credit", "draw"],
    }


def test_means_experience_and_grades_become_criteria():
    row = {
        **COMPREHENSIVE,
        "item": "SV18 工程勘察",
        "weight_price": 40,
        "weight_days": "",
        "weight_credit": 0,
        "weight_experience": 20,
        "experience_each": "2.5",
        "weight_grade": 40,
        "price_formula": "平均价为基准",
        "loss_above": 1,
        "loss_below": 0.55,
    }
    assert draft(row).terms["criteria"] == [
        {"kind": "price", "points": 40, "formula": "mean", "above": 100, "below": 55},
        {"kind": "experience", "points": 20, "each": 250},
        {"kind": "grade", "points": 40, "table": {"综合甲级": 40, "甲级": 26, "乙级": 13}},
    ]


def test_a_mean_price_row_becomes_terms_with_rates_and_factors():
    row = {**MEAN_PRICE, "price_basis": "报下浮率", "factors": "95、97.5，１００", "further_items": "SV23；房产测绘"}
    assert [fault[1:] for fault in wrong(row)] == [("合并采购的事项", "「房产测绘」写了两次")]
    found = draft({**row, "further_items": "SV23、社会稳定风险评估"})
    assert found.terms == {
        "mode": "mean_price",
        "ceiling_fen": 18_000_000,
        "max_days": 30,
        "min_bidders": 5,
        "price_basis": "discount_rate",
        "drop_from": 5,
        "dropped_may_win": False,
        "factor_bp": [9500, 9750, 10_000],
        "ties": ["price", "days", "credit", "draw"],
    }
    assert found.items == ("RA03", "SV23", "SV12")
    assert found.title == "瓯海区示例片区工程（示例）水土保持方案编制等 3 项"
    assert found.schedule == RelativeSchedule(3, 2)


def test_rows_of_the_draws_and_of_a_direct_choice_become_terms():
    common = {"ceiling_fen": 18_000_000, "max_days": 30}
    assert draft(RANDOM_DRAW).terms == {"mode": "random_draw", **common, "min_bidders": 3, "ties": ["draw"]}
    lists = {"big_list": 4, "small_list": 2}
    assert draft(CREDIT_DRAW).terms == {"mode": "credit_draw", **common, "min_bidders": 3, **lists, "ties": ["draw"]}
    assert draft(DIRECT).terms == {"mode": "direct", **common}
    plan = resolve_demand(draft(RANDOM_DRAW), at=AT)
    assert plan.closes_at is not None
    assert plan.closes_at == plan.sign_up_closes_at
    assert resolve_demand(draft(DIRECT), at=AT).closes_at is None


KINDS = [{**MULTI_ROUND, "round_kinds": kind, "rounds": count} for kind in ROUND_KINDS for count in (1, 2, 10)]


RATES = [{**row, "price_basis": "报下浮率"} for row in (COMPREHENSIVE, MULTI_ROUND, MEAN_PRICE)]
GOOD = [COMPREHENSIVE, INSTANT, BEST_VALUE, *KINDS, *RATES, MEAN_PRICE, RANDOM_DRAW, CREDIT_DRAW, DIRECT]


@pytest.mark.parametrize("row", GOOD)
def test_the_engine_reads_what_a_good_row_says(row):
    plan = resolve_demand(draft(row), at=AT)
    terms = parse_demand_terms(dict(plan.terms))
    assert terms.mode == MODES[row["mode"]]
    assert terms.ceiling_fen == 18_000_000


def test_a_break_stands_between_rounds_and_not_before_the_first():
    plan = resolve_demand(draft(MULTI_ROUND), at=AT)
    assert [one["opens_at"][11:16] for one in plan.terms["rounds"]] == ["01:30", "02:10", "02:50"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("全部公开", ["open", "open", "open"]),
        ("全部密封", ["sealed", "sealed", "sealed"]),
        ("首轮密封", ["sealed", "open", "open"]),
        ("末轮密封", ["open", "open", "sealed"]),
    ],
)
def test_a_form_of_rounds_names_each_round(kind, expected):
    assert [one["kind"] for one in draft({**MULTI_ROUND, "round_kinds": kind}).terms["rounds"]] == expected


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("180,000.00", 18_000_000),
        ("180000.1", 18_000_010),
        (180000.1, 18_000_010),
        (0.29, 29),
        (1.1, 110),
        (4.35, 435),
        (0.01, 1),
        ("１８００.５０", 180_050),
        (10_000_000_000, 10**12),
    ],
)
def test_an_amount_is_exactly_what_the_cell_shows(typed, fen):
    assert draft({**COMPREHENSIVE, "ceiling": typed}).terms["ceiling_fen"] == fen


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (0.001, "两位小数"),
        ("0.001", "两位小数"),
        ("123456." + "0" * 40 + "1", "两位小数"),
        (0, "之间"),
        (-5, "之间"),
        ("-5", "金额应为"),
        (10_000_000_000.01, "之间"),
        (1e300, "之间"),
        ("18万", "金额应为"),
        ("1e5", "金额应为"),
        ("NaN", "金额应为"),
        ("1,80,000", "金额应为"),
        ("9" * 100, "金额应为"),
        (True, "金额应为"),
        (date(2026, 1, 1), "金额应为"),
        ("", "必填"),
    ],
)
def test_an_amount_that_is_not_exact_is_refused(typed, words):
    found = wrong({**COMPREHENSIVE, "ceiling": typed})
    assert [(row, column) for row, column, _ in found] == [(3, "最高限价（元）")]
    assert words in found[0][2]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({**COMPREHENSIVE, "project_code": "2610-339999-04-01-104270"}, "项目代码"),
        ({**COMPREHENSIVE, "project_code": "104270"}, "项目代码"),
        ({**COMPREHENSIVE, "owner_uscc": ""}, "业主统一社会信用代码"),
        ({**COMPREHENSIVE, "buyer_class": "国有"}, "业主类别"),
        ({**COMPREHENSIVE, "mode": "抓阄"}, "选取方式"),
        ({**COMPREHENSIVE, "quantity": 1.5}, "数量"),
        ({**COMPREHENSIVE, "max_days": "三十"}, "服务期限（工作日）"),
        ({**COMPREHENSIVE, "weight_price": 59}, "报价权重（分）"),
        ({**COMPREHENSIVE, "weight_price": 59.5}, "报价权重（分）"),
        ({**COMPREHENSIVE, "weight_price": 40, "weight_grade": 20}, "等级权重（分）"),
        ({**COMPREHENSIVE, "item": "SV21", "weight_price": 40, "weight_grade": 20}, "等级权重（分）"),
        ({**COMPREHENSIVE, "item": "RA06", "weight_price": 40, "weight_grade": 20}, "等级权重（分）"),
        ({**COMPREHENSIVE, "price_formula": ""}, "报价计分"),
        ({**COMPREHENSIVE, "loss_above": "1.00"}, "每高 1% 扣分（分）"),
        ({**COMPREHENSIVE, "experience_each": 2}, "每项业绩得分（分）"),
        ({**COMPREHENSIVE, "min_bidders": ""}, "最少有效报价（家）"),
        ({**COMPREHENSIVE, "low_price_percent": 100}, "低价核查线（均价的 %）"),
        ({**COMPREHENSIVE, "sign_up_workdays": 0}, "报名时间（工作日）"),
        ({**COMPREHENSIVE, "rounds": 3}, "轮数"),
        ({**COMPREHENSIVE, "instant_rule": "抽签"}, "立等规则"),
        ({**MULTI_ROUND, "weight_price": 100}, "报价权重（分）"),
        ({**MULTI_ROUND, "offer_workdays": 2}, "报名后报价时间（工作日）"),
        ({**MULTI_ROUND, "step": 0}, "降价步长（元）"),
        ({**MULTI_ROUND, "rounds": 11}, "轮数"),
        ({**MULTI_ROUND, "first_round_at": "9点半"}, "首轮开始时刻"),
        ({**MULTI_ROUND, "rounds": 1, "survivors": 3}, "每轮后保留（家）"),
        ({**MULTI_ROUND, "extension_limit": 3}, "每轮最多顺延（次）"),
        ({**MULTI_ROUND, "extension_seconds": 60}, "每轮最多顺延（次）"),
        (
            {**MULTI_ROUND, "round_kinds": "全部密封", "extension_seconds": 60, "extension_limit": 3},
            "临近截止顺延（秒）",
        ),
        ({**INSTANT, "min_bidders": 3}, "最少有效报价（家）"),
        ({**INSTANT, "weight_price": 100}, "报价权重（分）"),
        ({**INSTANT, "instant_rule": ""}, "立等规则"),
        ({**BEST_VALUE, "weight_days": 20}, "报价权重（分）"),
        ({**COMPREHENSIVE, "price_basis": "打折"}, "报价形式"),
        ({**COMPREHENSIVE, "drop_from": 5}, "去高去低起算（家）"),
        ({**COMPREHENSIVE, "further_items": "SV23、ZZ99"}, "合并采购的事项"),
        ({**COMPREHENSIVE, "further_items": "SV23、RA03"}, "合并采购的事项"),
        ({**INSTANT, "further_items": "SV23"}, "合并采购的事项"),
        ({**INSTANT, "price_basis": "报金额"}, "报价形式"),
        ({**MEAN_PRICE, "drop_from": 2}, "去高去低起算（家）"),
        ({**MEAN_PRICE, "extremes": ""}, "最高最低价"),
        ({**MEAN_PRICE, "factors": "95、200"}, "基准系数（%）"),
        ({**MEAN_PRICE, "factors": "95、95.0"}, "基准系数（%）"),
        ({**MEAN_PRICE, "weight_price": 100}, "报价权重（分）"),
        ({**MEAN_PRICE, "low_price_percent": 80}, "低价核查线（均价的 %）"),
        ({**RANDOM_DRAW, "offer_workdays": 2}, "报名后报价时间（工作日）"),
        ({**RANDOM_DRAW, "price_basis": "报下浮率"}, "报价形式"),
        ({**RANDOM_DRAW, "big_list": 3}, "大名单（家）"),
        ({**CREDIT_DRAW, "small_list": 5}, "小名单（家）"),
        ({**CREDIT_DRAW, "big_list": ""}, "大名单（家）"),
        ({**DIRECT, "min_bidders": 1}, "最少有效报价（家）"),
        ({**DIRECT, "sign_up_workdays": 3}, "报名时间（工作日）"),
    ],
)
def test_a_condition_that_does_not_hold_together_is_one_fault_in_its_column(row, column):
    assert [(number, head) for number, head, _ in wrong(row)] == [(3, column)]


def test_nothing_is_loaded_when_one_row_is_wrong_and_all_faults_come_in_order():
    rows = [COMPREHENSIVE, {**MULTI_ROUND, "place": "", "step": 0}, {**INSTANT, "item": "?", "owner_name": "+1"}]
    found = wrong(*rows)
    assert [(row, column) for row, column, _ in found] == [
        (4, "具体地点"),
        (4, "降价步长（元）"),
        (5, "项目业主"),
        (5, "中介服务事项"),
    ]


def test_an_empty_row_of_a_mode_names_every_cell_it_needs():
    found = wrong({"mode": "多轮竞价"})
    assert {reason for _, _, reason in found} == {"必填"}
    assert len(found) == 21


def test_all_faults_of_rows_in_the_newer_modes_come_at_once():
    found = wrong(
        {**CREDIT_DRAW, "place": "二", "small_list": 9, "min_bidders": "", "price_basis": "报金额"},
        {**MEAN_PRICE, "place": "三", "extremes": "随便", "factors": "十", "big_list": 3, "further_items": "ZZ"},
    )
    assert [(row, column) for row, column, _ in found] == [
        (3, "最少有效报价（家）"),
        (3, "报价形式"),
        (3, "小名单（家）"),
        (4, "合并采购的事项"),
        (4, "最高最低价"),
        (4, "基准系数（%）"),
        (4, "大名单（家）"),
    ]


def test_the_same_demand_typed_twice_is_a_fault():
    assert [row for row, _, _ in wrong(COMPREHENSIVE, {**COMPREHENSIVE, "max_days": 20})] == [4]
    assert isinstance(read(COMPREHENSIVE, {**COMPREHENSIVE, "place": "新桥街道"}), Loaded)


@pytest.mark.parametrize(
    "code", ["２６１０－330304－04－01－104270", "2610-330304—04–01-104270", "2610330304 04 01 104270"]
)
def test_project_codes_are_taken_as_people_type_them(code):
    assert draft({**COMPREHENSIVE, "project_code": code}).project_code == "2610-330304-04-01-104270"
