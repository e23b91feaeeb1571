"""Note a site visit that was held (踏勘记录)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts import performing
from marketplace.contracts.contract import side_of
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Identifier, Message, Prose, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class NoteVisit(Message):
    """Which contract, the number of the visit, and what was seen: only the two sides and regulators read it."""

    contract: Identifier
    number: Annotated[int, Field(ge=1, le=1_000)]
    note: Annotated[Prose, Field(min_length=1)]


async def note_visit(database: Database, caller: Caller, command: NoteVisit) -> ContractMoved | Refused:
    """Note it; ``NotFound`` for a visit that was never arranged, refused a second time."""
    require(caller, "note_visit")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "note_visit", command.contract)
        if isinstance(desk, Refused):
            return desk
        done = performing.note_visit(desk.contract, command.number, command.note, by=side_of(caller.actor.role))
        return await follow(connection, caller, desk, done, number=command.number)

    return await perform(database, caller, command, ContractMoved, work)
