"""双随机抽查: plan, announce, draw, void, find; inputs and result stand on the page for anybody to repeat.

Invariant: the operator's part is never shown before the draw. Source: credit.md section 5, trust.md section 5.
"""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.canonical import Json
from commons.errors import NotFound
from commons.regions import REGIONS
from credit.rulebook import rulebook
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.inspections import Inspection
from marketplace.usecases.read_inspections import Course, PlanCourse, read_course, read_plan, read_plans
from marketplace.usecases.read_queues import regions_of
from marketplace.usecases.record_credit_fact import RULEBOOK
from marketplace.usecases.record_finding import PASSED
from marketplace.web import formatting
from marketplace.web.addresses import INSPECTIONS, inspection_path
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agency_acts import AgencyAct, Where, act_page, act_sent
from marketplace.web.pages.asking import PageRequest, identifier_of
from marketplace.web.pages.forms import FORM
from marketplace.web.pages.inspection_acts import ANNOUNCE, INSPECTION_ACTS, PLAN_ACT, region_choices
from marketplace.web.pages.regulating import TRAIL, region_of, regulator_reader
from marketplace.web.signed_in import Visitor
from marketplace.web.views.inspecting import (
    InspectionRow,
    InspectionsView,
    InspectionView,
    PlanShown,
    PlanView,
    VisitRow,
)

HERE = (*TRAIL, (INSPECTIONS, "双随机抽查"))
PLAN_PATH = f"{INSPECTIONS}/plan"


@get(INSPECTIONS, include_in_schema=False)
async def inspections_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The plans of the region."""
    visitor = regulator_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    caller = visitor.caller(None)
    found = await read_plans(database, regions_of(caller))
    view = InspectionsView(REGIONS.full_name(region_of(caller)), tuple(plan_shown(one) for one in found.rows))
    return made_page(request, Made(view, found.now))


def plan_shown(course: PlanCourse) -> PlanShown:
    """A plan as pages show it."""
    one = course.plan
    return PlanShown(
        one.id, one.year, REGIONS.full_name(one.region), one.departments, one.targets, course.left, one.basis,
        one.planned_at, tuple(_row(each) for each in course.inspections),
    )  # fmt: skip


def _row(one: Inspection) -> InspectionRow:
    state, tone = _state(one)
    return InspectionRow(
        one.id, one.announced_at, one.call.targets, len(one.call.candidates), state, tone, len(one.findings)
    )


def _state(one: Inspection) -> tuple[str, str]:
    if one.voided is not None:
        return "已作废", ""
    if one.drawn_at is None:
        return "待抽取", "warn"
    done = len(one.findings) >= len(one.visits)
    return ("已办结", "ok") if done else ("检查中", "accent")


@get(f"{INSPECTIONS}/plans/{{plan:str}}", include_in_schema=False)
async def plan_page(request: PageRequest, database: NamedDependency[Database], plan: FromPath[str]) -> Response[str]:
    """One plan."""
    visitor = regulator_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    now, course = await read_plan(database, identifier_of("inspection_plan", plan))
    is_free = course.left > 0 and not any(one.is_open for one in course.inspections)
    return made_page(request, Made(PlanView(plan_shown(course), is_free), now))


@get(INSPECTIONS + "/{inspection:str}", include_in_schema=False)
async def inspection_page(
    request: PageRequest, database: NamedDependency[Database], inspection: FromPath[str]
) -> Response[str]:
    """One inspection."""
    visitor = regulator_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    found = await read_course(database, identifier_of("inspection", inspection))
    return made_page(request, Made(inspection_view(found), found.now))


def inspection_view(found: Course) -> InspectionView:
    """An inspection as its page shows it."""
    one, (state, tone) = found.inspection, _state(found.inspection)
    rules, findings = rulebook(RULEBOOK).rules, {each.agency: each for each in found.inspection.findings}
    return InspectionView(
        id=one.id,
        plan=one.plan,
        state=state,
        tone=tone,
        announced_at=one.announced_at,
        targets=one.call.targets,
        each=one.call.each,
        candidates=len(one.call.candidates),
        tickets=sum(tickets for _, tickets in one.call.candidates),
        inspectors=len(one.call.inspectors),
        commitments=tuple(sorted(one.commitments.items())),
        preimage_sha256=one.preimage_sha256,
        inputs=tuple((name, str(value)) for name, value in (one.inputs or {}).items()),
        drawn_at=one.drawn_at,
        visits=tuple(
            VisitRow(
                each.agency, found.names.get(each.agency, each.agency),
                tuple((department, "、".join(sent)) for department, sent in each.inspectors),
                _finding(findings.get(each.agency), rules), getattr(findings.get(each.agency), "basis", ""),
            )
            for each in one.visits
        ),
        is_repeatable=one.is_repeatable,
        is_open=one.is_open,
        voided="" if one.voided is None else one.voided.reason,
    )  # fmt: skip


def _finding(one: Any, rules: Any) -> str:
    if one is None:
        return ""
    return "检查通过" if one.code == PASSED else rules[one.code].words if one.code in rules else one.code


async def _acting(
    request: PageRequest, database: Database, *, plan: str = "", inspection: str = "", name: str = "", of: str = ""
) -> tuple[AgencyAct[Any], Where] | Response[str]:
    visitor = regulator_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    caller = visitor.caller(None)
    if plan:
        return await _announcing(database, plan)
    if not inspection:
        found = await read_plans(database, ())
        options = {"region": region_choices(region_of(caller))}
        proposed = {"region": (region_of(caller),), "year": (str(found.now.year),)}
        return PLAN_ACT, Where(PLAN_PATH, INSPECTIONS, HERE, found.now, options=options, proposed=proposed)
    return await _matter(database, caller, inspection, name, of)


async def _announcing(database: Database, plan: str) -> tuple[AgencyAct[Any], Where]:
    now, course = await read_plan(database, identifier_of("inspection_plan", plan))
    back = f"{INSPECTIONS}/plans/{course.plan.id}"
    facts = (
        ("计划", course.plan.id), ("年度", str(course.plan.year)), ("地区", REGIONS.full_name(course.plan.region)),
        ("部门", "、".join(course.plan.departments)), ("还可抽查", f"{course.left} 家"),
    )  # fmt: skip
    return ANNOUNCE, Where(
        f"{back}/announce", back, (*HERE, (back, f"{course.plan.year} 年度计划")), now, course.plan.basis, facts,
        {"plan": course.plan.id},
    )  # fmt: skip


async def _matter(
    database: Database, caller: Caller, inspection: str, name: str, of: str
) -> tuple[AgencyAct[Any], Where]:
    act = INSPECTION_ACTS.get(name)
    if act is None or bool(of) != (name == "finding"):
        raise NotFound("page", name)
    found = await read_course(database, identifier_of("inspection", inspection))
    one, back = found.inspection, inspection_path(found.inspection.id)
    facts = [("抽查", one.id), ("公布", f"{formatting.deadline(one.announced_at)}（北京时间）"),
             ("部门", "、".join(one.call.departments))]  # fmt: skip
    fixed: dict[str, Json] = {"inspection": one.id}
    if name == "finding":
        if of not in {each.agency for each in one.visits}:
            raise NotFound("visit", of)
        facts.append(("检查对象", found.names.get(of, of)))
        fixed["agency"] = of
    if name == "void":
        approvers: list[Json] = [caller.actor.id]
        fixed["approvers"] = approvers
    return act, Where(
        inspection_path(one.id, name, of), back, (*HERE, (back, one.id)), found.now, "", tuple(facts), fixed
    )


@get(PLAN_PATH, include_in_schema=False)
async def plan_act_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The form of a year's plan."""
    found = await _acting(request, database)
    return act_page(request, *found) if isinstance(found, tuple) else found


@post(PLAN_PATH, **FORM)
async def plan_act_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Publish it."""
    found = await _acting(request, database)
    return await act_sent(request, database, *found) if isinstance(found, tuple) else found


@get(f"{INSPECTIONS}/plans/{{plan:str}}/announce", include_in_schema=False)
async def announce_page(
    request: PageRequest, database: NamedDependency[Database], plan: FromPath[str]
) -> Response[str]:
    """The form of a call."""
    found = await _acting(request, database, plan=plan)
    return act_page(request, *found) if isinstance(found, tuple) else found


@post(f"{INSPECTIONS}/plans/{{plan:str}}/announce", **FORM)
async def announce_form(
    request: PageRequest, database: NamedDependency[Database], plan: FromPath[str]
) -> Response[str]:
    """Publish it."""
    found = await _acting(request, database, plan=plan)
    return await act_sent(request, database, *found) if isinstance(found, tuple) else found


_MATTER = [f"{INSPECTIONS}/{{inspection:str}}/{{act:str}}", f"{INSPECTIONS}/{{inspection:str}}/{{act:str}}/{{of:str}}"]


@get(_MATTER, include_in_schema=False)
async def matter_page(
    request: PageRequest, database: NamedDependency[Database], inspection: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """The form of an act about an inspection, or about one of its visits."""
    of = str(request.path_params.get("of", ""))
    found = await _acting(request, database, inspection=inspection, name=act, of=of)
    return act_page(request, *found) if isinstance(found, tuple) else found


@post(_MATTER, **FORM)
async def matter_form(
    request: PageRequest, database: NamedDependency[Database], inspection: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """Do it."""
    of = str(request.path_params.get("of", ""))
    found = await _acting(request, database, inspection=inspection, name=act, of=of)
    return await act_sent(request, database, *found) if isinstance(found, tuple) else found


INSPECTION_PAGES: tuple[HTTPRouteHandler, ...] = (
    inspections_page, plan_act_page, plan_act_form, plan_page, announce_page, announce_form, inspection_page,
    matter_page, matter_form,
)  # fmt: skip
"""双随机抽查."""
