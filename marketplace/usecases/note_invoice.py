"""Note an invoice (开票登记): a record, nothing is paid here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts.performing import note_money
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Fen, Identifier, Message, Name, perform, require
from marketplace.usecases.add_qualification import Day
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class NoteInvoice(Message):
    """Which contract, how many fen, on which day; the number is private."""

    contract: Identifier
    amount_fen: Annotated[Fen, Field(ge=1)]
    on: Day
    number: Name


async def note_invoice(database: Database, caller: Caller, command: NoteInvoice) -> ContractMoved | Refused:
    """Note it with the total so far; refused for a day to come."""
    require(caller, "note_invoice")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "note_invoice", command.contract)
        if isinstance(desk, Refused):
            return desk
        done = note_money(desk.contract, "invoice", command.amount_fen, command.on, command.number, at=desk.at)
        return await follow(connection, caller, desk, done)

    return await perform(database, caller, command, ContractMoved, work)
