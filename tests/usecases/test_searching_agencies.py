"""A search of the directory that finds more than is counted is remembered, as long as there must still be more."""

from __future__ import annotations

import pytest

from marketplace.database import Database
from marketplace.usecases import many_hits, read_agencies
from marketplace.usecases.many_hits import ManyHits
from marketplace.usecases.read_agencies import AgencyPage, AgencyQuery
from marketplace.usecases.read_listing import Slice
from tests.usecases.market import Market, code

NUMBERS = range(1, 8)
MOVED = (
    ("", "UPDATE agency SET words = 'other' WHERE uscc = ANY($1::text[])"),
    ("330300", "UPDATE agency SET city = '110000' WHERE uscc = ANY($1::text[])"),
)


@pytest.fixture
async def town(database: Database, monkeypatch: pytest.MonkeyPatch) -> Market:
    """Seven agencies whose names hold the word, where three are counted."""
    market = Market(database)
    monkeypatch.setattr(read_agencies, "MAX_FOUND", 3)
    monkeypatch.setattr(many_hits, "BY_THE_CLOCK", 0)
    for number in NUMBERS:
        await market.file(number)
    return market


async def found(market: Market, city: str = "", *, restricted_only: bool = False) -> AgencyPage:
    query = AgencyQuery(q="测绘", city=city, restricted_only=restricted_only)
    return await read_agencies.read_agencies(market.database, query, Slice())


@pytest.mark.parametrize(("city", "moved"), MOVED)
async def test_agencies_remembered_as_more_than_are_counted_are_counted_again_once_they_may_be_fewer(
    town: Market, city: str, moved: str
) -> None:
    remembered = town.database.companion(ManyHits)
    await town.restrict(NUMBERS[-1])
    for _ in range(2):
        page = await found(town, city)
        assert (page.total, page.is_more, page.restricted_total, page.first) == (3, True, 1, 0)
        assert len(remembered._kept) == 1, "what is more than is counted"
        assert (await found(town, city, restricted_only=True)).total == 1
    async with town.database.transaction() as connection:
        await connection.execute(moved, [code(number) for number in NUMBERS[:5]])
    page = await found(town, city)
    assert (page.total, page.is_more, len(page.rows)) == (2, False, 2)


async def test_no_agencies_are_remembered_while_something_is_being_written(town: Market) -> None:
    other = await Database.open(town.database.dsn, maximum=1)
    try:
        async with other.transaction() as connection:
            await connection.execute(MOVED[0][1], [code(number) for number in NUMBERS[:5]])
            assert (await found(town)).is_more
    finally:
        await other.close()
    assert ((await found(town)).total, (await found(town)).is_more) == (2, False)
