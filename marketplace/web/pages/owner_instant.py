"""立等可取 in three clicks: project, item and budget → the shelf by the published rule → confirm, the notice is there.

The last click posts, publishes and takes in one go: each is an act of its own on record, under a key of its own, and
whom and which price was meant goes along, so that nobody is bound to another. Source: selection.md 6, pages.md (Owner).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from secrets import token_hex

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.errors import Malformed
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.act import Caller, require
from marketplace.usecases.look_up_project import read_project
from marketplace.usecases.post_demand import DemandPosted, PostDemand, post_demand
from marketplace.usecases.publish_demand import DemandPublished, PublishDemand, publish_demand
from marketplace.usecases.read_own_demands import read_own_demands
from marketplace.usecases.read_own_drafts import read_own_demand
from marketplace.usecases.read_shelf import ShelfSeen, read_shelf
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from marketplace.web import formatting
from marketplace.web.addresses import INSTANT, INSTANT_CONFIRM, award_path
from marketplace.web.locale import names
from marketplace.web.locale.reasons import reason_text
from marketplace.web.pages.acting import Asked, Made, Sent, acted, made_page, new_key, wrong_of
from marketplace.web.pages.asking import PageRequest, identifier_of, query_of
from marketplace.web.pages.forms import form_of
from marketplace.web.pages.naming import item_of, item_options
from marketplace.web.pages.owner_posting import WIZARD, region_choices
from marketplace.web.pages.owner_reader import owner_reader, owners_for, profile_name
from marketplace.web.plans import Field, Plan, command_from, read_amount, read_whole, shown_form
from marketplace.web.receipts import Done
from marketplace.web.signed_in import Visitor
from marketplace.web.views.forms import Choice, FormShown
from marketplace.web.views.owner import InstantConfirmView, InstantView, ShelfRow

MOST = 20
"""Offers shown."""
EXPECTED, EXPECTED_PRICE, DEMAND = "expected", "expected_price_fen", "demand"
RULE = "cheapest"
TIES = {True: ["days", "draw"], False: ["credit", "draw"]}
"""What breaks a tie, by whether there is a longest time to compare the days within."""
TIE_WORDS = {True: "期限短者", False: "信用分高者"}
_LITTLE = (
    Field("item", "服务事项", "select"),
    Field("budget", "预算（最高限价）", "amount", hint="高于它的报价不列入", at="/terms/ceiling_fen"),
    Field("quantity", "数量", "whole", hint="价格 = 单价 × 数量与最低收费中较高者"),
    Field("max_days", "最长服务期限", "whole", unit="个工作日", is_needed=False, at="/terms/max_days"),
)
_PROJECT = (
    Field("project_code", "项目代码", limit=32),
    Field("owner_name", "业主名称"),
    Field("project_name", "项目名称"),
    Field("region", "项目所在地", "select"),
    Field("place", "具体地点", is_needed=False),
    Field("buyer_class", "业主类别", "select"),
)
FIELDS = ("owner_code", *(one.name for one in (*_PROJECT, *_LITTLE)))


def plan_of(owners: tuple[str, ...], now: datetime) -> Plan:
    """What is asked; who acts for several owners says for which."""
    whose = (Field("owner_code", "代哪一家业主办理", "select"),) if len(owners) > 1 else ()
    return Plan((*whose, *_PROJECT, *_LITTLE)).with_options(
        owner_code=tuple(Choice(one, one) for one in owners), region=region_choices(now),
        item=tuple(Choice(one.value, one.name) for one in item_options()),
        buyer_class=tuple(Choice(code, name) for code, name in names.BUYER_CLASSES.items()),
    )  # fmt: skip


def instant_form() -> FormShown:
    """The little form on a project's own page: the project is known, the item and the budget are asked."""
    plan = Plan(_LITTLE).with_options(item=tuple(Choice(each.value, each.name) for each in item_options()))
    return shown_form(plan, INSTANT, "", sent={"quantity": ("1",)}, id="instant")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked, field by field, and the command it makes."""

    given: Mapping[str, str]
    command: PostDemand

    @property
    def rule(self) -> str:
        """The rule in words, as it will be published."""
        first = TIE_WORDS["max_days" in self.command.terms]
        return f"价格低者在前；同价的{first}在前；仍相同的可验证抽取"

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The same for an address or for hidden fields."""
        return tuple((name, self.given[name]) for name in FIELDS if self.given.get(name))


def wanted_of(given: Mapping[str, str], plan: Plan, owners: tuple[str, ...], *, nonce: str | None = None) -> Wanted:
    """The demand as asked; ``Malformed`` with every fault."""
    every = {name: (text,) for name, text in given.items() if text}
    count, most = read_whole(given.get("quantity", "")) or 1, read_whole(given.get("max_days", ""))
    terms: dict[str, object] = {
        "mode": "instant", "rule": RULE, "ties": TIES[most is not None], "quantity": count,
        "ceiling_fen": read_amount(given.get("budget", "")),
    }  # fmt: skip
    if most is not None:
        terms["max_days"] = most
    owner = given.get("owner_code") or owners[0]
    item = item_of(given.get("item", "")).name
    title = f"{given.get('project_name', '')}{item}"[:120]
    fixed: dict[str, object] = {"terms": terms, "owner_code": owner, "title": title, "quantity": count}
    if nonce is not None:
        fixed["nonce"] = nonce
    return Wanted(given, command_from(plan, PostDemand, every, **fixed))  # type: ignore[arg-type]  # plain JSON


async def _given(database: Database, visitor: Visitor, query: Mapping[str, str]) -> dict[str, str]:
    """What the address says, filled up from a project of one's own, or from what is known of the code."""
    given = {name: query.get(name, "").strip() for name in FIELDS}
    caller = visitor.caller(None)
    if source := query.get("from", ""):
        one = await read_own_demand(database, caller, identifier_of("demand", source))
        known = {
            "owner_code": one.owner_code, "owner_name": one.owner_name, "project_code": one.project_code,
            "project_name": one.project_name, "region": one.region, "place": one.place,
            "buyer_class": one.buyer_class,
        }  # fmt: skip
        given = {name: given[name] or known.get(name, "") for name in FIELDS}
    elif given["project_code"] and not given["project_name"]:
        given |= await _looked_up(database, given["project_code"])
    given["quantity"] = given["quantity"] or "1"
    return given


async def _looked_up(database: Database, code: str) -> dict[str, str]:
    try:
        known = await read_project(database, code)
    except Malformed:
        return {}
    said = {"project_name": known.name, "owner_name": known.owner_name, "region": known.region}
    return {name: text for name, text in said.items() if text}


@get(INSTANT, include_in_schema=False)
async def instant_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """What is wanted, and the shelf once all of it is said; everything stands in the address."""
    visitor = owner_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    query, now, owners = query_of(request), datetime.now(UTC), owners_for(visitor)
    given = await _given(database, visitor, query)
    plan = plan_of(owners, now)
    blank = await _blank(database, visitor, plan, given)
    if not given["item"] or not given["budget"]:
        return made_page(request, Made(blank, now))
    try:
        wanted = wanted_of(given, plan, owners)
        seen = await read_shelf(database, visitor.caller(None), wanted.command, profile=profile_name(request))
    except Malformed as malformed:
        wrong = wrong_of(plan, malformed)
        view = replace(blank, form=shown_form(plan, INSTANT, "", sent=_sent(given), wrong=wrong))
        return made_page(request, Made(view, now), HTTPStatus.BAD_REQUEST)
    if isinstance(seen, Refused):
        view = replace(blank, reasons=tuple(reason_text(one) for one in seen.reasons))
        return made_page(request, Made(view, now), HTTPStatus.UNPROCESSABLE_ENTITY)
    return made_page(request, Made(_shelf_view(blank, wanted, seen), seen.now))


def _sent(given: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: (text,) for name, text in given.items() if text}


async def _blank(database: Database, visitor: Visitor, plan: Plan, given: Mapping[str, str]) -> InstantView:
    """The form with what is said, before the shelf is looked at."""
    own = await read_own_demands(database, visitor.caller(None), limit=5)
    copies = tuple((row.id, row.title) for row in own.rows)
    form = shown_form(plan, INSTANT, "", sent=_sent(given))
    return InstantView(form, tuple(one.name for one in plan.fields), copies=copies)


def _shelf_view(blank: InstantView, wanted: Wanted, seen: ShelfSeen) -> InstantView:
    rows = tuple(
        ShelfRow(
            one.rank,
            one.agency,
            one.name,
            one.price_fen,
            one.unit_price_fen,
            one.minimum_fee_fen,
            one.days,
            one.left,
            one.valid_until,
        )
        for one in seen.rows[:MOST]
    )
    confirm: tuple[tuple[str, str], ...] = ()
    if rows:
        first = rows[0]
        confirm = (*wanted.pairs, (EXPECTED, first.agency), (EXPECTED_PRICE, str(first.price_fen)))
    return replace(
        blank, rows=rows, is_seen=True, is_drawn=seen.is_drawn, apart=seen.apart, rule=wanted.rule, confirm=confirm,
        quantity=wanted.command.quantity or 1,
    )  # fmt: skip


@get(INSTANT_CONFIRM, include_in_schema=False)
async def instant_confirm_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Whom and how much, in figures and in words; nothing is done yet."""
    visitor = owner_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    made = await _confirm_made(request, database, visitor, query_of(request), None)
    return made_page(request, made)


CONFIRMING = Plan((), places={})


async def _confirm_made(
    request: PageRequest, database: Database, visitor: Visitor, given: Mapping[str, str], form: FormShown | None
) -> Made:
    """The last look, as of now: who is first now may be another than a moment ago, and it is said who."""
    owners, now = owners_for(visitor), datetime.now(UTC)
    plan = plan_of(owners, now)
    wanted = wanted_of(given, plan, owners)
    seen = await read_shelf(database, visitor.caller(None), wanted.command, profile=profile_name(request))
    if isinstance(seen, Refused):
        blank = await _blank(database, visitor, plan, given)
        return Made(replace(blank, reasons=tuple(reason_text(one) for one in seen.reasons)), now)
    if not seen.rows:
        return Made(_shelf_view(await _blank(database, visitor, plan, given), wanted, seen), seen.now)
    first = seen.rows[0]
    command = wanted.command
    rows = (
        ("项目", f"{command.project_name}（{command.project_code}）"), ("事项", item_of(command.item).name),
        ("数量", formatting.number(command.quantity or 1)), ("单价", formatting.yuan(first.unit_price_fen)),
        ("期限", formatting.days(first.days, "workday")), ("规则", wanted.rule),
    )  # fmt: skip
    held = (
        *wanted.pairs, (EXPECTED, first.agency), (EXPECTED_PRICE, str(first.price_fen)), ("nonce", token_hex(32)),
        *(((DEMAND, given[DEMAND]),) if given.get(DEMAND) else ()),
    )  # fmt: skip
    view = InstantConfirmView(
        title=command.title, rows=rows, price_fen=first.price_fen, name=first.name, agency=first.agency,
        form=form or shown_form(CONFIRMING, INSTANT_CONFIRM, new_key()), back=wanted.pairs, held=held,
    )  # fmt: skip
    return Made(view, seen.now)


@post(INSTANT_CONFIRM, **WIZARD)
async def instant_confirm_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Post, publish and take; the notice is there when this answers."""
    visitor = owner_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    given = dict((await form_of(request)).values)
    owners = owners_for(visitor)
    profile = profile_name(request)

    async def work(sent: Sent) -> InstantAwarded | Refused:
        plan = plan_of(owners, datetime.now(UTC))
        wanted = wanted_of(given, plan, owners, nonce=given.get("nonce") or None)
        require(sent.caller, "take_instant_award", own=wanted.command.owner_code)  # before anything is posted
        if not given.get(DEMAND):
            done = await posted_at_once(database, sent.caller, wanted.command, profile)
            if isinstance(done, Refused):
                return done
            given[DEMAND] = done.demand  # where it cannot be taken now, the next try takes from this one
        expected, price = given.get(EXPECTED) or None, read_whole(given.get(EXPECTED_PRICE, ""))
        take = TakeInstantAward(demand=given[DEMAND], expected=expected, expected_price_fen=price)
        return await take_instant_award(database, _keyed(sent.caller, "take"), take)

    async def again(form: FormShown) -> Made:
        return await _confirm_made(request, database, visitor, given, form)

    return await acted(
        request, Asked(CONFIRMING, INSTANT_CONFIRM), work, again=again,
        then=lambda done: Done(award_path(done.demand), "instant_awarded", done.demand),
    )  # fmt: skip


async def posted_at_once(
    database: Database, caller: Caller, command: PostDemand, profile: str
) -> DemandPublished | Refused:
    """Post and publish, each under its own key; refused with the reasons of the first that is."""
    posted = await post_demand(database, _keyed(caller, "post"), command, profile=profile)
    if not isinstance(posted, DemandPosted):
        return posted
    return await publish_demand(database, _keyed(caller, "publish"), PublishDemand(demand=posted.demand))


def _keyed(caller: Caller, act: str) -> Caller:
    return replace(caller, key=None if caller.key is None else f"{caller.key}-{act}")


INSTANT_PAGES: tuple[HTTPRouteHandler, ...] = (instant_page, instant_confirm_page, instant_confirm_form)
"""立等可取."""
