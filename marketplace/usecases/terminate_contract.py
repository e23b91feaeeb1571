"""End a contract (解除合同): the other side agrees to a proposal, or a regulator decides."""

from __future__ import annotations

from commons.verdicts import Refused
from marketplace.contracts.contract import side_of
from marketplace.contracts.signing import terminate
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class TerminateContract(Message):
    """Which contract, and why; published."""

    contract: Identifier
    reason: Ground


async def terminate_contract(database: Database, caller: Caller, command: TerminateContract) -> ContractMoved | Refused:
    """End it; refused to whoever proposed it, and to both sides without a proposal."""
    require(caller, "terminate_contract")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "terminate_contract", command.contract)
        if isinstance(desk, Refused):
            return desk
        side = None if caller.actor.role == "regulator" else side_of(caller.actor.role)
        return await follow(connection, caller, desk, terminate(desk.contract, command.reason, by=side))

    return await perform(database, caller, command, ContractMoved, work)
