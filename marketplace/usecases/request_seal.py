"""Ask for the electronic seal (电子印章) of a paper by its SHA-256; nothing waits for it, the seal comes by the outbox.

Source: market.md section 4.
"""

from __future__ import annotations

from typing import Annotated, Literal, cast
from uuid import UUID, uuid5

from pydantic import StringConstraints

from commons.canonical import Json
from commons.errors import NotFound
from commons.instants import format_instant
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.record import outbox
from marketplace.usecases.act import Caller, Identifier, Message, clock, perform, require

SEALER = "e-seal"
_SEALS = UUID("1d3a6f2b-0d5e-5f4c-8f8e-2a5b7c9d0e31")
_RECEIPT = """
SELECT receipt, (delivered_at IS NOT NULL) AS is_done FROM outbox_delivery WHERE event = $1 AND receiver = $2
"""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class RequestSeal(Message):
    """Which paper of a demand, by its digest."""

    demand: Identifier
    paper: Literal["demand-notice", "award-notice", "contract"]
    digest: Sha256


class SealStanding(Message):
    """Asked for; once it has come, the seal service's signature in hex, which verified."""

    demand: str
    paper: str
    digest: str
    is_sealed: bool
    signature: str | None


async def request_seal(database: Database, caller: Caller, command: RequestSeal) -> SealStanding:
    """Ask once for each paper and digest; asked again, it says how it stands."""
    require(caller, "request_seal")

    async def work(connection: Connection) -> SealStanding:
        demand = await demands.demand_by_id(connection, command.demand)
        if demand is None:
            raise NotFound("demand", command.demand)
        require(caller, "request_seal", own=demand.owner_code)
        at = await clock(connection)
        identifier = uuid5(_SEALS, f"{command.demand}/{command.paper}/{command.digest}")
        data: dict[str, Json] = {"digest": command.digest, "paper": command.paper}
        payload: dict[str, Json] = {"id": str(identifier), "at": format_instant(at), "data": data}
        note = outbox.Note(str(identifier), "seal.requested", f"demand/{command.demand}", payload)
        await outbox.note_own(connection, note, [SEALER], at=at)
        row = await connection.fetchrow(_RECEIPT, identifier, SEALER)
        assert row is not None, "it was addressed"
        return SealStanding(
            demand=command.demand, paper=command.paper, digest=command.digest, is_sealed=row["is_done"],
            signature=row["receipt"],
        )  # fmt: skip

    return cast("SealStanding", await perform(database, caller, command, SealStanding, work))
