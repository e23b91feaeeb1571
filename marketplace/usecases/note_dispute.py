"""Note something of a dispute (争议记录): a regulator's word, which decides nothing."""

from __future__ import annotations

from commons.verdicts import Refused
from marketplace.contracts import performing
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class NoteDispute(Message):
    """Which contract, and the note; published."""

    contract: Identifier
    note: Ground


async def note_dispute(database: Database, caller: Caller, command: NoteDispute) -> ContractMoved | Refused:
    """Note it."""
    require(caller, "note_dispute")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "note_dispute", command.contract)
        if isinstance(desk, Refused):
            return desk
        return await follow(connection, caller, desk, performing.note_dispute(command.note))

    return await perform(database, caller, command, ContractMoved, work)
