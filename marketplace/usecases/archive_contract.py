"""Archive a contract (归档): it ends here, with the digest of everything that belongs to it in the record."""

from __future__ import annotations

from commons.canonical import Json
from commons.verdicts import Refused
from marketplace.contracts.archive import public_digest
from marketplace.contracts.contract import Happened
from marketplace.contracts.rating import archivable
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Identifier, Message, perform, require
from marketplace.usecases.contract_desk import ContractMoved, follow, hold_contract
from marketplace.usecases.contract_package import ends_of, package, recorded_up_to


class ArchiveContract(Message):
    """Which contract."""

    contract: Identifier


async def archive_contract(database: Database, caller: Caller, command: ArchiveContract) -> ContractMoved | Refused:
    """Archive it; refused while a rating, or an answer to it, may still come."""
    require(caller, "archive_contract")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "archive_contract", command.contract)
        if isinstance(desk, Refused):
            return desk
        if waiting := archivable(desk.contract, at=desk.at):
            return Refused(waiting)
        recorded = await recorded_up_to(connection, desk.contract.award, None)
        members = await package(connection, desk.demand, desk.contract, None)
        ends: dict[str, Json] = {**ends_of(recorded)}
        return await follow(
            connection, caller, desk, Happened("contract.archived", {"sha256": public_digest(members), "ends": ends})
        )

    return await perform(database, caller, command, ContractMoved, work)
