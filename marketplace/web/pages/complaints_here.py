"""投诉: whether it is accepted, how it is decided; the objection, its answer and the grounds stand beside the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.canonical import Json
from commons.errors import NotFound
from commons.regions import REGIONS
from marketplace.database import Database
from marketplace.usecases.accept_complaint import AcceptComplaint, accept_complaint
from marketplace.usecases.decide_complaint import DecideComplaint
from marketplace.usecases.read_demand import DemandFile, read_demand
from marketplace.usecases.read_life import ObjectionTold
from marketplace.web import formatting
from marketplace.web.addresses import COMPLAINTS_HERE, QUEUES, complaint_path, demand_path
from marketplace.web.locale.regulating_words import FINDINGS
from marketplace.web.pages.acting import Sent
from marketplace.web.pages.agency_acts import AgencyAct, Doing, Where, act_page, act_sent
from marketplace.web.pages.asking import PageRequest, identifier_of
from marketplace.web.pages.forms import FORM
from marketplace.web.pages.regulating import TRAIL, chosen, logged, regulator_reader, with_second
from marketplace.web.plans import Field, Plan
from marketplace.web.signed_in import Visitor
from marketplace.web.views.agency_acts import Pairs

_REASON = Field("reason", "理由", "prose", hint="会公开", limit=500)


def _accepted(sent: Sent) -> dict[str, Json]:
    return {"is_accepted": sent.get("is_accepted") == "yes"}


async def _accept(doing: Doing, command: AcceptComplaint) -> Any:
    return await logged(doing, "acceptComplaint", await accept_complaint(doing.database, doing.caller, command))


COMPLAINT_ACTS: Mapping[str, AgencyAct[Any]] = {
    "accept": AgencyAct(
        "accept", "决定是否受理投诉", "公布意见", Plan((
            Field("is_accepted", "意见", "radios", options=chosen({"yes": "受理", "no": "不予受理"})), _REASON,
        )),
        AcceptComplaint, _accept, "complaint_ruled",
        ("受理后开始计算处理期限，中选继续等待；不予受理的，不再影响中选。",), _accepted, is_checked=True,
    ),
    "decide": AgencyAct(
        "decide", "作出投诉处理决定", "公布决定", Plan(
            (
                Field("finding", "认定", "radios", options=chosen(dict(FINDINGS))),
                Field("remedy", "成立的处理", "radios", hint="只在成立时选", is_needed=False,
                      options=chosen({"next": "由下一名递补", "annul": "撤销本次选取"})),
                _REASON,
            ),
            places={"remedy_needs_approver": "remedy"},
        ),
        DecideComplaint, lambda doing, command: with_second(doing, "decideComplaint", command), "complaint_decided",
        ("不成立的，中选继续；成立的，按所选处理。已公开抽取结果的，撤销须两名监管人员同意。",),
        receipt="proposal", is_checked=True, is_grave=True,
    ),
}  # fmt: skip
"""By the name in the address."""


async def _acting(
    request: PageRequest, database: Database, demand: str, number: str, name: str
) -> tuple[AgencyAct[Any], Where] | Response[str]:
    visitor = regulator_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    act = COMPLAINT_ACTS.get(name)
    if act is None:
        raise NotFound("page", name)
    file = await read_demand(database, identifier_of("demand", demand))
    told = next((one for one in file.life.objections if str(one.objection.number) == number), None)
    if told is None or told.objection.complaint is None:
        raise NotFound("objection", number)
    where = Where(
        action=complaint_path(file.demand.id, told.objection.number, name), back=QUEUES,
        trail=(*TRAIL, (QUEUES, "办理队列"), (demand_path(file.demand.id), file.demand.title)), now=file.now,
        about=file.demand.title, facts=_facts(file, told),
        fixed={"selection": file.demand.selection or "", "objection": told.objection.number},
    )  # fmt: skip
    return act, where


def _facts(file: DemandFile, told: ObjectionTold) -> Pairs:
    """What the complaint is about, with its clocks."""
    one, complaint = told.objection, told.objection.complaint
    assert complaint is not None, "asked for before"
    due = complaint.accept_until if complaint.decide_until is None else complaint.decide_until
    against = file.names.get(one.against, one.against)
    rows = [
        ("地区", REGIONS.full_name(file.demand.region)),
        ("拟中选机构", against),
        (f"异议（第 {one.number} 号，{formatting.deadline(one.raised_at)}）", told.grounds),
        ("业主的答复", told.answer or "到期没有答复"),
        (f"投诉（{formatting.deadline(complaint.lodged_at)}）", told.complaint or ""),
    ]
    if told.accepting:
        rows.append(("受理意见", told.accepting))
    rows.append(("应于", f"{formatting.deadline(due.at)}（北京时间）前办结{'，已逾期' if due.at <= file.now else ''}"))
    return tuple(rows)


@get(COMPLAINTS_HERE + "/{demand:str}/{number:str}/{act:str}", include_in_schema=False)
async def complaint_page(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str], number: FromPath[str],
    act: FromPath[str],
) -> Response[str]:  # fmt: skip
    """The form beside what the complaint says."""
    found = await _acting(request, database, demand, number, act)
    return act_page(request, *found) if isinstance(found, tuple) else found


@post(COMPLAINTS_HERE + "/{demand:str}/{number:str}/{act:str}", **FORM)
async def complaint_form(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str], number: FromPath[str],
    act: FromPath[str],
) -> Response[str]:  # fmt: skip
    """Do it."""
    found = await _acting(request, database, demand, number, act)
    return await act_sent(request, database, *found) if isinstance(found, tuple) else found


COMPLAINT_PAGES: tuple[HTTPRouteHandler, ...] = (complaint_page, complaint_form)
"""投诉 of one's region."""
