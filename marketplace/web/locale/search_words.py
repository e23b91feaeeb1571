"""Words of searching: the lists by name, and a filter as one reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from commons.errors import NotFound
from commons.regions import REGIONS
from marketplace.catalogue.items import load_catalogue
from marketplace.usecases.saved_filters import FilteredList
from marketplace.web.locale import names

LIST_NAMES: Mapping[FilteredList, str] = MappingProxyType(
    {"demands": "需求公告", "agencies": "机构库", "awards": "中选公告"}
)
"""By list."""
SEARCH: Mapping[str, str] = {"filter_kept": "已保存为常用条件", "filter_dropped": "已删除这个常用条件"}
"""What was just done."""


def filter_words(pairs: tuple[tuple[str, str], ...]) -> str:
    """A filter in words: ``关键词“测绘”，温州市，征集中``."""
    return "，".join(_words(key, value) for key, value in pairs) or "全部"


def _words(key: str, value: str) -> str:
    found = _NAMED.get(key)
    return names.FILTER_KEYS.get(key, key) if found is None else found(value)


def _item(code: str) -> str:
    item = load_catalogue().item(code)
    return item.name if item is not None else code


def _region(code: str) -> str:
    try:
        return REGIONS.full_name(code)
    except NotFound:
        return code


_NAMED: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "q": "含“{}”".format,
        "item": _item,
        "offering": lambda code: f"登记了{_item(code)}",
        "city": _region,
        "min": "不低于 {} 万元".format,
        "max": "不高于 {} 万元".format,
        "state": lambda value: next((name for code, name in names.STATE_GROUPS.items() if code == value), value),
        "outcome": lambda value: names.OUTCOMES.get(value, value),
        "mode": lambda value: next((name for code, name in names.MODES.items() if code == value), value),
        "qualification": str,
        "grade": str,
    }
)
"""A value of a filter in words; of any other key its name alone says it."""
