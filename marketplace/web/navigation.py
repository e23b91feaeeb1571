"""Where the site leads: one list of its entries, for the bar, the menu behind it, and the foot of every page.

An entry is shown as soon as ``addresses.PATTERNS`` knows its address: whoever adds a page adds its address there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from marketplace.web import addresses as at

Where = Literal["bar", "more", "help"]
"""bar: in the bar; more: behind 更多; help: at the foot alone, under help and oversight."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An address, its name, and where it stands; ``fragment`` is a place on its page."""

    path: str
    name: str
    where: Where
    fragment: str = ""


ENTRIES: tuple[Entry, ...] = (
    Entry(at.HOME, "首页", "bar"),
    Entry(at.ITEMS, "服务事项", "bar"),
    Entry(at.DEMANDS, "需求公告", "bar"),
    Entry(at.AWARDS, "中选公告", "bar"),
    Entry(at.AGENCIES, "机构库", "bar"),
    Entry(at.RESTRICTIONS, "信用公示", "bar"),
    Entry(at.STATISTICS, "统计", "bar"),
    Entry(at.GUIDES, "办事指南", "bar"),
    Entry(at.SEARCH, "全站检索", "more"),
    Entry(at.ANNOUNCEMENTS, "公告", "more"),
    Entry(at.VERIFY, "中选核验", "more"),
    Entry(at.AREAS, "区域成果", "more"),
    Entry(at.OPEN_DATA, "数据开放", "more"),
    Entry(at.RULES, "规则说明", "more"),
    Entry(at.JOIN, "机构入驻", "more"),
    Entry(at.COMPLAINTS, "投诉与异议", "more"),
    Entry(at.HELP_DESKS, "咨询窗口", "help"),
    Entry(at.TRIAL, "试算", "help"),
    Entry(at.FAIRNESS, "公平性检查", "help"),
    Entry(at.RULES, "怎样核验结果", "help", "verify"),
    Entry(at.RULES, "异议的办法", "help", "objection"),
    Entry(at.RULES, "规则与版本", "help", "profiles"),
    Entry(at.RULES, "无障碍说明", "help", "accessibility"),
    Entry(at.API_DOCS, "接口文档", "help"),
)
"""All of them, in their order."""


@cache
def entries(where: Where) -> tuple[Entry, ...]:
    """The entries of a place whose pages are there."""
    return tuple(one for one in ENTRIES if one.where == where and at.is_known(one.path))
