"""Selections for the tests of the batching writer: everybody filed, everybody in."""

from __future__ import annotations

from typing import Any

from bidding.selection import Selection
from marketplace.database import Database
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.standing import selection_state
from tests.usecases.market import Market, sealed_terms

BIDDERS = range(1, 9)


async def filed(database: Database) -> Market:
    """A market with its bidders on file."""
    market = Market(database)
    for number in BIDDERS:
        await market.file(number)
    return market


async def opened(market: Market, *, warm: bool = True, **changes: Any) -> str:
    """A sealed selection with everybody in it; warm: its desk is known to the writer."""
    selection = (await market.publish(sealed_terms(), **{"sign_up_s": 300, "close_s": 600.0, **changes})).selection
    for number in BIDDERS:
        await market.sign_up(selection, number)
    if warm:
        assert isinstance(await market.offer(selection, 8, 9_999_999), OfferPlaced)
    return selection


async def state_of(database: Database, selection: str) -> Selection:
    """The selection as its whole record makes it."""
    async with database.read() as connection:
        return await selection_state(connection, selection)
