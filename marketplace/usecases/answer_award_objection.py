"""Answer an objection to an award (答复中选异议): dismissed, with time to complain, or upheld, with what follows."""

from __future__ import annotations

from datetime import datetime

from pydantic import model_validator

from bidding.objections import Finding, Remedy
from commons.canonical import Json
from commons.errors import Fault, Malformed
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands.objecting import judge_answer, judge_remedy
from marketplace.record.store import Act
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require, stamp
from marketplace.usecases.answer_enquiry import Number
from marketplace.usecases.remedies import go_on, uphold
from marketplace.usecases.restrict_agency import Approver
from marketplace.usecases.stages import Staged, hold_staged, objection_of, require_here
from marketplace.usecases.standing import standing


class AnswerAwardObjection(Message):
    """Which objection, how it is answered and why; all of it is published.

    ``remedy`` with what is upheld alone: the next in the ranking, or the selection annulled. ``approver`` is the
    regulator who agrees to what is upheld: an owner takes nobody's award away alone.
    """

    selection: Identifier
    objection: Number
    finding: Finding
    answer: Ground
    remedy: Remedy | None = None
    approver: Approver | None = None

    @model_validator(mode="after")
    def _remedied(self) -> AnswerAwardObjection:
        if (self.finding == "upheld") != (self.remedy is not None):
            message = "what is upheld names its remedy, what is dismissed has none"
            raise ValueError(message)
        return self


class AwardObjectionAnswered(Message):
    """Answered since; a dismissal may be complained about until; who is proposed then (None: nobody)."""

    selection: str
    objection: int
    answered_at: datetime
    complain_until: datetime | None
    proposed: str | None


async def answer_award_objection(
    database: Database, caller: Caller, command: AnswerAwardObjection
) -> AwardObjectionAnswered | Refused:
    """Answer once, late too; refused once a regulator has the matter, and to one person who upholds."""
    require(caller, "answer_award_objection")
    if command.approver == caller.actor.id:
        raise Malformed((Fault("/approver", "second_person_needed", "the approver is somebody else"),))

    async def work(connection: Connection) -> AwardObjectionAnswered | Refused:
        staged = await hold_staged(connection, command.selection)
        require_here(caller, "answer_award_objection", staged)
        one = objection_of(staged.state, command.objection)
        ruling = judge_answer(staged.stage, caller.actor.role, one, at=staged.at)
        if isinstance(ruling, Refused):
            return ruling
        return await _answer(connection, caller, command, staged)

    return await perform(database, caller, command, AwardObjectionAnswered, work)


async def _answer(
    connection: Connection, caller: Caller, command: AnswerAwardObjection, staged: Staged
) -> AwardObjectionAnswered | Refused:
    at, proposed, complain_until = staged.at, staged.state.proposed, None
    data: dict[str, Json] = {"objection": command.objection, "finding": command.finding, "answer": command.answer}
    if command.remedy is None:
        end = staged.profile.after("complaint", at)
        complain_until = end.at
        data |= {"complain_until": stamp(end.at), "is_provisional": end.is_provisional}
        await go_on(connection, staged, Act("objection.answered", data), actor=caller.actor)
    else:
        is_drawn = standing(staged.state).is_drawn
        if reasons := judge_remedy(caller.actor.role, is_drawn=is_drawn, approver=command.approver):
            return Refused(reasons)
        approved: dict[str, Json] = {} if command.approver is None else {"approver": command.approver}
        first = Act("objection.answered", {**data, "remedy": command.remedy, **approved})
        proposed = await uphold(connection, staged, [first], command.remedy, command.answer, actor=caller.actor)
    return AwardObjectionAnswered(
        selection=command.selection, objection=command.objection, answered_at=at, complain_until=complain_until,
        proposed=proposed,
    )  # fmt: skip
