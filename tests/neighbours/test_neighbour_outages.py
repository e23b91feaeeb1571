"""Each neighbour down while things happen: nothing is lost, nothing else stops, all is delivered once it is back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from commons.events import Actor
from marketplace.database import Database
from marketplace.identity.identifiers import DEVELOPMENT
from marketplace.jobs.relaying import relaying_neighbours
from marketplace.neighbours.client import Client
from marketplace.neighbours.lookups import Cases, Projects
from marketplace.neighbours.opened import Neighbours
from marketplace.record import outbox
from marketplace.record.routes import DESK, ROUTES
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import clock
from marketplace.usecases.address_notes import address_next
from marketplace.usecases.deliver_changes import MOST_REFUSED, MOST_TRIES, Answered, close_delivery, is_hopeless
from marketplace.usecases.deliver_letters import Post
from tests.neighbours.reference_server import KEY, Mood, Neighbour, running
from tests.usecases.market import Market, sealed_terms

NAMES = ("investment-platform", "unified-payment", "supervision", "complaints")
SYSTEM = Actor("system", "test")
PAUSE, PATIENCE = 0.02, 0.3


@asynccontextmanager
async def town(*names: str) -> AsyncIterator[tuple[dict[str, Neighbour], Post]]:
    """Reference servers for these neighbours, and what letters to them are sent with."""
    kinds: dict[str, type[Client]] = {"investment-platform": Projects, "supervision": Cases, "complaints": Cases}
    async with AsyncExitStack() as stack:
        servers = {name: await stack.enter_async_context(running()) for name in names}
        clients = {
            name: kinds.get(name, Client)(name, one.address, KEY, patience=PATIENCE) for name, one in servers.items()
        }
        around = Neighbours(clients)
        stack.push_async_callback(around.close)
        yield servers, Post(around, DEVELOPMENT, "http://127.0.0.1:8000")


async def happen(database: Database, subject: str, *types: str, **data: Any) -> None:
    """Let things happen about a subject, as a use case does."""
    async with database.transaction() as connection:
        at = await clock(connection, *await hold(connection, subject))
        await append(connection, subject, [Act(one, dict(data)) for one in types], actor=SYSTEM, at=at)


async def until(done: Callable[[], bool], seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 - the relays change it
            await asyncio.sleep(0.02)


def types_of(one: Neighbour) -> list[str]:
    return [each["type"] for each in sorted(one.handed.values(), key=lambda each: each["sequence"])]


@pytest.mark.parametrize("mood", ["down", "slow", "garbage", "failing", "lost answer"])
async def test_a_neighbour_that_is_out_stops_nothing_and_gets_all_once_it_is_back(
    database: Database, mood: Mood
) -> None:
    market = Market(database)
    async with town(*NAMES) as (servers, post):
        platform = servers["investment-platform"]
        platform.mood = mood
        if mood == "down":
            await platform.stop()
        async with relaying_neighbours(database, post, pause=PAUSE):
            selection = (await market.publish(sealed_terms())).selection
            await happen(database, f"contract/{selection}", "contract.opened", "contract.confirmed", "contract.paid")
            await happen(database, f"selection/{selection}", "complaint.lodged")
            others = (servers["unified-payment"], servers["supervision"], servers["complaints"])
            await until(lambda: all(one.handed for one in others))
            assert platform.handed == {} or mood == "lost answer"
            platform.mood = "well"
            if mood == "down":
                await platform.start()
            await until(lambda: len(platform.handed) == 3)
            expected = ["demand.published", "contract.opened", "contract.confirmed"]
            assert sorted(types_of(platform)) == sorted(expected)
            contract = [one for one in types_of(platform) if one.startswith("contract.")]
            assert contract == ["contract.opened", "contract.confirmed"], "a matter's letters come in order"
            matter = next(one["matter"] for one in platform.handed.values() if one["type"] == "contract.opened")
            assert matter["project_code"].startswith("26")
            assert types_of(servers["unified-payment"]) == ["contract.paid"]
            assert await waiting(database) == 0
    assert not any(one.unsigned for one in servers.values())


async def waiting(database: Database) -> int:
    for _ in range(100):
        async with database.read() as connection:
            left: int = await connection.fetchval(
                "SELECT count(*) FROM outbox_delivery WHERE delivered_at IS NULL AND receiver = ANY($1)",
                [*NAMES, DESK],
            )
        if left == 0:
            break
        await asyncio.sleep(0.02)
    return left


async def test_a_letter_that_is_refused_is_dead_after_a_bounded_number_and_in_nobodys_way(
    database: Database,
) -> None:
    async with town("unified-payment") as (servers, post):
        payment = servers["unified-payment"]
        payment.mood = "refusing"
        await happen(database, "contract/S1", "contract.paid")
        async with relaying_neighbours(database, post, pause=0.001):
            letters: tuple[outbox.Dead, ...] = ()
            async with asyncio.timeout(8):
                while not letters:
                    async with database.read() as connection:
                        letters = await outbox.dead_letters(connection, limit=10)
                    await asyncio.sleep(0.02)
            (dead,) = letters
            assert (dead.receiver, dead.attempts, dead.reason) == ("unified-payment", MOST_REFUSED, "status-422")
            payment.mood = "well"
            await happen(database, "contract/S1", "contract.invoiced")
            await until(lambda: types_of(payment) == ["contract.invoiced"])
            async with database.transaction() as connection:
                assert await outbox.requeue(connection, dead.id) == "unified-payment"
            await until(lambda: len(payment.handed) == 2)
        async with database.transaction() as connection:
            assert await outbox.requeue(connection, dead.id) is None, "it is no dead letter any more"


async def test_whoever_is_out_of_reach_is_tried_for_days_and_whoever_refuses_is_not() -> None:
    assert [is_hopeless(None, MOST_TRIES - 1), is_hopeless(None, MOST_TRIES)] == [False, True]
    assert [is_hopeless(503, MOST_REFUSED), is_hopeless(429, MOST_REFUSED), is_hopeless(404, MOST_REFUSED)] == [
        False, False, True,
    ]  # fmt: skip
    pauses = [min(3600, 2 ** min(tries - 1, 12)) for tries in range(1, MOST_TRIES)]
    assert 2.5 < sum(pauses) / 86_400 < 4, "days"


async def test_a_note_is_left_with_its_event_or_not_at_all_and_addressed_once(database: Database) -> None:
    async with database.transaction() as connection:
        at = await clock(connection)
        await append(connection, "contract/S1", [Act("contract.paid", {})], actor=SYSTEM, at=at)
        await append(connection, "contract/S1", [Act("contract.rated", {})], actor=SYSTEM, at=at)
        await append(connection, "selection/S1", [Act("offer.placed", {})], actor=SYSTEM, at=at)
    with pytest.raises(RuntimeError):
        async with database.transaction() as connection:
            await append(connection, "contract/S1", [Act("contract.paid", {})], actor=SYSTEM, at=at)
            raise RuntimeError
    assert "offer.placed" not in ROUTES
    done = list(await asyncio.gather(*(address_next(database) for _ in range(4))))
    while (one := await address_next(database)) is not None:
        done.append(one)
    assert [one for one in done if one is not None] == [True, True]
    async with database.read() as connection:
        rows = await connection.fetch("SELECT receiver, count(*) AS n FROM outbox_delivery GROUP BY receiver")
        (row,) = await outbox.sent_after(connection, DESK, 1, limit=9)
    assert {one["receiver"]: one["n"] for one in rows} == {DESK: 2, "unified-payment": 1}
    assert row.type == "contract.rated"


async def test_what_a_desk_cannot_read_is_dead_in_the_end_and_holds_up_nobody(database: Database) -> None:
    await happen(database, "contract/S1", "contract.paid")
    async with database.transaction() as connection:
        note = outbox.Note("6f7c4c0e-52a4-4d4e-9a4e-7d1f6f2a9b11", "unheard.of", "contract/S2", {"event": {"data": {}}})
        await outbox.note_own(connection, note, [DESK], at=await clock(connection))
    done = [await address_next(database) for _ in range(2)]
    assert sorted(str(one) for one in done) == ["False", "True"]
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE outbox_delivery SET attempts = $1, due_at = now() WHERE delivered_at IS NULL AND receiver = 'desk'",
            MOST_TRIES,
        )
    assert await address_next(database) is False
    async with database.read() as connection:
        (dead,) = await outbox.dead_letters(connection, limit=9)
    assert (dead.receiver, dead.reason) == (DESK, "KeyError")


async def test_a_receiver_that_is_back_is_told_at_once_what_waited_for_it(database: Database) -> None:
    for number in range(3):
        await happen(database, f"contract/S{number}", "contract.paid")
        assert await address_next(database)
    for _ in range(3):
        async with database.transaction() as connection:
            due = await outbox.claim(connection, ["unified-payment"], lease=15)
        assert due is not None
        await close_delivery(database, due, Answered(None, "no-answer"), pause=600)
    async with database.transaction() as connection:
        assert await outbox.claim(connection, ["unified-payment"], lease=15) is None
    await happen(database, "contract/S9", "contract.paid")
    assert await address_next(database)
    async with database.transaction() as connection:
        due = await outbox.claim(connection, ["unified-payment"], lease=15)
    assert due is not None
    assert due.sequence == 4
    assert await close_delivery(database, due, Answered(200, "taken"), pause=600)
    async with database.transaction() as connection:
        again = await outbox.claim(connection, ["unified-payment"], lease=15)
    assert again is not None
    assert json.loads(again.body)["event"]["subject"] == "contract/S0"
