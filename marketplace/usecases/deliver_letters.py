"""Hand over what is addressed: to neighbours by name, to subscribers, to people; one letter at a time, each claimed.

A letter tells the event as it is in the record and the matter as it stands; to subscribers only that it happened and
where to read it. A person's contact is opened here and nowhere else. No transaction is open while a letter is on its
way; what was answered is kept with the letter. Source: docs/adr/0026.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from commons.canonical import Json
from commons.events import Actor
from marketplace.contracts.archive import PRIVATE
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.identity.identifiers import Identifiers
from marketplace.inbox import store as inbox
from marketplace.inbox.store import Addressee, Notification
from marketplace.inbox.telling import words_of
from marketplace.neighbours import store as kept
from marketplace.neighbours.messages import PersonalMessage, is_mail, is_telephone
from marketplace.neighbours.opened import Neighbours
from marketplace.neighbours.port import Answer, Letter
from marketplace.record import outbox
from marketplace.usecases.act import Caller, clock
from marketplace.usecases.deliver_changes import LEASE, Answered, close_delivery
from marketplace.usecases.inbox_of import addressees_of
from marketplace.usecases.matters import matter_of
from marketplace.usecases.read_contract_archive import read_contract_archive

TAKEN = 204
ARCHIVIST = Caller(Actor("auditor", "e-archive"))
SITE = "涉批中介网上超市"
MAIL_LEASE = 60.0
"""Seconds for which a message to a person is one relay's own: mail servers take their time."""


@dataclass(frozen=True, slots=True)
class Post:
    """What letters are sent with: the neighbours, what opens sealed contacts and secrets, the site's own address."""

    neighbours: Neighbours
    identifiers: Identifiers
    site: str


async def deliver_letter(database: Database, post: Post, lane: str, *, pause: float = 1.0) -> bool | None:
    """Send what has waited longest in a lane (``e-archive``, ``webhook/W…``, ``sms/%``); None when nothing is due."""
    lease = MAIL_LEASE if lane.startswith(("sms/", "email/")) else LEASE
    async with database.transaction() as connection:
        due = await outbox.claim(connection, [lane], lease=lease)
    if due is None:
        return None
    answer = await _send(database, post, due)
    return await close_delivery(database, due, Answered(answer.status, answer.reason, answer.receipt), pause=pause)


async def _send(database: Database, post: Post, due: outbox.Due) -> Answer:
    lane, _, rest = due.receiver.partition("/")
    match lane:
        case "webhook":
            return await _call(database, post, due, rest)
        case "sms" | "email":
            return await _tell(database, post, due, lane, rest)
        case _:
            receiver = post.neighbours.receivers[due.receiver]
            async with database.read() as connection:
                document = await letter_document(connection, due.sequence, due.about, due.type, json.loads(due.body))
            if due.receiver == "e-archive":
                document["package"] = await _package(database, due.about.partition("/")[2])
            body = json.dumps(document, ensure_ascii=False).encode()
            return await receiver.take(Letter(str(document["id"]), due.type, due.about, due.sequence, body))


async def letter_document(
    connection: Connection, sequence: int, about: str, type: str, told: Mapping[str, Any]
) -> dict[str, Json]:
    """A letter to a neighbour: the event and the matter; a message of our own as it is."""
    event = told.get("event")
    document: dict[str, Json]
    if event is None:
        document = {"v": 1, "id": told["id"], "type": type, "at": told["at"], "subject": about, "data": told["data"]}
    else:
        matter = await matter_of(connection, about, event["data"])
        document = {
            "v": 1, "id": event["id"], "type": type, "at": event["at"], "subject": about, "seq": event["seq"],
            "digest": told["digest"], "data": event["data"], "matter": matter.document(),
        }  # fmt: skip
    return {**document, "sequence": sequence}


async def _package(database: Database, contract: str) -> dict[str, Json]:
    """The public members of the archive package, in base64 by name; read as an auditor reads it."""
    found = await read_contract_archive(database, None, ARCHIVIST, contract)
    return {
        name: base64.b64encode(body).decode()
        for name, body in sorted(found.members.items())
        if not name.startswith(PRIVATE)
    }


async def _call(database: Database, post: Post, due: outbox.Due, identifier: str) -> Answer:
    """Call a subscriber; one who is none any more gets nothing, and the letter is done."""
    async with database.read() as connection:
        webhook = await kept.webhook_by_id(connection, identifier)
        at = await clock(connection)
    if webhook is None:
        return Answer(TAKEN, "ended")
    event = json.loads(due.body)["event"]
    body = {"type": due.type, "timestamp": event["at"], "data": {"event": event["id"], "subject": due.about}}
    secrets = [webhook.secret]
    if webhook.earlier is not None and webhook.earlier_until is not None and at < webhook.earlier_until:
        secrets.append(webhook.earlier)
    opened = [post.identifiers.open(one) for one in secrets]
    return await post.neighbours.subscribers.call(
        webhook.address, opened, str(event["id"]), json.dumps(body, ensure_ascii=False).encode()
    )


async def _tell(database: Database, post: Post, due: outbox.Due, lane: str, account: str) -> Answer:
    """Tell one person by SMS or e-mail; who has no such contact, or whom it concerns no more, is passed over."""
    async with database.read() as connection:
        sealed = await inbox.contact_of(connection, account)
        found = await _what(connection, due, account)
    contact = None if sealed is None else post.identifiers.open(sealed)
    if contact is None or not found or not (is_telephone if lane == "sms" else is_mail)(contact):
        return Answer(TAKEN, "not-reachable")
    lines = [_line(one, post.site) for one in found]
    subject = f"【{SITE}】{lines[0][0]}" if due.type != "digest" else f"【{SITE}】{len(lines)} 条未读消息"
    text = lines[0][0] if lane == "sms" else "\n\n".join(f"{zh}\n{en}\n{link}" for zh, en, link in lines)
    message = PersonalMessage(f"{due.event}.{account}", contact, subject.replace("\n", " "), text, due.noted_at)
    if lane == "sms":
        gateway = post.neighbours.sms
        return Answer(None, "no-gateway") if gateway is None else await gateway.send(message)
    mail = post.neighbours.mail
    return Answer(None, "no-server") if mail is None else await mail.send(message)


async def _what(connection: Connection, due: outbox.Due, account: str) -> tuple[Notification, ...]:
    """What the letter tells the person: one notification, or all of a digest that are still unread."""
    mine: list[Addressee] = []
    for one in await identity.standings_of(connection, account):
        mine += addressees_of(one.role, one.acting, one.region, one.organisation)
    if due.type == "digest":
        told = json.loads(due.body)["data"]
        since, until = (datetime.fromisoformat(told[key]) for key in ("since", "until"))
        return await inbox.told_since(connection, account, mine, told["kinds"], since=since, until=until, limit=200)
    found = await inbox.told_of(connection, UUID(due.event), mine)
    return () if found is None else (found,)


def _line(one: Notification, site: str) -> tuple[str, str, str]:
    """Words in Chinese and in English, and the address to read on."""
    zh, en = words_of(one.type, str(one.params.get("title", "")))
    until = one.params.get("until")
    if isinstance(until, str):
        zh, en = f"{zh}（{until} 前）", f"{en} (before {until})"
    return zh, en, f"{site}{one.link}"
