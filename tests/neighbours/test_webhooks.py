"""Webhooks: what the reference library takes, where none is ever sent, and who is called for what."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook as Reference
from standardwebhooks.webhooks import WebhookVerificationError

from commons.errors import Forbidden, Malformed, NotFound
from commons.events import Actor
from marketplace.database import Database
from marketplace.identity.identifiers import DEVELOPMENT
from marketplace.identity.permissions import Badge
from marketplace.neighbours import address_guard
from marketplace.neighbours.address_guard import judge_address
from marketplace.neighbours.opened import Neighbours
from marketplace.neighbours.subscribers import LARGEST_BODY, REFUSED_ADDRESS, Subscribers
from marketplace.neighbours.webhooks import new_secret, webhook_headers
from marketplace.usecases.act import Caller
from marketplace.usecases.address_notes import address_next
from marketplace.usecases.deliver_letters import Post, deliver_letter
from marketplace.usecases.subscribe_webhook import (
    EndWebhook,
    RotateWebhook,
    SubscribeWebhook,
    WebhookSubscribed,
    end_webhook,
    read_webhooks,
    rotate_webhook,
    subscribe_webhook,
)
from tests.neighbours.test_neighbour_outages import happen
from tests.usecases.market import Market, code, owner, sealed_terms

AGENCY = Caller(Actor("agency", code(1)))
OPERATOR = Caller(Actor("operator", "O-1"))
BODY = b'{"type":"award.proposed"}'


@dataclass
class Sink:
    """A subscriber on loopback: what came to it, and what it answers."""

    answer: bytes = b"HTTP/1.1 204 No Content\r\n\r\n"
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    address: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, value in (one.split(": ", 1) for one in head[1:] if one)}
            self.came.append((headers, await reader.readexactly(int(headers["content-length"]))))
            writer.write(self.answer)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def listening(sink: Sink) -> AsyncIterator[Sink]:
    server = await asyncio.start_server(sink.serve, "127.0.0.1", 0)
    sink.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?from=market"
    try:
        yield sink
    finally:
        server.close()


def test_the_reference_library_verifies_our_signatures_and_we_make_its_own() -> None:
    secret, other, now = new_secret(), new_secret(), datetime.now(UTC)
    headers = webhook_headers([secret, other], "e-1", BODY, at=now)
    for one in (secret, other):
        assert Reference(one).verify(BODY.decode(), headers) == {"type": "award.proposed"}
    assert webhook_headers([secret], "e-1", BODY, at=now)["webhook-signature"] == Reference(secret).sign(
        "e-1", now, BODY.decode()
    )
    for wrong in (Reference(new_secret()), Reference(secret)):
        with pytest.raises(WebhookVerificationError):
            wrong.verify((BODY + b" ").decode(), headers)
    old = webhook_headers([secret], "e-1", BODY, at=now - timedelta(hours=1))
    with pytest.raises(WebhookVerificationError):
        Reference(secret).verify(BODY.decode(), old)


INSIDE = (
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "192.0.2.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2002:a9fe:a9fe::1", "::127.0.0.1", "2001::1", "fec0::1",
)  # fmt: skip
OUTSIDE = ("8.8.8.8", "223.5.5.5", "2400:3200::1", "172.32.0.1", "100.128.0.1", "64:ff9b::808:808", "2002:808:808::1")


async def judged(addresses: Sequence[str], address: str = "https://hook.example/x") -> str | None:
    """None where it may be called, else the reason; the name stands for these addresses."""

    async def resolve(_: str, __: int) -> Sequence[str]:
        return addresses

    try:
        await judge_address(address, is_development=False, resolve=resolve)
    except Malformed as wrong:
        return wrong.faults[0].code
    return None


@pytest.mark.parametrize("address", INSIDE)
async def test_no_name_that_stands_for_anything_inside_is_called(address: str) -> None:
    assert await judged([address]) == "webhook_inside"
    assert await judged(["8.8.8.8", address]) == "webhook_inside", "one of them is enough"


@pytest.mark.parametrize("address", OUTSIDE)
async def test_the_open_internet_is_called(address: str) -> None:
    assert await judged([address]) is None


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://hook.example/", "webhook_not_https"),
        ("ftp://hook.example/", "webhook_not_https"),
        ("file:///etc/passwd", "webhook_address"),
        ("https://hook.example:22/", "webhook_port"),
        ("https://hook.example:80/", "webhook_port"),
        ("https://hook.example:99999/", "webhook_address"),
        ("https://user:pass@hook.example/", "webhook_address"),
        ("https://hook.example@127.0.0.1/", "webhook_address"),
        ("https://hook.example/#part", "webhook_address"),
        ("https://hook.example\\@127.0.0.1/", "webhook_address"),
        ("https://hook.example/\r\nHost: x", "webhook_address"),
        ("https:///x", "webhook_address"),
        ("https://", "webhook_address"),
        ("https://127.0.0.1/", "webhook_inside"),
        ("https://[::1]/", "webhook_inside"),
        ("https://[::ffff:169.254.169.254]/", "webhook_inside"),
        ("http://localhost/", "webhook_not_https"),
        ("https://" + "a" * 600, "webhook_address"),
    ],
)
async def test_an_address_that_is_none_is_refused_with_its_reason(address: str, reason: str) -> None:
    assert await judged(["8.8.8.8"], address) == reason


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1"])
async def test_other_spellings_of_this_machine_are_seen_through(spelling: str) -> None:
    with pytest.raises(Malformed) as wrong:
        await judge_address(f"https://{spelling}/", is_development=False)
    assert wrong.value.faults[0].code in {"webhook_inside", "webhook_unresolved"}


async def test_a_planted_hole_in_the_guard_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address_guard, "_carried", lambda _: [])
    through = [one for one in INSIDE if await judged([one]) is None]
    assert {"::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"} <= set(through)


async def test_the_address_that_was_judged_is_the_one_that_is_called() -> None:
    """A name that stands for another address the second time it is asked (DNS rebinding) gains nothing."""
    asked: list[str] = []

    async def resolve(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async with listening(Sink()) as sink:
        address = sink.address.replace("127.0.0.1", "localhost")
        calling = Subscribers(is_development=True, resolve=resolve)
        answer = await calling.call(address, [new_secret()], "e-1", BODY)
        await calling.close()
        outside = Subscribers(resolve=resolve)
        refused = await outside.call("https://hook.example/", [new_secret()], "e-1", BODY)
        await outside.close()
    assert (answer.status, asked) == (204, ["localhost", "hook.example"])
    assert sink.came[0][0]["host"].startswith("localhost:")
    assert (refused.status, refused.reason) == (REFUSED_ADDRESS, "webhook_inside")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", 302),
        (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", 410),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b"x" * (LARGEST_BODY + 100_000), 200),
        (b"nonsense\r\n\r\n", None),
        (b"", None),
    ],
)
async def test_no_redirect_is_followed_and_little_is_read(answer: bytes, status: int | None) -> None:
    async with listening(Sink(answer)) as sink:
        calling = Subscribers(is_development=True, patience=1.0)
        assert (await calling.call(sink.address, [new_secret()], "e-1", BODY)).status == status
        await calling.close()
    assert len(sink.came) == 1


async def subscribed(database: Database, caller: Caller, address: str, *types: str) -> WebhookSubscribed:
    command = SubscribeWebhook(address=address, types=list(types))
    return await subscribe_webhook(database, caller, command, identifiers=DEVELOPMENT, is_development=True)


async def test_a_subscriber_hears_of_its_own_matters_and_verifies_through_a_rotation(database: Database) -> None:
    market = Market(database)
    post = Post(Neighbours(subscribers=Subscribers(is_development=True)), DEVELOPMENT, "http://127.0.0.1")
    async with listening(Sink()) as mine, listening(Sink()) as others, listening(Sink()) as all_of_it:
        own = await subscribed(database, owner(), mine.address, "demand.published", "contract.opened")
        await subscribed(database, AGENCY, others.address, "demand.published")
        await subscribed(database, OPERATOR, all_of_it.address, "demand.published")
        demand = await market.publish(sealed_terms())
        while await address_next(database):
            pass
        assert await deliver_letter(database, post, "webhook/%")
        assert await deliver_letter(database, post, "webhook/%")
        assert await deliver_letter(database, post, "webhook/%") is None
        assert (len(mine.came), len(others.came), len(all_of_it.came)) == (1, 0, 1)
        headers, body = mine.came[0]
        told = Reference(own.secret).verify(body.decode(), headers)
        assert told["type"] == "demand.published"
        assert told["data"] == {"event": headers["webhook-id"], "subject": f"demand/{demand.demand}"}
        rotated = await rotate_webhook(database, owner(), RotateWebhook(webhook=own.webhook), identifiers=DEVELOPMENT)
        await happen(database, f"contract/{demand.selection}", "contract.opened", agency=code(1))
        while await address_next(database):
            pass
        assert await deliver_letter(database, post, "webhook/%")
        headers, body = mine.came[1]
        for secret in (own.secret, rotated.secret):
            assert Reference(secret).verify(body.decode(), headers)
        await end_webhook(database, owner(), EndWebhook(webhook=own.webhook))
        await happen(database, f"contract/{demand.selection}", "contract.opened", agency=code(1))
        while await address_next(database):
            pass
        assert await deliver_letter(database, post, "webhook/%") is None
        assert len(mine.came) == 2
    await post.neighbours.close()
    assert own.secret not in repr(own)
    async with database.read() as connection:
        kept = json.dumps([dict(row) for row in await connection.fetch("SELECT * FROM webhook")], default=str)
    assert rotated.secret not in kept


async def test_whose_a_subscription_is_and_what_may_be_subscribed(database: Database) -> None:
    own = await subscribed(database, owner(), "http://127.0.0.1:9/", "demand.published")
    assert [one.webhook for one in (await read_webhooks(database, owner())).webhooks] == [own.webhook]
    assert (await read_webhooks(database, AGENCY)).webhooks == []
    with pytest.raises(NotFound):
        await end_webhook(database, AGENCY, EndWebhook(webhook=own.webhook))
    with pytest.raises(Malformed):
        await subscribed(database, owner(), "http://127.0.0.1:9/", "offer.placed")
    with pytest.raises(Malformed):
        await subscribed(database, owner(), "https://169.254.169.254/", "demand.published")
    stale = Caller(Actor("agency", code(1)), badge=Badge("P-1", "administrator"))
    for caller, reason in ((stale, "step_up_needed"), (Caller(Actor("regulator", "R-1")), "role_not_allowed")):
        with pytest.raises(Forbidden) as no:
            await subscribed(database, caller, "http://127.0.0.1:9/", "demand.published")
        assert no.value.code == reason
