"""Confirm a contract that the other side has uploaded (确认合同): from here on it holds.

Invariant: nobody signs with an agency that is restricted or held for review, whichever side confirms.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts.contract import side_of
from marketplace.contracts.signing import confirm
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Identifier, Message, perform, require
from marketplace.usecases.contract_desk import ContractMoved, barred, follow, hold_contract


class ConfirmContract(Message):
    """Which contract, and the number of the upload that was looked at."""

    contract: Identifier
    number: Annotated[int, Field(ge=1, le=10_000)]


async def confirm_contract(database: Database, caller: Caller, command: ConfirmContract) -> ContractMoved | Refused:
    """Confirm it; refused for one's own upload, for one that was replaced, and with a restricted agency."""
    require(caller, "confirm_contract")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "confirm_contract", command.contract)
        if isinstance(desk, Refused):
            return desk
        side = side_of(caller.actor.role)
        done = confirm(desk.contract, command.number, by=side, profile=desk.profile, at=desk.at)
        reasons = (*await barred(connection, desk), *(done.reasons if isinstance(done, Refused) else ()))
        if reasons:
            return Refused(reasons)
        return await follow(connection, caller, desk, done, number=command.number)

    return await perform(database, caller, command, ContractMoved, work)
