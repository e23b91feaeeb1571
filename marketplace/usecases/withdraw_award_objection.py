"""Withdraw an objection to an award (撤回异议), or be content with its answer: it holds nothing up any more."""

from __future__ import annotations

from datetime import datetime

from commons.errors import Forbidden
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands.objecting import judge_withdrawal
from marketplace.record.store import Act
from marketplace.usecases.act import Caller, Identifier, Message, perform, require
from marketplace.usecases.answer_enquiry import Number
from marketplace.usecases.object_to_award import objectors, who
from marketplace.usecases.remedies import go_on
from marketplace.usecases.stages import hold_staged, objection_of, unnamed


class WithdrawAwardObjection(Message):
    """Which objection of one's own."""

    selection: Identifier
    objection: Number


class AwardObjectionWithdrawn(Message):
    """Withdrawn since."""

    selection: str
    objection: int
    withdrawn_at: datetime


async def withdraw_award_objection(
    database: Database, caller: Caller, command: WithdrawAwardObjection
) -> AwardObjectionWithdrawn | Refused:
    """Withdraw one's own objection as long as it holds the award up and no regulator has accepted a complaint."""
    require(caller, "withdraw_award_objection")

    async def work(connection: Connection) -> AwardObjectionWithdrawn | Refused:
        staged = await hold_staged(connection, command.selection)
        one = objection_of(staged.state, command.objection)
        if (await objectors(connection, staged.state))[one.number] != who(caller.actor):
            raise Forbidden("not_yours", "this belongs to somebody else")
        ruling = judge_withdrawal(staged.stage, caller.actor.role, one, at=staged.at)
        if isinstance(ruling, Refused):
            return ruling
        act = Act("objection.withdrawn", {"objection": one.number})
        await go_on(connection, staged, act, actor=unnamed(caller.actor))
        return AwardObjectionWithdrawn(selection=command.selection, objection=one.number, withdrawn_at=staged.at)

    return await perform(database, caller, command, AwardObjectionWithdrawn, work)
