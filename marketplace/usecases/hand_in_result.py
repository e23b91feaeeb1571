"""Hand the result in (提交成果): the owner accepts or returns it, or time accepts it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts.performing import hand_in
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Identifier, Message, Prose, perform, require
from marketplace.usecases.attached import attached
from marketplace.usecases.contract_desk import Attachments, ContractMoved, follow, hold_contract, papers


class HandInResult(Message):
    """Which contract, the files of the result, and a note that only the two sides and regulators read."""

    contract: Identifier
    note: Annotated[Prose, Field(min_length=1)]
    attachments: Attachments


async def hand_in_result(database: Database, caller: Caller, command: HandInResult) -> ContractMoved | Refused:
    """Hand a revision in; late is a credit fact, never a refusal."""
    require(caller, "hand_in_result")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "hand_in_result", command.contract)
        if isinstance(desk, Refused):
            return desk
        files = await attached(connection, caller, command.attachments)
        done = hand_in(desk.contract, command.note, papers(files), profile=desk.profile, at=desk.at)
        return await follow(connection, caller, desk, done, number=len(desk.contract.deliveries) + 1, files=files)

    return await perform(database, caller, command, ContractMoved, work)
