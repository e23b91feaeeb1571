"""Propose to end a contract (提出解除), for the other side to agree."""

from __future__ import annotations

from commons.verdicts import Refused
from marketplace.contracts import signing
from marketplace.contracts.contract import side_of
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class ProposeTermination(Message):
    """Which contract, and why; published."""

    contract: Identifier
    reason: Ground


async def propose_termination(
    database: Database, caller: Caller, command: ProposeTermination
) -> ContractMoved | Refused:
    """Propose it; refused while the other side's proposal waits: that one is agreed to."""
    require(caller, "propose_termination")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "propose_termination", command.contract)
        if isinstance(desk, Refused):
            return desk
        done = signing.propose_termination(desk.contract, command.reason, by=side_of(caller.actor.role))
        return await follow(connection, caller, desk, done)

    return await perform(database, caller, command, ContractMoved, work)
