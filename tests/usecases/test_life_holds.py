"""An award that waits, for a confirmation or an objection, is held by what is opened meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agencies.people import store as people
from agencies.people.holds import Hold
from marketplace.database import Database
from marketplace.usecases.act import new_identifier
from marketplace.usecases.confirm_award import AwardConfirmed
from tests.usecases.living import CONFIRMING, PUBLICITY, object_, proposed, settle_at, take_back
from tests.usecases.market import Market, code


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 4):
        await market.file(number)
    return market


async def hold_from(market: Market, selection: str, at: datetime) -> Hold:
    """A hold on the first agency in that selection, opened at that instant."""
    name = new_identifier("V", at=at)
    one = Hold(name, code(1), code(3), None, selection, ("address",), at, at + PUBLICITY)
    async with market.database.transaction() as connection:
        await people.insert_holds(connection, [one])
    return one


@pytest.mark.parametrize("waits_for", ["objection", "confirmation"])
async def test_a_hold_that_opens_while_the_award_still_waits_holds_it(market: Market, waits_for: str) -> None:
    published, at = await proposed(market)
    selection = published.selection
    if waits_for == "objection":
        await object_(market, selection)
    later = at + PUBLICITY + timedelta(seconds=1)
    await settle_at(market, selection, later)
    hold = await hold_from(market, selection, later - timedelta(seconds=0.5))
    if waits_for == "objection":
        await take_back(market, selection)
    done = await market.confirm(selection, 1)
    assert isinstance(done, AwardConfirmed), done
    assert not done.is_final
    held = await settle_at(market, selection, later + PUBLICITY)
    assert (held.proposed, held.is_confirmed) == (code(1), False)
    ruled = replace(hold, ruled_at=later + PUBLICITY, ruling="unlinked", reason="经核查（示例）")
    async with market.database.transaction() as connection:
        await people.rule_hold(connection, ruled, by="R1")
    assert (await settle_at(market, selection, later + PUBLICITY)).is_confirmed


async def test_a_hold_that_opens_after_the_award_was_final_comes_too_late(market: Market) -> None:
    published, at = await proposed(market)
    await market.confirm(published.selection, 1)
    await hold_from(market, published.selection, at + PUBLICITY)
    assert (await settle_at(market, published.selection, at + PUBLICITY + timedelta(seconds=1))).is_confirmed


async def test_a_hold_does_not_stop_the_time_to_confirm_however_late_somebody_looks(market: Market) -> None:
    (prompt, at), (late, late_at) = await proposed(market), await proposed(market)
    await settle_at(market, prompt.selection, at + PUBLICITY)
    for published, began in ((prompt, at), (late, late_at)):
        await hold_from(market, published.selection, began + PUBLICITY + timedelta(seconds=1))
        state = await settle_at(market, published.selection, began + PUBLICITY + CONFIRMING)
        assert state.abandoned == {code(1): began + PUBLICITY + CONFIRMING}
