"""Nobody alone takes an award away: an owner needs a regulator, a regulator another where a draw is public."""

from __future__ import annotations

import pytest

from commons.errors import Malformed
from marketplace.database import Database
from tests.usecases.living import (
    CLOSE_S,
    accept,
    answer,
    codes,
    complain,
    decide,
    object_,
    proposed,
    settle_at,
    state_of,
)
from tests.usecases.market import OWNER, REGULATOR, Market, code, nonce

DRAWN = {"mode": "random_draw", "ceiling_fen": 9_000_000, "max_days": 30, "min_bidders": 3, "ties": ["draw"]}
ALONE = ("remedy_needs_approver",)


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 4):
        await market.file(number)
    return market


async def drawn(market: Market) -> str:
    """A selection whose draw is public."""
    published = await market.publish(DRAWN, sign_up_s=CLOSE_S)
    for number in (1, 2, 3):
        await market.sign_up(published.selection, number, nonce=nonce(number))
    state = await state_of(market, published.selection)
    assert state.closes_at is not None
    await settle_at(market, published.selection, state.closes_at)
    return published.selection


async def taken(market: Market, selection: str) -> None:
    """An objection to the award whose complaint a regulator has accepted."""
    await object_(market, selection)
    await answer(market, selection)
    await complain(market, selection)
    await accept(market, selection)


@pytest.mark.parametrize("remedy", ["next", "annul"])
async def test_an_owner_with_a_friend_takes_nobodys_award_away(market: Market, remedy: str) -> None:
    published, _ = await proposed(market)
    await object_(market, published.selection)
    assert codes(await answer(market, published.selection, remedy=remedy, approver=None)) == ALONE
    with pytest.raises(Malformed, match="somebody else"):
        await answer(market, published.selection, remedy=remedy, approver=OWNER)
    assert (await state_of(market, published.selection)).proposed == code(1)
    done = await answer(market, published.selection, remedy=remedy)
    assert done.proposed == (code(2) if remedy == "next" else None)


@pytest.mark.parametrize("remedy", ["next", "annul"])
async def test_a_regulator_alone_undoes_no_public_draw(market: Market, remedy: str) -> None:
    selection = await drawn(market)
    first = (await state_of(market, selection)).proposed
    await taken(market, selection)
    assert codes(await decide(market, selection, remedy=remedy)) == ALONE
    with pytest.raises(Malformed, match="somebody else"):
        await decide(market, selection, remedy=remedy, approver=REGULATOR.actor.id)
    assert (await state_of(market, selection)).proposed == first
    done = await decide(market, selection, remedy=remedy, approver="R2")
    assert done.proposed != first


async def test_what_is_dismissed_or_was_not_drawn_takes_one_regulator(market: Market) -> None:
    selection, (published, _) = await drawn(market), await proposed(market)
    for one, remedy in ((selection, None), (published.selection, "next")):
        await taken(market, one)
        before = (await state_of(market, one)).proposed
        assert ((await decide(market, one, remedy=remedy)).proposed == before) == (remedy is None)
