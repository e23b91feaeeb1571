"""Values in words: tables of what stands on the pages."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from bidding.wording import REFUSALS, WORDS
from commons.sources import Source
from commons.verdicts import Param, Reason
from marketplace.catalogue.profiles import shipped_profiles
from marketplace.web import formatting, paging, results
from marketplace.web.locale import formulas, names, rules, sources, terms
from marketplace.web.locale.phrases import Phrase
from marketplace.web.locale.reasons import REASONS, reason_text
from marketplace.web.locale.timeline import HAPPENINGS, TONES, happening_text, tone
from marketplace.web.views.about import RuleUnit, RuleValue
from marketplace.web.views.agencies import CreditLine, CreditView
from marketplace.web.views.parts import Paging, Place, TimelineEntry
from marketplace.web.views.results import Cell, CriterionRow
from marketplace.web.views.terms import Criterion

ROOT = Path(__file__).resolve().parents[2]
OWN = Source("本平台默认规则", "no")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (formatting.yuan(12_860_000), "128,600.00 元"),
        (formatting.yuan(-5), "−0.05 元"),
        (formatting.wan(12_860_000), "12.86"),
        (formatting.capitals(12_860_000), "壹拾贰万捌仟陆佰元整"),
        (formatting.exact_amount(Fraction(203_000_00)), "203,000.00"),
        (formatting.exact_amount(Fraction(100, 3)), "≈ 0.33"),
        (formatting.number(-1_286), "−1,286"),
        (formatting.points(9_165), "91.65"),
        (formatting.points(-5), "−0.05"),
        (formatting.tenths(60), "6"),
        (formatting.tenths(65), "6.5"),
        (formatting.percent(1_865), "18.7"),
        (formatting.percent(1_864), "18.6"),
        (formatting.whole_percent(8_000), "80"),
        (formatting.whole_percent(9_750), "97.5"),
        (formatting.whole_percent(10_000), "100"),
        (formatting.share(318, 1_286), "24.7"),
        (formatting.share(1, 0), "—"),
        (formatting.against(13_860_000, 18_000_000), "低 23.0%"),
        (formatting.against(18_180_000, 18_000_000), "高 1.0%"),
        (formatting.against(5, 5), "持平"),
        (formatting.against(5, 0), "—"),
        (formatting.day(date(2026, 11, 24)), "2026-11-24"),
        (formatting.day(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)), "2026-11-24"),
        (formatting.last_day(date(2027, 7, 1)), "2027-06-30"),
        (formatting.last_day(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)), "2026-11-23"),
        (formatting.duration(120), "2 分钟"),
        (formatting.duration(90), "1 分 30 秒"),
        (formatting.duration(5_400), "1 小时 30 分"),
        (formatting.duration(0), "0 秒"),
        (formatting.days(18), "18 个工作日"),
        (formatting.days(30, "day"), "30 日"),
        (formatting.masked("陈某某"), "陈*"),
        (formatting.masked(""), "—"),
        (formatting.place(Place("330304", "温州市", "瓯海区")), "温州市 · 瓯海区"),
        (formatting.place(Place("331100", "丽水市")), "丽水市"),
        (formatting.letter(0), "A"),
        (formatting.letter(25), "Z"),
        (formatting.letter(26), "AA"),
        (formatting.letter(701), "ZZ"),
        (formatting.clipped("0123456789abcdef01234"), "01234567…def01234"),
        (formatting.clipped("short"), "short"),
    ],
)
def test_a_value_is_written_for_people(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("温州瓯越水保工程咨询有限公司（示例）", "瓯越水保工程咨询"),
        ("杭州湾北水利规划咨询有限公司（示例）", "杭州湾北水利规划咨询"),
        ("浙江省楠溪设计股份有限公司", "楠溪设计"),
        ("有限公司", "有限公司"),
        ("温州市甲", "温州市甲"),
    ],
)
def test_a_short_name_keeps_what_tells_organisations_apart(name: str, short: str) -> None:
    assert formatting.short_name(name) == short


NOW = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "full", "short", "near"),
    [
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), "2026-11-24 24:00", "11-24 24:00", "11-24 24:00"),
        (datetime(2026, 11, 26, 9, 0, tzinfo=UTC), "2026-11-26 17:00", "11-26 17:00", "11-26 17:00"),
        (datetime(2026, 11, 20, 6, 40, tzinfo=UTC), "2026-11-20 14:40", "11-20 14:40", "今日 14:40:00"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "2026-12-31 24:00", "12-31 24:00", "12-31 24:00"),
        (datetime(2027, 1, 4, 1, 0, 7, tzinfo=UTC), *("2027-01-04 09:00:07",) * 3),
    ],
)  # fmt: skip
def test_a_deadline_is_beijing_time_and_midnight_belongs_to_the_day_before(
    at: datetime, full: str, short: str, near: str
) -> None:
    assert formatting.deadline(at) == full
    assert formatting.short_deadline(at, NOW) == short
    assert formatting.near_deadline(at, NOW) == near


@pytest.mark.parametrize(
    ("number", "total", "shown"),
    [
        (1, 0, (1,)),
        (1, 46, (1, 2, 3, 4, 5)),
        (50, 1_003, (1, None, 48, 49, 50, 51, 52, None, 101)),
        (4, 60, (1, 2, 3, 4, 5, 6)),
        (999, 46, (1, 2, 3, 4, 5)),
    ],
)
def test_a_pager_shows_the_ends_and_what_is_near(number: int, total: int, shown: tuple[int | None, ...]) -> None:
    assert paging.window(Paging(number, 10, total)) == shown


def test_a_part_of_a_phrase_falls_away_without_its_value_and_a_bare_place_says_so() -> None:
    phrase = Phrase("报价[ {price_fen} ]高于[{kind}]限价 {ceiling_fen}", "…")
    assert phrase.say({"price_fen": 100, "ceiling_fen": 50, "kind": ""}) == "报价 1.00 元高于限价 0.50 元"
    assert phrase.say({}) == "报价高于限价 —"


@pytest.mark.parametrize(
    ("template", "value", "expected"),
    [
        ("现为 {a} 家", "两", "现为两家"),
        ("现为 {a} 家", "2", "现为 2 家"),
        ("现为 {a} 家", "B 级", "现为 B 级家"),
        ("现为 {a}，至此", "B", "现为 B，至此"),
        ("{a} 起", "某某 有限公司", "某某 有限公司起"),
    ],
)
def test_a_space_beside_a_value_stays_only_beside_a_letter_or_digit(template: str, value: str, expected: str) -> None:
    assert Phrase(template, "…").say({"a": value}) == expected


@pytest.mark.parametrize(
    ("points", "said", "mark"),
    [
        (100, "信用计分：抽查合格（示例），+1.00", "plus"),
        (-300, "信用计分：抽查合格（示例），−3.00", "minus"),
        (0, "信用计分：抽查合格（示例），0.00", ""),
    ],
)
def test_a_credit_fact_is_told_with_its_points_and_their_mark(points: int, said: str, mark: str) -> None:
    entry = TimelineEntry(NOW, "credit_fact_recorded", {"basis": "抽查合格（示例）", "points": points})
    assert happening_text(entry) == said
    assert tone(entry) == mark


@pytest.mark.parametrize(
    ("points", "value", "said"),
    [
        ((100, -300), 7_800, "80.00 + 1.00 − 3.00 = 78.00"),
        ((3_000,), 10_000, "80.00 + 30.00 = 110.00，高于 100 按 100.00 计"),
        ((-6_000, -4_000), 0, "80.00 − 60.00 − 40.00 = −20.00，低于 0 按 0.00 计"),
    ],
)
def test_the_sum_of_a_score_says_its_numbers_and_what_clipping_made_of_it(
    points: tuple[int, ...], value: int, said: str
) -> None:
    lines = tuple(CreditLine("规则", "依据", one, one, NOW, None) for one in points)
    assert results.score_sum(CreditView(value, 8_000, "generic-v1", lines)) == said


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"a_bp": 950}, "9.5%"),
        ({"a_s": 90}, "1 分 30 秒"),
        ({"max_days": 30}, "30 个工作日"),
        ({"a_points": 9_165}, "91.65"),
        ({"a_at": "2026-11-23T16:00:00Z"}, "2026-11-23 24:00"),
        ({"a_until": "2026-11-01"}, "2026-10-31"),
        ({"a": 1_000}, "1,000"),
        ({"a": True}, "是"),
        ({"a": "notZ"}, "notZ"),
        ({"a_until": "whenever"}, "whenever"),
    ],
)
def test_a_parameter_is_written_by_the_ending_of_its_name(params: dict[str, Param], expected: str) -> None:
    name = next(iter(params))
    assert Phrase(f"{{{name}}}", "").say(params) == expected


def test_a_code_without_wording_is_shown_as_it_is() -> None:
    made = reason_text(Reason("brand_new", OWN, {"n": 3, "price_fen": 100}))
    assert made == "未配文字的代码 brand_new（n = 3，price_fen = 1.00 元）"
    assert happening_text(TimelineEntry(NOW, "brand.new")) == "未配文字的代码 brand.new"


def test_a_reason_speaks_both_languages_with_its_numbers() -> None:
    reason = Reason("ceiling_exceeded", OWN, {"price_fen": 1_100, "ceiling_fen": 1_000})
    assert reason_text(reason) == "报价 11.00 元高于最高限价 10.00 元"
    assert reason_text(reason, "en") == "the price 11.00 yuan exceeds the ceiling 10.00 yuan"


def test_a_reason_of_one_lot_says_which() -> None:
    reason = Reason("minimum_bidders_below_profile", OWN, {"given": 2, "minimum": 3, "lot": 2})
    assert reason_text(reason) == "第 2 标段：最少家数 2 低于规则要求 3"
    assert reason_text(reason, "en").startswith("lot 2: The minimum")


def literals(code: ast.expr) -> list[ast.Constant]:
    """The code itself, or both sides of a choice."""
    sides = [code.body, code.orelse] if isinstance(code, ast.IfExp) else [code]
    return [one for one in sides if isinstance(one, ast.Constant)]


def reason_codes() -> set[str]:
    """Every code given to ``Reason(…)`` as a literal in the rules."""
    codes: set[str] = set()
    for room in (
        "agencies",
        "bidding",
        "credit",
        "marketplace/demands",
        "marketplace/catalogue",
        "marketplace/usecases",
    ):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason" and node.args:
                    codes |= {one.value for one in literals(node.args[0])}
    return codes


PROMISED = {
    "price_not_positive", "ceiling_exceeded", "days_not_positive", "days_exceeded", "voided", "no_capacity",
    "offer_not_valid", "abnormally_low", "round_not_open", "not_admitted", "eliminated", "step_not_met",
    "not_a_step_multiple", "selection_closed", "too_few_bidders", "extreme_price_dropped", "qualification_missing",
    "qualification_below_grade", "qualification_expired_at_close", "qualification_not_yet_valid", "restricted",
    "recused", "commitment_not_signed", "sign_up_closed", "already_signed_up", "unknown_agency", "agency_not_in_force",
    "qualification_beyond_law", "regional_barrier",
}  # fmt: skip
"""Codes of selection.md and market.md, some of them given through a variable."""


def test_every_reason_that_a_rule_can_give_has_its_words() -> None:
    codes = reason_codes()
    assert len(codes) > 20
    assert (codes | PROMISED) - {*REASONS, *REFUSALS} == set()


def test_a_reason_of_the_engine_has_its_words_in_one_place_only() -> None:
    assert set(REASONS) & set(WORDS) == set()
    reason = Reason("voided", OWN, {"voided_at": "2026-11-23T16:00:00Z"})
    assert reason_text(reason) == "参与资格中途终止（受限），不再参加选取：2026-11-23 24:00 起"
    late = Reason("days_exceeded", OWN, {"days": 30, "max_days": 15})
    assert reason_text(late, "en") == "the service time of 30 working days is longer than the 15 working days allowed"


def test_every_phrase_closes_its_brackets_and_every_mark_belongs_to_a_happening() -> None:
    for code, phrase in {**REASONS, **HAPPENINGS}.items():
        for text in (phrase.zh, phrase.en):
            assert text, code
            assert text.count("[") == text.count("]"), code
            assert text.count("{") == text.count("}"), code
    assert set(TONES) <= set(HAPPENINGS)


LOWEST = Criterion("price", 45, formula="lowest")
MEAN = Criterion(
    "price", 60, formula="mean", above=60, below=30, below_max=2_000, whole_up=True, drop_from=5,
    factor_bp=(9_700, 9_800),
)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "cell", "fact", "numbers"),
    [
        (CriterionRow(LOWEST, (), 12_150_000), Cell(3_945, 13_860_000), "138,600.00 元",
         "45 × 121,500.00 ÷ 138,600.00"),
        (CriterionRow(MEAN, (), 10_000), Cell(5_880, 10_150), "101.50 元", "比基准价 100.00 高 1.50%：60.00 − 1.20"),
        (CriterionRow(Criterion("days", 15), (), 18), Cell(1_080, 25), "25 个工作日", "15 × 18 ÷ 25"),
        (CriterionRow(Criterion("credit", 20), ()), Cell(1_920, 9_600), "信用分 96.00", "20 × 96.00 ÷ 100"),
        (CriterionRow(Criterion("experience", 5, each=100), ()), Cell(500, 9), "9 项", "min(5, 9 × 1.00)"),
        (CriterionRow(Criterion("grade", 8, table=(("甲级", 8),)), ()), Cell(800, "甲级"), "甲级", "甲级"),
        (CriterionRow(Criterion("grade", 8), ()), Cell(0, None), "未提供", "未提供"),
        (
            CriterionRow(Criterion("plan", 15), ()), Cell(1_300, (1_300, 1_310, 1_360, 1_250, 1_290)), "5 位评审",
            "去掉 13.60、12.50，12.90、13.00、13.10 的平均",
        ),
        (CriterionRow(Criterion("plan", 15), ()), Cell(1_300, (1_300, 1_300)), "2 位评审", "13.00、13.00 的平均"),
    ],
)  # fmt: skip
def test_a_cell_shows_its_fact_and_the_formula_with_its_numbers(
    row: CriterionRow, cell: Cell, fact: str, numbers: str
) -> None:
    assert formulas.fact_words(row, cell) == fact
    assert formulas.numbers_words(row, cell) == numbers


def test_the_mean_formula_says_all_its_parameters() -> None:
    assert formulas.formula_words(MEAN) == (
        "基准价 = 平均报价（5 家及以上去一高一低） × 97%、98%（抽取其一）；每高 1% 扣 0.60 分，"
        "每低 1% 扣 0.30 分，至多扣 20.00，不足 1% 按 1% 计"
    )


def test_ties_are_told_in_their_order() -> None:
    assert terms.ties_words(("price", "days", "draw")) == "报价低者优先；仍相同：服务期限短者优先；仍相同：可验证抽取"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (3, "workdays", "3 个工作日"), (540, "minute_of_day", "9:00"), (9_700, "basis_points", "97.0%"),
        (100, "fen", "1.00 元"), (8_000, "hundredths", "80.00 分"), (5, "count", "5"), (None, "count", "不设"),
        (True, "text", "是"), ("文本", "text", "文本"), (3, "rounds", "3 轮"), (1, "yes_no", "允许"),
        (0, "yes_no", "不允许"), (90, "seconds", "90 秒"), (1_440, "minutes", "1,440 分钟"), (5, "days", "5 日"),
        (3, "bidders", "3 家"), (1_085, "minute_of_day", "18:05"),
    ],
)  # fmt: skip
def test_a_rule_value_has_its_unit(value: int | str | bool | None, unit: RuleUnit, words: str) -> None:
    assert rules.rule_value_words(RuleValue("x", value, unit, OWN)) == words


def test_every_value_of_every_shipped_profile_has_a_name_for_people() -> None:
    keys = {key for profile in shipped_profiles().values() for key in profile.values}
    assert {key for key in keys if rules.rule_key_name(key) == key} == set()
    assert rules.rule_key_name("mode_instant_voluntary") == "立等可取：自愿选取"
    assert rules.rule_key_name("mode_instant_nobody") == "mode_instant_nobody"


def test_the_name_of_a_rule_value_says_the_mode_and_the_buyer_of_its_key() -> None:
    buyers = {"fiscal": "财政资金", "entrusted": "委托|受托", "voluntary": "自愿"}
    said = [*names.MODES.items(), *buyers.items()]
    for key, name in rules.RULE_KEYS.items():
        for part, words in said:
            assert (re.search(words, name) is not None) == (part in key), (key, name)
    assert len(set(rules.RULE_KEYS.values())) == len(rules.RULE_KEYS)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (OWN, "自定，无外部文本"),
        (Source("必须招标的工程项目规定", "no"), "没有读过原文"),
        (Source("本平台默认规则", "partial"), "已读部分"),
        (Source("演示规则 demo-v1（仅用于示例）", "no"), "自定，无外部文本"),
        (Source("某省通知（由本平台摘录）", "no"), "没有读过原文"),
    ],
)
def test_a_text_that_nobody_read_is_not_said_to_be_our_own(source: Source, words: str) -> None:
    assert sources.seen_words(source) == words


@pytest.mark.parametrize(
    ("state", "mode", "hours", "words"),
    [
        ("published", "comprehensive", 1, "报名中"),
        ("published", "comprehensive", -1, "密封报价中"),
        ("published", "multi_round", -1, "竞价中"),
        ("published", "instant", 1, "可立即选取"),
        ("publicity", "multi_round", -1, "公示中"),
        ("unsuccessful", "instant", -1, "未成立"),
    ],
)
def test_a_demand_says_what_may_be_done_now(state: str, mode: str, hours: int, words: str) -> None:
    closes_at = NOW.replace(hour=NOW.hour + hours)
    assert names.phase_name(state, mode, closes_at, NOW) == words  # type: ignore[arg-type]  # a table of words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source("选取规则（docs/reference/selection.md）", "yes", "5"), "选取规则第 5 节"),
        (Source("报名准入规则（generic-v1）", "no", "selection.md 2"), "报名准入规则（generic-v1）第 2 节"),
        (Source("law text", "partial", "地质灾害防治条例第21—23条"), "法律法规文本：地质灾害防治条例第21—23条"),
        (Source("失信惩戒规则（示例）", "no"), "失信惩戒规则（示例）"),
    ],
)  # fmt: skip
def test_a_source_is_named_for_readers(source: Source, words: str) -> None:
    assert sources.source_words(source) == words


def test_a_service_time_above_its_limit_is_said_with_its_unit() -> None:
    reason = Reason("days_exceeded", OWN, {"days": 30, "max_days": 15})
    assert reason_text(reason) == "服务期限 30 个工作日长于上限 15 个工作日"


def test_grades_are_told_best_first() -> None:
    graded = Criterion("grade", 20, table=(("乙级", 12), ("甲级", 20)))
    assert formulas.formula_words(graded) == "甲级 20 分、乙级 12 分；其他 0 分"
