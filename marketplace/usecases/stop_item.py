"""State that an agency serves an item no longer: gone from the directory, kept in its history."""

from __future__ import annotations

from datetime import datetime

from agencies import store as agencies
from agencies.offered import judge_stopping
from commons.errors import NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Identifier,
    Message,
    UsccText,
    clock,
    perform,
    require,
)


class StopItem(Message):
    """Which item."""

    agency: UsccText
    item: Identifier


class ItemStopped(Message):
    """Not served since."""

    agency: str
    item: str
    stopped_at: datetime


async def stop_item(database: Database, caller: Caller, command: StopItem) -> ItemStopped | Refused:
    """Take the item out of the directory; refused where it does not stand there."""
    require(caller, "stop_item", own=command.agency)

    async def work(connection: Connection) -> ItemStopped | Refused:
        await agencies.lock_shared(connection, [command.agency])
        if not await agencies.is_filed(connection, command.agency):
            raise NotFound("agency", command.agency)
        last = await hold(connection, f"agency/{command.agency}")
        stated = await agencies.offered_items(connection, [command.agency])
        ruling = judge_stopping(command.item, stated[command.agency])
        if isinstance(ruling, Refused):
            return ruling
        at = await clock(connection, *last)
        await agencies.stop_offered_item(connection, command.agency, command.item, at=at)
        act = Act("item.stopped", {"item": command.item})
        await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        return ItemStopped(agency=command.agency, item=command.item, stopped_at=at)

    return await perform(database, caller, command, ItemStopped, work)
