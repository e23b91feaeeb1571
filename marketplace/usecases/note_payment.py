"""Note a payment (付款登记): a record, nothing is paid here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts.performing import note_money
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Fen, Identifier, Message, Name, perform, require
from marketplace.usecases.add_qualification import Day
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class NotePayment(Message):
    """Which contract, how many fen, on which day; the channel is private."""

    contract: Identifier
    amount_fen: Annotated[Fen, Field(ge=1)]
    on: Day
    channel: Name


async def note_payment(database: Database, caller: Caller, command: NotePayment) -> ContractMoved | Refused:
    """Note it with the total so far; refused for a day to come."""
    require(caller, "note_payment")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "note_payment", command.contract)
        if isinstance(desk, Refused):
            return desk
        done = note_money(desk.contract, "payment", command.amount_fen, command.on, command.channel, at=desk.at)
        return await follow(connection, caller, desk, done)

    return await perform(database, caller, command, ContractMoved, work)
