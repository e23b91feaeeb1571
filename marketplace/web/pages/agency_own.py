"""本机构档案, 上架报价: an agency's own file, and every act about it.

Source: market.md section 2; pages.md (agency).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, TypeVar

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from agencies.qualifications import Qualification
from agencies.shelf import ShelfOffer
from commons.canonical import Json
from commons.errors import NotFound
from commons.instants import beijing_date
from marketplace.database import Database
from marketplace.usecases.read_agency import AgencyFile
from marketplace.web.addresses import HOME, OWN_AGENCY, OWN_SHELF, WORK, agency_act_path
from marketplace.web.onward import ONWARD, leading, onward_of
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agencies import agency_view
from marketplace.web.pages.agency_acts import AgencyAct, Where, act_page, act_sent, agency_reader
from marketplace.web.pages.agency_joining import own_file, region_choices
from marketplace.web.pages.agency_own_acts import OWN_ACTS
from marketplace.web.pages.agency_qualifying import Values, asked_values, qualifying
from marketplace.web.pages.asking import PageRequest, query_of
from marketplace.web.pages.forms import FORM, form_of, to_join
from marketplace.web.pages.naming import grade_options, item_of, item_options
from marketplace.web.plans import local_text, proposed
from marketplace.web.signed_in import Visitor, reader_of
from marketplace.web.views.agency_own import (
    OwnAgencyView,
    OwnCertificate,
    OwnItem,
    OwnPerson,
    OwnShelfRow,
    OwnShelfView,
)
from marketplace.web.views.forms import Choice
from marketplace.web.views.parts import Option

T = TypeVar("T")

SOON = timedelta(days=60)
SHELF_LASTS = timedelta(days=180)
TRAIL = ((HOME, "首页"), (WORK, "工作台"))
OWN_TRAIL = (*TRAIL, (OWN_AGENCY, "本机构档案"))
BACK_AGAIN = "办好后自动回到来时的页面，接着办理。"
FOLLOWED = {"renew": "renewed", "correct": "corrected", "drop": "withdrawn"}


@get(OWN_AGENCY, include_in_schema=False)
async def own_agency_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """What is on file."""
    visitor = agency_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    file = await own_file(request, database, visitor)
    if file is None:
        return to_join(request)
    return made_page(request, Made(own_view(file), file.now, file.is_example))


def own_view(file: AgencyFile) -> OwnAgencyView:
    """The file with its acts."""
    public = agency_view(file)
    left = file.life.standing != "active"
    acts = ("return",) if left else ("suspend", "leave")
    held = sorted(file.qualifications, key=lambda one: one.ended_at is not None)
    return OwnAgencyView(
        uscc=file.uscc, name=file.name, kind=file.kind, place=public.place, filed_at=file.filed_at,
        objection_until=file.objection_until, standing=file.life.standing, standing_since=file.life.since,
        is_restricted=any(one.is_in_force(at=file.now) for one in file.restrictions),
        certificates=tuple(_certificate(one, now=file.now) for one in held),
        people=tuple(
            OwnPerson(
                one.claim.shown, f"{one.claim.certificate_kind} {one.claim.certificate_number}",
                one.claim.valid_until, one.is_held, agency_act_path("release", one.claim.id),
            )
            for one in file.people.practitioners
        ),
        items=tuple(
            OwnItem(item_of(one.item).name, one.item, one.offered_at, agency_act_path("stop", one.item))
            for one in file.items
            if one.stopped_at is None
        ),
        ties=public.ties, holds=public.holds, timeline=public.timeline,
        shelf=sum(one.valid_until > file.now for one in file.shelf),
        next_acts=() if left else _links("serve", "qualify", "claim", "shelve"),
        standing_acts=_links("change", "relations", *acts),
    )  # fmt: skip


def _links(*acts: str) -> tuple[tuple[str, str], ...]:
    return tuple((agency_act_path(name), OWN_ACTS[name].title) for name in acts)


def _certificate(one: Qualification, *, now: datetime) -> OwnCertificate:
    today = beijing_date(now)
    acts: tuple[tuple[str, str], ...] = ()
    if one.ended_at is None:
        acts = tuple((agency_act_path(name, one.id), words) for name, words in
                     (("renew", "延续"), ("correct", "更正"), ("drop", "注销")))  # fmt: skip
    state, tone = "有效", "ok"
    if one.ended_at is not None:
        state, tone = f"{beijing_date(one.ended_at)} 终止", "bad"
    elif one.valid_from > today:
        state, tone = "未生效", ""
    elif one.valid_until is not None and one.valid_until <= today:
        state, tone = "已到期", "bad"
    elif one.valid_until is not None and one.valid_until <= today + SOON:
        state, tone = f"{(one.valid_until - today).days} 日后到期", "warn"
    return OwnCertificate(
        one.kind, one.grade or "", one.number, one.issuer, one.valid_from, one.valid_until, state, tone, acts
    )  # fmt: skip


@get(OWN_SHELF, include_in_schema=False)
async def own_shelf_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """What is on the shelf."""
    visitor = agency_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    file = await own_file(request, database, visitor)
    if file is None:
        return to_join(request)
    rows = []
    for one in sorted(file.shelf, key=lambda each: each.valid_until, reverse=True):
        state, tone = ("有效", "ok") if one.remaining else ("余量用完", "warn")
        if one.valid_until <= file.now:
            state, tone = "已到期", ""
        elif one.valid_from > file.now:
            state, tone = "未生效", ""
        acts: tuple[tuple[str, str], ...] = ((f"{agency_act_path('shelve')}?renews={one.id}", "更新"),)
        if one.valid_until > file.now:
            acts = (*acts, (agency_act_path("unshelve", one.id), "撤下"))
        rows.append(OwnShelfRow(
            item_of(one.item).name, one.unit_price_fen, one.minimum_fee_fen, one.days, one.capacity, one.taken,
            one.valid_from, one.valid_until, state, tone, acts,
        ))  # fmt: skip
    return made_page(request, Made(OwnShelfView(tuple(rows)), file.now, file.is_example))


@get([f"{OWN_AGENCY}/acts/{{act:str}}", f"{OWN_AGENCY}/acts/{{act:str}}/{{of:str}}"], include_in_schema=False)
async def own_act_page(
    request: PageRequest, database: NamedDependency[Database], act: FromPath[str], of: FromPath[str] = ""
) -> Response[str]:
    """The form of an act."""
    every = {key: tuple(request.query_params.getall(key)) for key in query_of(request)}
    found = await _where(request, database, act, of, asked_values(every))
    return found if isinstance(found, Response) else act_page(request, *found)


@post([f"{OWN_AGENCY}/acts/{{act:str}}", f"{OWN_AGENCY}/acts/{{act:str}}/{{of:str}}"], **FORM)
async def own_act_form(
    request: PageRequest, database: NamedDependency[Database], act: FromPath[str], of: FromPath[str] = ""
) -> Response[str]:
    """Do it."""
    sent = {} if reader_of(request) is None else (await form_of(request)).every
    found = await _where(request, database, act, of, asked_values(sent))
    return found if isinstance(found, Response) else await act_sent(request, database, *found)


async def _where(
    request: PageRequest, database: Database, name: str, of: str, asked: Values
) -> tuple[AgencyAct[Any], Where] | Response[str]:
    """The act of that name about that thing of the agency's own; ``NotFound`` for what is none."""
    visitor = agency_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    act = OWN_ACTS.get(name)
    if act is None:
        raise NotFound("page", name)
    file = await own_file(request, database, visitor)
    if file is None:
        return to_join(request)
    onward = onward_of(query_of(request).get(ONWARD), otherwise="")
    back = OWN_SHELF if name in {"shelve", "unshelve"} else OWN_AGENCY
    trail = (*OWN_TRAIL, (OWN_SHELF, "上架报价")) if back == OWN_SHELF else OWN_TRAIL
    facts, fixed = _about(file, name, of)
    action = leading(agency_act_path(name, of), onward)
    if name == "qualify":
        act = qualifying(act, next(iter(asked["kind"]), ""), action)
    where = Where(
        action=action, back=onward or back, trail=trail, now=file.now, about=file.name, facts=facts,
        fixed={"agency": file.uscc, **fixed}, options=_options(file, name, of), is_example=file.is_example,
        proposed=asked if name == "qualify" else _proposed(file, name, query_of(request).get("renews", "")),
        lead=(BACK_AGAIN,) if onward else (),
    )  # fmt: skip
    return act, where


def _about(file: AgencyFile, name: str, of: str) -> tuple[tuple[tuple[str, str], ...], dict[str, Json]]:
    """What the act is about, in words and as the command names it."""
    if name in FOLLOWED:
        held = _found((one for one in file.qualifications if one.id == of), "qualification", of)
        facts = (("资质", f"{held.kind} {held.grade or ''}".strip()), ("证书编号", held.number))
        return facts, {"qualification": of, "what": FOLLOWED[name]}
    if name == "release":
        one = _found((one for one in file.people.practitioners if one.claim.id == of), "practitioner", of)
        return (("执业人员", one.claim.shown), ("证书", one.claim.certificate_kind)), {"claim": of}
    if name == "stop":
        served = _found((one for one in file.items if one.item == of), "item", of)
        return (("服务事项", item_of(served.item).name),), {"item": of}
    if name == "unshelve":
        offer = _found((one for one in file.shelf if one.id == of), "shelf_offer", of)
        return (("服务事项", item_of(offer.item).name), ("已中选", f"{offer.taken} 宗")), {"offer": of}
    return (), {}


def _found(several: Iterable[T], kind: str, of: str) -> T:
    found = next(iter(several), None)
    if found is None:
        raise NotFound(kind, of)
    return found


def _options(file: AgencyFile, name: str, of: str) -> dict[str, tuple[Choice, ...]]:
    match name:
        case "change":
            return {"region": region_choices(file.now)}
        case "correct":
            held = next((one.kind for one in file.qualifications if one.id == of), "")
            return {"grade": _choices(grade_options(held))}
        case "serve" | "shelve":
            return {"item": _choices(item_options())}
        case _:
            return {}


def _choices(options: Iterable[Option]) -> tuple[Choice, ...]:
    return tuple(Choice(one.value, one.name) for one in options)


def _proposed(file: AgencyFile, name: str, renews: str) -> dict[str, tuple[str, ...]]:
    """What the form begins with."""
    if name == "change":
        return proposed(name=file.name, kind=file.kind, region=file.region)
    if name != "shelve":
        return {}
    old: ShelfOffer | None = next((one for one in file.shelf if one.id == renews), None)
    begin = proposed(
        nonce=token_hex(32), valid_from=local_text(file.now), valid_until=local_text(file.now + SHELF_LASTS),
    )  # fmt: skip
    if old is None:
        return begin
    return {**begin, **proposed(
        item=old.item, unit_price_fen=yuan_typed(old.unit_price_fen), minimum_fee_fen=yuan_typed(old.minimum_fee_fen),
        days=old.days, capacity=old.remaining or old.capacity,
        renews=old.id if old.valid_until > file.now else None,
    )}  # fmt: skip


def yuan_typed(fen: int) -> str:
    """An amount as it is typed: yuan with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"


OWN_AGENCY_PAGES: tuple[HTTPRouteHandler, ...] = (own_agency_page, own_shelf_page, own_act_page, own_act_form)
"""An agency's own file."""
