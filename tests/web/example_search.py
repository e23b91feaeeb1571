"""Example views of searching everywhere and of filters that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from commons.grams import words_of
from marketplace.web.pages.acting import Asked
from marketplace.web.pages.saved import DROP, DROPPING, KEEPING
from marketplace.web.views.kept import SavedLink
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import Entered, Hits, Turning
from marketplace.web.views.search import ItemRow, SavedFiltersView, SavedRow, SearchView
from tests.web import example_awards as awards
from tests.web import example_demands as demands

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
ITEMS = (
    ItemRow("RA03", "水土保持方案编制", "生产建设项目水土保持方案审批", "水利"),
    ItemRow("SV22", "规划及竣工测量（联合测绘）", "规划核实", "自然资源"),
)
LINKS = (
    SavedLink("温州的水土保持，征集中", "/demands", (("q", "水土"), ("city", "330300"), ("state", "open"))),
    SavedLink("名称很长很长很长很长很长很长很长很长很长很长很长很长的条件", "/agencies", (("q", "测绘"),)),
)


def found(total: int, *, kind: str = "all", is_more: bool = False) -> SearchView:
    """So many of everything."""
    turn = Turning(0, min(total, 5), total, is_more=is_more)
    return SearchView(
        q="水土 方案", kind=kind,  # type: ignore[arg-type]  # a test's shorthand
        demands=demands.rows()[:5] if total and kind in {"all", "demands"} else (),
        awards=awards.rows()[:5] if total and kind in {"all", "awards"} else (),
        items=ITEMS if total and kind in {"all", "items"} else (),
        demands_turn=turn, agencies_turn=Turning(0, 0, 0), awards_turn=turn,
        items_turn=Turning(0, 2, 2 if total else 0),
        hits=Hits(words_of("水土 方案")),
    )  # fmt: skip


def kept() -> SavedFiltersView:
    """Two that are kept and one that is about to be."""
    plan = DROPPING.plan
    rows = tuple(
        SavedRow(
            link, "需求公告", "含“水土”，温州市，征集中", AT,
            Asked(plan, DROP, f"drop-{number}").fresh(MappingProxyType({"filter": ("0" * 36,)})),
        )
        for number, link in enumerate(LINKS)
    )  # fmt: skip
    keep = KEEPING.fresh(MappingProxyType({"listed": ("demands",), "query": ("q=%E6%B0%B4",)}))
    return SavedFiltersView(rows, keep, "需求公告：含“水”")


def pages() -> Mapping[str, tuple[PageView, str]]:
    """Each view with its address."""
    faulty = Entered({"q": "长" * 101}, {"q": "最多 100 个字"})
    return {
        "search": (SearchView("", "all"), "/search"),
        "search-found": (found(46), "/search"),
        "search-many": (found(2_000, is_more=True), "/search"),
        "search-items": (found(46, kind="items"), "/search"),
        "search-nothing": (found(0), "/search"),
        "search-unread": (SearchView("", "all", entered=faulty), "/search"),
        "filters": (kept(), "/account/filters"),
        "filters-none": (SavedFiltersView(()), "/account/filters"),
    }
