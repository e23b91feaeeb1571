"""Plan the steps of a contract (里程碑) with their days."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts import performing
from marketplace.contracts.contract import side_of
from marketplace.contracts.performing import Planned
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Identifier, Message, Name, perform, require
from marketplace.usecases.add_qualification import Day
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract

MAX_STEPS = 30


class Step(Message):
    """A step, and the day it is planned for."""

    name: Name
    planned_on: Day


class PlanMilestones(Message):
    """Which contract, and its steps in their order."""

    contract: Identifier
    milestones: Annotated[list[Step], Field(min_length=1, max_length=MAX_STEPS)]


async def plan_milestones(database: Database, caller: Caller, command: PlanMilestones) -> ContractMoved | Refused:
    """Plan them, in place of what was planned; refused once a step was reached, and for days behind the contract's."""
    require(caller, "plan_milestones")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "plan_milestones", command.contract)
        if isinstance(desk, Refused):
            return desk
        planned = [Planned(one.name, one.planned_on) for one in command.milestones]
        done = performing.plan_milestones(desk.contract, planned, by=side_of(caller.actor.role))
        return await follow(connection, caller, desk, done, number=len(planned))

    return await perform(database, caller, command, ContractMoved, work)
