"""The batching writer: offers that come at once, their errors, their keys, crashes, and desks that are behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from commons.errors import Conflict, Malformed, Unavailable
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases import offer_batch, offer_desk, offer_writer
from marketplace.usecases.offer_batch import Carried, carry
from marketplace.usecases.offer_reading import read_far
from marketplace.usecases.offer_writer import OfferWriter
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer
from marketplace.usecases.settle_selection import settle_selection
from tests.store.moved_time import REAL
from tests.usecases.market import Market, code, round_terms, until
from tests.usecases.writing import BIDDERS, filed, opened, state_of


@pytest.fixture
async def market(database: Database) -> Market:
    return await filed(database)


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many offers each transaction decided."""
    sizes: list[int] = []

    async def counting(connection: Any, sheets: Any, **named: Any) -> Carried:
        sizes.append(sum(len(sheet.placings) for sheet in sheets))
        return await carry(connection, sheets, **named)

    monkeypatch.setattr(offer_writer, "carry", counting)
    return sizes


async def test_offers_that_come_at_once_are_decided_in_few_transactions_in_the_order_they_came(
    market: Market, batches: list[int]
) -> None:
    selection = await opened(market)
    batches.clear()
    sent = [(number, 9_000_000 + turn) for turn in range(5) for number in BIDDERS]
    answers = await asyncio.gather(*(market.offer(selection, number, price) for number, price in sent))
    assert sum(batches) == len(sent)
    assert len(batches) <= 3
    state = await state_of(market.database, selection)
    assert [(one.bidder, one.price_fen) for one in state.offers[1:]] == [(code(who), price) for who, price in sent]
    assert [one.seq for one in answers if isinstance(one, OfferPlaced)][:8] == [1, 1, 1, 1, 1, 1, 1, 2]
    async with market.database.read() as connection:
        recorded = await load(connection, [f"selection/{selection}"])
    digests = {one.event.digest for one in recorded}
    assert {one.digest for one in answers if isinstance(one, OfferPlaced)} <= digests


async def test_selections_at_once_share_a_transaction_and_one_that_is_held_elsewhere_stops_nobody(
    market: Market, batches: list[int]
) -> None:
    first, second, held = [await opened(market) for _ in range(3)]
    batches.clear()
    async with market.database.transaction() as connection:
        await connection.execute("SELECT 1 FROM selection WHERE id = $1 FOR UPDATE", held)
        waiting = asyncio.create_task(market.offer(held, 1, 9_000_000))
        async with asyncio.timeout(1.5):
            done = await asyncio.gather(market.offer(first, 1, 9_000_001), market.offer(second, 1, 9_000_002))
        assert all(isinstance(one, OfferPlaced) for one in done)
        assert not waiting.done()
    assert isinstance(await waiting, OfferPlaced)
    assert max(batches) >= 2


async def test_a_request_that_breaks_its_transaction_is_decided_alone_and_the_others_are_answered(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection = await opened(market)
    judge = offer_desk.judge

    def breaking(desk: Any, command: PlaceOffer, *given: Any, **named: Any) -> Any:
        assert command.price_fen != 666, "a bug that one offer meets"
        return judge(desk, command, *given, **named)

    monkeypatch.setattr(offer_batch, "judge", breaking)
    prices = {1: 9_000_000, 2: 666, 3: 9_000_001}
    answers = await asyncio.gather(
        *(market.offer(selection, number, price) for number, price in prices.items()), return_exceptions=True
    )
    assert [type(one) for one in answers] == [OfferPlaced, AssertionError, OfferPlaced]
    assert len((await state_of(market.database, selection)).offers) == 3


async def test_a_key_has_one_effect_whatever_stands_beside_it_in_the_batch(market: Market) -> None:
    selection = await opened(market)
    same = [market.offer(selection, 1, 9_000_000, key="k") for _ in range(5)]
    other = market.offer(selection, 1, 9_000_001, key="k")
    refused = [market.offer(selection, 2, 90_000_000, key="k") for _ in range(2)]
    *answers, reused, first, second = await asyncio.gather(*same, other, *refused, return_exceptions=True)
    assert len({one.digest for one in answers if isinstance(one, OfferPlaced)}) == 1
    assert len(answers) == 5
    assert isinstance(reused, Conflict)
    assert reused.code == "idempotency_key_reused"
    assert isinstance(first, Refused)
    assert first == second
    assert len((await state_of(market.database, selection)).offers) == 3
    assert await market.offer(selection, 2, 90_000_000, key="k") == first


async def test_a_key_whose_request_failed_is_free_for_another(market: Market) -> None:
    selection = await opened(market)
    broken, well = await asyncio.gather(
        market.offer(selection, 1, 9_000_000, days=None, key="k"), market.offer(selection, 1, 9_000_000, key="k"),
        return_exceptions=True,
    )  # fmt: skip
    assert isinstance(broken, Malformed)
    assert isinstance(well, OfferPlaced)
    async with market.database.read() as connection:
        assert await connection.fetchval("SELECT count(*) FROM request_answer WHERE answer = ''") == 0


async def test_a_sender_that_goes_away_cancels_nobody_else(market: Market) -> None:
    selection = await opened(market)
    leaving = asyncio.create_task(market.offer(selection, 1, 9_000_000))
    staying = asyncio.create_task(market.offer(selection, 2, 9_000_000))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    leaving.cancel()
    assert isinstance(await staying, OfferPlaced)
    assert leaving.cancelled()
    assert market.database.state.lent == 0


@pytest.mark.parametrize("pace", [REAL])
async def test_rounds_go_on_from_batch_to_batch_as_the_whole_record_gives_them(market: Market) -> None:
    terms = round_terms(opens_in=11.0, length=0.8, rounds=2, rest=0.1, min_bidders=2, step_basis="leader")
    published = await market.publish(terms, sign_up_s=10.0, buyer_class="voluntary")
    for number in BIDDERS:
        await market.sign_up(published.selection, number)
    await until(published.published_at + timedelta(seconds=11.0))
    second = await Database.open(market.database.dsn)
    try:
        markets = (market, Market(second))
        price, turn = 19_000_000, 0
        while turn < 60 and not (await state_of(market.database, published.selection)).is_decided:
            turn, price = turn + 1, price - 100_000
            bids = (markets[one % 2].offer(published.selection, one, price - one, days=None) for one in BIDDERS)
            await asyncio.gather(*bids)
            if turn == 3:
                await market.restrict(5)
            await asyncio.sleep(0.02)
            await settle_selection(second, published.selection)
    finally:
        await second.close()
    state = await state_of(market.database, published.selection)
    assert state.decision is not None
    told = state.decision["offers"]
    assert isinstance(told, list)
    given = [(one.reason is None, one.reason) for one in state.offers]
    assert [(one["accepted"], one.get("reason")) for one in told if isinstance(one, dict)] == given
    assert {"step_not_met", "not_admitted", None} <= {one.reason for one in state.offers}


async def test_a_late_offer_settles_once_and_then_costs_no_settling(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection = await opened(market, sign_up_s=1.5, close_s=1.8)
    closes_at = (await state_of(market.database, selection)).closes_at
    assert closes_at is not None
    await until(closes_at)
    held: list[str] = []
    whole = offer_batch.hold_selection

    async def counting(connection: Any, identifier: str, **named: Any) -> Any:
        held.append(identifier)
        return await whole(connection, identifier, **named)

    monkeypatch.setattr(offer_batch, "hold_selection", counting)
    for _ in range(4):
        late = await market.offer(selection, 1, 9_000_000)
        assert isinstance(late, Refused)
        assert late.codes == ("selection_closed",)
    assert held == [selection]
    assert (await state_of(market.database, selection)).closed_at is not None


async def test_a_long_record_is_read_page_by_page_before_anything_is_locked(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.usecases.offer_reading.PAGE", 5)
    selection = await opened(market)
    await asyncio.gather(*(market.offer(selection, number, 9_000_000) for number in BIDDERS))
    await market.restrict(2)
    desk = await read_far(market.database, selection)
    assert desk is not None
    state = await state_of(market.database, selection)
    assert desk.state.participants == state.participants
    assert desk.made == {code(number): 2 if number == 8 else 1 for number in BIDDERS}
    second = await Database.open(market.database.dsn)
    try:
        assert isinstance(await Market(second).offer(selection, 1, 8_000_000), OfferPlaced)
        assert isinstance(await Market(second).offer(selection, 2, 8_000_000), Refused)
    finally:
        await second.close()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    return lambda name, bound: monkeypatch.setattr(offer_writer, name, bound)


async def test_beyond_the_bound_an_offer_is_told_to_come_again(
    market: Market, small: Callable[[str, int], None]
) -> None:
    selection = await opened(market)
    small("MAX_WAITING", 3)
    answers = await asyncio.gather(
        *(market.offer(selection, number, 9_000_000) for number in BIDDERS), return_exceptions=True
    )
    assert [type(one) for one in answers] == [OfferPlaced] * 3 + [Unavailable] * 5


async def test_unused_desks_are_dropped_and_made_anew(market: Market, small: Callable[[str, int], None]) -> None:
    small("MAX_DESKS", 1)
    first, second = await opened(market), await opened(market)
    await market.offer(first, 1, 9_000_000)
    await market.offer(second, 1, 9_000_000)
    writer = market.database.companion(OfferWriter)
    assert list(writer._queues) == [second]
    assert isinstance(await market.offer(first, 1, 8_000_000), OfferPlaced)


async def test_a_writer_ends_with_the_pool_and_finishes_what_it_has_begun(market: Market) -> None:
    selection = await opened(market)
    second = await Database.open(market.database.dsn)
    last = asyncio.create_task(Market(second).offer(selection, 1, 9_000_000))
    await asyncio.sleep(0)
    await second.close()
    assert isinstance(await last, OfferPlaced)
    with pytest.raises(Unavailable):
        await Market(second).offer(selection, 1, 8_000_000)


async def test_a_selection_without_offers_says_so_to_everybody(market: Market) -> None:
    terms = {"mode": "random_draw", "ceiling_fen": 20_000_000, "min_bidders": 3, "ties": ["draw"]}
    drawn = await market.publish(terms, sign_up_s=300)
    answers = await asyncio.gather(
        *(market.offer(drawn.selection, number, 9_000_000) for number in (1, 2)), return_exceptions=True
    )
    assert all(isinstance(one, Conflict) and one.code == "no_offers_here" for one in answers)
