"""Example views of every page: rich, empty and at the edges. All names and figures are invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from commons.errors import Fault
from commons.sources import Source
from commons.verdicts import Reason
from marketplace.web.page_frame import Bulletin, Display, PageFrame, Told
from marketplace.web.render import render
from marketplace.web.views.about import (
    CreditRule,
    CreditRules,
    ErrorView,
    RestrictionFilter,
    RestrictionListView,
    RestrictionRow,
    RuleProfile,
    RulesView,
    RuleValue,
)
from marketplace.web.views.agencies import (
    AgencyFilter,
    AgencyListView,
    AgencyRow,
    AgencyView,
    CreditLine,
    CreditView,
    FilingObjectionRow,
    HoldRow,
    PractitionerRow,
    Qualification,
    ServedItem,
    ShelfOffer,
    TieRow,
)
from marketplace.web.views.home import Figures, HomeView, Median, RunningCard
from marketplace.web.views.imports import ImportView, SheetResult, WrongCellRow
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import CityCount, ItemRef, Option, Paging, Place, TimelineEntry, Turning
from tests.web import example_account as accounts
from tests.web import example_agency as agencies
from tests.web import example_announcements as announcements
from tests.web import example_awards as awards
from tests.web import example_demands as demands
from tests.web import example_jobs as jobs
from tests.web import example_operating as operating
from tests.web import example_owner as owners
from tests.web import example_placed as placed
from tests.web import example_public as public
from tests.web import example_reference as references
from tests.web import example_regulating as regulating
from tests.web import example_room as rooms
from tests.web import example_search as searching
from tests.web import example_statistics as statistics
from tests.web import example_verify as verifying
from tests.web import example_work as work
from tests.web.example_cases import LONG_NAME, OPENING, agency, code

STANDARD = Display()
NOW = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
WENZHOU = Place("330304", "温州市", "瓯海区")
LISHUI = Place("331100", "丽水市")
RA03 = ItemRef("RA03", "水土保持方案编制")
ITEMS = (Option("RA01", "地质灾害危险性评估"), Option("RA03", "水土保持方案编制"), Option("RA05", "防洪影响评价"))
CITIES = tuple(
    Option(f"33{number:02d}00", f"{name}市")
    for number, name in enumerate(
        ("杭州", "宁波", "温州", "嘉兴", "湖州", "绍兴", "金华", "衢州", "舟山", "台州", "丽水"), 1
    )
)
WRONG_SHEET = SheetResult(
    5_000, 1_200,
    tuple(WrongCellRow("需求", f"H{row}", "控制价（元）", "应为金额，如 128600.00") for row in range(3, 23)),
    ("跳过 1 行标为“示例”的行",),
)  # fmt: skip
RIGHT_SHEET = SheetResult(20, 0, (), ())
COUNTS = (241, 214, 318, 92, 68, 87, 96, 37, 28, 72, 33)


def frame(path: str, **changes: object) -> PageFrame:
    """The frame of a page at the example's hour; accounts and proposals are read by somebody who is signed in."""
    reader = accounts.READER if path.startswith(("/account", "/proposals", "/workbench")) else None
    return PageFrame(path=path, at=NOW, is_example=True, reader=reader, **changes)  # type: ignore[arg-type]  # a test's shorthand


def restriction(number: int = 1, *, is_open_ended: bool = False, state: str = "in_force") -> RestrictionRow:
    """A restriction decided in one city, in force in all."""
    return RestrictionRow(
        id=f"R{number}",
        agency=agency(3),
        place=LISHUI,
        layer="statutory" if number % 2 else "market",
        basis="出具虚假监测数据：行政处罚决定（示例）" if number % 2 else "放弃中选且未说明理由：处理决定（示例）",
        starts_at=OPENING - timedelta(days=3),
        ends_at=None if is_open_ended else OPENING + timedelta(days=362),
        decided_in="丽水市",
        repair="更正报告并完成复核；提交公开承诺；限制满 3 个月。",
        state=state,  # type: ignore[arg-type]  # a test's shorthand
    )


def figures(*, is_empty: bool = False) -> Figures:
    """Four figures of a rich year or of none."""
    if is_empty:
        none = Median(None, "workday", 0)
        return Figures(date(2026, 1, 1), date(2026, 11, 20), 0, 0, None, 0, 0, none, 0, 0, None, 0)
    return Figures(
        first=date(2026, 1, 1), last=date(2026, 10, 31), awarded=1_286, unsuccessful=143, saving_bp=1_862,
        saving_sample=1_241, unpriced_excluded=45, published_to_award=Median(60, "workday", 1_286), agencies=3_472,
        agencies_outside_province=614, outside_city_bp=4_630, restricted_agencies=28, repaired=41,
    )  # fmt: skip


def running() -> tuple[RunningCard, ...]:
    """An open round, sealed offers, a round to come."""
    place = Place("330382", "温州市", "乐清市")
    return (
        RunningCard(
            "D261120-AAAA0001", "乐清湾港区北区疏港道路防洪影响评价", "multi_round", place, 26_000_000,
            OPENING + timedelta(minutes=40), is_round_open=True, round_number=2, rounds=3, best=Fraction(20_300_000),
        ),
        RunningCard(
            "D261120-AAAA0002", "瓯江口产业集聚区灵昆片区区域水资源论证", "comprehensive", place, 48_000_000,
            OPENING + timedelta(days=3),
        ),
        RunningCard(
            "D261120-AAAA0003", "泰顺县廊桥文化园二期地质灾害危险性评估", "multi_round", place, 9_800_000,
            OPENING + timedelta(days=3, hours=2), round_number=1, rounds=3, signed_up=5,
        ),
    )  # fmt: skip


def home(*, is_empty: bool = False) -> HomeView:
    """首页."""
    rows = demands.rows()
    return HomeView(
        figures=figures(is_empty=is_empty),
        common_items=() if is_empty else (RA03, ItemRef("RA05", "防洪影响评价"), ItemRef("RA01", "地质灾害危险性评估")),
        running=() if is_empty else running(),
        running_total=0 if is_empty else 37,
        newest_demands=() if is_empty else rows[:4],
        newest_awards=() if is_empty else awards.rows()[:4],
        restrictions=() if is_empty else (restriction(), restriction(2, is_open_ended=True)),
        awards_by_city=tuple(
            CityCount(city.value, city.name, 0 if is_empty else count)
            for city, count in zip(CITIES, COUNTS, strict=True)
        ),
    )


def agency_list(*, is_empty: bool = False) -> AgencyListView:
    """机构库."""
    rows = tuple(
        AgencyRow(
            code(number), LONG_NAME if number == 1 else agency(number).name, WENZHOU, date(2026, 3, number + 1),
            ("工程咨询资信 甲级", "水土保持方案编制 四星", "工程设计资质 乙级", "地质灾害评估资质 乙级")[: number % 5],
            awards=number * 3, shelf_offers=number % 3, is_restricted=number in (3, 4),
            restricted_until=OPENING + timedelta(days=90) if number == 3 else None,
            standing=("active", "active", "suspended", "withdrawn")[number % 4],
        )
        for number in range(12)
    )  # fmt: skip
    chosen = AgencyFilter(q="不存在的机构", city="331100") if is_empty else AgencyFilter()
    kinds = (Option("工程咨询资信", "工程咨询资信"), Option("地质灾害评估资质", "地质灾害评估资质"))
    grades = (Option("甲级", "甲级"), Option("乙级", "乙级"))
    turning = Turning(0, 0, 0) if is_empty else Turning(21, len(rows), 1_003, code(0), code(11))
    return AgencyListView(chosen, ITEMS, kinds, CITIES, grades, () if is_empty else rows, turning, 28)


def credit(*, is_new: bool = False) -> CreditView:
    """A score whose sum is above 100, one line cut by its cap; or that of a new agency."""
    facts = (
        ("双随机抽查合格", "温州市 2026 年第 2 次抽查（示例）", 100, 100),
        ("双随机抽查合格", "温州市 2026 年第 3 次抽查（示例）", 0, 100),
        ("十次以上评价均分4.80以上", "10 宗已验收项目均分 4.82（示例）", 2_400, 2_400),
        ("成果逾期", "乐清市柳市镇物流园水土保持方案逾期 3 个工作日交付（示例）", -300, -300),
    )
    lines = tuple(
        CreditLine(
            rule,
            basis,
            points,
            full,
            OPENING - timedelta(days=30 - index),
            date(2027, 10, 21 + index),
            is_disputed=points < 0,
        )
        for index, (rule, basis, points, full) in enumerate(facts)
    )
    return CreditView(8_000 if is_new else 10_000, 8_000, "generic-v1", () if is_new else lines, "" if is_new else "A")


PEOPLE: dict[str, Any] = {
    "ties": (
        TieRow("legal_representative", "陈＊＊"), TieRow("shareholder", LONG_NAME, 5_100), TieRow("contact", ""),
        TieRow("address", "丽水市莲都区示例大道 1888 号科创中心 A 座 2201 室"),
    ),
    "practitioners": (
        PractitionerRow("林＊", "注册测绘师", OPENING.date()),
        PractitionerRow("周＊＊", "注册土木工程师（岩土）", None, is_held=True),
    ),
    "holds": (
        HoldRow(code(4), ("address", "predecessor"), OPENING, OPENING + timedelta(days=7)),
        HoldRow(code(5), ("contact",), OPENING, OPENING, "unlinked", "仅办公场所相邻（示例）", OPENING),
        HoldRow(code(6), ("controller",), OPENING, OPENING, ended_at=OPENING),
    ),
}  # fmt: skip


def agency_file(*, is_restricted: bool = False) -> AgencyView:
    """机构档案."""
    day = date(2026, 11, 20)
    held = (
        Qualification("工程咨询资信", "甲级", "示例-ZX-0001", "行业组织（示例）", date(2024, 1, 1), date(2028, 7, 1)),
        Qualification("水土保持方案编制", "四星", "示例-SB-0002", "行业组织（示例）", date(2022, 1, 1), day),
        Qualification("环评单位备案", "", "示例-HP-0003", "主管部门（示例）", date(2027, 1, 1), None),
        Qualification(
            "测绘资质", "甲级", "示例-CH-0004", "主管部门（示例）", date(2024, 1, 1), date(2028, 1, 1),
            "工程测量、界线与不动产测绘（示例）", ("浙江省温州市",), (RA03.name,), is_followed=True,
        ),
        Qualification(
            "测绘资质", "乙级", "示例-CH-0002", "主管部门（示例）", date(2020, 1, 1), None, ended_at=OPENING,
        ),
    )  # fmt: skip
    shelf = (
        ShelfOffer(
            RA03, 118_000, 1_200_000, "公顷", 5, OPENING - timedelta(days=30), OPENING + timedelta(days=335), 20
        ),
        ShelfOffer(
            ItemRef("RA01", "地质灾害危险性评估"), 98_000_00, 0, "", 0, OPENING, OPENING + timedelta(days=30),
            is_withdrawn=True,
        ),
    )  # fmt: skip
    line = (
        TimelineEntry(OPENING, "restricted", {"basis": "出具虚假监测数据"}),
        TimelineEntry(OPENING - timedelta(days=9), "won", {"title": "水土保持方案", "price_fen": 13_860_000}),
        TimelineEntry(OPENING - timedelta(days=90), "qualification_added", {"kind": "工程咨询资信", "grade": "甲级"}),
        TimelineEntry(OPENING - timedelta(days=99), "agency_filed"),
        TimelineEntry(OPENING - timedelta(days=99), "something.nobody_named", {"number": 3}),
    )
    restrictions = (restriction(2, is_open_ended=True), restriction(state="repaired")) if is_restricted else ()
    return AgencyView(
        uscc=code(3), name=LONG_NAME if is_restricted else agency(3).name, kind="company", place=LISHUI,
        filed_at=OPENING - timedelta(days=99), legal_representative="陈某某", commitment_signed_at=OPENING,
        qualifications=held if not is_restricted else (), shelf=shelf if not is_restricted else (),
        awards=awards.rows()[:3] if not is_restricted else (), awards_total=14 if not is_restricted else 0,
        award_cities=5 if not is_restricted else 0, restrictions=restrictions, timeline=line, timeline_total=23,
        participations=31, median_price_fen=11_400_000 if not is_restricted else None,
        objection_until=OPENING + timedelta(days=5), objection_workdays=5, credit=credit(is_new=is_restricted),
        standing="suspended" if is_restricted else "active", standing_since=OPENING if is_restricted else None,
        served=() if is_restricted else (ServedItem(RA03, OPENING), ServedItem(RA03, OPENING - timedelta(days=9))),
        objections=(
            FilingObjectionRow("注册地址与实际经营地址不符，附现场照片（示例）", OPENING, OPENING + timedelta(days=7)),
            FilingObjectionRow(
                "名称与登记不一致（示例）", OPENING, OPENING + timedelta(days=7), "corrected", "属实（示例）", OPENING
            ),
        ),
        **({} if is_restricted else PEOPLE),
    )  # fmt: skip


def restriction_list(*, is_empty: bool = False) -> RestrictionListView:
    """信用公示."""
    rows = () if is_empty else tuple(restriction(number, is_open_ended=number == 3) for number in range(1, 7))
    total = len(rows)
    return RestrictionListView(RestrictionFilter(), CITIES, rows, Paging(1, 20, total), total // 2, total - total // 2)


def rules() -> RulesView:
    """规则说明."""
    own = Source("本平台默认规则 generic-v1", "no", "publicity")
    seen = Source("浙江省政府采购服务项目评审规则（示例标题）", "partial", "第 12 条")
    values = (
        RuleValue("sign_up", 3, "workdays", own), RuleValue("rounds_open_from", 540, "minute_of_day", own),
        RuleValue("minimum_bidders_comprehensive", 3, "bidders", own), RuleValue("publicity", 3, "workdays", own),
        RuleValue("threshold", 100_000_000, "fen", seen), RuleValue("mean_factor", 9_700, "basis_points", seen),
        RuleValue("nobody_named_this", None, "count", own), RuleValue("round_length", 30, "minutes", own),
        RuleValue("start_score", 8_000, "hundredths", own), RuleValue("is_open", True, "text", own),
    )  # fmt: skip
    demo = RuleProfile("demo-v1", "演示", None, None, (RuleValue("publicity", 5, "seconds", own),), is_current=False)
    points = (
        CreditRule("result_late", "成果逾期", -300, 12, None, own),
        CreditRule("inspection_passed", "双随机抽查合格", 100, 12, 300, own),
        CreditRule("nobody_named_this", "一条没有期限的规则", 0, None, None, seen),
    )
    rulebook = CreditRules("generic-v1", 8_000, points)
    return RulesView((RuleProfile("generic-v1", "全省", date(2026, 1, 1), None, values), demo), rulebook)


def errors() -> Mapping[str, PageView]:
    """What goes wrong."""
    faults = (
        Fault("/min", "not_an_amount", "请填写万元数，如 12.5"),
        Fault("/max", "range_reversed", "最高不能低于最低"),
    )
    reason = Reason("restricted", Source("失信惩戒规则（示例）", "no", "3"), {"basis": "处罚决定（示例）"})
    return {
        "error-400": ErrorView(400, "malformed", faults, 2),
        "error-404": ErrorView(404, "not_found"),
        "error-409": ErrorView(409, "refused", reasons=(reason, Reason("nobody_named_this", reason.source, {"n": 3}))),
        "error-503": ErrorView(503, "unavailable", instance="3b1f0ac7", retry_after_s=30),
        "error-500": ErrorView(500, "internal", instance="3b1f0ac7"),
    }


@cache
def pages() -> Mapping[str, tuple[PageView, str]]:
    """Every example by name, with the path it is shown under."""
    own: dict[str, tuple[PageView, str]] = {
        "home": (home(), "/"),
        "home-empty": (home(is_empty=True), "/"),
        "agencies": (agency_list(), "/agencies"),
        "agencies-empty": (agency_list(is_empty=True), "/agencies"),
        "agency": (agency_file(), f"/agencies/{code(3)}"),
        "agency-restricted": (agency_file(is_restricted=True), f"/agencies/{code(3)}"),
        "restrictions": (restriction_list(), "/restrictions"),
        "restrictions-empty": (restriction_list(is_empty=True), "/restrictions"),
        "rules": (rules(), "/rules"),
        "import": (ImportView("agencies"), "/imports/agencies"),
        "import-wrong": (ImportView("demands", WRONG_SHEET, fault="请选择一份 .xlsx 文件"), "/imports/demands"),
        "import-right": (ImportView("agencies", RIGHT_SHEET, "F261123-7K3F2Q9M", "token"), "/imports/agencies"),
        "import-public": (ImportView("agencies", RIGHT_SHEET), "/imports/agencies"),
        "import-done": (ImportView("demands", loaded=8), "/imports/demands"),
    }
    own |= {name: (view, "/nowhere") for name, view in errors().items()}
    own |= {name: (view, "/demands" if "list" in name else "/demands/D1") for name, view in demands.pages().items()}
    own |= {name: (view, "/awards" if "list" in name else "/awards/A1") for name, view in awards.pages().items()}
    own |= {name: (view, "/demands/D1") for name, view in placed.demand_pages().items()}
    own |= {name: (view, "/awards/A1") for name, view in placed.award_pages().items()}
    own |= {name: (view, "/notices/N1") for name, view in placed.notice_pages().items()}
    own |= public.pages()
    own |= announcements.pages() | references.pages()
    for area in (
        accounts,
        agencies,
        jobs,
        operating,
        owners,
        regulating,
        rooms,
        searching,
        statistics,
        verifying,
        work,
    ):
        own |= area.pages()
    return own


def rendered(name: str, display: Display = STANDARD) -> str:
    """An example as HTML; ``specimen`` holds every block and field there is."""
    if name == SPECIMEN:
        told, one = Told("已提交", "R-2041-0006"), announcements.ONE
        line = Bulletin(one.kind, one.title, one.path)
        return work.specimen(replace(frame("/workbench", display=display), told=told, bulletin=line))
    view, path = pages()[name]
    return render(view, frame(path, display=display))


SPECIMEN = "specimen"
NAMES = (*pages(), SPECIMEN)
"""Every example."""
