"""信用查询 and 案卷: whoever is on file, found by name or code; one agency with all that may be done about it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from agencies.filing_objections import FilingObjection
from agencies.people.holds import Hold
from commons.canonical import Json
from commons.errors import NotFound
from commons.regions import REGIONS
from credit.restrictions import Restriction
from marketplace.database import Database
from marketplace.usecases.access import note_act
from marketplace.usecases.act import Caller
from marketplace.usecases.read_case_file import CaseFact, CaseFile, CaseNotice, read_case_file
from marketplace.web import formatting
from marketplace.web.addresses import SUBJECTS, restrict_path, subject_path
from marketplace.web.locale import names
from marketplace.web.locale.regulating_words import FACT_STATES
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agencies import credit_view
from marketplace.web.pages.agency_acts import AgencyAct, Where, act_page, act_sent
from marketplace.web.pages.asking import PageRequest, identifier_of
from marketplace.web.pages.case_acts import FACT_ACTS, FILING, HOLD, LIFT, NOTICE, RECORD
from marketplace.web.pages.forms import FORM
from marketplace.web.pages.naming import item_of
from marketplace.web.pages.regulating import TRAIL, profile_of, region_of, regulator_reader
from marketplace.web.signed_in import Visitor
from marketplace.web.views.agency_acts import Pairs
from marketplace.web.views.regulating import CaseBoundRow, CaseFactRow, CaseFileView, Links, MatterRow, Ways

_ONE = SUBJECTS + "/{agency:str}"


async def _case(request: PageRequest, database: Database, agency: str) -> tuple[Caller, CaseFile] | Response[str]:
    visitor = regulator_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    caller = visitor.caller(None)
    case = await read_case_file(database, caller, identifier_of("agency", agency), profile=profile_of(request))
    if any(one.statement is not None for one in case.notices):  # what is not public was read
        await note_act(database, caller, "readStatement", request.scope["path"], None)
    return caller, case


@get(_ONE, include_in_schema=False)
async def case_file_page(
    request: PageRequest, database: NamedDependency[Database], agency: FromPath[str]
) -> Response[str]:
    """The whole case file."""
    found = await _case(request, database, agency)
    if not isinstance(found, tuple):
        return found
    case = found[1]
    return made_page(request, Made(case_view(case), case.now, case.file.is_example))


def case_view(case: CaseFile) -> CaseFileView:
    """The file as its page shows it."""
    uscc, region = case.file.uscc, case.file.region
    ends = {one.fact.id: one.until for one in case.score.lines}
    return CaseFileView(
        uscc=uscc,
        name=case.file.name,
        place=REGIONS.full_name(region),
        credit=credit_view(case.score),
        facts=tuple(_fact(uscc, one, ends.get(one.fact.id)) for one in case.facts),
        bound=tuple(_bound(one, case) for one in case.restrictions),
        notices=tuple(_notice(uscc, one, case) for one in case.notices),
        holds=tuple(_hold(uscc, one, case) for one in case.holds),
        objections=tuple(_objection(uscc, one, case) for one in reversed(case.file.objections)),
        linked=tuple(
            (one.agency, f"{case.names.get(one.agency, one.agency)}：{_ties(one.kinds)}") for one in case.linked
        ),
        restrict=restrict_path(uscc),
        notice=subject_path(uscc, "notice"),
        record=subject_path(uscc, "record"),
        city=f"{region[:4]}00",
    )


def _ties(kinds: tuple[Any, ...]) -> str:
    return "、".join(names.TIE_KINDS[one] for one in kinds)


def _fact(uscc: str, one: CaseFact, until: Any) -> CaseFactRow:
    state, tone = FACT_STATES[one.state.status]
    acts: list[tuple[str, str, Links]] = []
    if one.state.is_disputed:
        state, tone = "异议办理中", "warn"
        acts.append((subject_path(uscc, "answer", one.fact.id), "答复异议", ()))
    if one.approved_by is not None:
        state, tone = f"申请修复，{len(one.approved_by)} 人已同意", "warn"
        acts.append((subject_path(uscc, "repair", one.fact.id), "审核修复", ()))
        acts.append((subject_path(uscc, "refuse-repair", one.fact.id), "不予修复", ()))
    if one.state.status == "counts" and (one.points or 0) < 0:
        acts.append((restrict_path(uscc), "据此登记限制", (("fact", one.fact.id),)))
    return CaseFactRow(
        one.fact.id, one.fact.code if one.rule is None else one.rule.words, one.fact.basis, one.fact.effective_at,
        one.points, until, state, tone, one.fact.evidence_sha256 or "", tuple(acts),
    )  # fmt: skip


def _bound(one: Restriction, case: CaseFile) -> CaseBoundRow:
    is_in_force = one.is_in_force(at=case.now)
    return CaseBoundRow(
        one.id, one.basis, tuple(one.measures), tuple(item_of(code).name for code in one.items), one.starts_at,
        one.ends_at, is_in_force, subject_path(case.file.uscc, "lift", one.id) if is_in_force else "",
    )  # fmt: skip


def _notice(uscc: str, one: CaseNotice, case: CaseFile) -> MatterRow:
    words = one.statement or ("机构已陈述申辩" if one.stated_at is not None else "机构没有陈述")
    acts: Ways = ()
    state, tone = "听取陈述中", "warn"
    if one.is_decided:
        state, tone = "已作出决定", ""
    elif case.now >= one.hearing_until:
        state, tone = "期满，可以决定", "accent"
    if not one.is_decided and one.is_here:
        acts = ((restrict_path(uscc), "登记限制", (("notice", one.id),)),)
    return MatterRow(one.basis, words, one.noticed_at, one.hearing_until, state, tone, acts)


def _hold(uscc: str, one: Hold, case: CaseFile) -> MatterRow:
    title = f"与 {case.names.get(one.linked_to, one.linked_to)} 有关联：{_ties(one.kinds)}"
    if one.is_open(at=case.now):
        late = case.now > one.due_at
        acts = ((subject_path(uscc, "hold", one.id), "认定", ()),)
        state, tone = ("已逾期", "bad") if late else ("待认定", "warn")
        return MatterRow(title, "", one.opened_at, one.due_at, state, tone, acts)
    ruling = names.HOLD_RULINGS.get(one.ruling or "", "随限制结束")
    return MatterRow(title, one.reason or "", one.opened_at, None, ruling, "", ())


def _objection(uscc: str, one: FilingObjection, case: CaseFile) -> MatterRow:
    if one.answer is None:
        late = case.now > one.answer_due_at
        acts = ((subject_path(uscc, "filing", one.id), "答复", ()),)
        state, tone = ("已逾期", "bad") if late else ("待答复", "warn")
        proof = f"证据 sha256 {one.evidence_sha256}"
        return MatterRow(one.reason, proof, one.objected_at, one.answer_due_at, state, tone, acts)
    answer = names.FILING_ANSWERS[one.answer]
    return MatterRow(one.reason, one.answer_reason or "", one.objected_at, None, answer, "", ())


async def _acting(
    request: PageRequest, database: Database, agency: str, name: str, of: str = ""
) -> tuple[AgencyAct[Any], Where] | Response[str]:
    found = await _case(request, database, agency)
    if not isinstance(found, tuple):
        return found
    caller, case = found
    act, facts, fixed = _what(caller, case, name, of)
    uscc = case.file.uscc
    where = Where(
        action=subject_path(uscc, name, of), back=subject_path(uscc),
        trail=(*TRAIL, (SUBJECTS, "信用查询"), (subject_path(uscc), case.file.name)), now=case.now,
        about=f"{case.file.name}　{uscc}", facts=facts, fixed={"agency": uscc, **fixed},
        is_example=case.file.is_example,
    )  # fmt: skip
    return act, where


def _what(caller: Caller, case: CaseFile, name: str, of: str) -> tuple[AgencyAct[Any], Pairs, dict[str, Json]]:
    """The act of that name with what it is about; ``NotFound`` for what is not in the case file."""
    approvers: list[Json] = [caller.actor.id]
    if not of and name in {"notice", "record"}:
        score = (
            "信用分",
            f"{formatting.points(case.score.value)}{f'（{case.score.grade} 级）' if case.score.grade else ''}",
        )
        if name == "record":
            return RECORD, (score,), {}
        place = REGIONS.full_name(region_of(caller))
        return NOTICE, (score, ("作出机关所在地", place)), {"region": region_of(caller)}
    match name:
        case "answer" | "repair" | "refuse-repair":
            fact = _one(case.facts, of, "credit_fact")
            return FACT_ACTS[name], _fact_facts(fact), {"fact": of}
        case "lift":
            bound = _one(case.restrictions, of, "restriction")
            facts = (("依据", bound.basis), ("停止的行为", names.measure_names(tuple(bound.measures))),
                     ("起", formatting.deadline(bound.starts_at)))  # fmt: skip
            return LIFT, facts, {"restriction": of, "approvers": approvers}
        case "hold":
            held = _one(case.holds, of, "hold")
            facts = (("与谁", case.names.get(held.linked_to, held.linked_to)), ("共同的", _ties(held.kinds)),
                     ("应于", f"{formatting.deadline(held.due_at)}（北京时间）前认定"))  # fmt: skip
            return HOLD, facts, {"hold": of, "approvers": approvers}
        case "filing":
            said = _one(case.file.objections, of, "objection")
            facts = (("异议理由", said.reason), ("证据", f"sha256 {said.evidence_sha256}"),
                     ("应于", f"{formatting.deadline(said.answer_due_at)}（北京时间）前答复"))  # fmt: skip
            return FILING, facts, {"objection": of}
        case _:
            raise NotFound("page", name)


def _one(rows: tuple[Any, ...], identifier: str, kind: str) -> Any:
    for one in rows:
        if (one.fact.id if isinstance(one, CaseFact) else one.id) == identifier:
            return one
    raise NotFound(kind, identifier)


def _fact_facts(one: CaseFact) -> Pairs:
    facts = [("信用信息", one.fact.basis), ("计分起", formatting.day(one.fact.effective_at))]
    if one.fact.evidence_sha256:
        facts.append(("原记录的证据", f"sha256 {one.fact.evidence_sha256}"))
    words = {
        "objected": "机构的异议", "repair_applied": "怎样纠正的", "repair_approved": "已同意修复的理由",
        "repair_refused": "不予修复的理由",
    }  # fmt: skip
    said = [each for each in one.fact.followed if each.kind in words]
    facts += [(f"{words[each.kind]}（{formatting.deadline(each.effective_at)}）", each.reason) for each in said]
    return tuple(facts)


@get([f"{_ONE}/{{act:str}}", f"{_ONE}/{{act:str}}/{{of:str}}"], include_in_schema=False)
async def case_act_page(
    request: PageRequest, database: NamedDependency[Database], agency: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """The form of an act about the agency, or about one matter of its file."""
    found = await _acting(request, database, agency, act, str(request.path_params.get("of", "")))
    return act_page(request, *found) if isinstance(found, tuple) else found


@post([f"{_ONE}/{{act:str}}", f"{_ONE}/{{act:str}}/{{of:str}}"], **FORM)
async def case_act_form(
    request: PageRequest, database: NamedDependency[Database], agency: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """Do it."""
    found = await _acting(request, database, agency, act, str(request.path_params.get("of", "")))
    return await act_sent(request, database, *found) if isinstance(found, tuple) else found


CASE_PAGES: tuple[HTTPRouteHandler, ...] = (case_file_page, case_act_page, case_act_form)
"""案卷."""
