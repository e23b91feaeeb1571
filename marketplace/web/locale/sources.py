"""Where a rule comes from, in words for the public: names of our own lists, sections instead of file names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from commons.sources import Source
from marketplace.web.locale.names import TEXT_SEEN

TITLES: Mapping[str, str] = {
    "item list": "中介服务事项清单",
    "law text": "法律法规文本",
    "law title": "法律法规标题",
    "policy list": "政策清单",
}
"""Titles that the catalogue gives by a short English name."""

_OWN_FILE = re.compile(r"（docs/[^（）]*）")
_SECTION = re.compile(r"(?:[a-z]+\.md )?(\d+)")


def source_words(source: Source) -> str:
    """A source as a reader names it: ``选取规则第 5 节``, ``法律法规文本：地质灾害防治条例第21—23条``."""
    title = _OWN_FILE.sub("", TITLES.get(source.title, source.title))
    if not source.place:
        return title
    section = _SECTION.fullmatch(source.place)
    return f"{title}第 {section[1]} 节" if section else f"{title}：{source.place}"


_OWN = re.compile(r"(本平台|演示规则)")


def seen_words(source: Source) -> str:
    """Whether the text of a source was read; for what this platform sets itself, that there is none to read."""
    if source.text_seen == "no" and _OWN.match(source.title):
        return "自定，无外部文本"
    return TEXT_SEEN[source.text_seen]
