"""核验 in words: what each step looks at, what it confirms, and the names and units of the cells that may differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bidding.comparing import Step
from bidding.rules import rule
from commons.canonical import Json
from commons.instants import parse_instant
from commons.verdicts import Reason
from marketplace.web import formatting
from marketplace.web.locale import names
from marketplace.web.locale.reasons import reason_text

TITLES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "terms": ("选取条件", "选取条件与公告相同", "选取条件与公告不同"),
        "bidders": ("参加机构与事实", "参加机构和各家事实与公告相同", "参加机构或事实与公告不同"),
        "offers": ("报价", "报价与公告相同", "报价与公告不同"),
        "draw": ("抽取输入", "抽取输入与记录相同", "抽取输入与记录不同"),
        "refusals": ("有效性认定", "谁的报价无效、为什么，认定相同", "有效性认定不同"),
        "scores": ("得分与价格", "重新计算，得分与价格相同", "重新计算，得分或价格不同"),
        "ranking": ("名次", "重新排序，名次相同", "重新排序，名次不同"),
        "award": ("中选机构与中选价", "中选机构与中选价相同", "中选机构或中选价不同"),
    }
)
"""Each step: its name, its title when it holds, its title when it does not."""

INPUTS = frozenset({"terms", "bidders", "offers", "draw"})
"""Steps that look at what stands in the case; the others at what is computed from it."""

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "terms": "terms", "bidders": "bidders and their facts", "offers": "offers", "draw": "draw inputs",
        "refusals": "what was refused, round by round", "scores": "points and prices", "ranking": "ranking",
        "award": "winner and price",
    }
)  # fmt: skip

NOTHING: Mapping[str, str] = MappingProxyType(
    {
        "offers": "这种方式不报价，各家按公布金额承接",
        "draw": "本次没有用到抽取",
        "refusals": "没有机构或报价被认定无效",
        "scores": "这种方式不计分，只按抽取号排序",
        "ranking": "没有名次：有效家数不足，或抽取输入尚未齐备",
    }
)
"""Where there is nothing of the kind."""

_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "mode": "选取方式", "ceiling_fen": "最高限价", "max_days": "最长服务期限", "min_bidders": "最少家数",
        "lot_cap": "标段上限", "price_basis": "报价形式", "points": "权重", "formula": "价格分公式", "kind": "种类",
        "above": "每高 1% 扣分", "below": "每低 1% 扣分", "above_max": "高于时至多扣分", "below_max": "低于时至多扣分",
        "deviation": "偏离取整", "drop_from": "去最高最低的家数", "factor_bp": "系数", "table": "评分表",
        "each": "每项得分", "ties": "并列规则", "below_mean_bp": "低于平均的核查线",
        "below_second_bp": "低于次低价的核查线",
        "below_ceiling_bp": "低于最高限价的核查线", "step_fen": "步长", "step_basis": "步长基准",
        "step_multiple": "步长整数倍", "opens_at": "开始时间", "closes_at": "截止时间", "survivors": "入围家数",
        "window_s": "顺延窗口（秒）", "extend_s": "顺延时长（秒）", "limit": "顺延次数", "day_value_fen": "每日折价",
        "code": "优惠项", "max_bp": "优惠上限", "rule": "择取规则", "quantity": "数量", "big_list": "大名单家数",
        "small_list": "小名单家数", "dropped_may_win": "去掉的可否中选", "bidder": "是否参加", "credit": "信用分",
        "grade": "资质等级", "experience": "同类业绩", "marks": "评审分", "explanation": "低价说明",
        "voided_at": "失去资格的时间", "lots_won": "已中标段数", "unfit": "不得中选的情形", "preferences": "优惠",
        "price_fen": "报价", "discount_bp": "下浮率", "days": "服务期限", "unit_price_fen": "单价",
        "minimum_fee_fen": "最低收费", "capacity": "余量", "valid_from": "生效时间", "valid_until": "失效时间",
        "at": "时间", "salt": "输入 salt", "ikm": "输入 ikm", "reasons": "无效原因", "accepted": "是否接收",
        "reason": "原因", "alive": "轮后有效机构", "total": "合计", "effective": "有效价", "benchmark_fen": "基准价",
        "rank": "名次", "shortlist": "小名单", "outcome": "结果", "winner": "第一名", "flagged": "待说明低价的机构",
        "holder": "中选机构", "holder_price_fen": "中选价",
    }
)  # fmt: skip
"""Cells by the last named part of their place."""

_GROUPS: Mapping[str, str] = MappingProxyType(
    {"criteria": "评审因素", "rounds": "轮次", "preferences": "优惠项", "ties": "并列规则", "factor_bp": "系数"}
)
_OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "award": "中选", "owner_choice": "待业主择定", "unsuccessful": "未成立", "awaiting_explanation": "待说明低价",
        "draw_needed": "待抽取",
    }
)  # fmt: skip
_NO_WORDS: Mapping[str, str] = MappingProxyType({})
_HUNDREDTHS = frozenset({"credit", "total", "points", "marks", "above", "below", "above_max", "below_max", "each"})
_PEOPLE = frozenset({"winner", "holder", "flagged", "alive", "shortlist"})
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z", re.ASCII)
LONGEST_VALUE = 200


def subject_words(subject: str, people: Mapping[str, str]) -> str:
    """Whose cell it is: a bidder's name, an offer, a round, or the whole."""
    if subject.startswith("#"):
        return f"第 {subject[1:]} 次报价"
    if subject.startswith("round "):
        return f"第 {subject[6:]} 轮"
    return people.get(subject, subject) or "全案"


def cell_words(cell: str, criteria: Sequence[str] = ()) -> str:
    """Which cell it is; ``criteria`` are the kinds of the terms' criteria, for points by their place."""
    parts = [one for one in cell.split("/") if one]
    if parts[0] == "points" and len(parts) > 1:
        place = int(parts[1]) if parts[1].isdigit() else -1
        name = names.CRITERIA.get(criteria[place], "") if 0 <= place < len(criteria) else ""
        return f"{name or f'第 {parts[1]} 项'}得分"
    named = [one for one in parts if not one.isdigit()]
    words = _KEYS.get(named[-1], named[-1]) if named else cell
    if len(parts) > 1 and parts[0] in _GROUPS and parts[1].isdigit():
        group = f"{_GROUPS[parts[0]]} {int(parts[1]) + 1}"
        return group if len(named) == 1 else f"{group} {words}"
    if parts[0] == "effective":
        return "有效价（分子）" if parts[-1] == "0" else "有效价（分母）"
    return words


def value_words(cell: str, value: Json, people: Mapping[str, str]) -> str:
    """A value with its unit; a dash where there is none."""
    key = next((one for one in reversed(cell.split("/")) if one and not one.isdigit()), "")
    text = _plain(key, cell, value, people)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _plain(key: str, cell: str, value: Json, people: Mapping[str, str]) -> str:
    if key == "bidder":
        return "未参加" if value is None else "参加"
    if value is None or value == "":
        return "没有"
    if isinstance(value, bool):
        return "是" if value else "否"
    return _number(key, cell, value) if isinstance(value, int) else _text(key, str(value), people)


def _text(key: str, text: str, people: Mapping[str, str]) -> str:
    """Names of people, reasons, outcomes and instants in words; anything else as it stands."""
    if key in _PEOPLE:
        return "、".join(people.get(one, one) for one in text.split("、"))
    if key in {"reasons", "reason"}:
        return "；".join(reason_text(Reason(one, rule("2"))) for one in text.split("、"))
    if (at := _instant(text)) is not None:
        return formatting.instant(at)
    return {"outcome": _OUTCOMES, "mode": names.MODES}.get(key, _NO_WORDS).get(text, text)


def _number(key: str, cell: str, value: int) -> str:
    if key.endswith("_fen"):
        return formatting.yuan(value)
    if key.endswith("_bp"):
        return formatting.rate(value)
    if key in _HUNDREDTHS and not (cell.startswith("/criteria") and key == "points"):
        return formatting.points(value)
    return formatting.number(value)


def _instant(text: str) -> datetime | None:
    if not _INSTANT.fullmatch(text):
        return None
    try:
        return parse_instant(text)
    except ValueError:
        return None


def step_words(step: Step, told: str, shown: int) -> str:
    """What a step confirms, in one sentence; ``told`` are the figures themselves, ``shown`` how many differ."""
    match step.state:
        case "nothing":
            return NOTHING.get(step.code, "没有这一项")
        case "unknown":
            return "本站没有可对照的公告" if step.code in INPUTS else f"本站没有可对照的公告；按文件计算：{told}"
        case "differs":
            return f"{formatting.number(shown)} 处不同，对照如下"
        case "same":
            return told


def verdict_words(numbers: Sequence[int]) -> str:
    """Which steps differ: ``第 5、7 步``."""
    return f"第 {'、'.join(map(str, numbers))} 步"


def english(step: Step) -> str:
    """A step in English, for programs."""
    name = ENGLISH.get(step.code, step.code)
    match step.state:
        case "same":
            return f"{name}: the same, {step.cells} cells of {step.subjects}"
        case "differs":
            return f"{name}: {step.total} cells differ"
        case "nothing":
            return f"{name}: there is nothing of the kind"
        case "unknown":
            return f"{name}: nothing published here to hold it against"
