"""What people are told: sentences in both languages, from the numbers that decided."""

from __future__ import annotations

from typing import Any

import pytest

from bidding.explain import explain
from bidding.notes import refusal_note
from bidding.reading.case import parse_case
from bidding.rules import rule
from bidding.wording import REFUSALS, WORDS
from commons.verdicts import Param, Reason
from tests.rules.selections import (
    DRAW,
    PRICE,
    bids,
    comprehensive,
    instant,
    minute,
    multi_round,
    offer,
    round_,
    shelf,
)

MEAN = {"kind": "price", "points": 100, "formula": "mean", "above": 100, "below": 50}


def sentences(raw: dict[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """Chinese and English by subject and cell."""
    explanation = explain(parse_case(raw))
    notes = (*explanation.cells, *explanation.refusals, *explanation.rounds, explanation.outcome)
    return {(note.subject, note.cell): (note.zh, note.en) for note in notes}


TWO = comprehensive(bids({"A": 80_000, "B": 100_000}), draw=DRAW)
CAPPED = comprehensive(bids({"A": 80_000, "B": 120_000}), criteria=[MEAN | {"above_max": 1500}])
WAITS = comprehensive(bids({"A": 10_000, "B": 100_000}), low_price={"below_mean_bp": 5000})
LEAVES = comprehensive(bids({"A": 10_000, "B": 100_000}, explanation="rejected"), low_price={"below_second_bp": 5000})
EQUAL = comprehensive(bids({"A": 5, "B": 5}), draw=DRAW, ties=["price", "draw"])
EFFECTIVE = multi_round(
    [offer("A", 1, 46_900, days=3), offer("B", 2, 50_000, days=4), offer("B", 13, 49_999, days=4)],
    bidders=[{"bidder": "A", "preferences": {"x": 2000}}, "B", "C"],
    preferences=[{"code": "x", "max_bp": 3000}],
    day_value_fen=100,
    rounds=[round_(0, 10, survivors=1), round_(12, 20)],
)
SHELF = instant([shelf("A", 100, minimum_fee_fen=350), shelf("B", 500, capacity=0)], quantity=3)

ROWS: list[tuple[dict[str, Any], str, str, str, str]] = [
    (TWO, "B", "points/0", "价格分 = 100.00 × 最低报价 800.00 元 ÷ 本报价 1,000.00 元 = 80.00 分",
     "price: 100.00 × lowest 800.00 yuan ÷ own 1,000.00 yuan = 80.00"),
    (TWO, "B", "total", "总分 = 80.00 = 80.00 分", "total: 80.00 = 80.00"),
    (TWO, "A", "rank", "排第 1", "comes first"),
    (TWO, "B", "rank", "总分低于 A", "its total is below that of A"),
    (TWO, "", "outcome", "A 中选", "A wins"),
    (CAPPED, "B", "points/0",
     ("价格分：基准价 1,000.00 元（2 个报价的平均数 × 100.00%），本报价 1,200.00 元，偏离 20%，"
     "每 1% 扣 1.00 分，最多扣 15.00 分，满分 100.00，得 85.00 分"),
     ("price: benchmark 1,000.00 yuan (mean of 2 prices × 100.00%), own 1,200.00 yuan, off by 20%, "
     "each 1% costs 1.00, 15.00 at most, of 100.00 points: 85.00")),
    (WAITS, "A", "low_price", "报价 100.00 元低于平均价 550.00 元的 50.00%（说明：尚未提交）",
     "100.00 yuan lies below 50.00% of the mean price, 550.00 yuan (missing)"),
    (WAITS, "", "outcome", "排第一的 A 报价异常偏低，等待说明",
     "A comes first with an abnormally low price: an explanation is awaited"),
    (LEAVES, "A", "rejected", "报价 100.00 元低于低价核查线（次低价 1,000.00 元的 50.00%），说明未被采纳",
     ("the price 100.00 yuan lies below the low-price line (50.00% of the second lowest price, 1,000.00 yuan), and its "
      "explanation was not accepted")),
    (EFFECTIVE, "A", "effective", "评审价 = 报价 469.00 元 ÷ 系数 9/7 + 3 天 × 每天 1.00 元 ≈ 367.78 元",
     "effective: 469.00 yuan ÷ coefficient 9/7 + 3 days × 1.00 yuan ≈ 367.78 yuan"),
    (EFFECTIVE, "B", "rounds/1", "评审价 50400 分（币）高于第 1 名的 331000/9 分（币），出局",
     "its effective price of 50400 fen is above the 1-th best, 331000/9 fen: out"),
    (EFFECTIVE, "C", "rounds/1", "第 1 轮没有有效报价，出局", "had no standing offer at the first close and is out"),
    (EFFECTIVE, "", "rounds/2", f"第 2 轮于 {minute(20)} 结束，延时 0 次，1 家继续",
     f"round 2 closed at {minute(20)} after 0 extensions, 1 go on"),
    (EFFECTIVE, "B", "offers/3", "未入围，不能再报价", "eliminated, no further offers"),
    (SHELF, "A", "price_fen", "价格 = max(最低收费 3.50 元, 单价 1.00 元 × 3) = 3.50 元",
     "price: max(minimum 3.50 yuan, 1.00 yuan × 3) = 3.50 yuan"),
    (SHELF, "B", "rejected", "货架余量为 0，不能再承接", "the shelf offer has no capacity left"),
    (instant([]), "", "outcome", "流标：有效参选人 0 家，少于 1 家", "unsuccessful: 0 valid, 1 needed"),
    (multi_round([offer("A", 1, 5)], min_bidders=2), "", "outcome", "流标：有效参选人 1 家，少于 2 家",
     "unsuccessful: 1 valid, 2 needed"),
    (comprehensive(bids({"A": 5, "B": 5})), "", "outcome", "需要抽签，但没有抽签输入",
     "a draw is needed and has no inputs"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "subject", "cell", "zh", "en"), ROWS)
def test_a_cell_is_said_in_both_languages(raw: dict[str, Any], subject: str, cell: str, zh: str, en: str) -> None:
    assert sentences(raw)[subject, cell] == (zh, en)


def test_a_drawn_place_shows_both_numbers_drawn() -> None:
    notes = [note for note in explain(parse_case(EQUAL)).cells if note.code == "tie_draw"]
    numbers = dict(notes[0].params)
    assert str(numbers["drawn"]) > str(numbers["drawn_before"])
    assert notes[0].formula == "HKDF-Expand(PRK, bidder, 32)"


TIES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("price", {}, {"price_fen": 6}, "tie_price"),
    ("days", {}, {"days": 9}, "tie_days"),
    ("credit", {}, {"credit": 1}, "tie_credit"),
]


@pytest.mark.parametrize(("tie", "first", "second", "code"), TIES)
def test_the_tie_that_told_equals_apart_is_named(
    tie: str, first: dict[str, Any], second: dict[str, Any], code: str
) -> None:
    facts = {"price_fen": 5, "days": 5, "credit": 5}
    same = [{"kind": "experience", "points": 100, "each": 1}]
    pair = [{"bidder": "A"} | facts | first, {"bidder": "B"} | facts | second]
    raw = comprehensive(pair, criteria=same, ties=[tie, "draw"], max_days=10)
    assert [note.code for note in explain(parse_case(raw)).cells if note.cell == "rank"] == ["first", code]


def test_other_orders_name_their_main_key() -> None:
    cheap = instant([shelf("A", 1), shelf("B", 2)])
    best = instant([shelf("A", 1), shelf("B", 2)], rule="best_value", criteria=[PRICE])
    drawn = instant([shelf("A", 1), shelf("B", 2)], rule="draw", draw=DRAW)
    rounds = multi_round([offer("A", 1, 5), offer("B", 1, 6)])
    late = multi_round([offer("A", 1, 5), offer("B", 1, 5)], ties=["received"])
    codes = [
        next(note.code for note in explain(parse_case(raw)).cells if note.params.get("rank") == 2)
        for raw in (cheap, best, drawn, rounds, late)
    ]
    assert codes == ["after_by_price", "after_by_total", "tie_draw", "after_by_effective", "tie_received"]


def test_every_code_has_words_in_both_languages() -> None:
    assert all(words.zh and words.en for words in WORDS.values())


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_is_said_even_without_its_numbers(code: str) -> None:
    note = refusal_note("A", "rejected", Reason(code, rule("2")))
    assert note.zh
    assert not {"{", "[", "—"} & set(note.zh + note.en)


def test_a_number_that_is_given_is_in_the_sentence() -> None:
    numbers: dict[str, Param] = {"days": 9, "max_days": 5}
    note = refusal_note("A", "rejected", Reason("days_exceeded", rule("2"), numbers))
    assert (note.zh, note.en) == (
        "服务期限 9 天长于上限 5 天", "the service time of 9 days is longer than the 5 days allowed"
    )  # fmt: skip


def test_a_note_as_json_carries_code_numbers_source_and_sentences() -> None:
    note = explain(parse_case(SHELF)).cells[0].as_json()
    assert note["params"] == {"unit_price_fen": 100, "minimum_fee_fen": 350, "quantity": 3}
    assert (note["subject"], note["code"], note["result"]) == ("A", "shelf_price", 350)
    source = note["source"]
    assert isinstance(source, dict)
    assert source["section"] == "6"
