"""发布需求, step by step: what each step asks, what it proposes, and the command that all of them make together.

Everything typed so far goes along with the form; nothing is kept before the draft. Terms are asked and read as in
试算 and the fairness check; clocks are proposed from the rule profile. Pure. Source: pages.md (Owner), market.md 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType

from bidding.assembling import DRAW_MODES
from commons.canonical import Json
from commons.instants import BEIJING
from commons.profiles import RuleProfile
from commons.workdays import is_workday
from marketplace.usecases.read_own_drafts import OwnedDemand
from marketplace.web.locale.owner_words import PRESETS, STEPS
from marketplace.web.plans import Field, Plan, local_text
from marketplace.web.trial.fields import FIELDS, TIES
from marketplace.web.trial.fields import Field as TermsField
from marketplace.web.trial.reading import Typed, read_terms
from marketplace.web.trial.starting import example, of_published
from marketplace.web.trial.values import written

Every = Mapping[str, tuple[str, ...]]
NOTHING: Mapping[str, str] = MappingProxyType({})

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
    Field("description", "内容与要求", "prose", hint="成果、范围、现场情况；公开", limit=1000, is_needed=False),
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
_UNASKED = frozenset({"seed", "w_plan", "rounds", "round_kind", "survivors", "quantity", "rule"})
"""Of the fields of a trial: what a demand does not ask here, or the profile says."""


def step_plan(step: str, mode: str, *, is_delegate: bool = False) -> Plan:
    """What a step asks; the terms have fields of their own."""
    match step:
        case "project":
            owner = (Field("owner_code", "代哪一家业主办理", "radios"),) if is_delegate else ()
            return Plan(
                (*owner, Field("project_code", "项目代码", hint="如 2611-330304-04-01-203418", limit=32)), PLACES
            )
        case "about":
            return Plan(_ABOUT, PLACES)
        case "item":
            return Plan(_ITEM, PLACES)
        case "mode":
            return Plan((Field("mode", "选取方式", "radios"),), PLACES)
        case "clocks":
            return Plan(clock_fields(mode), PLACES)
        case _:
            return Plan((), PLACES)


def clock_fields(mode: str) -> tuple[Field, ...]:
    """The clocks that a way of selecting has."""
    if mode in {"instant", "direct"}:
        return ()
    if mode == "multi_round":
        return (_SIGN_UP, _ROUNDS)
    return (_SIGN_UP,) if mode in DRAW_MODES else (_SIGN_UP, _CLOSE)


def whole_plan(mode: str, *, is_delegate: bool = False) -> Plan:
    """Every field of every step."""
    return Plan(
        tuple(
            one for step in ORDER for one in step_plan(step, mode, is_delegate=is_delegate).fields if one.name != "mode"
        ),
        PLACES,
    )


def step_of(field: str, mode: str, *, is_delegate: bool) -> str:
    """The step that asks for a field; that of the terms for what no plan has."""
    for step in ORDER:
        if step_plan(step, mode, is_delegate=is_delegate).named(field) is not None:
            return step
    return "terms"


def steps_of(mode: str) -> tuple[str, ...]:
    """The steps of a way of selecting: where there is no clock, none is asked."""
    return ORDER if clock_fields(mode) or not mode else ORDER[:-1]


def terms_fields(mode: str) -> tuple[TermsField, ...]:
    """What is asked of the terms."""
    if mode == "direct":
        return tuple(one for one in FIELDS["random_draw"] if one.key in {"ceiling", "max_days"})
    return tuple(one for one in FIELDS[mode] if one.key not in _UNASKED)


def terms_start(mode: str, profile: RuleProfile, buyer_class: str) -> dict[str, str]:
    """What the terms begin with: the balanced weights, the least number of the profile, no amount."""
    if mode == "direct":
        return {}
    known = {one.key for one in terms_fields(mode)}
    given = {key: text for key, text in example(mode).items() if key in known}
    given |= {key: "" for key in known if key.startswith("w_") or key in {"ceiling", "low", "each", "step", "max_days"}}
    if mode == "comprehensive":
        given |= PRESETS["balanced"][1]
    key = "minimum_bidders_voluntary" if buyer_class == "voluntary" else f"minimum_bidders_{mode}"
    if "least" in known and key in profile.values:
        given["least"] = str(profile[key].value)
    if mode in TIES:
        given["ties"] = TIES[mode][0]
    return given


def preset(name: str) -> dict[str, str]:
    """The weights of a preset; every other weight is nothing."""
    weights = {one.key: "" for one in FIELDS["comprehensive"] if one.key.startswith("w_")}
    return {**weights, **PRESETS[name][1]}


def read_posted_terms(mode: str, given: Mapping[str, str]) -> tuple[dict[str, Json], Mapping[str, str]]:
    """The terms as posted, and every fault of them by the field's key."""
    if mode == "direct":
        typed = Typed(given)
        ceiling, days = terms_fields(mode)[0], terms_fields(mode)[-1]
        terms: dict[str, Json] = {"mode": "direct", "ceiling_fen": typed.take(ceiling, "/terms/ceiling_fen")}
        if (most := typed.take(days, "/terms/max_days")) is not None:
            terms["max_days"] = most
        if terms["ceiling_fen"] is None and not typed.faults:
            typed.faults["ceiling"] = "请填写金额"
        return terms, typed.faults
    fixed = {"rounds": "1", "round_kind": "open"} if mode == "multi_round" else {}
    typed = Typed({**{key: text for key, text in given.items() if key not in _UNASKED}, **fixed})
    terms = read_terms(typed, mode, {})
    terms.pop("rounds", None)
    return terms, typed.faults


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
    """What an earlier demand says, to begin with; its clocks are over and are not taken."""
    known = {one.key for one in terms_fields(demand.mode)}
    if demand.mode == "direct":
        terms = {"ceiling": written("yuan", demand.ceiling_fen), "max_days": str(demand.max_days or "")}
    else:
        terms = {key: text for key, text in of_published(demand.terms).items() if key in known}
    said = {
        "owner_code": demand.owner_code, "owner_name": demand.owner_name, "project_code": demand.project_code,
        "project_name": demand.project_name, "region": demand.region, "place": demand.place,
        "buyer_class": demand.buyer_class, "item": demand.item, "title": demand.title,
        "description": demand.description[:1000], "quantity": str(demand.quantity), "mode": demand.mode, **terms,
    }  # fmt: skip
    return {name: (text,) for name, text in said.items() if text}
