"""In which language failures are said: Chinese, unless the reader says that he would rather have English.

Invariants: ``en`` is chosen only where its weight is above that of ``zh``; what cannot be read counts as not said, and
``*`` speaks for whatever is not named. Source: RFC 9110, 12.5.4; RFC 4647, 3.3.1 (basic filtering).
"""

from __future__ import annotations

import re
from typing import Any, Literal

from litestar import Request

from marketplace.web.locale.phrases import Language

_RANGE = re.compile(
    r"\s*(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.ASCII | re.IGNORECASE
)
MOST_RANGES = 50
"""Ranges of one header that are looked at."""
VARY = "Accept-Language"
TAGS: dict[Language, Literal["zh-CN", "en"]] = {"zh": "zh-CN", "en": "en"}
"""The language tags that answers name."""


def preferred(header: str) -> Language:
    """The language of the two that an ``Accept-Language`` header would rather have; Chinese where it does not say."""
    named: dict[str, int] = {}
    for part in header.split(",", MOST_RANGES)[:MOST_RANGES]:
        found = _RANGE.fullmatch(part)
        if found is not None:
            name = found[1].casefold().partition("-")[0]
            named[name] = max(named.get(name, 0), _weight(found[2]))
    rest = named.get("*", 0)
    return "en" if named.get("en", rest) > named.get("zh", rest) else "zh"


def _weight(text: str | None) -> int:
    """A weight in thousandths, at most 1,000."""
    if text is None:
        return 1_000
    whole, _, part = text.partition(".")
    return min(1_000, int(whole) * 1_000 + int(part.ljust(3, "0")))


def language_of(request: Request[Any, Any, Any]) -> Language:
    """What whoever asks would rather read; several headers are one (RFC 9110, 5.3)."""
    return preferred(",".join(request.headers.getall("accept-language", [])))


def varied(vary: str = "") -> str:
    """A Vary header that says that the language was asked for too."""
    return f"{vary}, {VARY}" if vary else VARY
