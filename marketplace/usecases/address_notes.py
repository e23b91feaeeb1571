"""The desk: takes each note that the record left and says who is told of it: neighbours, subscribers, people.

One note at a time, in the order of its matter; addressing, notifications and the note's own end are one transaction,
so that each event is addressed exactly once, however often a desk dies. Late or dead it holds up no act: the note was
left in the act's own transaction. Source: market.md section 5, docs/adr/0026.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

from commons.canonical import Json
from commons.errors import NotFound
from commons.regions import REGIONS
from marketplace.database import Connection, Database
from marketplace.inbox import store as inbox
from marketplace.inbox.store import Addressee
from marketplace.inbox.telling import TELLINGS, Channel, is_wanted
from marketplace.neighbours import store as neighbours
from marketplace.record import outbox
from marketplace.record.routes import DESK, ROUTES, Side
from marketplace.usecases.act import clock
from marketplace.usecases.deliver_changes import Answered, close_delivery
from marketplace.usecases.matters import Matter, bidders_of, matter_of

TAKEN = 200
LEASE = 15.0
"""Seconds for which a note is one desk's own."""
_UNTIL = ("until", "publicity_until", "answer_until", "accept_until", "sign_until", "accept_by")
MAX_BIDDERS = 2_000


async def address_next(database: Database, *, pause: float = 1.0, lease: float = LEASE) -> bool | None:
    """Address the note that has waited longest; whether it was addressed, None when none is due."""
    async with database.transaction() as connection:
        due = await outbox.claim(connection, [DESK], lease=lease)
    if due is None:
        return None
    try:
        async with database.transaction() as connection:
            if await outbox.delivered(connection, due, status=TAKEN):
                await _address(connection, due)
    except (KeyError, NotFound, AssertionError) as failure:  # a note that we do not understand must not hold up others
        return await close_delivery(database, due, Answered(500, type(failure).__name__), pause=pause)
    return True


async def _address(connection: Connection, due: outbox.Due) -> None:
    payload = json.loads(due.body)
    event = cast("dict[str, Json]", payload["event"])
    data = cast("Mapping[str, Json]", event["data"])
    route, at = ROUTES[due.type], await clock(connection)
    matter = await matter_of(connection, due.about, data)
    receivers = [*route.neighbours, *await _subscribers(connection, due.type, matter)]
    telling = TELLINGS.get(due.type)
    if telling is not None:
        params: dict[str, Json] = {"title": matter.title}
        until = next((data[key] for key in _UNTIL if isinstance(data.get(key), str)), None)
        if until is not None:
            params["until"] = until
        for one in await _people(connection, route.people, matter):
            told = await inbox.insert_notification(
                connection, UUID(due.event), one, type=due.type, kind=telling.kind, params=params, link=matter.link,
                at=at,
            )  # fmt: skip
            if told:
                receivers += await _reached(connection, one, telling.kind, is_urgent=telling.is_urgent)
    await outbox.address(connection, due.event, sorted(set(receivers)), at=at)


async def _subscribers(connection: Connection, type: str, matter: Matter) -> list[str]:
    """The webhooks of whose matter it is: its owner, the agency concerned; operators hear of all."""
    own = [matter.agency] if matter.agency is not None else []
    if matter.demand is not None:
        own.append(matter.demand.owner_code)
    return [f"webhook/{one}" for one in await neighbours.webhooks_for(connection, type, own)]


async def _people(connection: Connection, sides: tuple[Side, ...], matter: Matter) -> list[Addressee]:
    """Whom the sides of a matter stand for, each once."""
    found: dict[Addressee, None] = {}
    for side in sides:
        match side:
            case "owner" if matter.demand is not None:
                found[Addressee("owner", matter.demand.owner_code)] = None
            case "agency" if matter.agency is not None:
                found[Addressee("agency", matter.agency)] = None
            case "bidders":
                who = (await bidders_of(connection, matter))[:MAX_BIDDERS]
                found |= dict.fromkeys(Addressee("agency", one) for one in who)
            case "regulators" if matter.region is not None:
                found[Addressee("regulator", matter.region)] = None
            case _:
                pass
    return list(found)


async def _reached(connection: Connection, one: Addressee, kind: str, *, is_urgent: bool) -> list[str]:
    """The lanes by which the people behind an addressee are told as well."""
    regions = list(REGIONS.around(one.id)) if one.role == "regulator" else []
    lanes: list[str] = []
    for each in await inbox.reachable(connection, one, regions, kind):
        chosen: tuple[tuple[Channel, bool | None], ...] = (("sms", each.sms), ("email", each.email))
        lanes += [
            f"{channel}/{each.account}"
            for channel, choice in chosen
            if is_wanted(channel, is_urgent=is_urgent, chosen=choice)
        ]
    return lanes


def until_of(params: Mapping[str, Json]) -> datetime | None:
    """The end of the time that a notification speaks of."""
    text = params.get("until")
    return datetime.fromisoformat(text) if isinstance(text, str) else None
