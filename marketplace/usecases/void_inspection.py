"""Void an announced draw: by two regulators, with a reason, in public; its plan goes on without it.

A department that never opens its part would otherwise hold its plan for ever. Only before the draw: what was drawn
stands. The parts that were committed to stay used, so that nothing is drawn twice from the same input.
Source: trust.md section 5.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from commons.errors import Conflict
from commons.verdicts import Refused
from credit.inspection import judge_void
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Ground, Identifier, Message, clock, perform, require
from marketplace.usecases.inspections import inspection_of, plan_of
from marketplace.usecases.restrict_agency import Approver


class VoidInspection(Message):
    """Which inspection, why, and the two regulators who approve; all of it is published."""

    inspection: Identifier
    reason: Ground
    approvers: Annotated[list[Approver], Field(max_length=5)]


class InspectionVoided(Message):
    """Voided since; its plan may announce another."""

    inspection: str
    plan: str
    voided_at: datetime


async def void_inspection(database: Database, caller: Caller, command: VoidInspection) -> InspectionVoided | Refused:
    """Void it; refused to one regulator alone, ``Conflict`` once it was drawn or voided."""
    require(caller, "void_inspection")

    async def work(connection: Connection) -> InspectionVoided | Refused:
        plan = (await inspection_of(connection, command.inspection)).plan
        require(caller, "void_inspection", region=(await plan_of(connection, plan)).region)
        before = await hold(connection, f"inspection-plan/{plan}")  # the plan first, as an announcement takes them
        last = await hold(connection, f"inspection/{command.inspection}")
        matter = await inspection_of(connection, command.inspection)
        if matter.drawn_at is not None:
            raise Conflict("already_drawn", "what was drawn stands")
        if matter.voided is not None:
            raise Conflict("inspection_was_voided", "it was voided before")
        ruling = judge_void(approvers=tuple(command.approvers), decided_by=caller.actor.id)
        if isinstance(ruling, Refused):
            return ruling
        at = await clock(connection, *before, *last)
        voided = Act("inspection.voided", {"reason": command.reason, "approvers": list(command.approvers)})
        await append(connection, f"inspection/{matter.id}", [voided], actor=caller.actor, at=at)
        freed = Act("inspection.voided", {"inspection": matter.id, "targets": matter.call.targets})
        await append(connection, f"inspection-plan/{plan}", [freed], actor=caller.actor, at=at)
        return InspectionVoided(inspection=matter.id, plan=plan, voided_at=at)

    return await perform(database, caller, command, InspectionVoided, work)
