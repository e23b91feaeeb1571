"""Refuse a credit repair (不予信用修复): by one regulator, with the reason that is published; nothing changes by it.

The fact counts on and what it caused stays, so that one person is enough. The subject may put right what is missing and
apply again; how it may complain is part of the answer and of what is published. Source: credit.md section 4.
"""

from __future__ import annotations

from datetime import datetime

from commons.verdicts import Refused
from credit.repair import COMPLAINT, approvals, judge_refusal
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, perform, require
from marketplace.usecases.downwards import require_over_fact
from marketplace.usecases.follow_fact import Following, follow_fact, hold_fact


class RefuseRepair(Message):
    """Which fact's pending application, and why it is refused: what is missing, or what was not put right."""

    agency: UsccText
    fact: Identifier
    reason: Ground


class RepairRefused(Message):
    """Refused since; approvals given to the application count no more. ``complaint`` says how to complain."""

    agency: str
    fact: str
    refused_at: datetime
    approvals_void: int
    complaint: str


async def refuse_repair(database: Database, caller: Caller, command: RefuseRepair) -> RepairRefused | Refused:
    """Refuse the pending application; refused itself where nothing is applied for or the fact is over."""
    require(caller, "refuse_repair")

    async def work(connection: Connection) -> RepairRefused | Refused:
        held = await hold_fact(connection, command.agency, command.fact)
        await require_over_fact(connection, caller, "refuse_repair", command.agency, command.fact)
        ruling = judge_refusal(held.state)
        if isinstance(ruling, Refused):
            return ruling
        before = approvals(held.fact.followed)
        said = Following("repair_refused", command.reason, {"complaint": COMPLAINT, "approvals_void": len(before)})
        await follow_fact(connection, held, said, actor=caller.actor)
        return RepairRefused(
            agency=command.agency, fact=command.fact, refused_at=held.at, approvals_void=len(before),
            complaint=COMPLAINT,
        )  # fmt: skip

    return await perform(database, caller, command, RepairRefused, work)
