"""Answer a rating (回应评价): once, shown beside it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts import rating
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Identifier, Message, Prose, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class AnswerRating(Message):
    """Which contract, and the words."""

    contract: Identifier
    words: Annotated[Prose, Field(min_length=1)]


async def answer_rating(database: Database, caller: Caller, command: AnswerRating) -> ContractMoved | Refused:
    """Answer it; refused a second time, and from the end of the time for it on."""
    require(caller, "answer_rating")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "answer_rating", command.contract)
        if isinstance(desk, Refused):
            return desk
        done = rating.answer_rating(desk.contract, command.words, at=desk.at)
        return await follow(connection, caller, desk, done)

    return await perform(database, caller, command, ContractMoved, work)
