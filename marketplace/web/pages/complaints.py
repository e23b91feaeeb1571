"""投诉与异议: how, by which clock, where a matter stands; the forms for the public.

Who objects is known to the market, so that it is counted once, and told to nobody. Source: market.md section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import ClassVar

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import Fault, Malformed, NotFound
from commons.verdicts import Refused
from marketplace.attachments.attachment import MAX_FILE_BYTES
from marketplace.catalogue.profiles import rule_profile
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.lodge_complaint import LodgeComplaint, lodge_complaint
from marketplace.usecases.object_to_award import ObjectToAward, object_to_award
from marketplace.usecases.object_to_filing import ObjectToFiling, object_to_filing
from marketplace.usecases.read_agency import read_agency
from marketplace.usecases.read_demand import read_demand
from marketplace.web.addresses import COMPLAINTS, agency_path, demand_path, object_path
from marketplace.web.locale.complaint_words import CLOCKS
from marketplace.web.locale.rules import rule_value_words
from marketplace.web.matters import award_matters, filing_matters
from marketplace.web.pages.acting import Asked, Made, Sent, acted, made_page
from marketplace.web.pages.asking import PageRequest, query_of
from marketplace.web.pages.forms import FORM, to_sign_in
from marketplace.web.plans import Field, Plan, proposed, values_of
from marketplace.web.receipts import Done
from marketplace.web.requests import shaped
from marketplace.web.signed_in import reader_of
from marketplace.web.views.about import RuleValue
from marketplace.web.views.complaints import ComplaintFormView, ComplaintsView, MattersFound
from marketplace.web.views.forms import FormShown
from marketplace.web.views.parts import Entered

USCC_LENGTH = 18
MAX_CODE = 32
_GROUNDS = Field("grounds", "理由和依据", "prose", hint="会公开；不要写个人信息，最多 500 字", limit=500)
_DEMAND = Field("demand", "需求编号", hint="需求公告或中选公告上的编号", limit=MAX_CODE)


@dataclass(frozen=True, slots=True)
class Way:
    """One form of the public: its words, its plan, what follows from it."""

    title: str
    button: str
    plan: Plan
    consequences: tuple[str, ...]

    TOLD: ClassVar[str] = "异议人、投诉人的身份不公开。"


WAYS = {
    "award": Way(
        "对中选结果提出异议",
        "提出异议",
        Plan((_DEMAND, _GROUNDS), places={"no_demand": "demand"}),
        ("公示期内可以提出；提出后结果暂缓生效，业主须在规定期限内书面答复。", "理由和答复会公开。" + Way.TOLD),
    ),
    "complain": Way(
        "就异议的答复投诉",
        "提交投诉",
        Plan((_DEMAND, Field("objection", "异议的序号", "whole"), _GROUNDS), places={"no_demand": "demand"}),
        ("只有提出该异议的人可以投诉：对答复不服，或者到期没有答复。", "投诉期间结果继续暂缓生效。" + Way.TOLD),
    ),
    "filing": Way(
        "对机构的备案提出异议",
        "提出备案异议",
        Plan(
            (
                Field("agency", "机构的统一社会信用代码", limit=USCC_LENGTH),
                Field("reason", "哪里不符", "prose", hint="会公开；最多 500 字", limit=500),
                Field("paper", "证据文件", "file", hint="只登记文件的摘要（SHA-256），文件由您保存，办理时提交"),
            ),
            places={"no_agency": "agency"},
        ),
        ("备案后的异议期内可以提出，备案继续有效，由监管部门答复。", "理由和答复会公开。" + Way.TOLD),
    ),
}
"""By the name in the address."""


@get(COMPLAINTS, include_in_schema=False)
async def complaints_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """How to, and what was looked up under a number."""
    settings: Settings = request.app.state.settings
    code, now = query_of(request).get("code", "").strip().upper(), datetime.now(UTC)
    if not code:
        return made_page(request, Made(ComplaintsView(clocks_of(settings.profile)), now))
    try:
        found, now, is_example = await _looked_up(database, code, settings.profile)
    except NotFound:
        entered = Entered({"code": code[:MAX_CODE]}, {"code": "没有这个编号的需求、结果或机构"})
        view = ComplaintsView(clocks_of(settings.profile), code[:MAX_CODE], entered=entered)
        return made_page(request, Made(view, now), HTTPStatus.NOT_FOUND)
    return made_page(request, Made(ComplaintsView(clocks_of(settings.profile), code, found), now, is_example))


def clocks_of(profile: str) -> dict[str, str]:
    """The clocks of the profile in words, by key."""
    values = rule_profile(profile).values
    shown = (RuleValue(key, values[key].value, values[key].unit, values[key].source) for key in CLOCKS)
    return {one.code: rule_value_words(one) for one in shown}


async def _looked_up(database: Database, code: str, profile: str) -> tuple[MattersFound, datetime, bool]:
    if not code.isascii() or not code.replace("-", "").isalnum() or len(code) > MAX_CODE:
        raise NotFound("demand", code)
    if len(code) == USCC_LENGTH:
        file = await read_agency(database, code, profile=profile)
        matters = filing_matters(file.objections, now=file.now)
        return MattersFound(code, file.name, agency_path(code), "filing", matters), file.now, file.is_example
    found = await read_demand(database, code)
    matters = award_matters(found.life.objections, now=found.now)
    shown = MattersFound(code, found.demand.title, demand_path(code), "award", matters)
    return shown, found.now, found.demand.is_example


@get(COMPLAINTS + "/{way:str}", include_in_schema=False)
async def complaint_page(request: PageRequest, way: FromPath[str]) -> Response[str]:
    """A form, for whoever is signed in."""
    known = _way(way)
    if reader_of(request) is None:
        return to_sign_in(request)
    query = query_of(request)
    given = {one.name: query[one.name][:MAX_CODE] for one in known.plan.fields if query.get(one.name)}
    return made_page(request, _made(known, Asked(known.plan, object_path(way)).fresh(proposed(**given))))


@post(COMPLAINTS + "/{way:str}", **{**FORM, "request_max_body_size": MAX_FILE_BYTES + 64 * 1024})
async def complaint_form(
    request: PageRequest, database: NamedDependency[Database], way: FromPath[str]
) -> Response[str]:
    """Lodge it, and go to where it is followed."""
    known = _way(way)
    if reader_of(request) is None:
        return to_sign_in(request)
    settings: Settings = request.app.state.settings

    async def work(sent: Sent) -> Done | Refused:
        return await _lodge(database, sent, way, settings.profile)

    async def again(form: FormShown) -> Made:
        return _made(known, form)

    return await acted(request, Asked(known.plan, object_path(way)), work, again=again, then=lambda done: done)


async def _lodge(database: Database, sent: Sent, way: str, profile: str) -> Done | Refused:
    if way == "filing":
        return await _object_to_filing(database, sent, profile)
    typed = values_of(sent.plan, sent.form.every)
    code = str(typed.pop("demand")).upper()
    command = {**typed, "selection": (await read_demand(database, code)).demand.selection}
    if way == "award":
        raised = await object_to_award(database, sent.caller, shaped(ObjectToAward, command))
        return raised if isinstance(raised, Refused) else _done(code, "public_objected", str(raised.objection))
    lodged = await lodge_complaint(database, sent.caller, shaped(LodgeComplaint, command))
    return lodged if isinstance(lodged, Refused) else _done(code, "public_complained", str(lodged.objection))


async def _object_to_filing(database: Database, sent: Sent, profile: str) -> Done | Refused:
    files = sent.files("paper")
    if not files:
        raise Malformed((Fault("/paper", "missing", "needed"),))
    command = sent.command(ObjectToFiling, evidence_sha256=sha256(files[0].body).hexdigest())
    made = await object_to_filing(database, sent.caller, command, profile=profile)
    return made if isinstance(made, Refused) else _done(made.agency, "public_filing_objected", made.objection)


def _done(code: str, what: str, receipt: str) -> Done:
    return Done(f"{COMPLAINTS}?code={code}", what, receipt)


def _way(name: str) -> Way:
    if name not in WAYS:
        raise NotFound("page", name)
    return WAYS[name]


def _made(way: Way, form: FormShown) -> Made:
    return Made(ComplaintFormView(way.title, way.button, way.consequences, form), datetime.now(UTC))


OBJECTING_PAGES: tuple[HTTPRouteHandler, ...] = (complaints_page, complaint_page, complaint_form)
"""Read by anybody; the forms by whoever is signed in."""
