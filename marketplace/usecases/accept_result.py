"""Accept the result (验收通过)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts.performing import accept, other_revision
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Identifier, Message, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class AcceptResult(Message):
    """Which contract, and the revision that was looked at."""

    contract: Identifier
    revision: Annotated[int, Field(ge=1, le=10_000)]


async def accept_result(database: Database, caller: Caller, command: AcceptResult) -> ContractMoved | Refused:
    """Accept it; refused for another revision than the last."""
    require(caller, "accept_result")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "accept_result", command.contract)
        if isinstance(desk, Refused):
            return desk
        if other := other_revision(desk.contract, command.revision):
            return Refused(other)
        done = accept(desk.contract, profile=desk.profile, at=desk.at)
        return await follow(connection, caller, desk, done, number=command.revision)

    return await perform(database, caller, command, ContractMoved, work)
