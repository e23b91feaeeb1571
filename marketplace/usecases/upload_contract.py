"""Upload a signed contract (上传合同): either side does, the other confirms it.

Invariant: nobody signs with an agency that is restricted or held for review, whichever side uploads: it is asked under
the agency's row.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.contracts.contract import side_of
from marketplace.contracts.signing import Signed, upload
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Fen, Identifier, Message, perform, require
from marketplace.usecases.add_qualification import Day
from marketplace.usecases.attached import attached
from marketplace.usecases.contract_desk import Attachments, ContractMoved, barred, follow, hold_contract, papers
from marketplace.usecases.post_demand import MAX_DAYS

ContractDays = Annotated[int, Field(ge=1, le=MAX_DAYS)]


class UploadContract(Message):
    """Which contract, the amount in fen and the days as awarded, when it was signed, the scanned document.

    ``same_terms``: that the signed text keeps to the terms of the selection in quality and everything else.
    """

    contract: Identifier
    amount_fen: Fen
    days: ContractDays
    signed_on: Day
    same_terms: bool
    attachments: Attachments


async def upload_contract(database: Database, caller: Caller, command: UploadContract) -> ContractMoved | Refused:
    """Upload it; refused where it departs from the award in price, days or terms, and with a restricted agency."""
    require(caller, "upload_contract")

    async def work(connection: Connection) -> ContractMoved | Refused:
        desk = await hold_contract(connection, caller, "upload_contract", command.contract)
        if isinstance(desk, Refused):
            return desk
        files = await attached(connection, caller, command.attachments)
        signed = Signed(command.amount_fen, command.days, command.signed_on, command.same_terms, papers(files))
        done = upload(desk.contract, signed, by=side_of(caller.actor.role), profile=desk.profile, at=desk.at)
        reasons = (*await barred(connection, desk), *(done.reasons if isinstance(done, Refused) else ()))
        if reasons:
            return Refused(reasons)
        return await follow(connection, caller, desk, done, number=desk.contract.uploads + 1, files=files)

    return await perform(database, caller, command, ContractMoved, work)
