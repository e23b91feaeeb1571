"""失信限制登记: whom, on what basis, what is stopped until when; what becomes impossible where; a second person.

Invariants: nothing takes effect on this page; what is shown before it is sent is computed anew by the very code of the
act, and again when the second person approves. Source: pages.md (regulator), credit.md section 3.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.canonical import Json
from commons.errors import Malformed
from commons.instants import format_instant, start_of_day
from commons.regions import REGIONS
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.preview_restriction import MEASURES, Matter, RestrictionPreview, preview_restriction
from marketplace.usecases.read_case_file import CaseFile, CaseNotice, read_case_file
from marketplace.usecases.restrict_agency import RestrictAgency
from marketplace.web import formatting
from marketplace.web.addresses import PROPOSALS, RESTRICT, SUBJECTS, restrict_path, subject_path
from marketplace.web.locale import names
from marketplace.web.pages.acting import (
    CODE_FIELD,
    KEY_FIELD,
    PASSWORD_FIELD,
    Asked,
    Made,
    Sent,
    acted,
    made_page,
    new_key,
)
from marketplace.web.pages.agency_acts import EDIT_FIELD, SURE_FIELD, Doing, answers
from marketplace.web.pages.asking import PageRequest, identifier_of, query_of
from marketplace.web.pages.forms import FORM, Form, form_of
from marketplace.web.pages.naming import item_of, item_options
from marketplace.web.pages.regulating import TRAIL, profile_of, region_of, regulator_reader, with_second
from marketplace.web.plans import Field, Plan, read_day, shown_form
from marketplace.web.receipts import Done
from marketplace.web.signed_in import FORM_FIELD, Visitor
from marketplace.web.views.agency_acts import Pairs
from marketplace.web.views.forms import Choice, FormShown
from marketplace.web.views.regulating import CityRow, HitRow, PreviewShown, RestrictView

_OURS = frozenset({SURE_FIELD, EDIT_FIELD, KEY_FIELD, FORM_FIELD, PASSWORD_FIELD, CODE_FIELD, "username", "checked"})
_EFFECTS = {
    "sign_up": "不能报名新的选取", "offer": "未决报价同时作废", "shelf": "货架价目同时撤下",
    "award": "待定中选停止，依次递补", "contract": "不能签订新合同", "new_item": "不能增加服务事项",
}  # fmt: skip
_CITY = 4
"""Digits of a division's code that name its city."""

PLAN = Plan(
    (
        Field("fact", "所依据的信用信息", "select", hint="修复或撤销这条信息，限制随之解除", is_needed=False),
        Field("notice", "事先告知书", "select", hint="不选即按紧急情形登记，并在记录中写明", is_needed=False),
        Field("basis", "事由与处理文书号", "prose", hint="会公开；平台措施须有案件文书，行政处罚等由外部导入",
              limit=500),
        Field("measures", "停止下列行为（全省）", "boxes", hint="停止未决事项的行为，批准即时生效",
              options=tuple(Choice(one, names.MEASURES[one], _EFFECTS[one]) for one in MEASURES)),
        Field("items", "只限这些服务事项", "boxes", hint="不选即全部事项", is_needed=False),
        Field("last_day", "截止", "day", hint="含当日；不填即至修复为止", is_needed=False, at="/ends_at"),
        Field("statement_answer", "对陈述申辩的答复", "prose", hint="会公开；有陈述的必须逐条答复", limit=500,
              is_needed=False),
    ),
    places={
        "basis_missing": "basis", "end_is_past": "last_day", "hearing_not_over": "notice", "notice_used": "notice",
        "statement_not_answered": "statement_answer", "no_statement_made": "statement_answer", "fact_is_over": "fact",
        "outside_line": "items",
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a restriction is registered on: the request, the regulator, the case file."""

    request: PageRequest
    database: Database
    visitor: Visitor
    case: CaseFile

    @property
    def caller(self) -> Caller:
        """Who registers it."""
        return self.visitor.caller(None)

    @property
    def agency(self) -> str:
        """Whom it is about."""
        return self.case.file.uscc

    @property
    def plan(self) -> Plan:
        """The form with the choices of this case."""
        return PLAN.with_options(
            fact=tuple(
                Choice(one.fact.id, f"{formatting.day(one.fact.effective_at)} {one.fact.basis}")
                for one in self.case.facts
                if one.state.status == "counts" and (one.points is None or one.points <= 0)
            ),
            notice=tuple(Choice(one.id, _notice_words(one)) for one in _open_notices(self.case)),
            items=tuple(Choice(one.value, one.name) for one in item_options()),
        )


def _open_notices(case: CaseFile) -> tuple[CaseNotice, ...]:
    return tuple(one for one in case.notices if one.is_here and not one.is_decided)


def _notice_words(one: CaseNotice) -> str:
    heard = "有陈述" if one.stated_at is not None else "没有陈述"
    return f"{formatting.deadline(one.noticed_at)} 告知，听取陈述至 {formatting.deadline(one.hearing_until)}，{heard}"


async def _desk(request: PageRequest, database: Database, agency: str) -> _Desk | Response[str]:
    visitor = regulator_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    code = identifier_of("agency", agency)
    case = await read_case_file(database, visitor.caller(None), code, profile=profile_of(request))
    return _Desk(request, database, visitor, case)


@get(RESTRICT + "/{agency:str}", include_in_schema=False)
async def restrict_page(
    request: PageRequest, database: NamedDependency[Database], agency: FromPath[str]
) -> Response[str]:
    """The form, with what stopping everything would bring."""
    desk = await _desk(request, database, agency)
    if not isinstance(desk, _Desk):
        return desk
    given = query_of(request)
    notices = _open_notices(desk.case)
    begin: dict[str, tuple[str, ...]] = {"measures": MEASURES}
    if notices:
        begin["notice"] = (given.get("notice", notices[0].id),)
    if given.get("fact"):
        begin["fact"] = (given["fact"],)
    return made_page(request, await _form_page(desk, Asked(desk.plan, restrict_path(desk.agency)).fresh(begin)))


async def _form_page(desk: _Desk, form: FormShown) -> Made:
    preview = await preview_restriction(desk.database, desk.caller.actor, desk.agency)
    view = replace(_view(desk, _shown(preview, desk.case)), form=form)
    return Made(view, desk.case.now, desk.case.file.is_example)


@post(RESTRICT + "/{agency:str}", **FORM)
async def restrict_form(
    request: PageRequest, database: NamedDependency[Database], agency: FromPath[str]
) -> Response[str]:
    """请核对 with the preview; then a proposal to the second person, or the form with every reason."""
    desk = await _desk(request, database, agency)
    if not isinstance(desk, _Desk):
        return desk
    plan, action = desk.plan, restrict_path(desk.agency)
    form = await form_of(request)
    if form.get(EDIT_FIELD) is not None:
        return made_page(request, await _form_page(desk, shown_form(plan, action, new_key(), sent=form.every)))
    if not (form.get(PASSWORD_FIELD) or form.get(CODE_FIELD)) and _is_unchecked(form):
        try:
            command = command_of(desk, Sent(plan, form, desk.caller))
        except Malformed:
            pass  # shown by acted, at each field
        else:
            return made_page(request, await _check_page(desk, plan, form, command))

    async def work(sent: Sent) -> Any:
        return await with_second(Doing(request, database, sent), "restrictAgency", command_of(desk, sent))

    async def again(shown: FormShown) -> Made:
        return await _form_page(desk, shown)

    return await acted(
        request, Asked(plan, action), work, again=again,
        then=lambda done: Done(PROPOSALS, "act_proposed", getattr(done, "proposal", "")),
    )  # fmt: skip


def _is_unchecked(form: Form) -> bool:
    """Whether the preview was not yet looked at and confirmed."""
    return form.get(SURE_FIELD) is None or form.get("checked") is None


def command_of(desk: _Desk, sent: Sent) -> RestrictAgency:
    """The command; all measures are none named, the last day is the midnight that ends it (Beijing)."""
    fixed: dict[str, Json] = {
        "agency": desk.agency, "layer": "market", "region": region_of(desk.caller),
        "approvers": [desk.caller.actor.id],
    }  # fmt: skip
    day = read_day(sent.get("last_day"))
    if day is not None:
        fixed["ends_at"] = format_instant(start_of_day(date.fromisoformat(day) + timedelta(days=1)))
    if set(sent.form.every.get("measures", ())) == set(MEASURES):
        fixed["measures"] = None
    return sent.command(RestrictAgency, **fixed)


async def _check_page(desk: _Desk, plan: Plan, form: Form, command: RestrictAgency) -> Made:
    preview = await preview_restriction(
        desk.database, desk.caller.actor, desk.agency, measures=command.measures or (), items=command.items or ()
    )
    rows = [*answers(plan, form)]
    if command.items is None:
        rows.append(("服务事项", "全部"))
    if command.ends_at is None:
        rows.append(("截止", "至修复为止"))
    held = tuple((name, value) for name, every in form.every.items() if name not in _OURS for value in every)
    wanted = form.get(SURE_FIELD) is not None
    view = replace(
        _view(desk, _shown(preview, desk.case), notice=command.notice or ""),
        rows=(*rows, ("生效", "第二人批准时即时生效"), ("作出机关所在地", REGIONS.full_name(command.region))),
        held=held, key=form.get(KEY_FIELD) or new_key(),
        notes=(*_notes(command, unchecked=wanted), *_warnings(_told(desk.case, command.notice), desk.case.now)),
    )  # fmt: skip
    return Made(view, desk.case.now, desk.case.file.is_example)


def _notes(command: RestrictAgency, *, unchecked: bool) -> tuple[str, ...]:
    said = ["没有提交：请先勾选“已核对影响清单与证据”。"] if unchecked else []
    if command.notice is None:
        said.append("没有事先告知书：按紧急情形登记，记录和公示中都会写明；当事机构仍可提出异议。")
    return tuple(said)


def _told(case: CaseFile, notice: str | None) -> CaseNotice | None:
    """The notice that is named."""
    return next((one for one in case.notices if one.id == notice), None)


def _view(desk: _Desk, preview: PreviewShown, *, notice: str = "") -> RestrictView:
    case = desk.case
    found = _told(case, notice) or next(iter(_open_notices(case)), None)
    return RestrictView(
        uscc=desk.agency,
        name=case.file.name,
        place=REGIONS.full_name(case.file.region),
        trail=(*TRAIL, (SUBJECTS, "信用查询"), (subject_path(desk.agency), case.file.name)),
        action=restrict_path(desk.agency),
        at=2 if found is None or _is_heard(found, case.now) else 3,
        stages=_stages(found, case.now),
        preview=preview,
        back=subject_path(desk.agency),
        notes=_warnings(found, case.now),
        evidence=_evidence(case, found),
    )


def _is_heard(notice: CaseNotice, now: datetime) -> bool:
    """Whether the agency may still state its case."""
    return now < notice.hearing_until


def _warnings(notice: CaseNotice | None, now: datetime) -> tuple[str, ...]:
    if notice is None or not _is_heard(notice, now):
        return ()
    until = formatting.deadline(notice.hearing_until)
    words = f"陈述申辩期至 {until}，期满前不能据这份告知书登记；紧急情形可以不选告知书，记录和公示中都会写明。"
    return (words,)


def _stages(notice: CaseNotice | None, now: datetime) -> Pairs:
    """The stages there are: without a notice nobody was heard, and none is shown as done."""
    begun: Pairs = (("线索核查", "案卷"),)
    if notice is not None:
        noticed, heard = formatting.day(notice.noticed_at), formatting.deadline(notice.hearing_until)
        begun = (*begun, ("事先告知", f"{noticed} 送达"), ("陈述申辩", f"至 {heard}"))
    else:
        begun = (*begun, ("紧急情形", "未经事先告知"))
    here = "期满后" if notice is not None and _is_heard(notice, now) else "本页"
    return (*begun, ("登记", here), ("第二人审批", "待办"))


def _evidence(case: CaseFile, notice: CaseNotice | None) -> Pairs:
    """What the case rests on: the hashes of what proves its facts, and what was stated at the hearing."""
    proofs = [
        (one.fact.basis, f"sha256 {one.fact.evidence_sha256}")
        for one in case.facts
        if one.fact.evidence_sha256 and one.state.status == "counts"
    ]
    if notice is not None and notice.stated_at is not None:
        said = "见案卷，不由本岗位阅看" if notice.statement is None else notice.statement
        proofs.append((f"陈述申辩（{formatting.deadline(notice.stated_at)}）", said))
    return tuple(proofs)


def _shown(found: RestrictionPreview, case: CaseFile) -> PreviewShown:
    offers = Counter(one.city for one in found.matters if not one.is_proposed)
    proposed = Counter(one.city for one in found.matters if one.is_proposed)
    contracts = Counter(one.city for one in case.contracts)
    closed: Counter[str] = Counter()
    for each in found.closed:
        closed[each.city] += each.count
    cities = sorted({*offers, *proposed, *contracts, *closed})
    every = len({one.code[:_CITY] for one in REGIONS.rows if one.code.endswith("00") and one.code[2:] != "0000"})
    return PreviewShown(
        at=found.now,
        impossible=found.impossible,
        already=found.already_barred,
        offers=offers.total(),
        proposed=proposed.total(),
        shelf=len(found.shelf),
        contracts=contracts.total(),
        cities=tuple(
            CityRow(REGIONS.full_name(one), offers[one], proposed[one], contracts[one], closed[one]) for one in cities
        ),
        rest=max(every - len(cities), 0),
        hits=(
            *(_hit(one) for one in found.matters),
            *(
                HitRow(
                    f"上架价目：{item_of(one.item).name}", "", "全省", "撤下", "bad",
                    f"单价 {formatting.yuan(one.unit_price_fen)}，尚可承接 {one.capacity - one.taken} 宗",
                )
                for one in found.shelf
            ),
        ),
        linked=tuple(
            f"{case.names.get(one.agency, one.agency)}（{'、'.join(names.TIE_KINDS[kind] for kind in one.kinds)}）"
            for one in case.linked
        ),
        score=case.score.value,
        grade=case.score.grade or "",
    )  # fmt: skip


def _hit(one: Matter) -> HitRow:
    where = REGIONS.full_name(one.city)
    mode = names.mode_name(cast("Any", one.mode))
    if one.is_proposed:
        return HitRow(one.title, one.demand, where, "停止中选", "bad", f"{mode}　由下一名依次递补；没有下一名的不成立")
    return HitRow(one.title, one.demand, where, "报价作废", "bad", f"{mode}　其余机构的报价不受影响")


RESTRICT_PAGES: tuple[HTTPRouteHandler, ...] = (restrict_page, restrict_form)
"""失信限制登记."""
