"""Sentences with values put in: a template, its parameters, and parts that fall away when a value is missing.

``{name}`` is replaced by the parameter written out by its name (``…_fen`` yuan, ``…_bp`` percent, ``…_until`` the last
day inside, ``…_s`` duration, ``…days`` working days, ``points`` a signed change; instants in Beijing time); a part in
``[…]`` is left out when one of its parameters is absent or empty. Outside such a part a missing value is written ``—``:
a sentence is never lost for want of a number. A space beside a value stays only where a letter or digit stands on one
side of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from commons.instants import parse_instant
from commons.verdicts import Param
from marketplace.web import formatting

Language = Literal["zh", "en"]

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{([a-z_]+)\}")
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_MISSING = "—"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence in both languages."""

    zh: str
    en: str

    def say(self, params: Mapping[str, Param], language: Language = "zh") -> str:
        """The sentence with its values put in."""
        template = self.zh if language == "zh" else self.en

        def optional(found: re.Match[str]) -> str:
            names = _FIELD.findall(found.group(1))
            return found.group(1) if all(_is_given(params.get(name)) for name in names) else ""

        return _put_in(_OPTIONAL.sub(optional, template), params)


def _put_in(template: str, params: Mapping[str, Param]) -> str:
    """The template with every field replaced, its seams closed as Chinese is set."""
    text, done = "", 0
    for found in _FIELD.finditer(template):
        text = _joined(text, template[done : found.start()])
        text = _joined(text, _written(found.group(1), params.get(found.group(1))))
        done = found.end()
    return _joined(text, template[done:])


def _joined(before: str, after: str) -> str:
    """Two pieces in a row; spaces where they meet fall away between two Chinese characters."""
    left, right = before.rstrip(" "), after.lstrip(" ")
    is_spaced = len(left) + len(right) < len(before) + len(after)
    if is_spaced and _CHINESE.fullmatch(left[-1:]) and _CHINESE.fullmatch(right[:1]):
        return left + right
    return before + after


def _is_given(value: Param) -> bool:
    return value is not None and value != ""


def _written(name: str, value: Param) -> str:
    """A parameter as people read it, by the ending of its name; what does not fit its ending is written as it is."""
    if not _is_given(value):
        return _MISSING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return _number(name, value)
    assert isinstance(value, str)
    return _text(name, value)


def _number(name: str, value: int) -> str:
    match name.rpartition("_")[2]:
        case "fen":
            words = formatting.yuan(value)
        case "bp":
            words = f"{formatting.percent(value)}%"
        case "s":
            words = formatting.duration(value)
        case "days":
            words = formatting.days(value)
        case "points":
            words = formatting.signed_points(value) if name == "points" else formatting.points(value)
        case _:
            words = formatting.number(value)
    return words


def _text(name: str, value: str) -> str:
    try:
        if value.endswith("Z"):
            return formatting.deadline(parse_instant(value))
        if name.endswith("_until"):
            return formatting.last_day(date.fromisoformat(value))
    except ValueError:
        return value
    return value


def unknown(code: str, params: Mapping[str, Param], language: Language = "zh") -> str:
    """A code without wording, shown as it is with its values: honest rather than smooth."""
    values = "，".join(f"{key} = {_written(key, value)}" for key, value in sorted(params.items()))
    name = "未配文字的代码" if language == "zh" else "code without wording"
    return f"{name} {code}（{values}）" if values else f"{name} {code}"
