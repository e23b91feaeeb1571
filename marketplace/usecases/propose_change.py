"""Propose a change of a contract (变更) or a longer time for it (延期), for the other side to answer."""

from __future__ import annotations

from commons.verdicts import Refused
from marketplace.contracts import signing
from marketplace.contracts.contract import ChangeKind, side_of
from marketplace.contracts.signing import Proposed
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Fen, Ground, Identifier, Message, perform, require
from marketplace.usecases.attached import attached
from marketplace.usecases.contract_desk import Attachments, ContractMoved, follow, hold_contract, papers
from marketplace.usecases.contract_price import too_high
from marketplace.usecases.upload_contract import ContractDays


class ProposeChange(Message):
    """Which contract, the new totals (none: as they are), and why; the reason is published, a higher price too."""

    contract: Identifier
    kind: ChangeKind
    reason: Ground
    amount_fen: Fen | None = None
    days: ContractDays | None = None
    attachments: Attachments


async def propose_change(database: Database, caller: Caller, command: ProposeChange) -> ContractMoved | Refused:
    """Propose it, in place of one's own; refused while the other side's waits, for no change, for too high a price."""
    require(caller, "propose_change")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "propose_change", command.contract)
        if isinstance(desk, Refused):
            return desk
        files = await attached(connection, caller, command.attachments)
        proposed = Proposed(command.kind, command.reason, command.amount_fen, command.days, papers(files))
        done = signing.propose_change(desk.contract, proposed, by=side_of(caller.actor.role))
        found = await too_high(connection, desk, command.amount_fen)
        if reasons := (*found, *(done.reasons if isinstance(done, Refused) else ())):
            return Refused(reasons)
        return await follow(connection, caller, desk, done, number=len(desk.contract.changes) + 1, files=files)

    return await perform(database, caller, command, ContractMoved, work)
