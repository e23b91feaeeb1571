"""A small worked example of every number: what happened, and what the statistics say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from marketplace.statistics.counting import NO_BASELINE, Baseline
from marketplace.statistics.facts import Case, Facts, Filed, Satisfied, Saving

MONDAY = datetime(2026, 5, 11, 2, tzinfo=UTC)
"""10:00 in Beijing on a Monday with no holiday near it."""


def day(number: int) -> datetime:
    """So many days into May 2026."""
    return MONDAY.replace(day=number)


AWARD = Case(
    "S1", "330300", "330302", "SV22", False, False, False, "comprehensive", 10_000_000, 1, MONDAY, day(20), "award",
    "A1", "330300", 8_135_000, bids=3,
)  # fmt: skip
NONE = replace(
    AWARD, id="S2", outcome="unsuccessful", winner=None, winner_city=None, price_fen=None, bids=1
)  # fmt: skip
ACCEPTED = replace(
    AWARD, accepted_at=day(29), due_at=day(28), delivered_at=day(27), accepted_first=True, passed_first=True,
    rating=460, scores={"quality": 5, "time": 5, "attitude": 4, "charge": 4, "compliance": 5},
)  # fmt: skip
LATE = replace(AWARD, id="S3", accepted_at=day(29), due_at=day(26), delivered_at=day(27), is_deemed=True)
RETURNED = replace(ACCEPTED, id="S4", accepted_first=False, passed_first=False, rating=None, scores=None)
LINE = Baseline(unit_fen=9_000_000, award_days=9, result_days=12)


@dataclass(frozen=True, slots=True)
class Example:
    """What happened in words, the facts, and the number as it is published."""

    measure: str
    told: str
    facts: Sequence[Facts]
    number: str
    line: Baseline = NO_BASELINE


def stars(step: str, *given: int) -> list[Facts]:
    """Answers about a step."""
    return [
        Satisfied(f"{step}-{index}", step, "330300", "SV22", False, each, MONDAY)  # type: ignore[arg-type]  # a known step
        for index, each in enumerate(given)
    ]


def rated(dimension: str, *given: int) -> Example:
    """Scores of a dimension, and one contract that nobody rated."""
    cases = [replace(ACCEPTED, id=f"S{each}{index}", scores={dimension: each}) for index, each in enumerate(given)]
    told = f"评价 {'、'.join(map(str, given))}，另 1 份没有评价"
    return Example(f"rating_{dimension}", told, [*cases, RETURNED], _middle(given))


def _middle(given: Sequence[int]) -> str:
    return f"中位数 {sorted(given)[(len(given) - 1) // 2]}，样本 {len(given)}"


def answered(step: str, *given: int) -> Example:
    """Answers about a step."""
    told = f"填写 {'、'.join(map(str, given))}"
    return Example(f"satisfied_{step}", told, stars(step, *given), _middle(given))


def spared(name: str, fee_fen: int | None, days: int | None) -> Saving:
    """A demand that a coverage stands for."""
    return Saving(name, "330300", "SV22", False, MONDAY, fee_fen, days)


SPARED = (spared("D1", 6_000_000, 30), spared("D2", None, None))
DIRECT = replace(AWARD, id="S5", mode="direct")
ELSEWHERE = replace(AWARD, id="S6", winner_city="330100")
GIVEN_UP = replace(AWARD, id="S7", given_up=1)
TIMED = replace(AWARD, is_timed=True, ended_at=MONDAY.replace(second=42), accepted_at=MONDAY.replace(minute=2))
CANCELLED = replace(NONE, id="S8", outcome="cancelled")

EXAMPLES = (
    Example("awarded", "成交 2 宗，未成立 1 宗", (AWARD, ELSEWHERE, NONE), "2 宗"),
    Example("failed", "综合比选成交 2 宗、未成立 1 宗，直接选取 1 宗不计", (AWARD, ELSEWHERE, NONE, DIRECT), "1/3"),
    Example("single_bid", "3 家、1 家，另 1 宗不知家数", (AWARD, NONE, replace(AWARD, id="S9", bids=None)), "1/2"),
    Example("direct_choice", "成交 3 宗，其中直接选取 1 宗", (AWARD, ELSEWHERE, DIRECT), "1/3"),
    Example("abandoned", "2 宗提出过中选结果，1 宗曾被放弃；未成立 1 宗不计", (AWARD, GIVEN_UP, NONE), "1/2"),
    Example("cancelled", "成交 1 宗，终止 1 宗", (AWARD, CANCELLED), "1 宗"),
    Example("outside_city", "温州的 2 宗，1 宗由杭州机构中选", (AWARD, ELSEWHERE), "1/2"),
    Example("saving_ceiling", "最高限价 100,000 元，中选 81,350 元", (AWARD,), "中位数 18.7%，样本 1"),
    Example("saved_fen", "同上，另 1 宗直接选取不计", (AWARD, DIRECT), "1.87 万元，样本 1"),
    Example("unpriced", "综合比选 1 宗，直接选取 1 宗", (AWARD, DIRECT), "1 宗"),
    Example("saving_baseline", "基准价 90,000 元，中选 81,350 元", (AWARD,), "中位数 9.6%，样本 1", LINE),
    Example("award_workdays", "5 月 11 日（周一）发布，5 月 20 日（周三）中选", (AWARD,), "中位数 7，样本 1"),
    Example("award_against", "同上，本事项通常 9 个工作日", (AWARD,), "中位数 −2，样本 1", LINE),
    Example("result_workdays", "5 月 11 日发布，5 月 29 日（周五）验收", (ACCEPTED,), "中位数 14，样本 1"),
    Example("result_against", "同上，本事项通常 12 个工作日", (ACCEPTED,), "中位数 2，样本 1", LINE),
    Example("on_time", "期限前一日交付 1 份，期限后一日交付 1 份", (ACCEPTED, LATE), "1/2"),
    Example("award_seconds", "演示规则，42 秒后中选", (TIMED,), "中位数 42，样本 1"),
    Example("result_seconds", "演示规则，2 分钟后验收", (TIMED,), "中位数 120，样本 1"),
    Example("coverage", "替代 2 宗", SPARED, "2 宗"),
    Example("coverage_days", "同类 30 日 1 宗，没有同类 1 宗", SPARED, "中位数 30，样本 1"),
    Example("coverage_days_total", "同上", SPARED, "30 日，样本 1"),
    Example("coverage_fee", "同上", SPARED, "1 宗"),
    Example("coverage_fen", "同类 60,000 元 1 宗，没有同类 1 宗", SPARED, "6.00 万元，样本 1"),
    Example("passed_first", "一次通过 1 份，未通过 1 份，没有审查 1 份", (ACCEPTED, RETURNED, LATE), "1/2"),
    Example("accepted_first", "首次接受 1 份，退回过 1 份，视为验收 1 份", (ACCEPTED, RETURNED, LATE), "1/2"),
    Example("deemed", "验收 2 份，视为验收 1 份", (ACCEPTED, RETURNED, LATE), "1/3"),
    Example("rated", "评价 1 份，没有评价 2 份", (ACCEPTED, RETURNED, LATE), "1/3"),
    Example("rating", "5、5、4、4、5 分 1 份，没有评价 2 份", (ACCEPTED, RETURNED, LATE), "中位数 4.60，样本 1"),
    rated("quality", 5, 4, 3),
    rated("time", 5, 4),
    rated("attitude", 2),
    rated("charge", 4, 4, 5),
    rated("compliance", 5, 5),
    answered("filing", 5, 4, 4),
    answered("publication", 3),
    answered("selection", 1, 5),
    answered("contract", 4, 5, 5),
    answered("acceptance", 2, 3, 4, 5),
    Example(
        "filed", "省内备案 1 家，省外备案 1 家",
        (Filed("A1", "330300", False, False, MONDAY), Filed("A2", "310000", True, False, MONDAY)), "1/2",
    ),
)  # fmt: skip
