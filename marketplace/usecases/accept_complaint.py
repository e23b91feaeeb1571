"""Accept a complaint (受理投诉), or refuse to with a published reason; a refused one holds nothing up any more."""

from __future__ import annotations

from datetime import datetime

from commons.canonical import Json
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands.objecting import judge_acceptance
from marketplace.record.store import Act
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require, stamp
from marketplace.usecases.answer_enquiry import Number
from marketplace.usecases.remedies import go_on
from marketplace.usecases.stages import hold_staged, objection_of, require_here


class AcceptComplaint(Message):
    """Which complaint, by its objection; ``is_accepted`` False refuses it. The reason is published."""

    selection: Identifier
    objection: Number
    is_accepted: bool
    reason: Ground


class ComplaintAccepted(Message):
    """Ruled on since; decided until (None: it was refused)."""

    selection: str
    objection: int
    ruled_at: datetime
    decide_until: datetime | None


async def accept_complaint(database: Database, caller: Caller, command: AcceptComplaint) -> ComplaintAccepted | Refused:
    """Accept or refuse a complaint about a selection in the regulator's region, once; late too."""
    require(caller, "accept_complaint")

    async def work(connection: Connection) -> ComplaintAccepted | Refused:
        staged = await hold_staged(connection, command.selection)
        require_here(caller, "accept_complaint", staged)
        one = objection_of(staged.state, command.objection)
        ruling = judge_acceptance(staged.stage, caller.actor.role, one)
        if isinstance(ruling, Refused):
            return ruling
        data: dict[str, Json] = {"objection": one.number, "reason": command.reason}
        until = None
        if command.is_accepted:
            until = staged.profile.after("complaint_decision", staged.at)
            data |= {"decide_until": stamp(until.at), "is_provisional": until.is_provisional}
        act = Act("complaint.accepted" if command.is_accepted else "complaint.refused", data)
        await go_on(connection, staged, act, actor=caller.actor)
        return ComplaintAccepted(
            selection=command.selection, objection=one.number, ruled_at=staged.at,
            decide_until=None if until is None else until.at,
        )  # fmt: skip

    return await perform(database, caller, command, ComplaintAccepted, work)
