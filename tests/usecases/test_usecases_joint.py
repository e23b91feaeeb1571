"""Joint purchase: several items under one price, and the split that a bidder may show."""

from __future__ import annotations

import pytest

from commons.errors import Malformed
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.place_offer import OfferPlaced, PartText, PlaceOffer, place_offer
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.standing import selection_state
from tests.usecases.market import (
    ITEM,
    Market,
    agency,
    code,
    instant_terms,
    nonce,
    sealed_terms,
)


async def test_a_joint_purchase_asks_for_every_items_qualification(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    published = await market.publish(sealed_terms(), further_items=["SV18"])
    refused = await market.sign_up(published.selection, 1)
    assert isinstance(refused, Refused)
    assert [(one.code, one.params["kind"]) for one in refused.reasons] == [("qualification_missing", "工程勘察资质")]


async def test_one_price_for_several_items_may_show_its_split(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    published = await market.publish(sealed_terms(min_bidders=3), further_items=["SV23"])
    assert isinstance(await market.sign_up(published.selection, 1), SignedUp)

    async def split(*parts: tuple[str, int]) -> OfferPlaced | Refused:
        command = PlaceOffer(
            selection=published.selection, agency=code(1), price_fen=15_000_000, days=20, nonce=nonce(1),
            split=[PartText(item=item, fen=fen) for item, fen in parts],
        )  # fmt: skip
        return await place_offer(database, agency(1), command)

    with pytest.raises(Malformed) as wrong:
        await split((ITEM, 9_000_000), ("SV01", 1))
    assert [one.code for one in wrong.value.faults] == ["split_item_unknown", "split_item_missing", "split_sum_differs"]
    assert isinstance(await split((ITEM, 9_000_000), ("SV23", 6_000_000)), OfferPlaced)
    async with database.read() as connection:
        state = await selection_state(connection, published.selection)
    assert [(part.item, part.fen) for part in state.offers[0].split] == [(ITEM, 9_000_000), ("SV23", 6_000_000)]
    assert state.items == (ITEM, "SV23")


async def test_a_split_where_there_is_nothing_to_split_is_refused(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    published = await market.publish(sealed_terms())
    assert isinstance(await market.sign_up(published.selection, 1), SignedUp)
    command = PlaceOffer(
        selection=published.selection, agency=code(1), price_fen=15_000_000, days=20, nonce=nonce(1),
        split=[PartText(item=ITEM, fen=15_000_000)],
    )  # fmt: skip
    with pytest.raises(Malformed) as refused:
        await place_offer(database, agency(1), command)
    assert [one.code for one in refused.value.faults] == ["nothing_to_split"]


async def test_joint_items_are_known_once_each_and_not_on_the_shelf(database: Database) -> None:
    market = Market(database)
    with pytest.raises(Malformed) as refused:
        await market.post(sealed_terms(), further_items=[ITEM, "SV99"])
    assert [(one.pointer, one.code) for one in refused.value.faults] == [
        ("/further_items/0", "item_twice"),
        ("/further_items/1", "unknown_item"),
    ]
    with pytest.raises(Malformed) as shelf:
        await market.post(instant_terms(), further_items=["SV23"])
    assert [one.code for one in shelf.value.faults] == ["joint_not_instant"]
