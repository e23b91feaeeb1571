"""Example views of demands: every mode, before and after the close, with and without a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import get_args

from commons.grams import words_of
from commons.sources import Source
from commons.verdicts import Reason
from marketplace.usecases.list_places import MAX_COUNTED
from marketplace.web.casework.terms import terms_view
from marketplace.web.views.demands import (
    Asked,
    BestPoint,
    Clocks,
    Decided,
    DemandFilter,
    DemandListView,
    DemandRow,
    DemandView,
    Failed,
    Objected,
    QualificationNeed,
    Recusal,
    RoomView,
    RoundNow,
    StandingRow,
)
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import Entered, Hits, ItemRef, Mode, ModeCount, Option, Place, TimelineEntry, Turning
from tests.web import example_cases as cases
from tests.web.example_cases import OPENING, agency

ASKED = (
    Asked(
        1,
        "成果是否需要电子签章（示例）",
        OPENING,
        OPENING + timedelta(days=2),
        "需要（示例）",
        OPENING + timedelta(days=1),
    ),
    Asked(2, "何时可以进场（示例）", OPENING, OPENING + timedelta(days=2), is_late=True),
)
SAID = (("业主答复：不成立", "已核实（示例）"), ("投诉", "答复未附证明（示例）"), ("受理", "属受理范围（示例）"))
OBJECTED = (Objected(1, "甲", "资质存疑（示例）", OPENING, SAID, is_open=True),)
PLACE = Place("330304", "温州市", "瓯海区", "梧田街道")
ITEM = ItemRef("RA03", "水土保持方案编制")
TITLES = (
    "泰顺县百丈镇旅游集散中心水土保持方案", "文成县珊溪水库库周公路边坡整治水土保持方案",
    "龙湾区永强北片区排涝泵站水土保持方案", "洞头区霓屿街道渔港避风锚地水土保持方案",
    "瓯海区三垟湿地北片水环境提升工程水土保持方案", "瑞安市飞云江农场地块土地复垦与水土保持方案（合并采购）",
    "乐清市清江镇光伏复合发电项目水土保持方案及其配套送出线路与升压站工程全过程跟踪监测服务（含后评价）",
)  # fmt: skip


def rows() -> tuple[DemandRow, ...]:
    """Rows in all the states a list shows."""
    states = ("published", "published", "published", "suspended", "publicity", "unsuccessful", "published")
    modes = (
        "comprehensive",
        "comprehensive",
        "multi_round",
        "comprehensive",
        "multi_round",
        "comprehensive",
        "instant",
    )
    made = []
    for at, title in enumerate(TITLES):
        is_instant = modes[at] == "instant"
        made.append(
            DemandRow(
                id=f"D261120-AAAA000{at}",
                title=title,
                owner_name="泰顺县文旅发展有限公司（示例）",
                item=ITEM,
                mode=modes[at],  # type: ignore[arg-type]  # a table of words
                place=Place("330329", "温州市", "泰顺县"),
                ceiling_fen=6_400_000 + at * 1_234_500,
                state=states[at],  # type: ignore[arg-type]  # a table of words
                published_at=OPENING - timedelta(days=5),
                sign_up_closes_at=None if is_instant else OPENING + timedelta(days=at - 1),
                closes_at=None if is_instant else OPENING + timedelta(days=at + 40),
                wanted_days=None if at == 4 else 20,
                items_count=2 if at == 5 else 1,
                publication=2 if at == 2 else 1,
                is_regional_assessment=at in (3, 5),
                has_changed_terms=at == 1,
            )
        )
    return tuple(made)


def listed(chosen: DemandFilter, *, total: int, page: int = 1) -> DemandListView:
    """A list under a filter."""
    items = (Option("RA01", "地质灾害危险性评估"), Option("RA03", "水土保持方案编制"))
    cities = (Option("330300", "温州市"), Option("331100", "丽水市"))
    numbers = {"comprehensive": total // 2, "multi_round": total - total // 2}
    counts = tuple(ModeCount(mode, numbers.get(mode, 0)) for mode in get_args(Mode))
    before = f"p1795500000000000-D261120-AAAA00{page:02}" if page > 1 else ""
    turning = Turning(
        0, len(TITLES) if total else 0, min(total, MAX_COUNTED), before, before, is_more=total > MAX_COUNTED
    )
    return DemandListView(
        chosen, items, cities, counts, rows() if total else (), turning, hits=Hits(words_of(chosen.q)),
        is_counted=total <= MAX_COUNTED,
    )  # fmt: skip


def unread() -> DemandListView:
    """A list whose filter holds what nobody can read."""
    values = {"q": "水土保持", "item": "';drop", "city": "330300", "min": "很多", "max": "1", "ra": "yes", "after": "!"}
    faults = {
        "item": "不是有效的代码",
        "min": "请填写万元数，如 12.5",
        "max": "最高不能低于最低",
        "ra": "没有这个选项",
        "after": "不是有效的代码",
    }
    return replace(listed(DemandFilter(), total=0), entered=Entered(values, faults))


def sealed() -> DemandView:
    """A sealed demand that collects offers."""
    return DemandView(
        id="D1",
        title="瓯海区梧田片区改造工程水土保持方案",
        state="published",
        owner_name="瓯海新城建设投资有限公司（示例）",
        buyer_class="fiscal",
        project_name="瓯海区梧田片区改造工程（示例）",
        project_code="2610-330304-04-01-104270",
        items=(ITEM, ItemRef("RA05", "防洪影响评价")),
        place=PLACE,
        description="编制水土保持方案报告书，含现场踏勘、土石方平衡、监测设计与专家评审；\n成果须一次通过技术评审。",
        terms=terms_view(cases.mock_case().terms, digest="3b1f0a77" * 8),
        clocks=Clocks(OPENING - timedelta(days=3), OPENING + timedelta(days=2), OPENING + timedelta(days=2)),
        needs=(QualificationNeed("地质灾害评估资质", "乙级"), QualificationNeed("环评单位备案")),
        recusals=(
            Recusal("绍兴稽山工程咨询有限公司（示例）", "编制了同一项目的可行性研究报告（自己的成果不得自己评审）"),
        ),
        timeline=(TimelineEntry(OPENING - timedelta(days=3), "demand_published"),),
        rule_profile="generic-v1",
        wanted_days=40,
        quantity=1,
        contact="许某某",
        contact_phone="0577-0000-0000",
        regulator="温州市中介服务监管部门（示例）",
        has_changed_terms=True,
        is_regional_assessment=True,
    )


def room() -> RoomView:
    """A room in its second round; the first was sealed."""
    minutes = (30, 41, 44, 48, 52)
    best = (23_900_000, 22_400_000, 22_000_000, 21_800_000, 20_300_000)
    standing = tuple(
        StandingRow(rank, label, price, Fraction(price + days * 20_000), OPENING + timedelta(minutes=52 - rank), days)
        for rank, (label, price, days) in enumerate(
            (("乙", 19_800_000, 25), ("丙", 20_050_000, 20), ("甲", 20_730_000, 30), ("丁", 21_460_000, 25)), 1
        )
    )
    return RoomView(
        rounds=(
            RoundNow(1, "sealed", OPENING, OPENING + timedelta(minutes=30), "closed", 0, 5, Fraction(23_900_000)),
            RoundNow(
                2, "open", OPENING + timedelta(minutes=40), OPENING + timedelta(minutes=62), "open", 1, 5,
                Fraction(20_300_000),
            ),
            RoundNow(3, "sealed", OPENING + timedelta(minutes=72), OPENING + timedelta(minutes=92), "coming"),
        ),
        standing=standing,
        best_points=tuple(
            BestPoint(OPENING + timedelta(minutes=at), Fraction(fen)) for at, fen in zip(minutes, best, strict=True)
        ),
        offers_accepted=17,
        offers_refused=3,
    )  # fmt: skip


def pages() -> Mapping[str, PageView]:
    """Every example of this room."""
    rich = DemandFilter("水土", "RA03", "330300", 5_000_000, 50_000_000, "open", "comprehensive", regional_only=True)
    plain = sealed()
    rounds = replace(
        plain, terms=terms_view(cases.rounds_case().terms), room=room(), signed_up=6, offers=20, needs=(), recusals=(),
        has_changed_terms=False, clocks=Clocks(OPENING - timedelta(days=3), OPENING - timedelta(days=1), OPENING),
    )  # fmt: skip
    empty_room = RoomView(
        tuple(replace(one, state="coming", alive=None, best=None, extensions=0) for one in room().rounds), (), (), 0, 0
    )
    too_few = Reason("too_few_bidders", Source("选取规则", "yes", "3"), {"valid": 2, "minimum": 3})
    return {
        "demand-list": listed(DemandFilter(), total=46),
        "demand-list-filtered": listed(rich, total=1_003, page=50),
        "demand-list-many": listed(DemandFilter(q="水土 方案"), total=MAX_COUNTED + 1, page=3),
        "demand-list-empty": listed(DemandFilter(q="没有这样的"), total=0),
        "demand-list-unread": unread(),
        "demand-list-none": listed(DemandFilter(), total=0),
        "demand-sealed": plain,
        "demand-rounds": rounds,
        "demand-rounds-coming": replace(rounds, room=empty_room, signed_up=None, offers=None),
        "demand-instant": replace(
            plain, terms=terms_view(cases.shelf_case("best_value").terms), clocks=Clocks(OPENING), wanted_days=None,
            quantity=120,
        ),
        "demand-wide": replace(plain, terms=terms_view(cases.wide_case().terms), any_need_suffices=True),
        "demand-decided": replace(
            plain, state="objected", outcome=Decided("A1", agency(0), 13_860_000), signed_up=5, offers=4,
            clocks=replace(plain.clocks, decided_at=OPENING), asked=ASKED, objected=OBJECTED, has_changed_terms=True,
        ),
        "demand-unsuccessful": replace(plain, state="unsuccessful", outcome=Failed(too_few, "A2", 2), publication=2),
    }  # fmt: skip
