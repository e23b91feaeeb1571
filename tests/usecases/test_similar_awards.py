"""Awards that are compared with: those that stand, of the same items, real ones with real ones, the latest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.database import Database
from marketplace.demands.similar import Similar
from marketplace.usecases import read_similar as module
from marketplace.usecases.read_similar import read_similar, read_usual
from marketplace.usecases.take_instant_award import TakeInstantAward, take_instant_award
from tests.usecases.market import Market, instant_terms, owner

AT = datetime(2027, 6, 1, 4, tzinfo=UTC)
_SET = """
UPDATE demand SET winning_fen = $2, is_example = $3, decided_at = $4,
  published_at = $4::timestamptz - interval '3 days', publicity_until = $5, further_items = $6, region = $7, city = $8
WHERE id = $1
"""


async def awarded(
    market: Market, price: int, days: int, *, example: bool = True, further: tuple[str, ...] = (),
    publicity: datetime = AT, city: str = "330300",
) -> str:  # fmt: skip
    """An award that was made so many days before, at that price in yuan."""
    published = await market.publish(instant_terms())
    await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    at = AT - timedelta(days=days)
    async with market.database.transaction() as connection:
        await connection.execute(
            _SET, published.demand, price * 100, example, at, publicity, list(further), city[:4] + "02", city
        )
    return published.demand


async def asked(database: Database, *, example: bool, apart_from: str = "", city: str = "") -> Similar:
    """As the fairness check does."""
    async with database.read() as connection:
        item = await connection.fetchval("SELECT item FROM demand LIMIT 1")
        return await read_similar(
            connection, [item], region="", city=city, example=example, at=AT, apart_from=apart_from
        )  # fmt: skip


async def usual(database: Database) -> tuple[int, int, bool]:
    """As the card of the item does: how many, the least price, whether they are invented."""
    async with database.read() as connection:
        item = await connection.fetchval("SELECT item FROM demand LIMIT 1")
        found, is_example = await read_usual(connection, [item], region="330000", at=AT)
    assert found.price_fen is not None
    return found.count, found.price_fen.least // 100, is_example


async def test_what_is_compared_with_stands_is_of_the_same_items_and_real_for_the_real(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = Market(database)
    await market.file(1)
    await market.shelve(1, 1_000_000)
    first = await awarded(market, 10, 40)
    await awarded(market, 20, 30)
    await awarded(market, 30, 20, example=False, city="330100")
    await awarded(market, 40, 10, example=False)
    await awarded(market, 91, 10, further=("SV22",))
    await awarded(market, 92, 10, publicity=AT + timedelta(seconds=1))
    await awarded(market, 93, 800)

    async def prices(*, example: bool, **more: str) -> tuple[int, int, int] | None:
        found = await asked(database, example=example, **more)
        spread = found.price_fen
        return None if spread is None else (found.count, spread.least // 100, spread.most // 100)

    assert await prices(example=True) == (4, 10, 40)
    assert await prices(example=False) == (2, 30, 40)
    assert await prices(example=True, apart_from=first) == (3, 20, 40)
    days = (await asked(database, example=True)).award_days
    assert days is not None
    assert (days.least, days.most) == (3, 3)
    assert await usual(database) == (2, 30, False), "real ones, where there are any"
    async with database.transaction() as connection:
        await connection.execute("UPDATE demand SET is_example = true")
    assert await usual(database) == (4, 10, True), "else invented ones, and it is said"
    monkeypatch.setattr(module, "MOST", 3)
    assert await prices(example=True) == (3, 20, 40), "the latest, of both kinds together"
