"""Close a dispute (争议解决): the clocks go on, every later end moved by the time it lasted.

Invariant: nobody gains time by a dispute of its own: who opened it withdraws it, and its ends stay where they were.
"""

from __future__ import annotations

from commons.verdicts import Refused
from marketplace.contracts import performing
from marketplace.contracts.contract import side_of
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class CloseDispute(Message):
    """Which contract, and what came of it; published."""

    contract: Identifier
    outcome: Ground


async def close_dispute(database: Database, caller: Caller, command: CloseDispute) -> ContractMoved | Refused:
    """Close it as the other side or a regulator, or withdraw one's own."""
    require(caller, "close_dispute")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "close_dispute", command.contract)
        if isinstance(desk, Refused):
            return desk
        side = None if caller.actor.role == "regulator" else side_of(caller.actor.role)
        done = performing.close_dispute(desk.contract, command.outcome, by=side)
        return await follow(connection, caller, desk, done, may_be_over=True)

    return await perform(database, caller, command, ContractMoved, work)
