"""发布需求, step by step: what each step asks, what it proposes, and what an earlier demand fills in.

Everything typed so far goes along with the form; nothing is kept before the draft. Terms are asked and read in
``posting_terms``, what is folded away in ``posting_beside``; clocks are proposed from the rule profile. Pure.
Source: pages.md (Owner), market.md 4.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any, cast

from bidding.assembling import DRAW_MODES
from commons.instants import BEIJING, parse_instant
from commons.profiles import RuleProfile
from commons.workdays import is_workday
from marketplace.demands.demand import default_rounds
from marketplace.usecases.read_own_drafts import OwnedDemand
from marketplace.web.locale.owner_words import STEPS
from marketplace.web.plans import Field, Plan, local_text
from marketplace.web.posting_beside import Every, Part, parts_of, typed_rounds
from marketplace.web.posting_terms import typed_terms
from marketplace.web.trial.values import written

ORDER = tuple(name for name, _ in STEPS)
_ABOUT = (
    Field("owner_name", "业主名称"),
    Field("project_name", "项目名称", hint="与立项文件一致"),
    Field("region", "项目所在地", "select"),
    Field("place", "具体地点", hint="公开；区域评价按地点核对", is_needed=False),
    Field("buyer_class", "业主类别", "radios"),
)
_ITEM = (
    Field("item", "服务事项", "select"),
    Field("title", "需求名称", hint="公告上的标题"),
    Field("description", "内容与要求", "prose", hint="成果、范围、现场情况；公开", limit=5000, is_needed=False),
    Field("quantity", "数量", "whole", hint="不填为 1", is_needed=False),
)
_SIGN_UP = Field("sign_up_closes_at", "报名截止", "instant", hint="按规则最短的时间已填好，可以更晚")
_CLOSE = Field("closes_at", "报价截止", "instant", hint="不早于报名截止")
_ROUNDS = Field("first_round_opens_at", "第一轮开始", "instant", hint="工作日的规定时段内；轮数、时长和间隔按规则")
PLACES: Mapping[str, str] = MappingProxyType(
    {
        "sign_up_too_short": "sign_up_closes_at", "closes_before_sign_up_ends": "closes_at",
        "rounds_before_sign_up_ends": "first_round_opens_at", "round_outside_hours": "first_round_opens_at",
        "item_abolished": "item",
    }
)  # fmt: skip
UNASKED: Mapping[str, str] = MappingProxyType(
    {
        "is_example": "演示数据由演示装置标注，业主不会发布虚构的需求",
        "despite_coverage": "发布草稿的那一页才问：要先知道哪一项已被覆盖",
        "terms/preferences": "发布时一律拒绝（preferences_not_taken），问了也不能用",
        "terms/criteria/plan": "发布时一律拒绝（plan_marks_not_taken），问了也不能用",
        "terms/criteria/plan/points": "同上",
        "terms/lot_cap": "属于整份标段公告，在“分标段”里问一次（lot_cap）",
        "terms/rounds": "超过 10 轮的由接口提交",
    }
)
"""Of what a demand may say: what the wizard does not ask, each with its reason."""


def step_plan(step: str, mode: str, *, is_delegate: bool = False, parts: tuple[Part, ...] = ()) -> Plan:
    """What a step asks, with what is folded away; the terms have fields of their own."""
    folded = tuple(one for part in parts for one in part.fields)
    match step:
        case "project":
            owner = (Field("owner_code", "代哪一家业主办理", "radios"),) if is_delegate else ()
            code = Field("project_code", "项目代码", hint="如 2611-330304-04-01-203418", limit=32)
            return Plan((*owner, code), PLACES)
        case "about":
            return Plan((*_ABOUT, *folded), PLACES)
        case "item":
            return Plan((*_ITEM, *folded), PLACES)
        case "mode":
            return Plan((Field("mode", "选取方式", "radios"),), PLACES)
        case "clocks":
            return Plan((*clock_fields(mode), *folded), PLACES)
        case _:
            return Plan(folded, PLACES)


def clock_fields(mode: str) -> tuple[Field, ...]:
    """The clocks that a way of selecting has."""
    if mode in {"instant", "direct"}:
        return ()
    if mode == "multi_round":
        return (_SIGN_UP, _ROUNDS)
    return (_SIGN_UP,) if mode in DRAW_MODES else (_SIGN_UP, _CLOSE)


def whole_plan(mode: str, every: Every, *, is_delegate: bool = False, is_folded: bool = True) -> Plan:
    """Every field of every step; without the rows of the folds, it reads into the command as it stands."""
    found: list[Field] = []
    for step in ORDER:
        parts = parts_of(step, mode, every)
        if not is_folded:
            parts = tuple(one for one in parts if one.name in PLAIN_PARTS)
        found += [
            one for one in step_plan(step, mode, is_delegate=is_delegate, parts=parts).fields
            if one.name != "mode" and (is_folded or one.name not in MADE)
        ]  # fmt: skip
    return Plan(tuple(found), PLACES)


PLAIN_PARTS = ("place", "tender", "joint")
"""Folds whose fields are the command's own."""
MADE = ("point_lng", "point_lat", "polygon", "quantity")
"""Fields of them that are made into something else first."""


def step_of(field: str, mode: str, every: Every, *, is_delegate: bool) -> str:
    """The step that asks for a field; that of the terms for what no plan has."""
    for step in ORDER:
        parts = parts_of(step, mode, every)
        if step_plan(step, mode, is_delegate=is_delegate, parts=parts).named(field) is not None:
            return step
    return "terms"


def steps_of(mode: str) -> tuple[str, ...]:
    """The steps of a way of selecting: where there is no clock, none is asked."""
    return ORDER if clock_fields(mode) or not mode else ORDER[:-1]


def proposed_clocks(mode: str, profile: RuleProfile, *, now: datetime) -> dict[str, str]:
    """Clocks that the rules allow: the shortest sign-up with an hour's grace, and what follows it."""
    sign_up = _whole_minute(profile.after("sign_up", now).at)
    if profile["sign_up"].unit != "workdays":
        sign_up += timedelta(minutes=10)
    found = {"sign_up_closes_at": local_text(sign_up)}
    if mode == "multi_round":
        found["first_round_opens_at"] = local_text(_opening(profile, sign_up))
    elif mode not in DRAW_MODES:
        rest = timedelta(days=2) if profile["sign_up"].unit == "workdays" else timedelta(minutes=10)
        found["closes_at"] = local_text(sign_up + rest)
    return found


def _whole_minute(at: datetime) -> datetime:
    """Not before that instant, as it can be typed."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)


def _opening(profile: RuleProfile, after: datetime) -> datetime:
    """The first instant from then on at which a round may open."""
    opens, until = profile["rounds_open_from"].value, profile["rounds_open_until"].value
    if opens == 0 and until == timedelta(days=1) // timedelta(minutes=1):
        return after
    local = after.astimezone(BEIJING)
    day = local.date()
    first = datetime.combine(day, time(), BEIJING) + timedelta(minutes=opens)
    while not is_workday(day).is_workday or first < local:
        day += timedelta(days=1)
        first = datetime.combine(day, time(), BEIJING) + timedelta(minutes=opens)
    return first


def copied(demand: OwnedDemand) -> dict[str, tuple[str, ...]]:
    """What an earlier demand says, to begin with; its clocks are over and are not taken, nor who stood back."""
    rounds = cast("list[dict[str, Any]]", demand.terms.get("rounds") or [])
    return _listed({**_said(demand), **typed_rounds(rounds, timed=False)}, demand)


def stated(demand: OwnedDemand, profile: RuleProfile) -> dict[str, tuple[str, ...]]:
    """The whole of a draft, as it would have been typed, with its clocks: to be changed."""
    clocks = {"sign_up_closes_at": demand.sign_up_closes_at, "closes_at": demand.closes_at}
    shown = {one.name for one in clock_fields(demand.mode)}
    said = {name: local_text(at) for name, at in clocks.items() if at is not None and name in shown}
    rounds = cast("list[dict[str, Any]]", demand.terms.get("rounds") or [])
    if rounds:
        first = parse_instant(rounds[0]["opens_at"])
        planned = [(one.opens_at, one.closes_at) for one in default_rounds(profile, first_opens_at=first)]
        as_planned = planned == [(parse_instant(one["opens_at"]), parse_instant(one["closes_at"])) for one in rounds]
        said |= {"first_round_opens_at": local_text(first), **typed_rounds(rounds, timed=not as_planned)}
    recusals = "\n".join(f"{one.agency} {one.reason}" for one in demand.recusals)
    return _listed({**_said(demand), "recusals": recusals, **said}, demand)


def _said(demand: OwnedDemand) -> dict[str, str]:
    """What both a copy and a change begin with."""
    return {
        "owner_code": demand.owner_code, "owner_name": demand.owner_name, "project_code": demand.project_code,
        "project_name": demand.project_name, "region": demand.region, "place": demand.place,
        "buyer_class": demand.buyer_class, "item": demand.item, "title": demand.title,
        "description": demand.description, "quantity": str(demand.quantity), "mode": demand.mode,
        **typed_terms(demand.terms), **_declared(demand.declared),
    }  # fmt: skip


def _listed(said: Mapping[str, str], demand: OwnedDemand) -> dict[str, tuple[str, ...]]:
    found = {name: (text,) for name, text in said.items() if text}
    return found | ({"further_items": demand.further_items} if demand.further_items else {})


def _declared(declared: Mapping[str, Any]) -> dict[str, str]:
    """What was stated beside the terms, as it is typed: places in degrees, conditions row by row."""
    given = {"zone": str(declared.get("zone") or ""), "public_tender": "1" if declared.get("public_tender") else ""}
    if point := declared.get("point"):
        given |= {"point_lng": _degrees(point[0]), "point_lat": _degrees(point[1])}
    if rings := declared.get("rings"):
        turned = [[[_degrees(east), _degrees(north)] for east, north in ring] for ring in rings]
        given["polygon"] = json.dumps({"type": "Polygon", "coordinates": turned}, separators=(",", ":"))
    for number, one in enumerate(declared.get("conditions") or (), start=1):
        given |= {f"c{number}_{name}": one[name] for name in ("kind", "name", "grade", "region")}
        given[f"c{number}_amount"] = written("yuan", one["amount"]) if one["amount"] else ""
    return given


def _degrees(micro: int) -> str:
    """Whole micro-degrees → decimal text."""
    whole, rest = divmod(abs(micro), 1_000_000)
    return f"{'-' if micro < 0 else ''}{whole}.{rest:06d}"
