"""What is wrong with a field, in words: by the code of the fault, with the field's own name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from marketplace.web.locale.phrases import Language

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "请填写{label}",
        "not_amount": "{label}应为金额，以元计，最多两位小数，如 128600.00",
        "not_rate": "{label}应为百分数，最多两位小数，如 12.50",
        "not_whole": "{label}应为整数",
        "not_day": "{label}应为日期，如 2026-11-24",
        "not_instant": "{label}应为北京时间的日期和时刻，如 2026-11-24 17:00",
        "string_too_long": "{label}最多 {limit} 个字",
        "string_too_short": "{label}太短",
        "literal_error": "请选择{label}",
        "uscc_length": "{label}应为 18 位",
        "uscc_characters": "{label}由数字和大写字母组成，不含 I、O、S、V、Z，请核对",
        "uscc_check": "{label}的最后一位是校验位，与前 17 位对不上，请核对是否抄错",
        "extra_forbidden": "这一项不应填写",
    }
)
"""By the code of the fault; the field's own words stand for every other one."""
ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "missing": "fill this in",
        "not_amount": "an amount in yuan, two decimals at most, as 128600.00",
        "not_rate": "a percentage, two decimals at most, as 12.50",
        "not_whole": "a whole number",
        "not_day": "a day, as 2026-11-24",
        "not_instant": "a day and time in Beijing, as 2026-11-24 17:00",
        "string_too_long": "{limit} characters at most",
        "string_too_short": "too short",
        "literal_error": "choose one",
        "extra_forbidden": "this is not asked for",
    }
)
"""The same in English, beside the field's name."""
CHOSEN = frozenset({"select", "radios", "boxes", "box", "file"})


class Asking(Protocol):
    """A field as far as words about it need it."""

    @property
    def label(self) -> str:
        """Its name."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def asks(self) -> str:
        """What may be typed."""

    @property
    def limit(self) -> int:
        """Characters at most."""


def fault_words(asking: Asking, code: str, language: Language = "zh") -> str:
    """A fault at a field; the name of the field stands beside the English words."""
    if language == "en":
        if code == "missing" and asking.kind in CHOSEN:
            return ENGLISH["literal_error"]
        return ENGLISH.get(code, "not accepted; look again").format(limit=asking.limit)
    if code == "missing" and asking.kind in CHOSEN:
        return f"请选择{asking.label}"
    if asking.asks and code != "missing":
        return asking.asks
    return WORDS.get(code, "{label}不符合要求，请核对").format(label=asking.label, limit=asking.limit)
