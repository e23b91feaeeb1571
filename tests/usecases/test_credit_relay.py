"""Changes on their way: a matter's reach a receiver in order, and none waits for a receiver that is slow or dead."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from marketplace.database import Database
from marketplace.jobs.outbox import PATIENCE, post, relaying
from marketplace.record import outbox
from marketplace.usecases.deliver_changes import LEASE, deliver_next
from tests.store.moved_time import REAL
from tests.usecases.market import Market, code
from tests.usecases.test_credit_imports import DECISION, REVOCATION, all_delivered, take

PLATFORM, AUTHORITIES = "credit-platform", "line-authorities"
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def market(database: Database) -> Market:
    made = Market(database)
    await made.file(1)
    return made


@asynccontextmanager
async def listening(answer: Answer) -> AsyncIterator[str]:
    """A receiver on loopback that answers so; its address."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except ConnectionError:
            pass  # the relay has had enough
        finally:
            writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/changes?from=market"
    finally:
        server.close()


@pytest.fixture
def pace() -> float:
    """The relay waits by itself."""
    return REAL


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers a byte at a time, for ever."""
    await reader.readuntil(b"\r\n\r\n")
    while True:
        writer.write(b"H")
        await writer.drain()
        await asyncio.sleep(0.05)


async def take_it(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 100 Continue\r\nX-More: yes\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")


async def deliveries(database: Database, receiver: str) -> list[Any]:
    async with database.read() as connection:
        return await connection.fetch(
            "SELECT attempts, status, delivered_at, due_at FROM outbox_delivery WHERE receiver = $1", receiver
        )


async def test_a_receiver_that_drips_or_is_dead_is_given_up_in_time_and_delays_nobody(market: Market) -> None:
    for number in range(3):
        await take(market.database, {**DECISION, "document_number": f"示罚〔2026〕{number}号"})
    async with listening(drip) as slow, listening(take_it) as good:
        addresses = {PLATFORM: slow, AUTHORITIES: good, "tender-supervision": "http://127.0.0.1:9/"}
        began = asyncio.get_running_loop().time()
        async with relaying(market.database, addresses, pause=0.05, patience=1.0):
            async with asyncio.timeout(10):
                while not await all_delivered(market.database, AUTHORITIES):  # noqa: ASYNC110 - the relay changes it
                    await asyncio.sleep(0.02)
            assert asyncio.get_running_loop().time() - began < 1.0, "before the slow one was given up"
            async with asyncio.timeout(10):
                while max(one["attempts"] for one in await deliveries(market.database, PLATFORM)) < 2:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.05)
    assert {(one["status"], one["delivered_at"]) for one in await deliveries(market.database, PLATFORM)} == {
        (None, None)
    }
    assert {one["status"] for one in await deliveries(market.database, AUTHORITIES)} == {204}


async def test_nothing_is_held_in_the_database_while_a_message_is_on_its_way(market: Market) -> None:
    await take(market.database, DECISION)
    seen = []

    async def send(_: outbox.Due) -> int | None:
        async with market.database.transaction() as connection:  # a task's second one would be refused
            seen.append(await connection.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid'"))
        other = asyncio.create_task(deliver_next(market.database, [PLATFORM], send))
        assert await other is None, "it is on its way already"
        return 200

    assert await deliver_next(market.database, [PLATFORM], send)
    assert len(seen) == 1


async def test_a_matters_later_change_waits_for_the_earlier_one_and_other_matters_do_not(market: Market) -> None:
    await take(market.database, DECISION)
    sent: list[str] = []
    answers = [503]

    async def send(due: outbox.Due) -> int | None:
        body = json.loads(due.body)
        sent.append(f"{body['now']['decision']['document_number']} {body['now']['status']}")
        return answers.pop() if answers else 200

    assert await deliver_next(market.database, [PLATFORM], send, pause=0.5) is False
    await take(market.database, REVOCATION, {**DECISION, "document_number": "另案"})
    while await deliver_next(market.database, [PLATFORM], send):
        pass
    assert sent == ["示罚〔2026〕1号 counts", "另案 counts"], "the revocation waits"
    await asyncio.sleep(0.6)
    while await deliver_next(market.database, [PLATFORM], send):
        pass
    assert sent[2:] == ["示罚〔2026〕1号 counts", "示罚〔2026〕1号 revoked"]


async def test_a_delivery_whose_relay_died_is_due_again_when_its_lease_has_ended(market: Market) -> None:
    await take(market.database, DECISION)

    async def die(_: outbox.Due) -> int | None:
        raise asyncio.CancelledError

    async def send(_: outbox.Due) -> int | None:
        return 200

    assert LEASE > PATIENCE
    with pytest.raises(asyncio.CancelledError):
        await deliver_next(market.database, [PLATFORM], die, lease=0.3)
    assert await deliver_next(market.database, [PLATFORM], send) is None
    await asyncio.sleep(0.4)
    assert await deliver_next(market.database, [PLATFORM], send)
    ((attempts, status, delivered_at, _),) = await deliveries(market.database, PLATFORM)
    assert (attempts, status, delivered_at is not None) == (2, 200, True)


async def test_a_message_is_posted_with_its_events_id_and_nonsense_is_no_answer(market: Market) -> None:
    heard = b""

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        heard = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"nonsense\r\n\r\n")

    async def send(due: outbox.Due) -> int | None:
        async with listening(hear) as address:
            with pytest.raises(ValueError, match="no HTTP answer"):
                await post(address, due)
        head = heard.decode().split("\r\n")
        assert head[0] == "POST /changes?from=market HTTP/1.1"
        assert {f"X-Event-Id: {due.event}", f"X-Event-Type: {due.type}", f"Content-Length: {len(due.body)}"} < set(head)
        return None

    await take(market.database, {**DECISION, "subject": code(1)})
    assert await deliver_next(market.database, [PLATFORM], send) is False
