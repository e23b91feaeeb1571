"""The ticker: prompt, harmless when late or dead, alive through outages, gone when cancelled."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from commons.errors import Unavailable
from marketplace.database import Database
from marketplace.jobs import ticker
from marketplace.jobs.ticker import tick, ticking
from marketplace.usecases.settle_selection import settle_selection
from tests.usecases.market import Market, pass_by, round_terms, sealed_terms, until


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 5):
        await market.file(number)
    return market


async def sealed_with_offers(market: Market) -> str:
    """A sealed selection with three offers that closes in a moment."""
    published = await market.publish(sealed_terms(ties=["draw"]), sign_up_s=8.0, close_s=14.0)
    for number in (1, 2, 3):
        await market.sign_up(published.selection, number)
        await market.offer(published.selection, number, 10_000_000 + 500_000 * number)
    return published.selection


async def rounds_with_offers(market: Market) -> str:
    """Two open rounds in which three offer in the first one only."""
    published = await market.publish(round_terms(opens_in=8.0, length=8.0), sign_up_s=7.0)
    for number in (1, 2, 3):
        await market.sign_up(published.selection, number)
    await until(published.published_at + timedelta(seconds=8.0))
    for number in (1, 2, 3):
        await market.offer(published.selection, number, 15_000_000 - 1_000 * number)
    return published.selection


async def state_in_lists(database: Database, selection: str) -> str:
    async with database.borrow() as connection:
        state: str = await connection.fetchval("SELECT state FROM demand WHERE selection = $1", selection)
        return state


async def test_the_ticker_settles_what_is_due_without_anybody_asking(market: Market) -> None:
    async with ticking(market.database, pause=0.1):
        selection = await sealed_with_offers(market)
        await pass_by(15.0)
        async with asyncio.timeout(10):
            while await state_in_lists(market.database, selection) != "publicity":  # noqa: ASYNC110 - the ticker changes it
                await asyncio.sleep(0.02)


async def test_the_decisions_are_the_same_with_and_without_a_ticker(market: Market) -> None:
    decided: list[list[Any]] = []
    for with_ticker in (True, False):
        task = asyncio.create_task(tick(market.database, pause=0.05)) if with_ticker else None
        selections = [await rounds_with_offers(market), await sealed_with_offers(market)]
        for _ in range(3):
            await pass_by(6.0)
            await asyncio.sleep(0.2)  # a ticker looks meanwhile
        states = [await settle_selection(market.database, one) for one in selections]
        decided.append([comparable(state.decision) for state in states])
        assert all(state.proposed == (state.decision or {})["winner"] for state in states)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    assert decided[0] == decided[1]


def comparable(decision: Any) -> Any:
    """A decision without the instants, which lie at another time in each run."""
    assert decision is not None
    rounds = [{**one, "closes_at": ""} for one in decision.get("rounds", [])]
    return {**decision, **({"rounds": rounds} if rounds else {})}


async def test_an_outage_is_outlived_and_only_its_kind_is_logged(
    market: Market, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[float] = []

    async def failing(_: Database) -> tuple[str, ...]:
        calls.append(time.monotonic())
        if len(calls) <= 3:
            message = "price 123456 of somebody"
            raise Unavailable(message)
        return ()

    monkeypatch.setattr(ticker, "due_selections", failing)
    with caplog.at_level(logging.WARNING):
        async with ticking(market.database, pause=0.02):
            for _ in range(1_500):
                if "works again" in caplog.text:
                    break
                await asyncio.sleep(0.02)
    assert "123456" not in caplog.text
    assert "Unavailable" in caplog.text
    assert "works again" in caplog.text
    waits = [later - earlier for earlier, later in pairwise(calls)]
    for failures, wait in enumerate(waits[:3], 1):
        assert wait > 0.019 * 2**failures, "it waits longer while it fails"


async def test_a_cancelled_ticker_ends_at_once_and_gives_its_connection_back(market: Market) -> None:
    task = asyncio.create_task(tick(market.database, pause=30))
    await asyncio.sleep(0.2)
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 15, "it does not wait for its next turn"
    assert market.database.state.lent == 0
