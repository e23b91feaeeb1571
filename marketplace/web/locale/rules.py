"""Values of a rule profile in words, with their unit spelled out."""

from __future__ import annotations

from marketplace.web import formatting
from marketplace.web.views.about import RuleUnit, RuleValue

_COUNTED = {
    "workdays": "个工作日",
    "days": "日",
    "minutes": "分钟",
    "seconds": "秒",
    "bidders": "家",
    "rounds": "轮",
}


def rule_value_words(one: RuleValue) -> str:
    """A value with its unit; text as it is, none as 不设."""
    value = one.value
    if value is None:
        return "不设"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else _number_words(value, one.unit)


def _number_words(value: int, unit: RuleUnit) -> str:
    match unit:
        case "minute_of_day":
            words = f"{value // 60}:{value % 60:02d}"
        case "yes_no":
            words = "允许" if value else "不允许"
        case "basis_points":
            words = f"{formatting.percent(value)}%"
        case "fen":
            words = formatting.yuan(value)
        case "hundredths":
            words = f"{formatting.points(value)} 分"
        case "count" | "text":
            words = formatting.number(value)
        case counted:
            words = f"{formatting.number(value)} {_COUNTED[counted]}"
    return words
