"""我的需求: the list, a draft with its check and its publication, and one demand's desk with every act.

What of offers may be seen is what anybody sees: nothing leaves before the close. Source: pages.md (Owner), market.md 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import NotFound
from marketplace.database import Database
from marketplace.demands.life_cycle import DEMAND_CYCLE
from marketplace.usecases.read_demand import DemandFile, read_demand
from marketplace.usecases.read_own_demands import read_own_demands
from marketplace.usecases.read_own_drafts import OwnedDemand, read_own_demand, read_own_draft, read_own_drafts
from marketplace.usecases.read_work_list import read_work_list
from marketplace.usecases.rules_in_force import profile_of
from marketplace.web import formatting
from marketplace.web.addresses import (
    MY_DEMANDS,
    award_paper_path,
    award_path,
    demand_notice_path,
    demand_path,
    my_contract_path,
    my_demand_path,
    room_path,
)
from marketplace.web.locale.life_words import ACTIONS
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agency_acts import AgencyAct, Where, act_page, act_sent
from marketplace.web.pages.asking import PageRequest, identifier_of, query_of
from marketplace.web.pages.forms import FORM
from marketplace.web.pages.owner_demand_acts import DEMAND_ACTS, again_act, change_act
from marketplace.web.pages.owner_direct import ACT as DIRECT
from marketplace.web.pages.owner_direct import named, shelf_of
from marketplace.web.pages.owner_drafts import DRAFT_PAGES, draft_made
from marketplace.web.pages.owner_facts import demand_clocks, demand_facts
from marketplace.web.pages.owner_instant import instant_form
from marketplace.web.pages.owner_reader import AT_DEMANDS, owner_reader, profile_name
from marketplace.web.pages.rows import state_of
from marketplace.web.plans import local_text, proposed
from marketplace.web.posting import proposed_clocks
from marketplace.web.signed_in import Visitor
from marketplace.web.views.forms import Choice
from marketplace.web.views.owner import DeskView, DraftRow, DutyRow, MyDemandRow, MyDemandsView, Said
from marketplace.web.views.parts import DemandState

GRAVE = ("suspend-selection", "withdraw-demand", "cancel-selection")
"""Acts that stand last."""
AT_ONCE = {"instant": "取自货架", "direct": "由业主直接选定"}
"""Where an award comes from in the ways of selecting that nobody signs up to."""
OF_DRAFTS = ("use-coverage", "discard-draft")
"""Acts that end a draft."""
SHOWN = 40
"""Characters of a question or an objection in a list to choose from."""


@get(MY_DEMANDS, include_in_schema=False)
async def my_demands_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Drafts and published demands."""
    visitor = owner_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    caller = visitor.caller(None)
    own, drafts = await read_own_demands(database, caller), await read_own_drafts(database, caller)
    waiting = [one.link for one in (await read_work_list(database, caller)).tasks if not one.is_waiting]
    rows = tuple(
        MyDemandRow(
            row.id, row.title, row.mode, row.ceiling_fen if row.winning_fen is None else row.winning_fen,
            row.winning_fen is not None, state_of(row, now=own.now), row.published_at, row.closes_at,
            waiting.count(demand_path(row.id)),
        )
        for row in own.rows
    )  # fmt: skip
    kept = tuple(DraftRow(one.id, one.title, one.mode, one.ceiling_fen, one.posted_at, one.lot) for one in drafts)
    is_example = any(row.is_example for row in own.rows)
    return made_page(request, Made(MyDemandsView(rows, kept, own.published), own.now, is_example))


@get(f"{MY_DEMANDS}/{{demand:str}}", include_in_schema=False)
async def my_demand_page(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[str]:
    """A draft before its publication, or the desk of a published demand."""
    visitor = owner_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    row = await read_own_demand(database, visitor.caller(None), identifier_of("demand", demand))
    if row.state == "draft":
        return made_page(request, await draft_made(database, visitor.caller(None), row.id))
    file = await read_demand(database, row.id)
    view = desk_view(file)
    if my_demand_path(row.id, DIRECT) in {path for path, _ in view.acts}:
        shelf = await shelf_of(database, visitor.caller(None), file.demand, profile_name(request))
        view = replace(view, shelf=shelf)
    return made_page(request, Made(view, file.now, row.is_example))


def desk_view(file: DemandFile) -> DeskView:
    """The desk: what waits first."""
    one, life = file.demand, file.life
    acts = _possible(file)
    halt = file.halt
    return DeskView(
        id=one.id, selection=one.selection, title=one.title, mode=one.mode, state=cast("DemandState", one.state),
        facts=(*demand_facts(one), *demand_clocks(one)),
        signed_up=_counted(one.mode, "不必报名", file.signed_up, "家"),
        offers=_counted(one.mode, AT_ONCE.get(one.mode, ""), file.offers, "份"),
        duties=tuple(_duties(file)),
        enquiries=tuple(
            Said(each.number, each.question, each.asked_at, each.answer or "",
                 "answer-enquiry" if each.answer is None and "answer-enquiry" in acts else "", each.answer_until.at)
            for each in life.enquiries
        ),
        objections=tuple(
            Said(each.objection.number, each.grounds, each.objection.raised_at, each.answer or "",
                 "answer-award-objection" if each.answer is None and "answer-award-objection" in acts else "",
                 each.objection.answer_until.at)
            for each in life.objections
        ),
        shortlist=tuple((uscc, file.names.get(uscc, uscc)) for uscc in file.shortlist),
        acts=tuple((my_demand_path(one.id, name), _title(name)) for name in acts if name not in GRAVE),
        grave=tuple((my_demand_path(one.id, name), _title(name)) for name in acts if name in GRAVE),
        further=tuple(_further(file)), instant=instant_form(),
        halted="" if halt is None else halt.reason,
        winner="" if one.winner is None else file.names.get(one.winner, one.winner),
    )  # fmt: skip


def _counted(mode: str, at_once: str, count: int | None, unit: str) -> str:
    """How many, once it may be known; where nobody signs up, what takes its place."""
    if mode in AT_ONCE:
        return at_once
    return "截止后可见" if count is None else f"{count} {unit}"


def _title(name: str) -> str:
    return ACTIONS.get(name.replace("-", "_"), name)


def _duties(file: DemandFile) -> Iterator[DutyRow]:
    for each in file.life.duties:
        if each.role == "owner":
            path = my_demand_path(file.demand.id, each.act.replace("_", "-"))
            number = "" if each.number is None else f"（第 {each.number} 号）"
            yield DutyRow(
                ACTIONS.get(each.act, each.act) + number, path, each.due_at, each.is_overdue(at=file.now)
            )  # fmt: skip


def _possible(file: DemandFile) -> list[str]:
    """Acts that the table of a demand's life gives to its owner now, where there is what the act is about."""
    found = dict.fromkeys(
        step.action.replace("_", "-")
        for step in DEMAND_CYCLE.steps
        if step.state == file.life.stage and "owner" in step.roles and _has_matter(step.action, file)
    )
    return [name for name in found if name in DEMAND_ACTS or name in {"change-demand", "publish-again"}]


def _has_matter(action: str, file: DemandFile) -> bool:
    """Whether there is what the act is about in this way of selecting."""
    mode, life = file.demand.mode, file.life
    asks = {
        "answer_enquiry": any(one.answer is None for one in life.enquiries),
        "change_demand": mode not in {"instant", "direct", "multi_round"},
        "take_instant_award": mode == "instant",
        "award_directly": mode == "direct",
        "pick_from_shortlist": bool(file.shortlist),
        "rule_low_price": any(one.act == "rule_low_price" for one in life.duties),
    }
    return asks.get(action, True)


def _further(file: DemandFile) -> Iterator[tuple[str, str]]:
    one = file.demand
    yield demand_path(one.id), "需求公告"
    yield demand_notice_path(one.id), "需求公告（PDF）"
    if one.mode == "multi_round":
        yield room_path(one.selection), "竞价室"
    if file.has_ruling:
        yield award_path(one.id), "结果与每家得分"
    if one.winner is not None:
        yield award_paper_path(one.id, "notice"), "中选公告（PDF）"
        yield my_contract_path(one.selection), "合同与履约"


@get(f"{MY_DEMANDS}/{{demand:str}}/{{act:str}}", include_in_schema=False)
async def demand_act_page(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """The form of an act."""
    found = await _acting(request, database, demand, act)
    return found if isinstance(found, Response) else act_page(request, *found)


@post(f"{MY_DEMANDS}/{{demand:str}}/{{act:str}}", **FORM)
async def demand_act_form(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """Do it."""
    found = await _acting(request, database, demand, act)
    return found if isinstance(found, Response) else await act_sent(request, database, *found)


async def _acting(
    request: PageRequest, database: Database, identifier: str, name: str
) -> tuple[AgencyAct[Any], Where] | Response[str]:
    visitor = owner_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    row = await read_own_demand(database, visitor.caller(None), identifier_of("demand", identifier))
    if name in OF_DRAFTS and row.state == "draft":
        draft = await read_own_draft(database, visitor.caller(None), row.id)
        titles = "；".join(f"第 {one.lot} 标段“{one.title}”" for one in draft.lots)
        notes = (f"{len(draft.lots)} 个标段一起放弃：{titles}。",) if draft.lots else ()
        return DEMAND_ACTS[name], Where(**_base(row, name, draft.now), onward=MY_DEMANDS, notes=notes)
    file = await read_demand(database, row.id)
    act = _act_of(file.demand, name)
    if act is None:
        raise NotFound("page", name)
    query = query_of(request)
    begun = named(query) if name == DIRECT else _proposed(file, name, query.get("number", ""))
    return act, Where(**_base(file.demand, name, file.now), proposed=begun, options=_options(file))


def _base(one: OwnedDemand, name: str, now: Any) -> dict[str, Any]:
    """Where an act is done, and what the address knows."""
    own = my_demand_path(one.id)
    known = {"selection": one.selection, "demand": one.id}
    act = _act_of(one, name)
    assert act is not None, "whoever asks has looked"
    return {
        "action": my_demand_path(one.id, name), "back": own,
        "trail": (*AT_DEMANDS, (own, formatting.short_name(one.title))), "now": now, "about": one.title,
        "facts": demand_facts(one)[-2:] + demand_clocks(one), "is_example": one.is_example,
        "fixed": {key: value for key, value in known.items() if key in act.command.model_fields},
    }  # fmt: skip


def _act_of(one: OwnedDemand, name: str) -> AgencyAct[Any] | None:
    match name:
        case "change-demand":
            return change_act(one)
        case "publish-again":
            return again_act(one)
        case _:
            return DEMAND_ACTS.get(name)


def _proposed(file: DemandFile, name: str, number: str) -> dict[str, tuple[str, ...]]:
    """What a form begins with: what it was opened for, clocks that the rules allow, the terms as they are."""
    one = file.demand
    match name:
        case "answer-enquiry":
            return proposed(enquiry=number or None)
        case "answer-award-objection":
            return proposed(objection=number or None)
        case "change-demand":
            clocks = proposed_clocks(one.mode, profile_of(one), now=file.now)
            later = one.closes_at
            if later is not None and "closes_at" in clocks:
                clocks["closes_at"] = max(clocks["closes_at"], local_text(later))
            return proposed(**clocks, ceiling=formatting.amount(one.ceiling_fen), max_days=one.max_days)
        case "publish-again":
            return proposed(**({} if one.mode in {"instant", "direct"} else
                               proposed_clocks(one.mode, profile_of(one), now=file.now)))  # fmt: skip
        case _:
            return {}


def _options(file: DemandFile) -> dict[str, tuple[Choice, ...]]:
    """What there is to answer and to choose from, by the fields' names."""
    explaining = {one.agency for one in file.life.duties if one.act == "rule_low_price" and one.agency}
    agencies = file.shortlist or tuple(sorted(explaining)) or tuple(sorted(_ruled(file)))
    return {
        "enquiry": tuple(
            Choice(str(one.number), f"第 {one.number} 号：{one.question[:SHOWN]}")
            for one in file.life.enquiries
            if one.answer is None
        ),
        "objection": tuple(
            Choice(str(one.objection.number), f"第 {one.objection.number} 号：{one.grounds[:SHOWN]}")
            for one in file.life.objections
            if one.answer is None
        ),
        "agency": tuple(Choice(uscc, file.names.get(uscc, uscc)) for uscc in agencies),
    }


def _ruled(file: DemandFile) -> set[str]:
    return set(file.names) if file.has_ruling else set()


DEMAND_DESK_PAGES: tuple[HTTPRouteHandler, ...] = (
    my_demands_page, my_demand_page, *DRAFT_PAGES, demand_act_page, demand_act_form,
)  # fmt: skip
"""An owner's own demands."""
