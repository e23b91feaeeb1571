"""Return the result with reasons (退回成果): it was not accepted at its first delivery then, a credit fact."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts.performing import give_back, other_revision
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class ReturnResult(Message):
    """Which contract, the revision that was looked at, and what is wrong with it; the reasons are published."""

    contract: Identifier
    revision: Annotated[int, Field(ge=1, le=10_000)]
    reasons: Ground


async def return_result(database: Database, caller: Caller, command: ReturnResult) -> ContractMoved | Refused:
    """Return it; refused for another revision than the last."""
    require(caller, "return_result")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "return_result", command.contract)
        if isinstance(desk, Refused):
            return desk
        if other := other_revision(desk.contract, command.revision):
            return Refused(other)
        done = give_back(desk.contract, command.reasons)
        return await follow(connection, caller, desk, done, number=command.revision)

    return await perform(database, caller, command, ContractMoved, work)
