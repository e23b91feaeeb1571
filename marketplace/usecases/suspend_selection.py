"""Suspend a selection (暂停): nothing is accepted and no clock runs until it is resumed; the record is the same one."""

from __future__ import annotations

from datetime import datetime

from bidding import store as bidding
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.outcomes import judge_suspension
from marketplace.record.store import Act, append
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.standing import hold_selection, lock_again, require_owner, standing


class SuspendSelection(Message):
    """Which selection, and why; the reason is published."""

    selection: Identifier
    reason: Ground


class SelectionSuspended(Message):
    """Suspended since."""

    selection: str
    suspended_at: datetime


async def suspend_selection(
    database: Database, caller: Caller, command: SuspendSelection
) -> SelectionSuspended | Refused:
    """Suspend what is not over; by the owner or a regulator; rounds only before the first of them opens."""
    require(caller, "suspend_selection")

    async def work(connection: Connection) -> SelectionSuspended | Refused:
        held = await hold_selection(connection, command.selection)
        await require_owner(connection, caller, "suspend_selection", held.lock.demand)
        at = held.at
        ruling = judge_suspension(standing(held.state), at=at, by=caller.actor.role)
        if isinstance(ruling, Refused):
            return ruling
        was = (await lock_again(connection, held.state.id)).state
        act = Act("selection.suspended", {"reason": command.reason, "was": was})
        await append(connection, f"selection/{held.state.id}", [act], actor=caller.actor, at=at)
        await bidding.touch(connection, held.state.id, state="suspended", due_at=None, at=at)
        await demands.mark_suspended(connection, held.lock.demand)
        return SelectionSuspended(selection=held.state.id, suspended_at=at)

    return await perform(database, caller, command, SelectionSuspended, work)
