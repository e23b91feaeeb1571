"""Cancel a selection (终止), with a reason that is published; offers that were not opened stay private for ever."""

from __future__ import annotations

from datetime import datetime

from bidding import store as bidding
from commons.canonical import Json
from commons.errors import Fault, Malformed
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.outcomes import judge_cancellation
from marketplace.demands.store import Result
from marketplace.record.store import Act, append
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.restrict_agency import Approver
from marketplace.usecases.standing import hold_selection, require_owner, settle_others, standing


class CancelSelection(Message):
    """Which selection, and why; the reason is published.

    ``approver`` is the regulator who agrees where a draw is public already: that takes two people.
    """

    selection: Identifier
    reason: Ground
    approver: Approver | None = None


class SelectionCancelled(Message):
    """Over since, without a result."""

    selection: str
    demand: str
    cancelled_at: datetime


async def cancel_selection(
    database: Database, caller: Caller, command: CancelSelection
) -> SelectionCancelled | Refused:
    """Cancel before an award is confirmed; the owner's alone, and never of what is over or binds already."""
    require(caller, "cancel_selection")
    if command.approver == caller.actor.id:
        raise Malformed((Fault("/approver", "second_person_needed", "the approver is somebody else"),))

    async def work(connection: Connection) -> SelectionCancelled | Refused:
        held = await hold_selection(connection, command.selection)
        await require_owner(connection, caller, "cancel_selection", held.lock.demand)
        ruling = judge_cancellation(standing(held.state), approver=command.approver)
        if isinstance(ruling, Refused):
            return ruling
        at = held.at
        approved: dict[str, Json] = {} if command.approver is None else {"approver": command.approver}
        act = Act("selection.cancelled", {"reason": command.reason, **approved})
        await append(connection, f"selection/{held.state.id}", [act], actor=caller.actor, at=at)
        await bidding.touch(connection, held.state.id, state="closed", due_at=None, at=at)
        result = Result("cancelled", None, "cancelled", None, None, at, None)
        await demands.mark_result(connection, held.lock.demand, result)
        await settle_others(connection, held.lock, at=at)
        return SelectionCancelled(selection=held.state.id, demand=held.lock.demand, cancelled_at=at)

    return await perform(database, caller, command, SelectionCancelled, work)
