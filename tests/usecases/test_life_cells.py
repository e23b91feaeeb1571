"""Every cell of the demand's table, driven through the use cases: what the table allows is done, the rest is refused.

Each stage is made anew for every act that it allows; what it does not allow is tried on one demand, which stays where
it is. ``offers_closed`` and ``award_proposed`` pass within the write that settles, so no act finds a demand in them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from commons.errors import Conflict, Malformed, NotFound
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.demands.life_cycle import DEMAND_CYCLE, STAGES, Stage
from marketplace.usecases.abandon_award import AbandonAward, abandon_award
from marketplace.usecases.act import Message
from marketplace.usecases.answer_enquiry import AnswerEnquiry, answer_enquiry
from marketplace.usecases.ask_enquiry import AskEnquiry, ask_enquiry
from marketplace.usecases.award_directly import AwardDirectly, award_directly
from marketplace.usecases.cancel_selection import CancelSelection, cancel_selection
from marketplace.usecases.discard_draft import DiscardDraft, discard_draft
from marketplace.usecases.explain_low_price import ExplainLowPrice, explain_low_price
from marketplace.usecases.pick_from_shortlist import PickFromShortlist, pick_from_shortlist
from marketplace.usecases.publish_again import PublishAgain, publish_again
from marketplace.usecases.publish_demand import PublishDemand, publish_demand
from marketplace.usecases.read_demand import read_demand
from marketplace.usecases.reconfirm_offer import ReconfirmOffer, reconfirm_offer
from marketplace.usecases.resume_selection import ResumeSelection, resume_selection
from marketplace.usecases.rule_low_price import RuleLowPrice, rule_low_price
from marketplace.usecases.suspend_selection import SuspendSelection, suspend_selection
from marketplace.usecases.take_instant_award import TakeInstantAward, take_instant_award
from marketplace.usecases.withdraw_demand import WithdrawDemand, withdraw_demand
from tests.usecases.living import (
    CLOSE_S,
    PUBLICITY,
    accept,
    answer,
    complain,
    decide,
    object_,
    open_demand,
    proposed,
    settle_at,
    state_of,
    take_back,
)
from tests.usecases.market import REGULATOR, Market, agency, code, instant_terms, nonce, owner, sealed_terms

PASSING = {"offers_closed", "award_proposed", "covered", "discarded"}
"""Stages that end in the write that begins them, and the ends of a draft that is never published."""
ELSEWHERE = {"publish_notice", "use_coverage", "change_draft"}
"""Acts that need a notice of lots (test_usecases_lots), a regional assessment in place, or a demand stated as a whole
(test_drafts_changed); driven with those."""
REASON = "示例"
DRAWN = {
    "mode": "credit_draw", "ceiling_fen": 9_000_000, "max_days": 30, "min_bidders": 3, "ties": ["draw"],
    "big_list": 3, "small_list": 2,
}  # fmt: skip
DIRECT = {"mode": "direct", "ceiling_fen": 20_000_000, "max_days": 40}
LOW = {"ties": ["price", "draw"], "low_price": {"below_ceiling_bp": 5_500}}


@dataclass(frozen=True, slots=True)
class Place:
    """A demand in some stage."""

    market: Market
    demand: str
    selection: str


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 5):
        await market.file(number)
    return market


async def drafted(market: Market, _: str) -> Place:
    return Place(market, await market.post(sealed_terms(), sign_up_s=CLOSE_S, close_s=CLOSE_S + 1), "S000000-00000000")


async def published(market: Market, act: str) -> Place:
    """Published as the act needs it: at once, directly, with nobody in, with terms that have changed."""
    if act == "take_instant_award":
        await market.shelve(1, 100_000)
        made = await market.publish(instant_terms())
    elif act == "award_directly":
        made = await market.publish(DIRECT, buyer_class="voluntary")
    else:
        made = await open_demand(market, () if act == "withdraw_demand" else (1, 2, 3))
    if act == "reconfirm_offer":
        other = sealed_terms(ceiling_fen=19_000_000)
        done = await market.change(made.demand, sign_up_s=CLOSE_S, close_s=CLOSE_S + 1, terms=other)
        assert isinstance(done, Message)
    if act == "answer_enquiry":
        await ask(Place(market, made.demand, made.selection))
    return Place(market, made.demand, made.selection)


async def closed(market: Market, place: Place) -> Place:
    """The same, settled as of the close of its offers."""
    state = await state_of(market, place.selection)
    assert state.closes_at is not None
    await settle_at(market, place.selection, state.closes_at)
    return place


async def evaluating(market: Market, act: str) -> Place:
    made = await open_demand(market, (1, 2, 3), **LOW)
    place = Place(market, made.demand, made.selection)
    if act == "answer_enquiry":
        await ask(place)
    await closed(market, place)
    if act == "rule_low_price":
        assert isinstance(await explain(place), Message)
    return place


async def choosing(market: Market, act: str) -> Place:
    made = await market.publish(DRAWN, sign_up_s=CLOSE_S)
    for number in (1, 2, 3):
        await market.sign_up(made.selection, number, nonce=nonce(number))
    place = Place(market, made.demand, made.selection)
    if act == "answer_enquiry":
        await ask(place)
    return await closed(market, place)


async def in_publicity(market: Market, act: str) -> Place:
    return await closed(market, await published(market, act if act == "answer_enquiry" else ""))


async def objected(market: Market, act: str) -> Place:
    """Objected to by a stranger, as far as the act needs it; another objects to the same."""
    place = await in_publicity(market, act)
    raised = await object_(market, place.selection)
    if act == "lodge_complaint":
        await answer(market, place.selection)
    if act in {"accept_complaint", "decide_complaint"}:
        await settle_at(market, place.selection, raised.answer_until)
        await complain(market, place.selection)
    if act == "decide_complaint":
        await accept(market, place.selection)
    return place


async def confirming(market: Market, act: str) -> Place:
    place = await in_publicity(market, act)
    state = await state_of(market, place.selection)
    await settle_at(market, place.selection, state.publicity[code(1)].at)
    return place


async def awarded(market: Market, act: str) -> Place:
    place = await in_publicity(market, act)
    await market.confirm(place.selection, 1)
    state = await state_of(market, place.selection)
    await settle_at(market, place.selection, state.publicity[code(1)].at)
    return place


async def suspended(market: Market, act: str) -> Place:
    place = await published(market, act if act == "answer_enquiry" else "")
    assert isinstance(await suspend(place), Message)
    return place


async def unsuccessful(market: Market, _: str) -> Place:
    made = await open_demand(market, (1,))
    return await closed(market, Place(market, made.demand, made.selection))


async def cancelled(market: Market, _: str) -> Place:
    place = await published(market, "")
    assert isinstance(await cancel(place), Message)
    return place


async def withdrawn(market: Market, _: str) -> Place:
    place = await published(market, "withdraw_demand")
    assert isinstance(await withdraw(place), Message)
    return place


MAKE: Mapping[Stage, Callable[[Market, str], Awaitable[Place]]] = {
    "draft": drafted, "published": published, "evaluating": evaluating, "choosing": choosing,
    "publicity": in_publicity, "objected": objected, "confirming": confirming, "awarded": awarded,
    "suspended": suspended, "unsuccessful": unsuccessful, "cancelled": cancelled, "withdrawn": withdrawn,
}  # fmt: skip


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def ask(at: Place) -> Any:
    command = AskEnquiry(demand=at.demand, agency=code(1), question=REASON)
    return await ask_enquiry(at.market.database, agency(1), command)


async def explain(at: Place) -> Any:
    command = ExplainLowPrice(selection=at.selection, agency=code(1), text="自有设备，测区相邻（示例）")
    return await explain_low_price(at.market.database, agency(1), command)


async def suspend(at: Place) -> Any:
    command = SuspendSelection(selection=at.selection, reason=REASON)
    return await suspend_selection(at.market.database, REGULATOR, command)


async def cancel(at: Place) -> Any:
    command = CancelSelection(selection=at.selection, reason=REASON, approver="R2")
    return await cancel_selection(at.market.database, owner(), command)


async def withdraw(at: Place) -> Any:
    return await withdraw_demand(at.market.database, owner(), WithdrawDemand(demand=at.demand, reason=REASON))


async def again(at: Place) -> Any:
    command = PublishAgain(
        demand=at.demand, reason=REASON, sign_up_closes_at=soon(900), closes_at=soon(901), nonce=nonce("again"),
    )  # fmt: skip
    return await publish_again(at.market.database, owner(), command)


async def reply(at: Place) -> Any:
    command = AnswerEnquiry(demand=at.demand, enquiry=1, answer=REASON)
    return await answer_enquiry(at.market.database, owner(), command)


async def name(at: Place) -> Any:
    command = AwardDirectly(selection=at.selection, agency=code(1), price_fen=9_000_000, days=30, reason=REASON)
    return await award_directly(at.market.database, owner(), command)


async def pick(at: Place) -> Any:
    state = await state_of(at.market, at.selection)
    who = str(((state.evaluation or {}).get("shortlist") or [code(1)])[0])  # type: ignore[index] # a list of names in JSON
    command = PickFromShortlist(selection=at.selection, agency=who, reason=REASON)
    return await pick_from_shortlist(at.market.database, owner(), command)


async def rule(at: Place) -> Any:
    command = RuleLowPrice(selection=at.selection, agency=code(1), is_accepted=True, reason=REASON)
    return await rule_low_price(at.market.database, owner(), command)


async def give_up(at: Place) -> Any:
    command = AbandonAward(selection=at.selection, agency=code(1), reason=REASON)
    return await abandon_award(at.market.database, agency(1), command)


async def resume(at: Place) -> Any:
    command = ResumeSelection(selection=at.selection, reason=REASON)
    return await resume_selection(at.market.database, REGULATOR, command)


async def reconfirm(at: Place) -> Any:
    digest = (await state_of(at.market, at.selection)).terms_digest or "0" * 64
    command = ReconfirmOffer(selection=at.selection, agency=code(1), terms_digest=digest)
    return await reconfirm_offer(at.market.database, agency(1), command)


DRIVE: Mapping[str, Callable[[Place], Awaitable[Any]]] = {
    "publish_demand": lambda at: publish_demand(at.market.database, owner(), PublishDemand(demand=at.demand)),
    "discard_draft": lambda at: discard_draft(at.market.database, owner(), DiscardDraft(demand=at.demand)),
    "ask_enquiry": ask,
    "answer_enquiry": reply,
    "change_demand": lambda at: at.market.change(at.demand, sign_up_s=900, close_s=901),
    "sign_up": lambda at: at.market.sign_up(at.selection, 4),
    "place_offer": lambda at: at.market.offer(at.selection, 1, 10_000_000),
    "reconfirm_offer": reconfirm,
    "take_instant_award": lambda at: take_instant_award(
        at.market.database, owner(), TakeInstantAward(demand=at.demand)
    ),
    "award_directly": name,
    "withdraw_demand": withdraw,
    "suspend_selection": suspend,
    "resume_selection": resume,
    "cancel_selection": cancel,
    "explain_low_price": explain,
    "rule_low_price": rule,
    "pick_from_shortlist": pick,
    "object_to_award": lambda at: object_(at.market, at.selection, agency(3)),
    "answer_award_objection": lambda at: answer(at.market, at.selection),
    "withdraw_award_objection": lambda at: take_back(at.market, at.selection),
    "lodge_complaint": lambda at: complain(at.market, at.selection),
    "accept_complaint": lambda at: accept(at.market, at.selection),
    "decide_complaint": lambda at: decide(at.market, at.selection),
    "confirm_award": lambda at: at.market.confirm(at.selection, 1),
    "abandon_award": give_up,
    "publish_again": again,
}


async def is_done(drive: Callable[[Place], Awaitable[Any]], at: Place) -> tuple[bool, str]:
    """Whether the act was done, and what was answered."""
    try:
        answered = await drive(at)
    except (Conflict, NotFound, Malformed) as error:
        return False, str(error)
    return not isinstance(answered, Refused), str(getattr(answered, "codes", type(answered).__name__))


def allowed_in(stage: str) -> set[str]:
    return {one.action for one in DEMAND_CYCLE.steps if one.state == stage and not one.by_clock} - ELSEWHERE


async def stage_now(at: Place) -> str:
    try:
        return (await read_demand(at.market.database, at.demand)).life.stage
    except NotFound:
        return "draft"


@pytest.mark.parametrize("stage", MAKE)
async def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(market: Market, stage: Stage) -> None:
    at = await MAKE[stage](market, "")
    assert await stage_now(at) == stage
    for act in sorted(DRIVE.keys() - allowed_in(stage)):
        done, answered = await is_done(DRIVE[act], at)
        assert not done, (stage, act, answered)
    assert await stage_now(at) == stage


@pytest.mark.parametrize("stage", MAKE)
async def test_what_the_table_allows_is_done(market: Market, stage: Stage) -> None:
    for act in sorted(allowed_in(stage)):
        at = await MAKE[stage](market, act)
        done, answered = await is_done(DRIVE[act], at)
        assert done, (stage, act, answered)


def test_every_stage_and_every_act_is_driven() -> None:
    assert MAKE.keys() | PASSING == STAGES
    acts = {one.action for one in DEMAND_CYCLE.steps if not one.by_clock}
    assert acts == DRIVE.keys() | ELSEWHERE


async def test_an_objection_outlives_its_publicity_in_the_table_too(market: Market) -> None:
    made, at = await proposed(market)
    await object_(market, made.selection)
    await settle_at(market, made.selection, at + PUBLICITY + timedelta(seconds=2))
    assert await stage_now(Place(market, made.demand, made.selection)) == "objected"
