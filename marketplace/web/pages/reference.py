"""基础数据: the back office keeps help desks; all else of its kind ships with the product or is published.

Source: docs/adr/0037.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.errors import NotFound
from commons.instants import beijing_date
from commons.regions import REGIONS
from commons.workdays import LIBRARY_TABLE
from credit.joint import joint_measures
from credit.rulebook import rulebook
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.profiles import shipped_profiles
from marketplace.database import Database
from marketplace.reference.desk import HelpDesk
from marketplace.usecases.help_desks import (
    HelpDesks,
    RemoveHelpDesk,
    SetHelpDesk,
    read_help_desks,
    remove_help_desk,
    seen_of,
    set_help_desk,
)
from marketplace.usecases.record_credit_fact import RULEBOOK
from marketplace.web.addresses import (
    HELP_DESKS,
    OPERATING_CALENDAR,
    OPERATING_CATALOGUE,
    OPERATING_PROFILES,
    OPERATING_REFERENCE,
    RESTRICTIONS,
    RULES,
    operating_path,
)
from marketplace.web.pages.act_routes import act_routes
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agency_acts import AgencyAct, Doing, Where
from marketplace.web.pages.asking import PageRequest, page
from marketplace.web.pages.operating import TRAIL, desk_reader, is_operator, region_choices
from marketplace.web.plans import Field, Plan, proposed
from marketplace.web.signed_in import Visitor
from marketplace.web.views.reference import DataShown, DeskShown, HelpDesksView, ReferenceView

AREA = "reference"


async def _set(doing: Doing, command: SetHelpDesk) -> Any:
    return await set_help_desk(doing.database, doing.caller, command)


async def _remove(doing: Doing, command: RemoveHelpDesk) -> Any:
    return await remove_help_desk(doing.database, doing.caller, command)


_SEEN = Field("seen", "", "hidden", is_needed=False)
SET = AgencyAct(
    "desk", "咨询窗口", "保存", Plan(
        (
            Field("region", "区域", "select"),
            Field("name", "窗口名称"),
            Field("phone", "电话", hint="公务电话，如 0577-12345678",
                  asks="电话为 5 至 40 个数字、空格、括号、加号或连字符", limit=40),
            Field("hours", "服务时间", hint="如：工作日 9:00—17:00", limit=300),
            Field("address", "地址", limit=300, is_needed=False),
            Field("remark", "说明", limit=300, is_needed=False),
            _SEEN,
        )
    ),
    SetHelpDesk, _set, "desk_set", ("保存后立即公开；改动前后的摘要写入访问日志。请勿填写个人手机。",), receipt="desk",
)  # fmt: skip
REMOVE = AgencyAct(
    "remove", "删除咨询窗口", "删除", Plan((_SEEN,)), RemoveHelpDesk, _remove, "desk_removed",
    ("删除后不再公开；删除前的摘要写入访问日志。",), is_checked=True, is_grave=True,
)  # fmt: skip


@get(HELP_DESKS, include_in_schema=False)
async def help_desks_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Whom to ask, by region."""
    found = await read_help_desks(database)
    shown = shown_desks(found, may_act=False)
    return page(request, HelpDesksView(shown), now=found.now, is_example=any("（示例）" in one.name for one in shown))


@get(OPERATING_REFERENCE, include_in_schema=False)
async def reference_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """What is kept here, and where everything else of its kind is changed."""
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    found, may_act = await read_help_desks(database), is_operator(visitor)
    view = ReferenceView(shown_desks(found, may_act=may_act), shipped(), may_act)
    return made_page(request, Made(view, found.now, any("（示例）" in one.name for one in view.desks)))


def shown_desks(found: HelpDesks, *, may_act: bool) -> tuple[DeskShown, ...]:
    """Help desks as pages show them."""
    return tuple(
        DeskShown(
            REGIONS.full_name(one.region), one.name, one.phone, one.hours, one.address, one.remark, one.changed_at,
            operating_path(AREA, "desk", one.id) if may_act else "",
            operating_path(AREA, "remove", one.id) if may_act else "",
        )
        for one in found.rows
    )  # fmt: skip


@cache
def shipped() -> tuple[DataShown, ...]:
    """What is reference data too, and is not kept by hand: with the act, or the release, that changes it."""
    catalogue, rules = load_catalogue(), rulebook(RULEBOOK)
    measures, years = joint_measures(), LIBRARY_TABLE.years
    versions = "随程序发布，各地以版本增改"
    return (
        DataShown("服务事项", len(catalogue.items), "项", versions, "公布目录版本", OPERATING_CATALOGUE),
        DataShown("资质种类", len(catalogue.kinds), "种", "随程序发布", "程序新版本"),
        DataShown("规则参数", len(shipped_profiles()), "套", versions, "公布规则版本", OPERATING_PROFILES),
        DataShown("行政区划", len(REGIONS.rows), "个", "随程序发布（GB/T 2260）", "程序新版本"),
        DataShown("工作日历", len(years), "年", "国务院办公厅放假安排", "程序新版本", OPERATING_CALENDAR),
        DataShown("信用计分规则", len(rules.rules), "条", "随程序发布", "程序新版本", RULES),
        DataShown("联合惩戒与激励措施", len(measures), "条", "随程序发布", "程序新版本", RESTRICTIONS),
    )


async def _acting(
    request: PageRequest, database: Database, name: str, of: str
) -> tuple[AgencyAct[Any], Where] | Response[str]:
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    found = await read_help_desks(database)
    one = next((each for each in found.rows if each.id == of), None)
    if name not in {"desk", "remove"} or (one is None and (of or name == "remove")):
        raise NotFound("help_desk", of or name)
    act = SET if name == "desk" else REMOVE
    where = Where(
        action=operating_path(AREA, name, of), back=OPERATING_REFERENCE,
        trail=(*TRAIL, (OPERATING_REFERENCE, "基础数据")), now=datetime.now(UTC),
        about="" if one is None else one.name,
        fixed={} if one is None else {"desk": one.id},
        proposed={} if one is None else _as_it_is(one),
        options={"region": region_choices(beijing_date(found.now))} if act is SET else {},
    )  # fmt: skip
    return act, where


def _as_it_is(one: HelpDesk) -> dict[str, tuple[str, ...]]:
    """What stands, to be changed, with the digest of what was seen."""
    return proposed(
        region=one.region, name=one.name, phone=one.phone, hours=one.hours, address=one.address, remark=one.remark,
        seen=seen_of(one),
    )  # fmt: skip


REFERENCE_PAGES: tuple[HTTPRouteHandler, ...] = (
    help_desks_page, reference_page, *act_routes(OPERATING_REFERENCE, _acting),
)  # fmt: skip
"""基础数据 and 咨询窗口."""
