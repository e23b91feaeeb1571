"""The stream of a room: what comes when, to whom, from whichever process; nothing of a sealed round, to nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from commons.events import Actor
from commons.verdicts import Refused
from marketplace.app import create_app
from marketplace.database import Database
from marketplace.live import listener, seats
from marketplace.live.hub import Rooms
from marketplace.rooms.seen import place_in
from marketplace.usecases.act import Caller
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer, place_offer
from marketplace.web.pages import room_events
from tests.usecases.market import Market, code, nonce, until
from tests.web_pages.room_play import agency_of, ear, opened
from tests.web_pages.site import SETTINGS

LONG = (("open", 0, 600), ("sealed", 610, 1_200))


@pytest_asyncio.fixture
async def elsewhere(database: Database) -> AsyncIterator[Litestar]:
    """The site in another process, as far as a pool, a listener and a fan-out of its own make one."""
    other = await Database.open(database.dsn)
    yield create_app(SETTINGS, other)
    await other.close()


@pytest_asyncio.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as opened_client:
        yield opened_client


def wake(app: Litestar) -> None:
    """The test's clock was set forward, which no timer of ours hears of."""
    app.state.database.companion(Rooms)._missed()


async def offered(market: Market, selection: str, number: int, price_fen: int) -> None:
    placed = await market.offer(selection, number, price_fen)
    assert isinstance(placed, OfferPlaced), placed


async def test_a_commit_reaches_watchers_of_every_process_with_one_name(
    market: Market, app: Litestar, elsewhere: Litestar
) -> None:
    published = await opened(market, *LONG)
    await until(published.at())
    here, there = ear(app, published.selection), ear(elsewhere, published.selection)
    (first,) = await here.until(1)
    await there.until(1)
    await offered(market, published.selection, 2, 19_000_000)
    (_, (mark, told)), (_, (other_mark, _)) = await here.until(2), await there.until(2)
    assert mark == other_mark, "either process goes on from where the other one was"
    assert place_in(mark) > place_in(first[0])  # type: ignore[operator]  # marks of ours
    assert set(told) == {"now", "closes_at", "phase", "over", "shared", "own"}
    assert (told["phase"], told["over"], told["own"]) == ("round", False, None)
    assert told["now"] < told["closes_at"]
    assert "190,000.00" in told["shared"]["standing"]
    assert "机构乙" in told["shared"]["standing"]
    assert code(2) not in str(told)
    assert app.state.database.state.lent == 0, "no connection is held by a stream"
    back = ear(elsewhere, published.selection, last=mark)
    await asyncio.sleep(0.4)
    assert back.rooms == [], "nothing is new to whoever has seen it, in whichever process"
    late = ear(elsewhere, published.selection, last=first[0])
    assert [one for one, _ in await late.until(1)] == [mark], "whoever has not gets the whole of it, once"
    for one in (here, there, back, late):
        await one.go()
    assert app.state.database.companion(Rooms).watchers == 0


async def test_no_stream_and_no_page_tells_anything_of_a_sealed_round(
    market: Market, app: Litestar, client: httpx.AsyncClient
) -> None:
    published = await opened(market, ("open", 0, 60), ("sealed", 70, 900))
    await until(published.at())
    for number in (1, 2, 3):
        await offered(market, published.selection, number, 19_000_000 + number)
    await until(published.at(71))
    third = await agency_of(client, "third", 3)
    everybody, bidder = ear(app, published.selection), ear(app, published.selection, third)
    before = [(await one.until(1))[0] for one in (everybody, bidder)]
    for number, price in ((1, 13_579_137), (2, 12_468_024)):
        await offered(market, published.selection, number, price)
    for one in (everybody, bidder):
        wake(app)
        await asyncio.sleep(0.5)
        assert len(one.rooms) == 1, "that something was placed is told to nobody"
    fresh = [await ear(app, published.selection, who).until(1) for who in (None, third)]
    assert [one[0][0] for one in fresh] == [mark for mark, _ in before], "the name tells nothing"
    assert [len(str(one[0][1]["shared"])) for one in fresh] == [len(str(told["shared"])) for _, told in before]
    page = (await client.get(f"/rooms/{published.selection}")).text
    assert not [one for one in ("13579137", "135,791.37", "12468024", "124,680.24") if one in page]
    await offered(market, published.selection, 3, 15_000_001)
    mark, told = (await bidder.until(2))[-1]
    assert mark.partition("-")[0] == before[0][0], "its own offer moves its own count alone"
    assert "截止后显示" in told["own"]["receipts"]
    assert "150,000.01" not in str(told)
    assert len(everybody.rooms) == 1
    await until(published.at(900.5))
    wake(app)
    _, told = (await everybody.until(2))[-1]
    assert (told["phase"], told["over"]) == ("over", True)
    assert "124,680.24" in str(told), "the control reads it"
    assert "测绘2号（示例）" in told["shared"]["state"]
    await everybody.end()
    await bidder.end()
    again = ear(app, published.selection, last=everybody.rooms[-1][0])
    await again.end()
    assert (again.status, again.events) == (204, []), "whoever has seen the end does not come back"


async def test_a_session_that_ended_and_a_restriction_take_a_bidders_view_away(
    market: Market, app: Litestar, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_events, "LOOK_AGAIN_S", 0.0)
    published = await opened(market, *LONG)
    await until(published.at())
    first, second = [await agency_of(client, f"bidder{number}", number) for number in (1, 2)]
    one, two = [ear(app, published.selection, who) for who in (first, second)]
    for each in (one, two):
        ((_, told),) = await each.until(1)
        assert 'data-barrier=""' in told["own"]["range"]
    await market.restrict(1)
    await one.end()
    assert one.events[-1][1:] == ("gone", {"why": "session_over"}), "a restriction ends the sessions of its agency"
    assert len(one.rooms) == 1, "and nothing more is told to it"
    left = await second.send("/sign-out", {})
    assert left.status_code == 303, left.text
    await offered(market, published.selection, 3, 19_000_000)
    await two.end()
    assert two.events[-1][1:] == ("gone", {"why": "session_over"})
    assert "190,000.00" not in str(two.events)


async def test_what_was_missed_while_nothing_was_heard_is_caught_up_with(
    market: Market, app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "PAUSE_S", 0.3)
    published = await opened(market, *LONG)
    await until(published.at())
    watching = ear(app, published.selection)
    await watching.until(1)
    connection = await asyncpg.connect(app.state.database.dsn)
    killed = await connection.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE application_name = 'shepi-listener' "
        "AND datname = current_database()"
    )
    await connection.close()
    assert len(killed) == 1, "one listening connection a process"
    await offered(market, published.selection, 1, 19_000_000)
    told = (await watching.until(2))[-1][1]
    assert "190,000.00" in told["shared"]["standing"]
    await watching.go()


async def test_a_slow_reader_gets_the_latest_alone_or_is_let_go_and_caps_hold(
    market: Market, app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = await opened(market, *LONG)
    await until(published.at())
    slow, quick = (ear(app, published.selection) for _ in range(2))
    for one in (slow, quick):
        await one.until(1)
    slow.blocks.clear()
    for step in range(3):
        await offered(market, published.selection, 1, 19_000_000 - 1_000_000 * step)
        await quick.until(step + 2)
    slow.blocks.set()
    while "170,000.00" not in slow.rooms[-1][1]["shared"]["standing"]:
        await slow.until(len(slow.rooms) + 1)
    assert len(slow.rooms) <= 3, "what was overtaken is not sent any more"
    monkeypatch.setattr(room_events, "SLOW_S", 0.2)
    dead = ear(app, published.selection)
    await dead.until(1)
    await asyncio.sleep(0.3)
    assert dead.events, "whoever waits for news is not slow"
    assert app.state.database.companion(Rooms).watchers == 3, "and stays"
    dead.blocks.clear()
    await offered(market, published.selection, 2, 15_000_000)
    await dead.end()
    rooms = app.state.database.companion(Rooms)
    assert rooms.watchers == 2, "its place is free again"
    monkeypatch.setattr(rooms, "_taken", seats.Taken(seats.Caps(address=1)))
    first, one_too_many = ear(app, published.selection), ear(app, published.selection)
    await first.until(1)
    await one_too_many.end()
    assert one_too_many.status == 429
    for one in (slow, quick, first):
        await one.go()


async def test_an_offer_meant_for_another_round_is_none_in_this_one(market: Market) -> None:
    published = await opened(market, *LONG)
    await until(published.at())

    async def place(round: int | None) -> Any:
        command = PlaceOffer(
            selection=published.selection, agency=code(1), price_fen=19_000_000, nonce=nonce(1), round=round
        )
        return await place_offer(market.database, Caller(Actor("agency", code(1))), command)

    for other in (2, 3):
        refused = await place(other)
        assert isinstance(refused, Refused)
        assert refused.codes == ("other_round",)
        assert refused.reasons[0].params == {"meant": other, "round": 1}
    assert isinstance(await place(1), OfferPlaced)
    for number in (2, 3):
        await offered(market, published.selection, number, 19_000_000)
    await until(published.at(605))
    early = await place(2)
    assert isinstance(early, Refused)
    assert early.codes == ("round_not_open",), "the next round is the one that was meant"


async def test_nobody_watches_what_is_no_room_and_the_end_sends_everybody_away(market: Market, app: Litestar) -> None:
    published = await opened(market, *LONG)
    for wrong in ("S000000-00000000", published.demand):
        nothing = ear(app, wrong)
        await nothing.end()
        assert nothing.status == 404
    watching, once = ear(app, published.selection), ear(app, published.selection, query="once=1")
    await watching.until(1)
    await once.end()
    assert [kind for _, kind, _ in once.events if kind == "room"] == ["room"], "asked once, told once"
    app.state.database.companion(Rooms).dismiss()
    await watching.end()
    refused = ear(app, published.selection)
    await refused.end()
    assert refused.status == 503
