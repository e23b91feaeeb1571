"""Example views of the public pages: items, areas, credit lists, complaints, open data, guides; full, empty, long."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from agencies.filing_objections import FilingObjection
from bidding.objections import Complaint, Objection
from commons.events import Actor
from commons.instants import Deadline
from commons.sources import Source
from marketplace.catalogue.areas import Area
from marketplace.catalogue.coverage import Coverage, Ended
from marketplace.catalogue.items import load_catalogue
from marketplace.demands.similar import Similar, Spread
from marketplace.usecases.read_item import ItemFile
from marketplace.usecases.read_life import ObjectionTold
from marketplace.usecases.read_open_counts import OpenCounts
from marketplace.web.guides.texts import GUIDES
from marketplace.web.matters import award_matters, filing_matters
from marketplace.web.pages.acting import Asked
from marketplace.web.pages.areas import area_view
from marketplace.web.pages.complaints import WAYS, clocks_of
from marketplace.web.pages.english import english_view
from marketplace.web.pages.guides import guide_view
from marketplace.web.pages.items import item_branches, item_view
from marketplace.web.pages.open_data import open_data_view
from marketplace.web.views.areas import AreaFilter, AreaListView, SavingsShown
from marketplace.web.views.complaints import ComplaintFormView, ComplaintsView, MattersFound
from marketplace.web.views.credit_lists import CreditListRow, CreditListView, MeasureRow
from marketplace.web.views.guides import GuideListView
from marketplace.web.views.items import AbolishedLine, ItemListView
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import NO_HITS, AgencyRef, Entered, Hits, Option, Paging
from tests.web.example_cases import LONG_NAME

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
ON = date(2026, 11, 20)
DAY = timedelta(days=1)
DOCUMENT = Source("关于公布区域评估成果的通知（示例）", "title", "附件 2")
RING = ((120_500_000, 27_900_000), (120_560_000, 27_905_000), (120_555_000, 27_950_000), (120_505_000, 27_945_000))
HOLE = ((120_520_000, 27_915_000), (120_525_000, 27_915_000), (120_525_000, 27_920_000))
POLYGON = Area(((*RING, RING[0]), (*HOLE, HOLE[0])))
GONE = AbolishedLine("XQ01", "选址论证报告编制（示例）", date(2020, 1, 1), Source("清理的决定（示例）", "no", "附件"))


def coverage(*, area: Area | None = POLYGON, ended: Ended | None = None) -> Coverage:
    """A regional assessment."""
    negatives = ("危险化学品生产", "排放重金属的项目") if area else ()
    return Coverage(
        "C261120-7K3F2Q9M", "330381", LONG_NAME if ended else "瑞安经济开发区东片（示例）", ("RA01", "RA03"),
        "地质灾害危险性小，适宜建设", "亩均投资不低于 300 万元", negatives, DOCUMENT, ON - 90 * DAY, ON + 900 * DAY,
        area, is_example=True, ended=ended,
    )  # fmt: skip


def item_file(*, is_empty: bool = False) -> ItemFile:
    """An item with everything, and one that was abolished with nothing under it."""
    item = load_catalogue().item("RA01")
    spread = None if is_empty else Spread(9, 8_000_000, 9_000_000, 9_600_000, 10_200_000, 15_800_000)
    days = None if is_empty else Spread(7, 10, 20, 30, 40, 60)
    found = Similar("province", ON - 700 * DAY, 0 if is_empty else 9, spread, days, days)
    return ItemFile(
        AT, item, None, found, not is_empty, 0 if is_empty else 10_000, not is_empty, 0, 6, 0, (), 0,
        () if is_empty else (coverage(),),
    )  # fmt: skip


def objections() -> tuple[ObjectionTold, ...]:
    """One waiting, one answered late in words, one that went all the way, one withdrawn."""
    until, late = (Deadline(AT + days * DAY, is_provisional=False) for days in (3, -1))
    complaint = Complaint(AT - 4 * DAY, late, AT - 3 * DAY, None, until, AT - DAY, "upheld")
    return (
        ObjectionTold(Objection(1, "A", AT - 9 * DAY, late, AT - 6 * DAY, "dismissed", until, complaint=complaint),
                      "业绩证明与公开的合同不一致（示例）", "合同经核对一致（示例）", None, "答复没有核对原件（示例）",
                      "符合受理条件（示例）", "投诉属实，取消中选（示例）"),
        ObjectionTold(Objection(2, "A", AT - 5 * DAY, late, complain_until=until), "没有答复的一件（示例）" * 12),
        ObjectionTold(Objection(3, "A", AT - DAY, until), "刚提出的一件（示例）"),
        ObjectionTold(Objection(4, "A", AT - DAY, until, withdrawn_at=AT), "撤回的一件（示例）"),
    )  # fmt: skip


def filing_objections() -> tuple[FilingObjection, ...]:
    """One open, one answered."""
    who = Actor("public", "U-1")
    return (
        FilingObjection("O261120-1", "A", who, "地址不符（示例）", "a" * 64, AT - DAY, AT + DAY),
        FilingObjection("O261120-2", "A", who, "名称不符（示例）", "a" * 64, AT - 9 * DAY, AT - DAY, "corrected",
                        "已更正（示例）", "R-1", AT - 2 * DAY),
    )  # fmt: skip


def _items() -> dict[str, tuple[PageView, str]]:
    every = load_catalogue().items
    full = ItemListView("", item_branches(every), len(every), len(every), (GONE,), NO_HITS)
    none = ItemListView("不存在的事项", (), 0, len(every), (), Hits(("不存在的事项",)))
    wrong = ItemListView("", (), 0, 0, (), entered=Entered({"q": "长" * 101}, {"q": "最多 100 个字"}))
    return {
        "items": (full, "/items"),
        "items-empty": (none, "/items"),
        "items-wrong": (wrong, "/items"),
        "item": (item_view("RA01", item_file()), "/items/RA01"),
        "item-empty": (item_view("RA01", item_file(is_empty=True)), "/items/RA01"),
    }


def _areas() -> dict[str, tuple[PageView, str]]:
    city, item = (Option("330300", "温州市"),), (Option("RA01", "地质灾害危险性评估"),)
    row = area_view(coverage(), ON).row
    saved = SavingsShown(ON - 365 * DAY, 12, 96_000_000, 9, 230, 10)
    ended = Ended("superseded", "已由新的成果替代（示例）", AT, "C261120-8K3F2Q9M")
    full = AreaListView(AreaFilter("RA01", "330300"), city, item, (row,) * 3, saved, "C1", is_further=True)
    return {
        "areas": (full, "/areas"),
        "areas-empty": (AreaListView(AreaFilter(), city, item, (), None), "/areas"),
        "area": (area_view(coverage(), ON), "/areas/C1"),
        "area-ended": (area_view(coverage(area=None, ended=ended), ON), "/areas/C1"),
    }


def _lists() -> dict[str, tuple[PageView, str]]:
    rows = tuple(
        CreditListRow(
            AgencyRef(f"9133030{n}MA0000000X", LONG_NAME, n != 2), "market", "中选后放弃", "放弃中选（示例）", AT,
            None if n == 1 else AT + 90 * DAY, "自 2026-12-20 起可以申请修复", n == 2,
        )
        for n in range(1, 4)
    )  # fmt: skip
    measures = (MeasureRow("行业主管部门", "列为重点监管对象，提高抽查比例"),)
    full = CreditListView("debarment", rows, Paging(1, 20, 43), measures)
    none = CreditListView("commendation", (), Paging(1, 20, 0), ())
    return {
        "credit-list": (full, "/restrictions/debarment"),
        "credit-list-empty": (none, "/restrictions/commendation"),
    }


def _complaints() -> dict[str, tuple[PageView, str]]:
    clocks = clocks_of("generic-v1")
    of_award = MattersFound("D1", LONG_NAME, "/demands/D1", "award", award_matters(objections(), now=AT))
    of_filing = MattersFound("A", LONG_NAME, "/agencies/A", "filing", filing_matters(filing_objections(), now=AT))
    nothing = MattersFound("D1", LONG_NAME, "/demands/D1", "award", ())
    unknown = Entered({"code": "D0"}, {"code": "没有这个编号的需求、结果或机构"})
    found: dict[str, tuple[PageView, str]] = {
        "complaints": (ComplaintsView(clocks), "/complaints"),
        "complaints-award": (ComplaintsView(clocks, "D1", of_award), "/complaints"),
        "complaints-filing": (ComplaintsView(clocks, "A", of_filing), "/complaints"),
        "complaints-nothing": (ComplaintsView(clocks, "D1", nothing), "/complaints"),
        "complaints-unknown": (ComplaintsView(clocks, "D0", entered=unknown), "/complaints"),
    }
    for name, way in WAYS.items():
        form = Asked(way.plan, f"/complaints/{name}").fresh()
        found[f"complaint-{name}"] = (
            ComplaintFormView(way.title, way.button, way.consequences, form),
            f"/complaints/{name}",
        )
    return found


def pages() -> dict[str, tuple[PageView, str]]:
    """All of them."""
    counts = OpenCounts(
        now=AT, demands=1_234, awards=987, agencies=10_000, agencies_more=True, restrictions=8, coverages=2,
        lists={"debarment": 8, "public_record": 0, "commendation": 23}, is_example=True,
    )  # fmt: skip
    guides: dict[str, tuple[PageView, str]] = {
        f"guide-{one.role}": (guide_view(one.role), f"/guides/{one.role}") for one in GUIDES
    }
    return {
        **_items(), **_areas(), **_lists(), **_complaints(), **guides,
        "guides": (GuideListView(GUIDES), "/guides"),
        "english": (english_view(), "/en"),
        "open-data": (open_data_view(counts), "/open-data"),
    }  # fmt: skip
