"""Settle a contract: what any act on it does first, promptly. It changes nothing that a late one would not."""

from __future__ import annotations

from marketplace.contracts.contract import Contract
from marketplace.database import Connection, Database
from marketplace.usecases.act import clock
from marketplace.usecases.contract_desk import settle_held

BATCH = 50
_DUE = "SELECT id FROM contract WHERE ends_at <= $1 ORDER BY ends_at, id LIMIT $2"


async def settle_contract(database: Database, identifier: str) -> Contract:
    """Settle one contract by the database's clock, in one transaction; ``NotFound`` for what is no contract."""

    async def work(connection: Connection) -> Contract:
        return await settle_held(connection, identifier)

    return await database.retrying(work)


async def due_contracts(database: Database, *, limit: int = BATCH) -> tuple[str, ...]:
    """Contracts in which a clock has ended since anybody looked, longest waiting first."""
    async with database.read() as connection:
        rows = await connection.fetch(_DUE, await clock(connection), limit)
    return tuple(row["id"] for row in rows)
