"""A read folds to what settling will persist, writes nothing, and waits for offers that are still under way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from commons.errors import NotFound
from marketplace.database import Database
from marketplace.usecases import restrict_agency
from marketplace.usecases.offer_batch import Placing, write_offers
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.read_agencies import AgencyQuery, read_agencies
from marketplace.usecases.read_agency import read_agency
from marketplace.usecases.read_award import read_award, read_case
from marketplace.usecases.read_awards import AwardQuery, read_awards
from marketplace.usecases.read_demand import read_demand
from marketplace.usecases.read_demands import DemandQuery, read_demands
from marketplace.usecases.read_home import read_home
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_selection import read_selection
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.standing import selection_state
from marketplace.usecases.take_instant_award import TakeInstantAward, take_instant_award
from tests.store.moved_time import REAL
from tests.usecases.market import (
    PROFILE,
    Market,
    agency,
    code,
    instant_terms,
    nonce,
    now,
    owner,
    round_terms,
    sealed_terms,
    until,
    wait_until,
)

NOW = datetime(2000, 1, 1, tzinfo=UTC)
PUBLICITY = timedelta(seconds=5)


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 5):
        await market.file(number)
    return market


async def offered(market: Market, published: DemandPublished, *numbers: int) -> None:
    for number in numbers:
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
        placed = await market.offer(published.selection, number, 10_000_000 + number * 500_000)
        assert isinstance(placed, OfferPlaced)


def timeless(value: Any) -> Any:
    """The value without the instant of its reading, down through tuples and dataclasses."""
    if isinstance(value, tuple):
        return tuple(timeless(one) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {one.name: timeless(getattr(value, one.name)) for one in fields(value) if one.init}
    if "now" in changes:
        changes["now"] = NOW
    return replace(value, **changes)


async def everything(database: Database, published: DemandPublished) -> tuple[Any, ...]:
    """Everything that shows the demand."""
    try:
        award: Any = (await read_award(database, published.demand), await read_case(database, published.demand))
    except NotFound:
        award = None
    return timeless((
        await read_demand(database, published.demand),
        award,
        await read_demands(database, DemandQuery(), Slice()),
        await read_demands(database, DemandQuery(state="decided"), Slice()),
        await read_awards(database, AwardQuery(), Slice()),
        await read_agencies(database, AgencyQuery(), Slice()),
        await read_agency(database, code(1), profile=PROFILE),
        await read_selection(database, published.selection, agency(1).actor),
        await read_home(database),
    ))  # fmt: skip


async def events(database: Database) -> int:
    async with database.read() as connection:
        found: int = await connection.fetchval("SELECT count(*) FROM record_event")
        return found


async def sealed(market: Market) -> DemandPublished:
    published = await market.publish(sealed_terms())
    await offered(market, published, 1, 2, 3)
    await until(published.published_at + timedelta(seconds=2.1))
    return published


async def too_few(market: Market) -> DemandPublished:
    published = await market.publish(sealed_terms())
    await offered(market, published, 1)
    await until(published.published_at + timedelta(seconds=2.1))
    return published


async def rounds_over(market: Market) -> DemandPublished:
    published = await market.publish(round_terms(opens_in=1.2, length=0.6), sign_up_s=1.1)
    await rounds_offers(market, published, opens_s=1.2)
    await until(published.published_at + timedelta(seconds=2.5))
    return published


async def first_round_over(market: Market) -> DemandPublished:
    published = await market.publish(round_terms(opens_in=1.2, length=0.8, rounds=3, rest=60.0), sign_up_s=1.1)
    await rounds_offers(market, published, opens_s=1.2)
    await until(published.published_at + timedelta(seconds=2.2))
    return published


async def rounds_offers(market: Market, published: DemandPublished, *, opens_s: float) -> None:
    for number in (1, 2, 3):
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
    await until(published.published_at + timedelta(seconds=opens_s))
    for number in (1, 2, 3):
        await market.offer(published.selection, number, 18_000_000 - number)


async def restricted_after_the_close(market: Market) -> DemandPublished:
    published = await sealed(market)
    await settle_selection(market.database, published.selection)
    await market.restrict(1)
    return published


async def awarded_at_once(market: Market) -> DemandPublished:
    await market.shelve(1, 100_000)
    published = await market.publish(instant_terms())
    await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    await until(now() + PUBLICITY + timedelta(seconds=0.2))
    return published


@pytest.mark.parametrize(
    "play", [sealed, too_few, rounds_over, first_round_over, restricted_after_the_close, awarded_at_once]
)
async def test_a_read_before_settling_shows_what_a_read_after_it_shows(
    market: Market, play: Callable[[Market], Awaitable[DemandPublished]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def later(*_: object) -> None:
        """A restriction that was cut off right after its commit: nobody has settled since."""

    monkeypatch.setattr(restrict_agency, "settle_selection", later)
    published = await play(market)
    written = await events(market.database)
    before = await everything(market.database, published)
    assert await events(market.database) == written
    state = await settle_selection(market.database, published.selection)
    assert await events(market.database) > written
    after = await everything(market.database, published)
    for one, other in zip(before, after, strict=True):
        assert one == other
    async with market.database.read() as connection:
        folded = await selection_state(connection, published.selection)
    assert (state.decision, state.proposed, state.rounds_closed) == (
        folded.decision, folded.proposed, folded.rounds_closed,
    )  # fmt: skip


@pytest.mark.parametrize("pace", [REAL])
async def test_an_offer_still_under_way_at_the_close_is_waited_for(market: Market) -> None:
    published = await market.publish(sealed_terms(min_bidders=3))
    await offered(market, published, 2, 3, 4)
    assert isinstance(await market.sign_up(published.selection, 1), SignedUp)
    placing = Placing(
        agency(1),
        PlaceOffer(selection=published.selection, agency=code(1), price_fen=5_000_000, days=20, nonce=nonce(1)),
    )
    is_written, may_commit = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with market.database.transaction() as connection:
            placed = await write_offers(connection, published.selection, [placing])
            assert isinstance(placed[0], OfferPlaced)
            is_written.set()
            await may_commit.wait()

    writer = asyncio.create_task(slow())
    await is_written.wait()
    await wait_until(published.published_at + timedelta(seconds=2.1))
    open_still = await read_demand(market.database, published.demand)
    assert not open_still.has_ruling
    assert open_still.demand.state == "offers_closed"
    with pytest.raises(NotFound):
        await read_award(market.database, published.demand)
    may_commit.set()
    await writer
    decided = await read_award(market.database, published.demand)
    assert decided.ruling.decision["winner"] == code(1)


async def test_a_void_after_the_end_of_the_publicity_does_not_undo_the_award(market: Market) -> None:
    published = await sealed(market)
    await until(published.published_at + timedelta(seconds=2.2))
    await market.confirm(published.selection, 1)
    await until(published.published_at + timedelta(seconds=2.2) + PUBLICITY)
    await market.restrict(1)  # nobody has settled: a late ticker changes nothing
    shown = await read_demand(market.database, published.demand)
    assert (shown.demand.state, shown.demand.winner) == ("awarded", code(1))
    state = await settle_selection(market.database, published.selection)
    assert state.proposed == code(1)


async def test_a_reading_refuses_to_write(database: Database) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with reading(database) as snapshot:
            await snapshot.connection.execute("DELETE FROM selection_void")
