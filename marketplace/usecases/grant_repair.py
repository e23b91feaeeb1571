"""Grant a credit repair: two different regulators, each by an act of his own; the second one's makes it hold.

In the same transaction the fact stops counting and every restriction it caused is lifted: rights are back at once.
"""

from __future__ import annotations

from datetime import datetime

from commons.verdicts import Refused
from credit.repair import approvals, judge_grant
from credit.restrictions import APPROVERS
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, perform, require
from marketplace.usecases.downwards import require_over_fact
from marketplace.usecases.follow_fact import Following, follow_fact, hold_fact, lift_caused
from marketplace.usecases.record_credit_fact import credits_as_of
from marketplace.usecases.two_people import require_apart


class GrantRepair(Message):
    """Which fact's pending application, and why it is granted."""

    agency: UsccText
    fact: Identifier
    reason: Ground


class RepairApproved(Message):
    """Approved by this regulator; with the second approval it is granted: the score after it, what was lifted."""

    agency: str
    fact: str
    approved_at: datetime
    approvals: int
    is_granted: bool
    score: int
    restrictions_lifted: list[str]


async def grant_repair(database: Database, caller: Caller, command: GrantRepair) -> RepairApproved | Refused:
    """Approve the pending application; refused to a regulator who has approved it already.

    ``Forbidden`` to one who may be the same person (``two_people``).
    """
    require(caller, "grant_repair")

    async def work(connection: Connection) -> RepairApproved | Refused:
        held = await hold_fact(connection, command.agency, command.fact)
        await require_over_fact(connection, caller, "grant_repair", command.agency, command.fact)
        ruling = judge_grant(held.state, by=caller.actor.id)
        if isinstance(ruling, Refused):
            return ruling
        before = approvals(held.fact.followed)
        for one in before:
            await require_apart(connection, caller, one)
        approvers = [*before, caller.actor.id]
        is_granted = len(approvers) == APPROVERS
        said = [Following("repair_approved", command.reason, {})]
        if is_granted:
            said.append(Following("repaired", command.reason, {"approvers": list(approvers)}))
        await follow_fact(connection, held, *said, actor=caller.actor)
        lifted: tuple[str, ...] = ()
        if is_granted:
            lifted = await lift_caused(connection, held, reason=command.reason, actor=caller.actor)
        return RepairApproved(
            agency=command.agency,
            fact=command.fact,
            approved_at=held.at,
            approvals=len(approvers),
            is_granted=is_granted,
            score=(await credits_as_of(connection, [command.agency], at=held.at))[command.agency],
            restrictions_lifted=list(lifted),
        )

    return await perform(database, caller, command, RepairApproved, work)
