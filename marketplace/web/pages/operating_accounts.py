"""岗位与账号: who holds an office, appointing (two people where the office approves), ending, closing an account.

Accounts themselves are listed, and reset, on the machine alone (``./run accounts``): the table of permissions gives
that to no role. Source: market.md section 1.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.canonical import Json
from commons.errors import NotFound
from commons.instants import beijing_date
from commons.regions import REGIONS
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.offices import (
    AppointOfficer,
    DisableAccount,
    EndOfficer,
    disable_account,
    end_officer,
)
from marketplace.usecases.read_account import OfficerLine, read_officers
from marketplace.web import formatting
from marketplace.web.addresses import OPERATING_ACCOUNTS, operating_path
from marketplace.web.locale.account_words import ROLES
from marketplace.web.pages.act_routes import act_routes
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agency_acts import AgencyAct, Doing, Where
from marketplace.web.pages.asking import PageRequest, query_of
from marketplace.web.pages.operating import TRAIL, desk_reader, is_operator, region_choices
from marketplace.web.pages.regulating import chosen, logged, with_second
from marketplace.web.plans import Field, Plan
from marketplace.web.signed_in import Visitor
from marketplace.web.views.agency_acts import Pairs
from marketplace.web.views.operating import AccountsView, OfficerRow
from marketplace.web.views.parts import Option

OFFICES = ("regulator", "operator", "auditor", "delegate")
_REASON = Field("reason", "理由", "prose", hint="写入访问日志", limit=500)
_LOGIN = Field("login", "登录名", hint="本人先自行注册账号", limit=64)


async def _end(doing: Doing, command: EndOfficer) -> Any:
    return await logged(doing, "endOfficer", await end_officer(doing.database, doing.caller, command))


async def _switch(doing: Doing, command: DisableAccount) -> Any:
    return await logged(doing, "disableAccount", await disable_account(doing.database, doing.caller, command))


APPOINT = AgencyAct(
    "appoint", "任命岗位", "提交任命", Plan(
        (
            _LOGIN,
            Field("office", "岗位", "radios", options=chosen({one: ROLES[one] for one in OFFICES})),
            Field("region", "管辖区域", "select", hint="只有监管岗位填写", is_needed=False),
            Field("line", "条线", hint="监管岗位可以限于一个部门，如“水利”；不填即全部", limit=16, is_needed=False),
            _REASON,
        ),
        places={"no_account": "login", "own_office": "login", "offices_apart": "office", "office_held": "office"},
    ),
    AppointOfficer, lambda doing, command: with_second(doing, "appointOfficer", command), "officer_appointed",
    ("监管和运营岗位会复核他人提出的事项，须由另一名运营人员复核后才生效。",
     "运营与监管不能由同一人担任，也不能任命自己。"),
    receipt="proposal", is_checked=True,
)  # fmt: skip
END = AgencyAct(
    "end", "免去岗位", "免去", Plan((_REASON,)), EndOfficer, _end, "officer_ended",
    ("立即生效：以这一岗位登录的，下一次操作即被拒绝。已经办理的事项不受影响。",), is_checked=True, is_grave=True,
)  # fmt: skip
SWITCH = AgencyAct(
    "switch", "停用或启用账号", "提交", Plan(
        (
            Field("login", "登录名", limit=64),
            Field("what", "办理", "radios", options=chosen({
                "close": "停用：所有登录立即失效，不能再登录", "open": "启用：可以重新登录",
            })),
            _REASON,
        ),
        places={"no_account": "login", "own_account": "login", "last_operator": "login"},
    ),
    DisableAccount, _switch, "account_switched", ("停用不删除任何记录；不能停用自己的账号。",),
    is_checked=True, is_grave=True,
)  # fmt: skip


@get(OPERATING_ACCOUNTS, include_in_schema=False)
async def accounts_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Who holds an office."""
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    found = await read_officers(database, visitor.caller(None))
    query = query_of(request)
    office, q = query.get("office", ""), query.get("q", "").strip()
    may_act = is_operator(visitor)
    rows = tuple(
        row
        for one in found.officers
        if not office or one.office == office
        if (row := _row(one, may_act=may_act)) and q in f"{row.acting} {row.place} {row.line}"
    )
    offices = tuple(Option(one, ROLES[one]) for one in OFFICES)
    view = AccountsView(office, q, offices, rows, len(found.officers), may_act)
    return made_page(request, Made(view, datetime.now(UTC)))


def _row(one: OfficerLine, *, may_act: bool) -> OfficerRow:
    return OfficerRow(
        ROLES.get(one.office, one.office), one.acting, "" if one.region is None else REGIONS.full_name(one.region),
        one.line or "", one.granted_at, operating_path("accounts", "end", one.role_id) if may_act else "",
    )  # fmt: skip


async def _acting(
    request: PageRequest, database: Database, name: str, of: str
) -> tuple[AgencyAct[Any], Where] | Response[str]:
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    now = datetime.now(UTC)
    act, facts, fixed = await _what(database, visitor.caller(None), name, of)
    options = {"region": region_choices(beijing_date(now))} if act is APPOINT else {}
    where = Where(
        action=operating_path("accounts", name, of), back=OPERATING_ACCOUNTS,
        trail=(*TRAIL, (OPERATING_ACCOUNTS, "岗位与账号")), now=now, facts=facts, fixed=fixed, options=options,
    )  # fmt: skip
    return act, where


async def _what(
    database: Database, caller: Caller, name: str, of: str
) -> tuple[AgencyAct[Any], Pairs, dict[str, Json]]:
    if not of and name in {"appoint", "switch"}:
        return (APPOINT if name == "appoint" else SWITCH), (), {}
    found = await read_officers(database, caller)
    held = next((one for one in found.officers if one.role_id == of), None)
    if name != "end" or held is None:
        raise NotFound("officer", of)
    row = _row(held, may_act=True)
    facts = (("岗位", row.office), ("以何名义", row.acting), ("管辖区域", row.place or "—"),
             ("自", formatting.deadline(row.since)))  # fmt: skip
    return END, facts, {"officer": of}


OPERATING_ACCOUNT_PAGES: tuple[HTTPRouteHandler, ...] = (accounts_page, *act_routes(OPERATING_ACCOUNTS, _acting))
"""岗位与账号."""
