"""Help desks (咨询窗口): the reference data that the operator keeps by hand, and everybody reads.

Invariants: whoever changes one names what he saw of it, so that nobody's change is lost unseen; a change stands in the
access log, in its own transaction, with the digests of what was and of what is. Source: docs/adr/0037.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated

from pydantic import Field, StringConstraints

from commons.errors import Conflict, NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.identity.access_log import AccessEntry, log_access
from marketplace.reference.desk import HelpDesk
from marketplace.reference.store import desk_by_id, desks, drop_desk, lock_desks, put_desk
from marketplace.usecases.act import (
    Caller,
    Identifier,
    Line,
    Message,
    Name,
    RegionCode,
    clock,
    new_identifier,
    perform,
    require,
)

MOST = 500
"""Help desks at most."""
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+()、 -]{5,40}$")]
Digest = Annotated[str, Field(min_length=64, max_length=64)]


class SetHelpDesk(Message):
    """A new one, or in the place of ``desk``, of which ``seen`` is the digest of what was changed."""

    desk: Identifier | None = None
    seen: Digest | None = None
    region: RegionCode
    name: Name
    phone: Phone
    hours: Line
    address: Line = ""
    remark: Line = ""


class RemoveHelpDesk(Message):
    """Which one, with the digest of what was seen of it."""

    desk: Identifier
    seen: Digest


class HelpDeskSet(Message):
    """It stands so since."""

    desk: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class HelpDesks:
    """All of them, by region and name."""

    now: datetime
    rows: tuple[HelpDesk, ...]


def seen_of(one: HelpDesk) -> str:
    """The digest of a help desk as it stands: SHA-256 of its values, in hex."""
    return sha256(json.dumps(asdict(one), sort_keys=True, default=str).encode()).hexdigest()


async def set_help_desk(database: Database, caller: Caller, command: SetHelpDesk) -> HelpDeskSet | Refused:
    """Keep it; ``NotFound`` for an unknown one, ``Conflict`` when somebody changed it meanwhile, or there are many."""
    require(caller, "set_help_desk")

    async def work(connection: Connection) -> HelpDeskSet:
        before = await _held(connection, command.desk, command.seen)
        if before is None and len(await desks(connection, limit=MOST)) == MOST:
            raise Conflict("too_many_desks", f"at most {MOST} help desks")
        at = await clock(connection)
        identifier = new_identifier("B", at=at) if before is None else before.id
        after = HelpDesk(
            identifier, command.region, command.name, command.phone, command.hours, command.address, command.remark, at
        )
        await put_desk(connection, after)
        await _note(connection, caller, "setHelpDesk", before, after)
        return HelpDeskSet(desk=identifier, changed_at=at)

    return await perform(database, caller, command, HelpDeskSet, work)


async def remove_help_desk(database: Database, caller: Caller, command: RemoveHelpDesk) -> HelpDeskSet | Refused:
    """Remove it; ``NotFound`` for an unknown one, ``Conflict`` when somebody changed it meanwhile."""
    require(caller, "remove_help_desk")

    async def work(connection: Connection) -> HelpDeskSet:
        before = await _held(connection, command.desk, command.seen)
        assert before is not None, "one that is named is there, or not found"
        await drop_desk(connection, before.id)
        await _note(connection, caller, "removeHelpDesk", before, None)
        return HelpDeskSet(desk=before.id, changed_at=await clock(connection))

    return await perform(database, caller, command, HelpDeskSet, work)


async def read_help_desks(database: Database) -> HelpDesks:
    """Public."""
    async with database.read() as connection:
        now: datetime = await connection.fetchval("SELECT clock_timestamp()")
        return HelpDesks(now, await desks(connection, limit=MOST))


async def _held(connection: Connection, identifier: str | None, seen: str | None) -> HelpDesk | None:
    """The one that is changed, as it was seen; None for a new one."""
    await lock_desks(connection)
    if identifier is None:
        return None
    found = await desk_by_id(connection, identifier)
    if found is None:
        raise NotFound("help_desk", identifier)
    if seen != seen_of(found):
        raise Conflict("desk_changed", "this help desk was changed meanwhile; look at it again")
    return found


async def _note(
    connection: Connection, caller: Caller, what: str, before: HelpDesk | None, after: HelpDesk | None
) -> None:
    """Who changed what, with the digests before and after; ``-`` for nothing."""
    one = after or before
    assert one is not None, "something was changed"
    digests = ["-" if each is None else seen_of(each) for each in (before, after)]
    entry = AccessEntry(
        person="" if caller.badge is None else caller.badge.person,
        actor=f"{caller.actor.role}:{caller.actor.id}",
        what=what,
        about=f"help_desk/{one.id} {digests[0]} > {digests[1]}",
        outcome="done",
    )
    await log_access(connection, entry)
