"""Too few bidders: the demand comes again, once as it was, once in another mode; earlier selections stay readable."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bidding.selection import Selection
from commons.errors import Conflict, Forbidden, Malformed, NotFound
from commons.events import Actor
from commons.instants import format_instant
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.abandon_award import AbandonAward, AwardAbandoned, abandon_award
from marketplace.usecases.act import Caller
from marketplace.usecases.cancel_selection import CancelSelection, cancel_selection
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.publish_again import DemandPublishedAgain, PublishAgain, publish_again
from marketplace.usecases.read_award import read_award
from marketplace.usecases.read_demand import read_demand
from marketplace.usecases.read_selection import read_selection
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.standing import selection_state
from tests.usecases.living import proposed
from tests.usecases.market import (
    Market,
    agency,
    code,
    instant_terms,
    nonce,
    now,
    owner,
    round_terms,
    sealed_terms,
    until,
)


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 4):
        await market.file(number)
    return market


async def failed(market: Market) -> tuple[str, str]:
    """A demand whose selection found one bidder of three; returns demand and selection."""
    published = await market.publish(sealed_terms(), sign_up_s=1.9, close_s=2.0)
    assert isinstance(await market.sign_up(published.selection, 1), SignedUp)
    assert isinstance(await market.offer(published.selection, 1, 9_000_000), OfferPlaced)
    await until(published.published_at + timedelta(seconds=2.1))
    return published.demand, published.selection


async def again(
    market: Market, demand: str, *, close_s: float = 2.9, caller: Caller | None = None, **changes: Any
) -> DemandPublishedAgain | Refused:
    at = now()
    clocks = {"sign_up_closes_at": at + timedelta(seconds=close_s - 0.1), "closes_at": at + timedelta(seconds=close_s)}
    given = {"demand": demand, "reason": "报价不足三家（示例）", "nonce": nonce("again", at), **clocks, **changes}
    command = PublishAgain(**given)
    return await publish_again(market.database, caller or owner(), command)


def codes(answer: Any) -> tuple[str, ...]:
    assert isinstance(answer, Refused), answer
    return answer.codes


async def test_a_demand_that_found_too_few_comes_again_with_its_terms_and_can_be_awarded(market: Market) -> None:
    demand, first = await failed(market)
    before = (await read_demand(market.database, demand)).demand
    assert (before.state, before.reason) == ("unsuccessful", "too_few_bidders")
    done = await again(market, demand)  # the first act after the close: it settles the failure itself
    assert isinstance(done, DemandPublishedAgain)
    assert (done.publication, done.terms_digest) == (2, before.terms_digest)
    assert done.selection != first
    now = await read_demand(market.database, demand)
    assert (now.demand.state, now.demand.selection, now.demand.outcome) == ("published", done.selection, None)
    assert [(one.what, one.params) for one in now.happenings] == [
        ("demand_republished", {"publication": 2, "reason": "报价不足三家（示例）"})
    ]
    with pytest.raises(NotFound):
        await read_award(market.database, demand)
    for number in (1, 2, 3):
        assert isinstance(await market.sign_up(done.selection, number), SignedUp)
        assert isinstance(await market.offer(done.selection, number, 10_000_000 + number * 500_000), OfferPlaced)
    await until(done.published_at + timedelta(seconds=3.0))
    state = await settle_selection(market.database, done.selection)
    assert state.proposed == code(1)
    earlier = (await read_selection(market.database, first, None)).demand
    assert (earlier.state, earlier.reason, earlier.winner) == ("unsuccessful", "too_few_bidders", None)
    assert earlier.selection == first
    assert codes(await market.offer(first, 2, 9_000_000)) == ("selection_closed",)
    cancelled = await cancel_selection(market.database, owner(), CancelSelection(selection=first, reason="示例"))
    assert codes(cancelled) == ("selection_is_over",)
    async with market.database.read() as connection:
        assert (await selection_state(connection, first)).demand == demand
        recorded = await load(connection, [f"demand/{demand}"])
    last = recorded[-1].event
    assert last.type == "demand.published_again"
    assert (last.data["after"], last.data["reason"]) == (first, "报价不足三家（示例）")


async def test_after_the_second_failure_the_mode_changes_and_after_that_nothing_more(market: Market) -> None:
    demand, first = await failed(market)
    rounds = round_terms(opens_in=30, length=1)
    early = await again(market, demand, terms=rounds)
    assert codes(early) == ("mode_change_too_early",)
    second = await again(market, demand)
    assert isinstance(second, DemandPublishedAgain)
    await until(second.published_at + timedelta(seconds=3.0))
    assert codes(await again(market, demand)) == ("mode_must_change",)
    with pytest.raises(Malformed):
        await again(market, demand, terms={**rounds, "ceiling_fen": 1})
    changed = await again(market, demand, terms=round_terms(opens_in=3.0, length=0.4, rounds=1), closes_at=None)
    assert isinstance(changed, DemandPublishedAgain)
    assert changed.publication == 3
    now = (await read_demand(market.database, demand)).demand
    assert (now.mode, now.selection) == ("multi_round", changed.selection)
    assert (await read_selection(market.database, first, None)).demand.mode == "comprehensive"
    await until(changed.published_at + timedelta(seconds=3.5))
    assert codes(await again(market, demand, terms=sealed_terms())) == ("published_too_often",)


async def test_only_a_lack_of_bidders_brings_a_demand_back_and_only_its_owner_does(market: Market) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=30, close_s=31)
    assert codes(await again(market, published.demand)) == ("no_lack_of_bidders",)
    await cancel_selection(market.database, owner(), CancelSelection(selection=published.selection, reason="示例"))
    assert codes(await again(market, published.demand)) == ("no_lack_of_bidders",)
    for caller in (agency(1), Caller(Actor("regulator", "R1")), Caller(Actor("owner", code(9, "11990000MA")))):
        with pytest.raises(Forbidden):
            await again(market, published.demand, caller=caller)
    draft = await market.post(sealed_terms(), sign_up_s=30, close_s=31)
    with pytest.raises(NotFound):
        await again(market, draft)


async def test_a_demand_comes_again_once_however_fast_its_owner_asks(market: Market) -> None:
    demand, _ = await failed(market)
    answers = await asyncio.gather(*(again(market, demand, close_s=30) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(one, DemandPublishedAgain) for one in answers) == 1
    others = [one for one in answers if not isinstance(one, DemandPublishedAgain)]
    assert all(isinstance(one, Conflict) or codes(one) == ("no_lack_of_bidders",) for one in others)
    assert codes(await again(market, demand, close_s=30)) == ("no_lack_of_bidders",)


async def test_new_clocks_are_held_to_the_profile(market: Market) -> None:
    demand, _ = await failed(market)
    assert codes(await again(market, demand, close_s=0.5)) == ("sign_up_too_short",)
    missing = await again(market, demand, sign_up_closes_at=None, closes_at=None)
    assert codes(missing) == ("schedule_missing",)


async def test_the_same_rounds_are_held_again_from_the_instant_that_is_given(market: Market) -> None:
    published = await market.publish(round_terms(opens_in=1.6, length=0.4, rest=0.1), sign_up_s=1.5)
    await until(published.published_at + timedelta(seconds=2.6))
    with pytest.raises(Malformed):
        await again(market, published.demand)
    opens_at = now() + timedelta(seconds=60)
    done = await again(market, published.demand, first_round_opens_at=opens_at, closes_at=None)
    assert isinstance(done, DemandPublishedAgain)
    async with market.database.read() as connection:
        first = await selection_state(connection, published.selection)
        state = await selection_state(connection, done.selection)
    assert state.closes_at == opens_at + timedelta(seconds=0.9)
    assert rounds_of(state)[0]["opens_at"] == format_instant(opens_at)
    assert rounds_of(first) != rounds_of(state)
    assert (await read_selection(market.database, done.selection, None)).room is not None


def rounds_of(state: Selection) -> list[Any]:
    rounds = state.terms["rounds"]
    assert isinstance(rounds, list)
    return rounds


async def test_every_publication_has_a_nonce_of_its_own(market: Market) -> None:
    demand, _ = await failed(market)
    assert codes(await again(market, demand, close_s=30, nonce=None)) == ("nonce_missing",)
    with pytest.raises(Malformed) as used:
        await again(market, demand, close_s=30, nonce=nonce("owner"))
    assert [one.code for one in used.value.faults] == ["nonce_used"]


async def test_another_mode_fits_the_items_and_the_quantity_of_the_demand(market: Market) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=1.9, close_s=2.0, further_items=["SV23"])
    await until(published.published_at + timedelta(seconds=2.1))
    second = await again(market, published.demand)
    assert isinstance(second, DemandPublishedAgain)
    await until(second.published_at + timedelta(seconds=3.0))
    clocks = {"sign_up_closes_at": None, "closes_at": None}
    with pytest.raises(Malformed) as refused:
        await again(market, published.demand, terms=instant_terms(quantity=3), **clocks)
    assert [one.code for one in refused.value.faults] == ["joint_not_instant", "quantity_differs"]


async def test_a_demand_whose_awards_were_all_given_up_comes_again_as_one_that_found_too_few(market: Market) -> None:
    published, _ = await proposed(market)
    for number in (1, 2, 3):
        command = AbandonAward(selection=published.selection, agency=code(number), reason="无力承接（示例）")
        assert isinstance(await abandon_award(market.database, agency(number), command), AwardAbandoned)
    assert (await read_demand(market.database, published.demand)).demand.reason == "nobody_left"
    early = await again(market, published.demand, close_s=900, terms=round_terms(opens_in=1000, length=1))
    assert codes(early) == ("mode_change_too_early",)
    done = await again(market, published.demand, close_s=900, reason="中选机构均放弃（示例）")
    assert isinstance(done, DemandPublishedAgain)
    earlier = (await read_selection(market.database, published.selection, None)).demand
    assert (earlier.state, earlier.reason, earlier.winner) == ("unsuccessful", "nobody_left", None)
    (said,) = (await read_demand(market.database, published.demand)).happenings
    assert (said.what, said.params) == ("demand_republished", {"publication": 2, "reason": "中选机构均放弃（示例）"})
