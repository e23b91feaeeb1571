"""Decide a complaint (投诉处理决定): dismissed, the award goes on; upheld, the next follows, or nobody."""

from __future__ import annotations

from datetime import datetime

from pydantic import model_validator

from bidding.objections import Finding, Remedy
from commons.canonical import Json
from commons.errors import Fault, Malformed
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands.objecting import judge_decision, judge_remedy
from marketplace.record.store import Act
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.answer_enquiry import Number
from marketplace.usecases.remedies import go_on, uphold
from marketplace.usecases.restrict_agency import Approver
from marketplace.usecases.stages import hold_staged, objection_of, require_here
from marketplace.usecases.standing import standing


class DecideComplaint(Message):
    """Which complaint, by its objection, how it is decided and why; all of it is published.

    ``remedy`` with what is upheld alone: the next in the ranking, or the selection annulled. ``approver`` is the other
    regulator who agrees where a draw is public already: undoing that takes two people.
    """

    selection: Identifier
    objection: Number
    finding: Finding
    reason: Ground
    remedy: Remedy | None = None
    approver: Approver | None = None

    @model_validator(mode="after")
    def _remedied(self) -> DecideComplaint:
        if (self.finding == "upheld") != (self.remedy is not None):
            message = "what is upheld names its remedy, what is dismissed has none"
            raise ValueError(message)
        return self


class ComplaintDecided(Message):
    """Decided since; who is proposed then (None: nobody)."""

    selection: str
    objection: int
    decided_at: datetime
    proposed: str | None


async def decide_complaint(database: Database, caller: Caller, command: DecideComplaint) -> ComplaintDecided | Refused:
    """Decide an accepted complaint in the regulator's region, once, late too; one alone undoes no public draw."""
    require(caller, "decide_complaint")
    if command.approver == caller.actor.id:
        raise Malformed((Fault("/approver", "second_person_needed", "the approver is somebody else"),))

    async def work(connection: Connection) -> ComplaintDecided | Refused:
        staged = await hold_staged(connection, command.selection)
        require_here(caller, "decide_complaint", staged)
        one = objection_of(staged.state, command.objection)
        ruling = judge_decision(staged.stage, caller.actor.role, one)
        if isinstance(ruling, Refused):
            return ruling
        proposed = staged.state.proposed
        data: dict[str, Json] = {"objection": one.number, "finding": command.finding, "reason": command.reason}
        if command.remedy is None:
            await go_on(connection, staged, Act("complaint.decided", data), actor=caller.actor)
        else:
            is_drawn = standing(staged.state).is_drawn
            if reasons := judge_remedy(caller.actor.role, is_drawn=is_drawn, approver=command.approver):
                return Refused(reasons)
            approved: dict[str, Json] = {} if command.approver is None else {"approver": command.approver}
            first = Act("complaint.decided", {**data, "remedy": command.remedy, **approved})
            proposed = await uphold(connection, staged, [first], command.remedy, command.reason, actor=caller.actor)
        return ComplaintDecided(
            selection=command.selection, objection=one.number, decided_at=staged.at, proposed=proposed
        )

    return await perform(database, caller, command, ComplaintDecided, work)
