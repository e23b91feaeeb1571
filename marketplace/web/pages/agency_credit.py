"""本机构信用: every point with its cause and its end, objection and repair two clicks away. Source: credit.md 4, 6."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import NotFound
from credit.repair import COMPLAINT, DECIDING
from credit.restrictions import Restriction
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.apply_for_repair import ApplyForRepair, apply_for_repair
from marketplace.usecases.object_to_fact import ObjectToFact, object_to_fact
from marketplace.usecases.read_own_credit import OwnCredit, OwnFact, OwnNotice, own_fact, read_own_credit
from marketplace.usecases.state_at_hearing import StateAtHearing, state_at_hearing
from marketplace.web import formatting
from marketplace.web.addresses import HOME, OWN_CREDIT, WORK, credit_act_path
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agencies import agency_view, credit_view
from marketplace.web.pages.agency_acts import AgencyAct, Where, act_page, act_sent, agency_reader
from marketplace.web.pages.asking import PageRequest
from marketplace.web.pages.forms import FORM, to_join
from marketplace.web.pages.naming import item_of
from marketplace.web.plans import Field, Plan
from marketplace.web.signed_in import Visitor
from marketplace.web.views.agency_credit import BoundRow, FactRow, NoticeRow, OwnCreditView, WayRow

TRAIL = ((HOME, "首页"), (WORK, "工作台"), (OWN_CREDIT, "本机构信用"))
STATUS = {
    "counts": ("计分中", "warn"),
    "revoked": ("已撤销", ""),
    "repaired": ("已修复", "ok"),
    "expired": ("已到期", ""),
}
WAYS = {"expires": "{0}期满，不再计分", "revoked": "异议成立，撤销“{0}”", "earned": "新增“{0}”"}
_EVIDENCE = Field(
    "evidence_sha256", "证据文件的 SHA-256", hint="64 位十六进制；文件本身由您保存，答复时提交", limit=64,
    is_needed=False,
)  # fmt: skip

CREDIT_ACTS: Mapping[str, AgencyAct[Any]] = {
    one.name: one
    for one in (
        AgencyAct(
            "object", "提出异议", "提出异议", Plan((
                Field("reason", "哪里不对", "prose", hint="会公开", limit=500), _EVIDENCE,
            )),
            ObjectToFact,
            lambda doing, command: object_to_fact(doing.database, doing.caller, command, profile=doing.profile),
            "fact_objected",
            ("受理后这条信息立即标注“异议办理中”，答复前仍计分；监管部门须按公布的期限答复，答复公开。",),
            receipt="objection",
        ),
        AgencyAct(
            "repair", "申请信用修复", "提交申请", Plan(
                (
                    Field("correction", "怎样纠正的", "prose", hint="会公开", limit=500),
                    Field("is_corrected", "已经纠正，义务已履行完毕", "box"),
                    Field("commitment_signed", "公开承诺不再发生", "box"),
                    _EVIDENCE,
                ),
                places={"not_corrected": "is_corrected", "commitment_not_signed": "commitment_signed"},
            ),
            ApplyForRepair,
            lambda doing, command: apply_for_repair(doing.database, doing.caller, command, profile=doing.profile),
            "repair_applied",
            ("由两名监管人员审核；准予后停止公示和计分，由此产生的限制同时解除。",), receipt="application",
        ),
        AgencyAct(
            "statement", "陈述申辩", "提交", Plan((
                Field("statement", "陈述申辩的内容", "prose", hint="不公开；决定须逐条回应", limit=5000), _EVIDENCE,
            )),
            StateAtHearing, lambda doing, command: state_at_hearing(doing.database, doing.caller, command),
            "statement_made", ("一次为限，请一次说全。",), receipt="statement", is_checked=True,
        ),
    )
}  # fmt: skip
"""By the name in the address."""


async def _own(request: PageRequest, database: Database) -> OwnCredit | Response[str]:
    """The reader's own credit; whoever is not on file joins first."""
    visitor = agency_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    settings: Settings = request.app.state.settings
    try:
        return await read_own_credit(database, visitor.caller(None), profile=settings.profile)
    except NotFound:
        return to_join(request)


@get(OWN_CREDIT, include_in_schema=False)
async def own_credit_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The whole file."""
    own = await _own(request, database)
    if not isinstance(own, OwnCredit):
        return own
    return made_page(request, Made(own_credit_view(own), own.now, own.file.is_example))


def own_credit_view(own: OwnCredit) -> OwnCreditView:
    """The file as its page shows it."""
    lines = {one.fact.id: one for one in own.score.lines}
    rows = [_fact(one, lines.get(one.fact.id), now=own.now) for one in own.facts]
    grade, needed = own.next_grade or ("", own.score.value)
    return OwnCreditView(
        uscc=own.file.uscc,
        name=own.file.name,
        credit=credit_view(own.score),
        counting=tuple(one for one in rows if one.points is not None),
        over=tuple(one for one in rows if one.points is None),
        bound=tuple(_bound(one, own) for one in own.restrictions),
        notices=tuple(_notice(one, now=own.now) for one in own.notices),
        ways=tuple(
            WayRow(WAYS[one.kind].format(one.words), one.value, one.grade or "", one.at, one.value >= needed)
            for one in own.ways
        ),
        next_grade=grade,
        missing=needed - own.score.value,
        timeline=agency_view(own.file).timeline,
    )


def _fact(one: OwnFact, line: Any, *, now: datetime) -> FactRow:
    state, tone = STATUS[one.state.status]
    if one.state.is_disputed:
        state, tone = "异议办理中", "warn"
    elif one.is_repair_pending:
        state, tone = "修复审核中", "warn"
    refused = _refused(one)
    acts: list[tuple[str, str]] = []
    remark = ""
    if one.state.status == "counts":
        if not one.state.is_disputed:
            acts.append((credit_act_path("object", one.fact.id), "提出异议"))
        if one.repairable_from is not None and not one.is_repair_pending:
            acts.append((credit_act_path("repair", one.fact.id), "申请修复"))
            if one.repairable_from > now:
                remark = f"{formatting.deadline(one.repairable_from)} 起可以修复"
    if refused:
        state, tone, remark = "修复未获准", "bad", "；".join(filter(None, (f"理由：{refused}", COMPLAINT, remark)))
    return FactRow(
        one.fact.id, one.fact.code if one.rule is None else one.rule.words, one.fact.basis, one.fact.effective_at,
        None if line is None else line.points, None if line is None else line.until, state, tone, tuple(acts), remark,
    )  # fmt: skip


def _refused(one: OwnFact) -> str:
    """Why the last application for repair was refused; "" where none was, or another one waits."""
    said = [each for each in one.fact.followed if each.kind in DECIDING]
    is_last = bool(said) and said[-1].kind == "repair_refused" and one.state.status == "counts"
    return said[-1].reason if is_last else ""


def _bound(one: Restriction, own: OwnCredit) -> BoundRow:
    """A restriction with the way to repair what caused it."""
    is_in_force = one.is_in_force(at=own.now)
    acts: tuple[tuple[str, str], ...] = ()
    if one.fact is not None and is_in_force:
        acts = (
            (credit_act_path("repair", one.fact), "申请修复"),
            (credit_act_path("object", one.fact), "提出异议"),
        )
    return BoundRow(
        one.basis, tuple(one.measures), tuple(item_of(code).name for code in one.items), one.starts_at, one.ends_at,
        is_in_force, acts,
    )  # fmt: skip


def _notice(one: OwnNotice, *, now: datetime) -> NoticeRow:
    state, tone, act = "可以陈述申辩", "warn", credit_act_path("statement", one.id)
    if one.is_decided:
        state, tone, act = "已作出决定", "", ""
    elif one.stated_at is not None:
        state, tone, act = "已陈述", "ok", ""
    elif now >= one.hearing_until:
        state, tone, act = "期限已过", "", ""
    return NoticeRow(one.basis, one.noticed_at, one.hearing_until, state, tone, act)


@get(f"{OWN_CREDIT}/{{act:str}}/{{of:str}}", include_in_schema=False)
async def credit_act_page(
    request: PageRequest, database: NamedDependency[Database], act: FromPath[str], of: FromPath[str]
) -> Response[str]:
    """The form of an act about a fact or a notice."""
    own = await _own(request, database)
    return act_page(request, *_where(own, act, of)) if isinstance(own, OwnCredit) else own


@post(f"{OWN_CREDIT}/{{act:str}}/{{of:str}}", **FORM)
async def credit_act_form(
    request: PageRequest, database: NamedDependency[Database], act: FromPath[str], of: FromPath[str]
) -> Response[str]:
    """Do it."""
    own = await _own(request, database)
    return await act_sent(request, database, *_where(own, act, of)) if isinstance(own, OwnCredit) else own


def _where(own: OwnCredit, name: str, of: str) -> tuple[AgencyAct[Any], Where]:
    act = CREDIT_ACTS.get(name)
    if act is None:
        raise NotFound("page", name)
    if name == "statement":
        notice = next((one for one in own.notices if one.id == of), None)
        if notice is None:
            raise NotFound("notice", of)
        until = f"{formatting.deadline(notice.hearing_until)}（北京时间）"
        facts, fixed = (("拟作出的限制依据", notice.basis), ("陈述申辩至", until)), {"notice": of}
    else:
        one = own_fact(own, of)
        facts = (("事实", one.fact.basis), ("计分起", formatting.day(one.fact.effective_at)))
        fixed = {"fact": of}
    return act, Where(
        action=credit_act_path(name, of), back=OWN_CREDIT, trail=TRAIL, now=own.now, about=own.file.name, facts=facts,
        fixed={"agency": own.file.uscc, **fixed}, is_example=own.file.is_example,
    )  # fmt: skip


CREDIT_PAGES: tuple[HTTPRouteHandler, ...] = (own_credit_page, credit_act_page, credit_act_form)
"""An agency's own credit."""
