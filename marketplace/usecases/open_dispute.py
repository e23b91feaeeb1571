"""Open a dispute (提出争议): the clocks of the contract stop."""

from __future__ import annotations

from commons.verdicts import Refused
from marketplace.contracts import performing
from marketplace.contracts.contract import side_of
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class OpenDispute(Message):
    """Which contract, and about what; published."""

    contract: Identifier
    reason: Ground


async def open_dispute(database: Database, caller: Caller, command: OpenDispute) -> ContractMoved | Refused:
    """Open it."""
    require(caller, "open_dispute")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "open_dispute", command.contract)
        if isinstance(desk, Refused):
            return desk
        done = performing.open_dispute(desk.contract, command.reason, by=side_of(caller.actor.role))
        return await follow(connection, caller, desk, done)

    return await perform(database, caller, command, ContractMoved, work)
