"""The three modes end to end on a real database."""

from __future__ import annotations

import pytest

from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.usecases.market import Market, code, instant_terms, owner, pass_by, round_terms, sealed_terms


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 7):
        await market.file(number)
    return market


async def test_a_sealed_selection_ends_with_the_best_total_as_winner(market: Market) -> None:
    published = await market.publish(sealed_terms())
    for number in (1, 2, 3):
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
        assert isinstance(await market.offer(published.selection, number, 10_000_000 + number * 1_000_000), OfferPlaced)
    before = await settle_selection(market.database, published.selection)
    assert not before.is_decided
    await pass_by(2.1)
    state = await settle_selection(market.database, published.selection)
    assert state.decision is not None
    assert state.decision["winner"] == code(1)
    assert state.proposed == code(1)


async def test_rounds_close_lazily_and_the_lowest_effective_price_wins(market: Market) -> None:
    published = await market.publish(round_terms(opens_in=1.2, length=1.0), sign_up_s=1.1)
    for number in (1, 2, 3):
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
    early = await market.offer(published.selection, 1, 19_000_000)
    assert isinstance(early, Refused)
    assert early.codes == ("round_not_open",)
    await pass_by(1.3)
    for number in (1, 2, 3):
        assert isinstance(await market.offer(published.selection, number, 19_000_000 - number), OfferPlaced)
    low = await market.offer(published.selection, 1, 18_950_000)
    assert isinstance(low, Refused)
    assert low.codes == ("step_not_met",)
    await pass_by(1.0)
    assert isinstance(await market.offer(published.selection, 1, 15_000_000), OfferPlaced)
    await pass_by(1.1)
    late = await market.offer(published.selection, 2, 10_000_000)
    assert isinstance(late, Refused)
    assert late.codes == ("selection_closed",)
    state = await settle_selection(market.database, published.selection)
    assert state.decision is not None
    assert state.decision["winner"] == code(1)
    assert state.rounds_closed == 2


async def test_an_instant_selection_takes_one_unit_of_the_cheapest_offer(market: Market) -> None:
    for number in (1, 2, 3):
        await market.shelve(number, 100_000 * number, capacity=1)
    winners = []
    for _ in range(3):
        published = await market.publish(instant_terms())
        done = await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
        assert isinstance(done, InstantAwarded)
        winners.append(done.winner)
    assert winners == [code(1), code(2), code(3)]
    published = await market.publish(instant_terms())
    nothing = await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    assert isinstance(nothing, Refused)
    assert nothing.codes == ("too_few_bidders",)


async def test_a_restricted_agency_is_refused_everywhere_and_its_offers_are_void(market: Market) -> None:
    published = await market.publish(sealed_terms(min_bidders=2, ties=["draw"]), buyer_class="voluntary")
    for number in (1, 2, 3):
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
        assert isinstance(await market.offer(published.selection, number, 10_000_000 + number * 100_000), OfferPlaced)
    done = await market.restrict(1)
    assert done.voided_in == [published.selection]
    refused = await market.offer(published.selection, 1, 9_000_000)
    assert isinstance(refused, Refused)
    assert set(refused.codes) == {"voided", "restricted"}
    other = await market.publish(sealed_terms())
    turned_away = await market.sign_up(other.selection, 1)
    assert isinstance(turned_away, Refused)
    assert turned_away.codes == ("restricted",)
    await pass_by(2.1)
    state = await settle_selection(market.database, published.selection)
    assert state.decision is not None
    assert state.decision["winner"] == code(2)
    assert state.decision["rejected"] == [{"bidder": code(1), "reasons": ["voided"]}]


async def test_a_restriction_after_the_close_passes_the_award_on_in_the_frozen_ranking(market: Market) -> None:
    published = await market.publish(sealed_terms(ties=["draw"]), buyer_class="fiscal")
    for number in (1, 2, 3):
        await market.sign_up(published.selection, number)
        await market.offer(published.selection, number, 10_000_000 + number * 1_000_000)
    await pass_by(2.1)
    await market.restrict(1)  # nobody has settled yet: a late ticker changes nothing
    state = await settle_selection(market.database, published.selection)
    assert state.decision is not None
    assert state.decision["winner"] == code(1)
    assert state.proposed == code(2)
