"""报名, 密封报价, 回执: an agency's own part in a demand, and the acts that go with it.

What one sees is one's own part alone; what binds names the terms that were looked at. Source: selection.md section 2;
pages.md (agency: sign-up and sealed offer with receipt).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, cast

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from bidding.assembling import DRAW_MODES
from bidding.reading.terms import parse_demand_terms
from bidding.terms import ComprehensiveTerms, DemandTerms, MeanPriceTerms
from commons.errors import NotFound
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.requirements import requirements_of
from marketplace.database import Database
from marketplace.usecases.read_own_part import OwnOffer, OwnPart, read_own_part, read_own_parts
from marketplace.web import formatting
from marketplace.web.addresses import (
    DEMANDS,
    HOME,
    OWN_AGENCY,
    OWN_DEMANDS,
    agency_act_path,
    award_path,
    demand_act_path,
    demand_path,
    own_contract_path,
    part_path,
    room_path,
)
from marketplace.web.locale import names
from marketplace.web.locale.agency_act_words import PART_STATES
from marketplace.web.onward import leading
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agency_acts import AgencyAct, Where, act_page, act_sent, agency_reader
from marketplace.web.pages.agency_part_acts import (
    PART_ACTS,
    asks_nonce,
    offer_act,
    offer_judge,
    offer_sums,
    sign_up_act,
)
from marketplace.web.pages.asking import PageRequest, identifier_of
from marketplace.web.pages.forms import FORM, to, to_join
from marketplace.web.plans import proposed
from marketplace.web.signed_in import Visitor
from marketplace.web.views.agency_acts import Trail
from marketplace.web.views.agency_part import (
    AwardOfOwn,
    Links,
    OfferReceipt,
    PartRow,
    PartsView,
    PartView,
)
from marketplace.web.views.forms import Choice
from marketplace.web.views.parts import DemandState

SEALED = (ComprehensiveTerms, MeanPriceTerms)


async def _part(request: PageRequest, database: Database, demand: str) -> OwnPart | Response[str]:
    """The reader's own part; who is not on file joins first."""
    visitor = agency_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    part = await read_own_part(database, visitor.caller(None), identifier_of("demand", demand))
    return part if part.is_filed else to_join(request)


def terms_of(part: OwnPart) -> DemandTerms:
    """The terms in force."""
    return parse_demand_terms(dict(part.demand.terms))


def _trail(part: OwnPart) -> Trail:
    return (
        (HOME, "首页"),
        (DEMANDS, "需求公告"),
        (demand_path(part.demand.id), formatting.short_name(part.demand.title)),
    )


def _facts(part: OwnPart) -> tuple[tuple[str, str], ...]:
    """What binds, in four facts."""
    one = part.demand
    until = [("报名截止", one.sign_up_closes_at), (names.close_name(one.mode), one.closes_at)]
    return (
        ("业主", one.owner_name),
        (names.amount_name(one.mode), formatting.yuan(one.ceiling_fen)),
        *((label, f"{formatting.deadline(at)}（北京时间）") for label, at in until if at is not None),
    )


def _where(part: OwnPart, action: str, *, is_sign_up: bool = False) -> Where:
    terms = terms_of(part)
    nonce = token_hex(32) if asks_nonce(terms, is_sign_up=is_sign_up) else None
    return Where(
        action=action, back=part_path(part.demand.id, "receipt"), trail=_trail(part), now=part.now,
        about=part.demand.title, facts=_facts(part), is_example=part.demand.is_example,
        fixed={"agency": part.agency, "selection": part.selection},
        proposed=proposed(terms_digest=part.demand.terms_digest, nonce=nonce),
    )  # fmt: skip


def _signing_up(part: OwnPart) -> tuple[AgencyAct[Any], Where]:
    terms = terms_of(part)
    act = sign_up_act(terms)
    where = _where(part, part_path(part.demand.id, "sign-up"), is_sign_up=True)
    onward = part_path(part.demand.id, "offer") if isinstance(terms, SEALED) else where.back
    digest = {} if terms.mode in DRAW_MODES else {"terms_digest": ()}
    notes = ("报名已经截止。",) if _is_over(part, sign_up=True) else ()
    where = replace(
        where,
        back=demand_path(part.demand.id),
        onward=onward,
        notes=notes,
        proposed={**where.proposed, **digest},
        further=(*_certificates(part), (OWN_AGENCY, "本机构档案")),
    )
    return act, where


def _certificates(part: OwnPart) -> Trail:
    """Where each kind of certificate that the items ask for is registered; from there one comes back to 报名."""
    here = part_path(part.demand.id, "sign-up")
    asked = (one for one in requirements_of(part.demand.items, load_catalogue()) if one is not None)
    kinds = dict.fromkeys(one.kind for one in asked)
    path = agency_act_path("qualify")
    return tuple((leading(path, here, ("kind", kind)), f"登记{kind}") for kind in kinds) or (
        (leading(path, here), "登记资质"),
    )


def _is_over(part: OwnPart, *, sign_up: bool) -> bool:
    until = part.demand.sign_up_closes_at if sign_up else part.demand.closes_at
    return until is not None and part.now >= until


def _offering(part: OwnPart) -> tuple[AgencyAct[Any], Where]:
    """The form of a sealed offer; ``NotFound`` where none is made."""
    terms = terms_of(part)
    if not isinstance(terms, SEALED):
        raise NotFound("page", "offer")
    where = _where(part, part_path(part.demand.id, "offer"))
    notes = ["报价已经截止。"] if _is_over(part, sign_up=False) else []
    last = part.counting
    if last is not None:
        notes.append(f"已有第 {last.number} 号报价 {formatting.yuan(last.line.price_fen)}；再报则以新的为准。")
    if part.waits:
        notes.append("选取条件已变更：按新条件重新报价，或在“我的报名与报价”中确认原报价继续有效。")
    items = part.demand.items
    return offer_act(terms, items), replace(
        where, notes=tuple(notes), sums=offer_sums(terms), judge=offer_judge(terms, items)
    )


@get(f"{DEMANDS}/{{demand:str}}/sign-up", include_in_schema=False)
async def sign_up_page(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[str]:
    """报名; whoever is in already sees his part."""
    part = await _part(request, database, demand)
    if not isinstance(part, OwnPart):
        return part
    if part.participant is not None:
        return to(request, part_path(part.demand.id, "receipt"))
    return act_page(request, *_signing_up(part))


@post(f"{DEMANDS}/{{demand:str}}/sign-up", **FORM)
async def sign_up_form(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[str]:
    """Sign up."""
    part = await _part(request, database, demand)
    return await act_sent(request, database, *_signing_up(part)) if isinstance(part, OwnPart) else part


@get(f"{DEMANDS}/{{demand:str}}/offer", include_in_schema=False)
async def offer_page(request: PageRequest, database: NamedDependency[Database], demand: FromPath[str]) -> Response[str]:
    """密封报价; in rounds one offers in the room, and whoever is not in signs up first."""
    part = await _part(request, database, demand)
    if not isinstance(part, OwnPart):
        return part
    if part.participant is None:
        return to(request, part_path(part.demand.id, "sign-up"))
    if part.demand.mode == "multi_round":
        return to(request, room_path(part.selection))
    if part.demand.mode in DRAW_MODES:
        return to(request, part_path(part.demand.id, "receipt"))
    return act_page(request, *_offering(part))


@post(f"{DEMANDS}/{{demand:str}}/offer", **FORM)
async def offer_form(request: PageRequest, database: NamedDependency[Database], demand: FromPath[str]) -> Response[str]:
    """Show it once more, then place it."""
    part = await _part(request, database, demand)
    return await act_sent(request, database, *_offering(part)) if isinstance(part, OwnPart) else part


@get(f"{DEMANDS}/{{demand:str}}/receipt", include_in_schema=False)
async def receipt_page(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[str]:
    """我的报名与报价."""
    part = await _part(request, database, demand)
    if not isinstance(part, OwnPart):
        return part
    return made_page(request, Made(part_view(part), part.now, part.demand.is_example))


def part_view(part: OwnPart) -> PartView:
    """One's own part as its page shows it."""
    one, me = part.demand, part.participant
    return PartView(
        id=one.id, selection=part.selection, title=one.title, owner_name=one.owner_name, mode=one.mode,
        state=cast("DemandState", one.state), ceiling_fen=one.ceiling_fen, sign_up_closes_at=one.sign_up_closes_at,
        closes_at=one.closes_at, agency=part.agency, admitted_at=None if me is None else me.admitted_at,
        grade="" if me is None else me.grade or "", is_voided=me is not None and me.voided_at is not None,
        receipts=tuple(_receipt(each, part) for each in reversed(part.offers)), waits=part.waits,
        award=_award(part), acts=_acts(part), further=_further(part),
    )  # fmt: skip


def _receipt(one: OwnOffer, part: OwnPart) -> OfferReceipt:
    if part.participant is not None and part.participant.voided_at is not None:
        code = "voided"
    elif one.waits:
        code = "waits"
    elif one.line.reason is not None:
        code = "refused"
    else:
        code = "counts" if one is part.counting else "replaced"
    state, tone = PART_STATES[code]
    line = one.line
    return OfferReceipt(
        one.number, line.at, line.price_fen, line.discount_bp, line.days, one.digest, state, tone
    )  # fmt: skip


def _award(part: OwnPart) -> AwardOfOwn | None:
    award = part.award
    if award is None:
        return None
    if award.abandoned_at is not None:
        return AwardOfOwn("已放弃中选，由下一家递补", "bad", None)
    if award.is_final:
        return AwardOfOwn("中选已生效，请签订合同", "ok", None)
    if award.is_asked and award.confirmed_at is None:
        return AwardOfOwn("拟中选，请确认", "warn", award.confirm_until)
    return AwardOfOwn("拟中选，公示中", "ok", None)


def _acts(part: OwnPart) -> Links:
    """What may be done next, the main thing first; whether it is allowed is for the use cases."""
    one, found = part.demand.id, []
    if part.participant is None:
        return ((part_path(one, "sign-up"), "报名"),) if not _is_over(part, sign_up=True) else ()
    award = part.award
    if award is not None and award.is_proposed and not award.is_final:
        if award.is_asked and award.confirmed_at is None:
            found.append((demand_act_path(one, "confirm"), "确认中选"))
        found.append((demand_act_path(one, "abandon"), "放弃中选"))
    if award is not None and award.is_final:
        found.append((own_contract_path(part.selection), "办理合同"))
    asked = part.explanation
    if asked is not None and asked.given_at is None and asked.ruling is None:
        found.append((demand_act_path(one, "explain"), f"说明低价（{formatting.deadline(asked.until.at)} 前）"))
    if part.waits and not _is_over(part, sign_up=False):
        found.append((demand_act_path(one, "reconfirm"), "确认报价继续有效"))
    if part.demand.mode == "multi_round":
        found.append((room_path(part.selection), "进入竞价室"))
    elif part.demand.mode not in DRAW_MODES and not _is_over(part, sign_up=False):
        found.append((part_path(one, "offer"), "再次报价" if part.counting else "提交报价"))
    return tuple(found)


def _further(part: OwnPart) -> Links:
    one = part.demand
    found = [(demand_act_path(one.id, "ask"), "询问")]
    if one.decided_at is not None:
        found = [(award_path(one.id), "结果与核验")]
        if part.may_object:
            found.append((demand_act_path(one.id, "object"), "对结果提出异议"))
    if part.objections:
        found += [(demand_act_path(one.id, "withdraw-objection"), "撤回异议"),
                  (demand_act_path(one.id, "complain"), "向监管部门投诉")]  # fmt: skip
    return tuple(found)


@get(f"{OWN_DEMANDS}/{{demand:str}}/{{act:str}}", include_in_schema=False)
async def part_act_page(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """The form of an act in a demand."""
    part = await _part(request, database, demand)
    return act_page(request, *_acting(part, act)) if isinstance(part, OwnPart) else part


@post(f"{OWN_DEMANDS}/{{demand:str}}/{{act:str}}", **FORM)
async def part_act_form(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """Do it."""
    part = await _part(request, database, demand)
    return await act_sent(request, database, *_acting(part, act)) if isinstance(part, OwnPart) else part


def _acting(part: OwnPart, name: str) -> tuple[AgencyAct[Any], Where]:
    act = PART_ACTS.get(name)
    if act is None:
        raise NotFound("page", name)
    where = _where(part, demand_act_path(part.demand.id, name))
    known = {"selection": part.selection, "demand": part.demand.id, "agency": part.agency}
    fixed = {key: value for key, value in known.items() if key in act.command.model_fields}
    own = tuple(Choice(str(number), f"第 {number} 号异议") for number in part.objections)
    back = demand_path(part.demand.id) if name in {"ask", "object"} else where.back
    is_won = part.award is not None and part.award.is_proposed
    facts = _won(part) if is_won and name in {"confirm", "abandon"} else where.facts
    return act, replace(where, fixed=fixed, options={"objection": own}, back=back, facts=facts)


def _won(part: OwnPart) -> tuple[tuple[str, str], ...]:
    """What was won, for whoever takes it or gives it up: the price, the days, and until when to say so."""
    found = [("业主", part.demand.owner_name)]
    if part.counting is not None:
        line = part.counting.line
        if line.price_fen is not None:
            found.append(("中选价", f"{formatting.yuan(line.price_fen)}（{formatting.capitals(line.price_fen)}）"))
        if line.days is not None:
            found.append(("服务期限", f"{line.days} 个工作日"))
    if part.award is not None and part.award.confirm_until is not None:
        found.append(("确认期限", f"{formatting.deadline(part.award.confirm_until)}（北京时间）"))
    return tuple(found)


@get(OWN_DEMANDS, include_in_schema=False)
async def parts_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """我的报名."""
    visitor = agency_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    found = await read_own_parts(database, visitor.caller(None))
    now = found[0].now if found else datetime.now(UTC)
    view = PartsView(tuple(part_row(one) for one in found))
    return made_page(request, Made(view, now, any(one.demand.is_example for one in found)))


def part_row(part: OwnPart) -> PartRow:
    """A selection of one's own in a list, with the next thing to do."""
    one, acts = part.demand, _acts(part)
    path, words = acts[0] if acts else (part_path(one.id, "receipt"), "查看回执")
    award = part.award
    urgent = part.waits or (award is not None and award.is_asked and award.confirmed_at is None and award.is_proposed)
    return PartRow(
        one.id, one.title, one.mode, cast("DemandState", one.state), one.closes_at,
        None if part.counting is None else part.counting.line.price_fen, words, path, urgent,
    )  # fmt: skip


PART_PAGES: tuple[HTTPRouteHandler, ...] = (
    sign_up_page, sign_up_form, offer_page, offer_form, receipt_page, part_act_page, part_act_form, parts_page,
)  # fmt: skip
"""An agency's own part in demands."""
