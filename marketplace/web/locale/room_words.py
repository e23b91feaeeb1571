"""The live room in words: what it is at, and why nothing can be offered now. zh-CN."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PHASES: Mapping[str, str] = MappingProxyType(
    {
        "before": "未开始",
        "round": "进行中",
        "break": "轮间休息",
        "suspended": "已暂停",
        "settling": "已截止，正在产生结果",
        "over": "已结束",
        "cancelled": "已终止",
    }
)
"""By phase."""

BARRED: Mapping[str, str] = MappingProxyType(
    {
        "not_begun": "第 1 轮尚未开始，到时可在此提交。",
        "in_break": "本轮已截止，下一轮尚未开始；原报价保留有效。",
        "suspended": "选取已暂停，恢复前不接收报价。",
        "closed": "报价已全部截止，不再接收。",
        "out": "本机构的参与资格已终止，报价不予接收。",
        "eliminated": "本机构未进入本轮，不能再报价。",
        "no_price_left": "按步长已没有可报的价格，原报价保留有效。",
        "proof_needed": "报价前须再次验证身份，五分钟内有效。",
    }
)
"""By barrier of ``rooms.seen``."""

NOT_PUBLIC_YET = "密封轮进行中：本轮的报价，包括家数和次数，截止后公开"
UNTIL: Mapping[str, str] = MappingProxyType({"before": "距第 1 轮开始", "round": "本轮剩余", "break": "距下一轮开始"})
"""What the clock counts down to, by phase."""


def countdown(seconds: int) -> str:
    """``470`` → ``07:50``; with hours ``1:07:50``; days are said in full."""
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    clock = f"{hours}:{minutes:02d}:{left:02d}" if hours or days else f"{minutes:02d}:{left:02d}"
    return f"{days} 天 {clock}" if days else clock


def after_words(survivors: int | None, number: int, planned: int) -> str:
    """What becomes of the round's order."""
    if number == planned:
        return "最后一轮，有效价最低者中选"
    if survivors is None:
        return f"本轮后各家都进入第 {number + 1} 轮"
    return f"本轮后前 {survivors} 名进入第 {number + 1} 轮"
