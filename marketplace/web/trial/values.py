"""Typed text → exact numbers of the engine, and back: yuan, points and percent with two decimals, lists of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from commons.canonical import Json
from marketplace.web import formatting
from marketplace.web.trial.fields import Kind

_DECIMAL = re.compile(r"(\d{1,10})(?:\.(\d{1,2}))?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_APART = re.compile(r"[、,，;；\s]+")
_PAIR = re.compile(r"(.+?)[\s=:：]*(\d{1,3})", re.ASCII)
MOST_LISTED = 20

WANTED: dict[Kind, str] = {
    "yuan": "应为金额，以元计，最多两位小数，如 128600.00",
    "whole": "应为整数",
    "points": "应为分数，最多两位小数，如 92.50",
    "percent": "应为百分数，最多两位小数，如 12.50",
    "percents": "应为一个或几个百分数，用顿号分开，如 95、97.5",
    "marks": "应为一个或几个分数，用顿号分开，如 12.5、13",
    "table": "应写成“甲级 10、乙级 6”",
    "choice": "没有这个选项",
    "text": "最多 60 个字",
}
LONGEST_TEXT = 60


class Unreadable(ValueError):
    """What was typed is not of its kind."""


def read(kind: Kind, text: str, options: Sequence[str] = ()) -> Json:
    """The value of a filled-in field; ``Unreadable`` where it is not of its kind."""
    match kind:
        case "yuan" | "points" | "percent":
            return _hundredths(text)
        case "whole":
            return _whole(text)
        case "percents" | "marks":
            return [_hundredths(one) for one in _listed(text)]
        case "table":
            return dict(_pair(one) for one in _rows(text))
        case "choice":
            if text not in options:
                raise Unreadable
            return text
        case "text":
            if len(text) > LONGEST_TEXT:
                raise Unreadable
            return text


def written(kind: Kind, value: Json) -> str:
    """A value as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(written("points", one) for one in value)
    if isinstance(value, dict):
        return "、".join(f"{name} {points}" for name, points in value.items())
    if kind in {"yuan", "points", "percent"} and isinstance(value, int):
        return formatting.points(value).removesuffix(".00")
    return str(value)


def _hundredths(text: str) -> int:
    found = _DECIMAL.fullmatch(text.replace(",", "").replace("，", "").removesuffix("%").strip())
    if found is None:
        raise Unreadable
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Unreadable
    return int(text)


def _listed(text: str) -> list[str]:
    parts = [one for one in _APART.split(text) if one]
    if not 0 < len(parts) <= MOST_LISTED:
        raise Unreadable
    return parts


def _rows(text: str) -> list[str]:
    parts = [one.strip() for one in re.split(r"[、,，;；\n]+", text) if one.strip()]
    if not 0 < len(parts) <= MOST_LISTED:
        raise Unreadable
    return parts


def _pair(text: str) -> tuple[str, int]:
    found = _PAIR.fullmatch(text)
    if found is None:
        raise Unreadable
    return found[1].strip(), int(found[2])
