"""Answer a proposed change (答复变更): agreed, it holds from now on.

Invariant: a change is new business: nobody agrees one with an agency that is restricted or held for review. More
time for what was signed is none.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts import signing
from marketplace.contracts.contract import side_of
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.contract_desk import ContractMoved, barred, follow, hold_contract
from marketplace.usecases.contract_price import too_high


class AnswerChange(Message):
    """Which contract, the number of the change, and the answer with its published reason."""

    contract: Identifier
    number: Annotated[int, Field(ge=1, le=10_000)]
    is_agreed: bool
    reason: Ground


async def answer_change(database: Database, caller: Caller, command: AnswerChange) -> ContractMoved | Refused:
    """Agree or decline; refused for one's own proposal, for one that does not wait, and with a restricted agency."""
    require(caller, "answer_change")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "answer_change", command.contract)
        if isinstance(desk, Refused):
            return desk
        side = side_of(caller.actor.role)
        done = signing.answer_change(
            desk.contract, command.number, command.reason, is_agreed=command.is_agreed, by=side, profile=desk.profile
        )
        waiting = desk.contract.open_change
        is_new = command.is_agreed and signing.binds_anew(desk.contract)
        reasons = (
            *(await barred(connection, desk) if is_new else ()),
            *(await too_high(connection, desk, waiting.amount_fen) if command.is_agreed and waiting else ()),
            *(done.reasons if isinstance(done, Refused) else ()),
        )
        if reasons:
            return Refused(reasons)
        return await follow(connection, caller, desk, done, number=command.number)

    return await perform(database, caller, command, ContractMoved, work)
