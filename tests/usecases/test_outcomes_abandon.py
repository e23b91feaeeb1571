"""An award given up: a credit fact, the next in the frozen ranking, and never a second decision."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bidding.selection import Selection
from commons.errors import Forbidden
from commons.events import Actor
from commons.verdicts import Refused
from credit import store as credit
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.abandon_award import AbandonAward, AwardAbandoned, abandon_award
from marketplace.usecases.act import Caller
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.read_award import read_award
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.usecases.market import Market, agency, code, instant_terms, owner, sealed_terms, until

PUBLICITY = timedelta(seconds=5)


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 5):
        await market.file(number)
    return market


async def proposed(market: Market, numbers: tuple[int, ...] = (1, 2, 3)) -> DemandPublished:
    """A sealed selection that is decided: lower numbers are cheaper and come first."""
    published = await market.publish(sealed_terms(), sign_up_s=2.4, close_s=2.5)
    for number in numbers:
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
        assert isinstance(await market.offer(published.selection, number, 10_000_000 + number * 500_000), OfferPlaced)
    await until(published.published_at + timedelta(seconds=2.55))
    await settle_selection(market.database, published.selection)
    return published


async def give_up(market: Market, selection: str, number: int, key: str | None = None) -> AwardAbandoned | Refused:
    command = AbandonAward(selection=selection, agency=code(number), reason="人员不足（示例）")
    return await abandon_award(market.database, Caller(agency(number).actor, key), command)


async def facts(market: Market, number: int) -> list[str]:
    async with market.database.read() as connection:
        return [one.code for one in (await credit.facts(connection, [code(number)]))[code(number)]]


async def types(market: Market, selection: str) -> list[str]:
    async with market.database.read() as connection:
        return [one.event.type for one in await load(connection, [f"selection/{selection}"])]


async def test_the_next_in_the_ranking_is_proposed_from_the_instant_of_abandonment(market: Market) -> None:
    published = await proposed(market)
    done = await give_up(market, published.selection, 1)
    assert isinstance(done, AwardAbandoned)
    assert (done.proposed, done.points) == (code(2), -1000)
    state = await settle_selection(market.database, published.selection)
    assert state.publicity[code(2)].at == done.abandoned_at + PUBLICITY
    assert state.publicity[code(1)].at < state.publicity[code(2)].at
    assert await facts(market, 1) == ["award_abandoned"]
    kinds = await types(market, published.selection)
    assert kinds[-3:] == ["award.proposed", "award.abandoned", "award.proposed"]
    file = await read_award(market.database, published.demand)
    assert file.demand.winner == code(2)
    told = [one for one in file.happenings if one.what in {"award_proposed", "award_abandoned", "next_proposed"}]
    assert [one.what for one in told] == ["award_proposed", "award_abandoned", "next_proposed"]
    assert told[1].params["reason"] == "人员不足（示例）"


async def test_an_award_is_given_up_once_however_often_and_fast_somebody_asks(market: Market) -> None:
    published = await proposed(market)
    answers = await asyncio.gather(*(give_up(market, published.selection, 1) for _ in range(4)))
    assert sum(isinstance(one, AwardAbandoned) for one in answers) == 1
    refused = [one.codes for one in answers if isinstance(one, Refused)]
    assert refused == [("already_abandoned",)] * 3
    assert await facts(market, 1) == ["award_abandoned"]
    assert (await types(market, published.selection)).count("award.abandoned") == 1


async def test_the_same_request_under_one_key_has_one_effect_and_one_answer(market: Market) -> None:
    published = await proposed(market)
    first = await give_up(market, published.selection, 1, "once")
    assert await give_up(market, published.selection, 1, "once") == first
    assert await facts(market, 1) == ["award_abandoned"]


async def test_when_everybody_has_given_up_nobody_is_left(market: Market) -> None:
    published = await proposed(market)
    for number in (1, 2):
        assert isinstance(await give_up(market, published.selection, number), AwardAbandoned)
    last = await give_up(market, published.selection, 3)
    assert isinstance(last, AwardAbandoned)
    assert last.proposed is None
    file = await read_award(market.database, published.demand)
    assert (file.demand.state, file.demand.reason, file.demand.winner) == ("unsuccessful", "nobody_left", None)
    again = await give_up(market, published.selection, 3)
    assert isinstance(again, Refused)
    assert again.codes == ("already_abandoned",)


async def test_only_the_agency_proposed_may_give_up_and_only_for_itself(market: Market) -> None:
    published = await proposed(market)
    other = await give_up(market, published.selection, 2)
    assert isinstance(other, Refused)
    assert other.codes == ("award_is_not_yours",)
    command = AbandonAward(selection=published.selection, agency=code(1), reason="示例")
    for caller in (agency(2), owner(), Caller(Actor("regulator", "R1"))):
        with pytest.raises(Forbidden):
            await abandon_award(market.database, caller, command)
    assert await facts(market, 2) == []


async def test_before_the_close_there_is_nothing_to_give_up(market: Market) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=30, close_s=31)
    await market.sign_up(published.selection, 1)
    refused = await give_up(market, published.selection, 1)
    assert isinstance(refused, Refused)
    assert refused.codes == ("no_award_proposed",)


async def test_a_confirmed_award_is_not_given_up_even_when_nobody_has_settled_it_yet(market: Market) -> None:
    published = await proposed(market)
    await market.confirm(published.selection, 1)
    await until(published.published_at + timedelta(seconds=2.6) + PUBLICITY)
    refused = await give_up(market, published.selection, 1)
    assert isinstance(refused, Refused)
    assert refused.codes == ("award_is_confirmed",)
    assert await facts(market, 1) == []


async def test_an_instant_award_binds(market: Market) -> None:
    await market.shelve(1, 100_000)
    published = await market.publish(instant_terms())
    taken = await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    assert isinstance(taken, InstantAwarded)
    refused = await give_up(market, published.selection, 1)
    assert isinstance(refused, Refused)
    assert refused.codes == ("instant_award_binds",)


async def test_whoever_was_restricted_before_is_passed_over_when_the_first_gives_up(market: Market) -> None:
    published = await proposed(market)
    await market.restrict(2)
    done = await give_up(market, published.selection, 1)
    assert isinstance(done, AwardAbandoned)
    assert done.proposed == code(3)


async def test_abandonment_restriction_settling_and_offers_elsewhere_pass_each_other_without_a_deadlock(
    market: Market,
) -> None:
    published = await proposed(market, (1, 2, 3, 4))
    elsewhere = await market.publish(sealed_terms(), sign_up_s=30, close_s=31)
    for number in (1, 2, 3):
        await market.sign_up(elsewhere.selection, number)
    work: list[Any] = [
        give_up(market, published.selection, 1),
        market.restrict(2),
        settle_selection(market.database, published.selection),
        market.offer(elsewhere.selection, 1, 9_000_000),
        market.offer(elsewhere.selection, 2, 9_000_000),
        market.offer(elsewhere.selection, 3, 9_000_000),
        give_up(market, published.selection, 1),
    ]
    done = await asyncio.gather(*work)
    given = [one for one in done if isinstance(one, AwardAbandoned)]
    assert len(given) == 1
    state: Selection = await settle_selection(market.database, published.selection)
    assert state.proposed == code(3)
    assert await facts(market, 1) == ["award_abandoned"]
