"""Cancel a selection (终止), with a reason that is published; offers that were not opened stay private for ever."""

from __future__ import annotations

from datetime import datetime

from bidding import store as bidding
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.outcomes import judge_cancellation
from marketplace.demands.store import Result
from marketplace.record.store import Act, append
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.standing import hold_selection, require_owner, settle_others, standing


class CancelSelection(Message):
    """Which selection, and why; the reason is published."""

    selection: Identifier
    reason: Ground


class SelectionCancelled(Message):
    """Over since, without a result."""

    selection: str
    demand: str
    cancelled_at: datetime


async def cancel_selection(
    database: Database, caller: Caller, command: CancelSelection
) -> SelectionCancelled | Refused:
    """Cancel before an award is confirmed; the owner's alone, and never of what is over or binds already."""
    require(caller, "owner", "delegate")

    async def work(connection: Connection) -> SelectionCancelled | Refused:
        held = await hold_selection(connection, command.selection)
        await require_owner(connection, caller, held.lock.demand)
        ruling = judge_cancellation(standing(held.state))
        if isinstance(ruling, Refused):
            return ruling
        at = held.at
        act = Act("selection.cancelled", {"reason": command.reason})
        await append(connection, f"selection/{held.state.id}", [act], actor=caller.actor, at=at)
        await bidding.touch(connection, held.state.id, state="closed", due_at=None, at=at)
        result = Result("cancelled", None, "cancelled", None, None, at, None)
        await demands.mark_result(connection, held.lock.demand, result)
        await settle_others(connection, held.lock, at=at)
        return SelectionCancelled(selection=held.state.id, demand=held.lock.demand, cancelled_at=at)

    return await perform(database, caller, command, SelectionCancelled, work)
