"""Arrange a site visit (踏勘)."""

from __future__ import annotations

from commons.verdicts import Refused
from marketplace.contracts import performing
from marketplace.contracts.contract import side_of
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Instant, Line, Message, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract


class ArrangeVisit(Message):
    """Which contract, when and where; whom to meet is private."""

    contract: Identifier
    meets_at: Instant
    place: Ground
    contact: Line | None = None


async def arrange_visit(database: Database, caller: Caller, command: ArrangeVisit) -> ContractMoved | Refused:
    """Arrange it for an instant to come."""
    require(caller, "arrange_visit")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "arrange_visit", command.contract)
        if isinstance(desk, Refused):
            return desk
        done = performing.arrange_visit(
            desk.contract, command.meets_at, command.place, command.contact, by=side_of(caller.actor.role), at=desk.at
        )
        return await follow(connection, caller, desk, done, number=len(desk.contract.visits) + 1)

    return await perform(database, caller, command, ContractMoved, work)
