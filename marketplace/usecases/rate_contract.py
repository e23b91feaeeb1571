"""Rate what was done (评价) on five dimensions, 1 to 5 each, with words.

Invariant: who does not rate has said nothing, good or bad.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts.contract import DIMENSIONS
from marketplace.contracts.rating import rate
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Identifier, Message, Prose, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract

Score = Annotated[int, Field(ge=1, le=5)]


class RateContract(Message):
    """Which contract, the five scores, and words that are shown with them."""

    contract: Identifier
    quality: Score
    time: Score
    attitude: Score
    charge: Score
    compliance: Score
    words: Annotated[Prose, Field(min_length=1)]


async def rate_contract(database: Database, caller: Caller, command: RateContract) -> ContractMoved | Refused:
    """Rate it, once; refused from the end of the time for it on."""
    require(caller, "rate_contract")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "rate_contract", command.contract)
        if isinstance(desk, Refused):
            return desk
        scores = {name: getattr(command, name) for name in DIMENSIONS}
        done = rate(desk.contract, scores, command.words, profile=desk.profile, at=desk.at)
        return await follow(connection, caller, desk, done)

    return await perform(database, caller, command, ContractMoved, work)
