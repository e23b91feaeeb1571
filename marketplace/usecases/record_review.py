"""Record what the approval authority's review found (审查结果): passed at the first one or not."""

from __future__ import annotations

from commons.verdicts import Refused
from marketplace.contracts.performing import note_review
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Identifier, Message, Name, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class RecordReview(Message):
    """Which contract, whether the first review was passed, and whose review it was."""

    contract: Identifier
    passed_first: bool
    authority: Name


async def record_review(database: Database, caller: Caller, command: RecordReview) -> ContractMoved | Refused:
    """Record it, once."""
    require(caller, "record_review")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "record_review", command.contract)
        if isinstance(desk, Refused):
            return desk
        done = note_review(desk.contract, command.authority, passed_first=command.passed_first)
        return await follow(connection, caller, desk, done)

    return await perform(database, caller, command, ContractMoved, work)
