"""Note that a planned step is done (节点完成)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts import performing
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Identifier, Message, Prose, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class ReachMilestone(Message):
    """Which contract, the number of the step, and a note that only the two sides and regulators read."""

    contract: Identifier
    number: Annotated[int, Field(ge=1, le=1_000)]
    note: Prose | None = None


async def reach_milestone(database: Database, caller: Caller, command: ReachMilestone) -> ContractMoved | Refused:
    """Note it; ``NotFound`` for a step that was never planned, refused a second time."""
    require(caller, "reach_milestone")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "reach_milestone", command.contract)
        if isinstance(desk, Refused):
            return desk
        done = performing.reach_milestone(desk.contract, command.number, command.note, at=desk.at)
        return await follow(connection, caller, desk, done, number=command.number)

    return await perform(database, caller, command, ContractMoved, work)
