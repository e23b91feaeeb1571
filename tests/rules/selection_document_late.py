"""Tables of sections 5 to 10 of the selection document: rounds, shelf, draws, warnings, faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bidding.reading.terms import parse_terms
from bidding.terms_check import check_terms
from commons.draws import Draw
from tests.rules import test_selection_live as live
from tests.rules import test_selection_malformed as malformed
from tests.rules import test_selection_order as order
from tests.rules import test_selection_placed as placed
from tests.rules import test_selection_refusals as refusals
from tests.rules import test_selection_rounds as rounds
from tests.rules import test_selection_terms_check as checks
from tests.rules.selection_tables import Table, code, codes, table, yuan
from tests.rules.selections import DRAW, decided, minute, random_draw

SHOWN = {
    "before the opening": "开始之前",
    "at the opening": "开始时刻",
    "at the last microsecond": "截止前最后一微秒",
    "at the close": "截止时刻",
    "at the close before a next round": "截止时刻，还有下一轮",
    "touching rounds: the close is the next opening": "两轮相接：截止即下一轮开始",
    "closed comes before everything": "已结束先于一切理由",
    "not open comes before not admitted": "未开始先于未准入",
    "not admitted comes before the price": "未准入先于报价",
    "an id nobody could have is not admitted": "不可能的编号也是未准入",
    "the price comes before the days": "报价先于天数",
    "raw price against the ceiling": "原始报价对最高限价",
    "days have to be positive": "天数须大于 0",
    "own: no bound before the first offer": "own：首次报价没有界限",
    "own: the exact step is enough": "own：正好一个步长即可",
    "own: others do not bind": "own：不受他人约束",
    "leader: the best binds": "leader：受最优报价约束",
    "leader: it beats itself too": "leader：领先者也要降",
    "sealed: offers of the same round are no reference": "密封轮：同轮报价不作参照",
    "sealed: the best at the opening binds": "密封轮：受开轮时最优约束",
    "sealed: own standing binds, not the pending one": "密封轮：以有效报价而非待定报价为参照",
    "multiple: from the ceiling first": "整数倍：先从最高限价起",
    "multiple: of the drop, far below the ceiling": "整数倍：看降幅，远低于最高限价时也一样",
    "multiple: the ceiling itself is one": "整数倍：最高限价本身即可",
    "multiple: the step comes first": "整数倍：步长在先",
    "multiple: from the leader's price": "整数倍：从最优报价起",
    "the silent are out": "首轮未报价者出局",
    "too few closes everything": "家数不足即结束",
}
"""What each row of the rounds shows, in Chinese."""


def tables() -> list[Table]:
    """The tables of the sections by name, in order."""
    return [*_rounds(), *_shelf(), *_draws(), *_command(), *_malformed()]


def _rounds() -> list[Table]:
    told = [
        (
            f"{SHOWN[name]} {name}",
            _offers(offers),
            _terms(terms),
            "、".join("✓" if one == rounds.OK else f"`{one}`" for one in expected),
        )
        for name, offers, terms, expected in rounds.ROWS
    ]
    numbers = [
        (_offers(offers), _terms(terms), f"`{said}`", code(facts)) for _, offers, terms, said, facts in live.NUMBERS
    ]
    ends = [("、".join(f"{one}′" for one in minutes), f"{end}′") for minutes, end in live.VOIDS]
    extensions = [("、".join(map(str, seconds)), close) for seconds, close in rounds.EXTENSIONS]
    survivors = [
        ("，".join(f"{bidder} {yuan(price)}" for bidder, price in by.items()), "、".join(expected[0]))
        for by, expected in rounds.SURVIVORS
    ]
    return [
        table(
            "offers_told",
            "每个报价被告知什么 What each offer is told（A 1′ 9,000.00：A 在 01:00:00 之后 1 分钟报 9,000.00 元）",
            ["情形 case", "报价 offers", "条款 terms", "告知 told"],
            told,
        ),
        table(
            "refusal_numbers",
            "拒绝所说的数 The numbers in a refusal（最后一个报价）",
            ["报价 offers", "条款 terms", "告知 told", "数 numbers"],
            numbers,
        ),
        table(
            "admissions",
            "资格何时失效 When an admission ends（先后几次失效，以最早的为准）",
            ["先后告知的失效时刻 ends told, in this order", "失效于 over at"],
            ends,
        ),
        table(
            "extensions",
            "延时 Extensions（一轮 600 秒，窗口 60 秒，每次 120 秒，至多 2 次）",
            ["被接受的时刻（秒） accepted at", "截止（秒） close"],
            extensions,
        ),
        table("survivors", "入围 Survivors（`survivors: 2`）", ["有效报价 standing", "留下 go on"], survivors),
    ]


def _offers(offers: list[dict[str, Any]]) -> str:
    def one(offer: dict[str, Any]) -> str:
        at = str(offer["at"])
        minutes = (int(at[11:13]) - 1) * 60 + int(at[14:16])
        when = f"{minutes}′" if at.endswith(":00Z") else at[11:-1]
        days = f" / {offer['days']} 天" if "days" in offer else ""
        who = str(offer["bidder"]).encode("unicode_escape").decode()
        return f"{who} {when} {yuan(offer['price_fen'])}{days}"

    return "；".join(map(one, offers))


def _terms(terms: dict[str, Any]) -> str:
    """Terms with the rounds written short: kind, minutes, survivors."""

    def clock(text: str) -> int:
        return (int(text[11:13]) - 1) * 60 + int(text[14:16])

    shown = dict(terms)
    if "rounds" in shown:
        shown["rounds"] = [
            f"{one['kind']} {clock(one['opens_at'])}–{clock(one['closes_at'])}′" for one in shown["rounds"]
        ]
    return code(shown)


def _shelf() -> list[Table]:
    priced = [
        (yuan(facts["unit_price_fen"]), yuan(facts["minimum_fee_fen"]), quantity, yuan(price))
        for facts, quantity, price in refusals.PRICES
    ]
    refused = [(code(facts), codes(reasons)) for facts, reasons in refusals.SHELF]
    return [
        table("shelf_price", "价格 Price", ["单价 unit", "最低收费 minimum", "数量 quantity", "价格 price"], priced),
        table(
            "shelf_refused",
            f"拒绝 Refusals（时刻 {minute(0)}，数量 2，最长 30 天，最高限价 10,000.00 元；其他事实正常）",
            ["不同之处 facts", "结果 result"],
            refused,
        ),
    ]


def _draws() -> list[Table]:
    ties = [
        (code(first), code(second), "、".join(ties), " → ".join(expected))
        for first, second, ties, expected in order.ROWS
    ]
    draw = Draw(bytes.fromhex(DRAW["salt"]), bytes.fromhex(DRAW["ikm"]))
    drawn = [
        (row.bidder, f"`{draw.rank(row.bidder).hex()}`", row.rank)
        for row in decided(random_draw("ABCD", draw=DRAW)).ranking
    ]
    assert draw == placed.INPUTS, "the rows and the tests draw from the same inputs"
    return [
        table(
            "ties",
            "同分 Ties（A、B 总分相同；默认报价 5.00 元、10 天、信用 50.00）",
            ["A", "B", "规则 ties", "顺序 order"],
            ties,
        ),
        table(
            "draw",
            f"抽签 Draw（salt `{DRAW['salt']}`，ikm `{DRAW['ikm']}`）",
            ["编号 bidder", "签号 rank (hex)", "名次 place"],
            drawn,
        ),
    ]


def _command() -> list[Table]:
    seen: dict[str, tuple[str, str, str, str]] = {}
    for raw, _ in checks.ROWS:
        for one in check_terms(parse_terms(raw["terms"])):
            seen.setdefault(one.code, (f"`{one.code}`", one.source.place, one.zh, one.en))
    for admitted, _ in checks.ADMITTED:
        for one in check_terms(parse_terms(checks.CUT["terms"]), admitted=admitted):
            seen.setdefault(one.code, (f"`{one.code}`", one.source.place, one.zh, one.en))
    title = "条款提示 Warnings about terms（允许发布，但多半不是本意；数字出自例子）"
    return [table("warnings", title, ["代码 code", "出处 section", "提示", "in English"], seen.values())]


def _malformed() -> Iterator[Table]:
    by_mode: dict[str, list[tuple[str, str, str, str]]] = {}
    for raw, pointer, value, at, fault in malformed.ROWS:
        shown = "—" if value is malformed.GONE else _short(value)
        row = (f"`{pointer}`", shown, f"`{at}`", f"`{fault}`")
        by_mode.setdefault(raw["terms"]["mode"], []).append(row)
    for mode, rows in by_mode.items():
        yield table(f"malformed_{mode}", f"`{mode}`", ["所改 changed", "改为 to", "错处 fault at", "代码 code"], rows)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True)
    most = 60
    return f"`{text}`" if len(text) <= most else f"`{text[:most]}`…"
