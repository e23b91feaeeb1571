"""Cancelled: nothing follows, ever. Suspended: nothing is accepted, no clock runs; resumed: later ends have moved."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.selection import Selection
from commons.errors import Conflict, Forbidden, NotFound
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.abandon_award import AbandonAward, AwardAbandoned, abandon_award
from marketplace.usecases.act import Caller
from marketplace.usecases.cancel_selection import CancelSelection, SelectionCancelled, cancel_selection
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.read_award import read_award
from marketplace.usecases.read_demand import read_demand
from marketplace.usecases.read_selection import read_selection
from marketplace.usecases.resume_selection import ResumeSelection, SelectionResumed, resume_selection
from marketplace.usecases.settle_selection import due_selections, settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.standing import selection_state
from marketplace.usecases.suspend_selection import SelectionSuspended, SuspendSelection, suspend_selection
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.usecases.market import (
    REGULATOR,
    Market,
    agency,
    code,
    instant_terms,
    owner,
    pass_by,
    round_terms,
    sealed_terms,
    until,
)

PUBLICITY = timedelta(seconds=5)
STRANGER = Caller(Actor("owner", code(9, "11990000MA")))


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 4):
        await market.file(number)
    return market


async def bid(market: Market, published: DemandPublished) -> None:
    for number in (1, 2, 3):
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
        assert isinstance(await market.offer(published.selection, number, 10_000_000 + number * 500_000), OfferPlaced)


async def proposed(market: Market) -> DemandPublished:
    published = await market.publish(sealed_terms(), sign_up_s=2.4, close_s=2.5)
    await bid(market, published)
    await until(published.published_at + timedelta(seconds=2.55))
    await settle_selection(market.database, published.selection)
    return published


async def cancel(market: Market, selection: str, key: str | None = None) -> SelectionCancelled | Refused:
    return await cancel_selection(market.database, owner(key), CancelSelection(selection=selection, reason="示例"))


async def suspend(market: Market, selection: str, caller: Caller | None = None) -> SelectionSuspended | Refused:
    command = SuspendSelection(selection=selection, reason="核查（示例）")
    return await suspend_selection(market.database, caller or owner(), command)


async def resume(market: Market, selection: str, caller: Caller | None = None) -> SelectionResumed | Refused:
    command = ResumeSelection(selection=selection, reason="核查完毕（示例）")
    return await resume_selection(market.database, caller or owner(), command)


async def give_up(market: Market, selection: str, number: int) -> AwardAbandoned | Refused:
    command = AbandonAward(selection=selection, agency=code(number), reason="示例")
    return await abandon_award(market.database, agency(number), command)


async def state_of(market: Market, selection: str) -> Selection:
    async with market.database.read() as connection:
        return await selection_state(connection, selection)


async def types(market: Market, selection: str) -> list[str]:
    async with market.database.read() as connection:
        return [one.event.type for one in await load(connection, [f"selection/{selection}"])]


def codes(answer: Any) -> tuple[str, ...]:
    assert isinstance(answer, Refused), answer
    return answer.codes


async def test_a_cancelled_sealed_selection_takes_nothing_and_never_opens_its_offers(market: Market) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=2.4, close_s=2.5)
    await bid(market, published)
    done = await cancel(market, published.selection, "once")
    assert isinstance(done, SelectionCancelled)
    assert await cancel(market, published.selection, "once") == done
    assert codes(await cancel(market, published.selection)) == ("selection_cancelled",)
    assert codes(await market.offer(published.selection, 1, 9_000_000)) == ("selection_cancelled",)
    await until(published.published_at + timedelta(seconds=3.0))
    assert published.selection not in await due_selections(market.database)
    state = await settle_selection(market.database, published.selection)
    assert state.decision is None
    assert state.evaluation is None
    assert (await types(market, published.selection))[-1] == "selection.cancelled"
    file = await read_demand(market.database, published.demand)
    assert (file.demand.state, file.demand.reason) == ("cancelled", "cancelled")
    assert (file.signed_up, file.offers) == (None, None)
    assert [one.what for one in file.happenings] == ["demand_published", "cancelled"]
    with pytest.raises(NotFound):
        await read_award(market.database, published.demand)


async def test_a_proposed_award_is_cancelled_and_neither_confirmed_nor_passed_on(market: Market) -> None:
    published = await proposed(market)
    assert isinstance(await cancel(market, published.selection), SelectionCancelled)
    assert codes(await give_up(market, published.selection, 1)) == ("selection_cancelled",)
    await market.restrict(1)
    await until(published.published_at + timedelta(seconds=2.6) + PUBLICITY)
    await settle_selection(market.database, published.selection)
    kinds = await types(market, published.selection)
    assert kinds[-2:] == ["award.proposed", "selection.cancelled"]
    file = await read_award(market.database, published.demand)
    assert (file.demand.state, file.demand.outcome, file.demand.winner) == ("cancelled", None, None)


async def test_a_confirmed_award_is_neither_cancelled_nor_suspended_though_nobody_settled_it(market: Market) -> None:
    published = await proposed(market)
    await market.confirm(published.selection, 1)
    await until(published.published_at + timedelta(seconds=2.6) + PUBLICITY)
    assert codes(await cancel(market, published.selection)) == ("award_is_confirmed",)
    assert codes(await suspend(market, published.selection)) == ("award_is_confirmed",)
    assert (await read_demand(market.database, published.demand)).demand.state == "awarded"


async def test_of_cancelling_giving_up_and_a_restriction_at_once_each_is_seen_or_comes_later(market: Market) -> None:
    published = await proposed(market)
    work: list[Any] = [
        cancel(market, published.selection),
        give_up(market, published.selection, 1),
        market.restrict(2),
        cancel(market, published.selection),
    ]
    first, given, _, second = await asyncio.gather(*work)
    assert sum(isinstance(one, SelectionCancelled) for one in (first, second)) == 1
    kinds = await types(market, published.selection)
    assert kinds[-1] == "selection.cancelled"
    assert ("award.abandoned" in kinds) == isinstance(given, AwardAbandoned)
    await settle_selection(market.database, published.selection)
    assert await types(market, published.selection) == kinds


async def test_only_its_owner_cancels_and_only_owner_or_regulator_suspend(market: Market) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=30, close_s=31)
    command = CancelSelection(selection=published.selection, reason="示例")
    for caller in (agency(1), REGULATOR, STRANGER):
        with pytest.raises(Forbidden):
            await cancel_selection(market.database, caller, command)
    for caller in (agency(1), STRANGER, Caller(Actor("operator", "O1"))):
        with pytest.raises(Forbidden):
            await suspend(market, published.selection, caller)
        with pytest.raises(Forbidden):
            await resume(market, published.selection, caller)


async def test_a_suspended_selection_accepts_nothing_and_its_ends_move_by_the_time_it_lasted(market: Market) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=3.9, close_s=4.0)
    await bid(market, published)
    before = await state_of(market, published.selection)
    stopped = await suspend(market, published.selection)
    assert isinstance(stopped, SelectionSuspended)
    assert codes(await suspend(market, published.selection)) == ("selection_suspended",)
    assert codes(await market.offer(published.selection, 1, 9_000_000)) == ("selection_suspended",)
    await until(published.published_at + timedelta(seconds=4.2))  # the close of before
    assert published.selection not in await due_selections(market.database)
    assert (await settle_selection(market.database, published.selection)).decision is None
    shown = await read_demand(market.database, published.demand)
    assert (shown.demand.state, shown.offers) == ("suspended", None)
    assert [one.what for one in shown.happenings] == ["demand_published", "suspended"]
    again = await resume(market, published.selection)
    assert isinstance(again, SelectionResumed)
    lasted = again.resumed_at - stopped.suspended_at
    assert before.closes_at is not None
    assert before.sign_up_closes_at is not None
    assert (again.sign_up_closes_at, again.closes_at) == (before.sign_up_closes_at + lasted, before.closes_at + lasted)
    row = (await read_demand(market.database, published.demand)).demand
    assert (row.state, row.sign_up_closes_at, row.closes_at) == ("published", again.sign_up_closes_at, again.closes_at)
    assert isinstance(await market.offer(published.selection, 3, 9_000_000), OfferPlaced)
    assert codes(await resume(market, published.selection)) == ("not_suspended",)
    assert again.closes_at is not None
    await until(again.closes_at)
    state = await settle_selection(market.database, published.selection)
    assert (state.decided_at, state.proposed) == (again.closes_at, code(3))


async def test_a_suspended_publicity_goes_on_for_what_was_left_of_it(market: Market) -> None:
    published = await proposed(market)
    before = (await state_of(market, published.selection)).publicity[code(1)].at
    await market.confirm(published.selection, 1)
    stopped = await suspend(market, published.selection, REGULATOR)
    assert isinstance(stopped, SelectionSuspended)
    assert codes(await give_up(market, published.selection, 1)) == ("selection_suspended",)
    assert codes(await resume(market, published.selection)) == ("suspended_by_regulator",)
    await pass_by(1.0)
    again = await resume(market, published.selection, REGULATOR)
    assert isinstance(again, SelectionResumed)
    end = before + (again.resumed_at - stopped.suspended_at)
    state = await settle_selection(market.database, published.selection)
    assert (state.publicity[code(1)].at, state.is_confirmed) == (end, False)
    assert (await read_demand(market.database, published.demand)).demand.publicity_until == end
    await until(end)
    assert published.selection in await due_selections(market.database)
    assert (await settle_selection(market.database, published.selection)).is_confirmed


async def test_who_is_restricted_during_a_suspension_gives_way_as_of_its_end(market: Market) -> None:
    published = await proposed(market)
    await suspend(market, published.selection)
    await market.restrict(1)
    assert (await state_of(market, published.selection)).proposed == code(1)
    again = await resume(market, published.selection)
    assert isinstance(again, SelectionResumed)
    state = await settle_selection(market.database, published.selection)
    assert state.proposed == code(2)
    assert state.publicity[code(2)].at == again.resumed_at + PUBLICITY


async def test_rounds_move_as_a_whole_when_suspended_before_the_first_and_not_after(market: Market) -> None:
    terms = round_terms(opens_in=3.0, length=1.2)
    published = await market.publish(terms, sign_up_s=2.4)
    for number in (1, 2, 3):
        await market.sign_up(published.selection, number)
    stopped = await suspend(market, published.selection)
    assert isinstance(stopped, SelectionSuspended)
    assert (await read_selection(market.database, published.selection, None)).room is None
    await pass_by(0.8)
    again = await resume(market, published.selection)
    assert isinstance(again, SelectionResumed)
    lasted = again.resumed_at - stopped.suspended_at
    room = (await read_selection(market.database, published.selection, None)).room
    assert room is not None
    await until(published.published_at + timedelta(seconds=3.05) + lasted)
    for number in (1, 2, 3):
        assert isinstance(await market.offer(published.selection, number, 10_000_000 + number * 500_000), OfferPlaced)
    assert codes(await suspend(market, published.selection)) == ("rounds_have_begun",)
    assert again.closes_at is not None
    await until(again.closes_at)
    state = await settle_selection(market.database, published.selection)
    assert (state.decided_at, state.proposed) == (again.closes_at, code(1))
    assert state.case is not None
    assert decide(parse_case(dict(state.case))).as_json() == state.decision


async def test_an_instant_selection_is_suspended_and_cancelled_before_its_award_and_never_after(market: Market) -> None:
    await market.shelve(1, 100_000)
    published, other = await market.publish(instant_terms()), await market.publish(instant_terms())
    await suspend(market, published.selection)
    take = TakeInstantAward(demand=published.demand)
    with pytest.raises(Conflict):
        await take_instant_award(market.database, owner(), take)
    await resume(market, published.selection)
    assert isinstance(await take_instant_award(market.database, owner(), take), InstantAwarded)
    assert codes(await cancel(market, published.selection)) == ("instant_award_binds",)
    assert isinstance(await cancel(market, other.selection), SelectionCancelled)
    with pytest.raises(Conflict) as conflict:
        await take_instant_award(market.database, owner(), TakeInstantAward(demand=other.demand))
    assert conflict.value.code == "selection_cancelled"
