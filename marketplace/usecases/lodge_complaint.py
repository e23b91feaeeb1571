"""Complain to the regulator (投诉) about how an objection was answered, or that it was not answered in time."""

from __future__ import annotations

from datetime import datetime

from commons.canonical import Json
from commons.errors import Forbidden
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands.objecting import complaint_end, judge_complaint
from marketplace.record.store import Act
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require, stamp
from marketplace.usecases.answer_enquiry import Number
from marketplace.usecases.object_to_award import objectors, who
from marketplace.usecases.remedies import go_on
from marketplace.usecases.stages import hold_staged, objection_of, unnamed


class LodgeComplaint(Message):
    """About which objection of one's own, and the grounds; they are published."""

    selection: Identifier
    objection: Number
    grounds: Ground


class ComplaintLodged(Message):
    """With the regulator since, who accepts or refuses it until."""

    selection: str
    objection: int
    lodged_at: datetime
    accept_until: datetime


async def lodge_complaint(database: Database, caller: Caller, command: LodgeComplaint) -> ComplaintLodged | Refused:
    """Complain once, in the time that follows the answer or its due day; the award goes on waiting."""
    require(caller, "lodge_complaint")

    async def work(connection: Connection) -> ComplaintLodged | Refused:
        staged = await hold_staged(connection, command.selection)
        one = objection_of(staged.state, command.objection)
        if (await objectors(connection, staged.state))[one.number] != who(caller.actor):
            raise Forbidden("not_yours", "this belongs to somebody else")
        at, profile = staged.at, staged.profile
        ruling = judge_complaint(staged.stage, caller.actor.role, one, complaint_end(one, profile, at=at), at=at)
        if isinstance(ruling, Refused):
            return ruling
        until = profile.after("complaint_acceptance", at)
        data: dict[str, Json] = {"objection": one.number, "grounds": command.grounds}
        data |= {"accept_until": stamp(until.at), "is_provisional": until.is_provisional}
        await go_on(connection, staged, Act("complaint.lodged", data), actor=unnamed(caller.actor))
        return ComplaintLodged(selection=command.selection, objection=one.number, lodged_at=at, accept_until=until.at)

    return await perform(database, caller, command, ComplaintLodged, work)
