"""Subscribe to events by webhook (事件订阅): an address, the types, a secret that is shown once and rotated at will.

A subscriber hears of its own matters (its demands, its awards, contracts and credit), operators of all; a message says
that something happened and where to read it. The address is judged when it is subscribed and again at every sending.
Source: Standard Webhooks; docs/adr/0026.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from commons.errors import Conflict, Fault, Malformed, NotFound
from marketplace.database import Connection, Database
from marketplace.identity.identifiers import Identifiers
from marketplace.neighbours import store as neighbours
from marketplace.neighbours.address_guard import LONGEST, Resolve, judge_address
from marketplace.neighbours.store import Webhook
from marketplace.neighbours.webhooks import new_secret
from marketplace.record.routes import ROUTES
from marketplace.usecases.act import Caller, Identifier, Message, clock, new_identifier, require
from marketplace.usecases.sign_in import Confidential

MOST = 20
"""Subscriptions of one organisation."""
OVERLAP = timedelta(hours=24)
"""How long the secret before a rotation signs as well."""


class SubscribeWebhook(Message):
    """Where to call, and for which types of events."""

    address: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
    types: Annotated[list[str], Field(min_length=1, max_length=100)]


class WebhookSubscribed(Confidential):
    """The subscription; the secret is shown this once."""

    webhook: str
    address: str
    types: list[str]
    secret: str
    made_at: datetime


class RotateWebhook(Message):
    """A subscription that gets a new secret."""

    webhook: Identifier


class WebhookRotated(Confidential):
    """The new secret, shown this once; the one before signs as well until ``earlier_until``."""

    webhook: str
    secret: str
    earlier_until: datetime


class EndWebhook(Message):
    """A subscription that ends."""

    webhook: Identifier


class WebhookEnded(Message):
    """Nobody is called any more."""

    webhook: str
    ended_at: datetime


class WebhookLine(Message):
    """A subscription without its secret."""

    webhook: str
    address: str
    types: list[str]
    made_at: datetime


class Webhooks(Message):
    """The subscriptions of the caller, oldest first, and the types that there are."""

    webhooks: list[WebhookLine]
    types: list[str]


async def subscribe_webhook(
    database: Database,
    caller: Caller,
    command: SubscribeWebhook,
    *,
    identifiers: Identifiers,
    is_development: bool,
    resolve: Resolve | None = None,
) -> WebhookSubscribed:
    """Subscribe; ``Malformed`` for an address that is not of the open internet, or a type that there is none of."""
    require(caller, "subscribe_webhook")
    faults = tuple(
        Fault(f"/types/{place}", "unknown_type", "no type of event that anybody is told of")
        for place, one in enumerate(command.types)
        if one not in ROUTES
    )
    if faults:
        raise Malformed(faults)
    await judge_address(command.address, is_development=is_development, resolve=resolve)
    secret, types = new_secret(), tuple(sorted(set(command.types)))
    async with database.transaction() as connection:
        at = await clock(connection)
        if len(await neighbours.webhooks_of(connection, caller.actor.role, caller.actor.id)) >= MOST:
            raise Conflict("too_many_webhooks", f"at most {MOST} subscriptions")
        one = Webhook(
            new_identifier("W", at=at), caller.actor.role, caller.actor.id, command.address, types,
            identifiers.seal(secret), None, None, at, None,
        )  # fmt: skip
        await neighbours.insert_webhook(connection, one)
    return WebhookSubscribed(webhook=one.id, address=one.address, types=list(types), secret=secret, made_at=at)


async def rotate_webhook(
    database: Database, caller: Caller, command: RotateWebhook, *, identifiers: Identifiers
) -> WebhookRotated:
    """A new secret; for a day both sign, so that no message is lost in between."""
    require(caller, "rotate_webhook")
    secret = new_secret()
    async with database.transaction() as connection:
        one = await _own(connection, caller, command.webhook)
        until = await clock(connection) + OVERLAP
        await neighbours.rotate_webhook(
            connection, one.id, secret=identifiers.seal(secret), earlier=one.secret, until=until
        )
    return WebhookRotated(webhook=one.id, secret=secret, earlier_until=until)


async def end_webhook(database: Database, caller: Caller, command: EndWebhook) -> WebhookEnded:
    """End it; what is on its way to it is dropped."""
    require(caller, "end_webhook")
    async with database.transaction() as connection:
        one = await _own(connection, caller, command.webhook)
        at = await clock(connection)
        await neighbours.end_webhook(connection, one.id, at=at)
    return WebhookEnded(webhook=one.id, ended_at=at)


async def read_webhooks(database: Database, caller: Caller) -> Webhooks:
    """One's own subscriptions."""
    require(caller, "read_webhooks")
    async with database.read() as connection:
        found = await neighbours.webhooks_of(connection, caller.actor.role, caller.actor.id)
    lines = [
        WebhookLine(webhook=one.id, address=one.address, types=list(one.types), made_at=one.made_at) for one in found
    ]
    return Webhooks(webhooks=lines, types=sorted(ROUTES))


async def _own(connection: Connection, caller: Caller, identifier: str) -> Webhook:
    """The caller's own subscription; ``NotFound`` for anybody else's."""
    found = await neighbours.webhook_by_id(connection, identifier, for_update=True)
    if found is None or (found.role, found.organisation) != (caller.actor.role, caller.actor.id):
        raise NotFound("webhook", identifier)
    return found
