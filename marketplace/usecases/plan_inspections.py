"""Plan a year's inspections (年度抽查计划): which departments go together, where, and how many visits in all."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from commons.errors import Fault, Malformed
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Ground,
    Message,
    Name,
    RegionCode,
    clock,
    new_identifier,
    perform,
    require,
)

MAX_DEPARTMENTS = 8
MAX_TARGETS = 1_000


class PlanInspections(Message):
    """The year, the region with all below it, departments that visit together, visits in the year, the basis."""

    year: Annotated[int, Field(ge=2000, le=2999)]
    region: RegionCode
    departments: Annotated[list[Name], Field(min_length=1, max_length=MAX_DEPARTMENTS)]
    targets: Annotated[int, Field(ge=1, le=MAX_TARGETS)]
    basis: Ground


class InspectionsPlanned(Message):
    """Published since."""

    plan: str
    planned_at: datetime


async def plan_inspections(
    database: Database, caller: Caller, command: PlanInspections
) -> InspectionsPlanned | Refused:
    """Publish the plan; ``Malformed`` for a department named twice."""
    require(caller, "plan_inspections", region=command.region)
    if len(set(command.departments)) != len(command.departments):
        raise Malformed((Fault("/departments", "named_twice", "each department once"),))

    async def work(connection: Connection) -> InspectionsPlanned | Refused:
        at = await clock(connection)
        plan = new_identifier("P", at=at)
        subject = f"inspection-plan/{plan}"
        await hold(connection, subject)
        act = Act(
            "inspection.planned",
            {
                "plan": plan, "year": command.year, "region": command.region, "departments": list(command.departments),
                "targets": command.targets, "basis": command.basis,
            },
        )  # fmt: skip
        await append(connection, subject, [act], actor=caller.actor, at=at)
        return InspectionsPlanned(plan=plan, planned_at=at)

    return await perform(database, caller, command, InspectionsPlanned, work)
