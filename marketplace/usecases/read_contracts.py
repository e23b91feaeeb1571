"""Which contracts are there, whose, in which state, and what is overdue? Latest award first.

An award that nobody has done anything about is in the list too: its signing has a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commons.events import Actor
from marketplace.database import Database
from marketplace.usecases.read_contract import ContractFile, contracts_now, file_of
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_snapshot import reading

_MATCHING = """
FROM demand JOIN selection ON selection.demand = demand.id LEFT JOIN contract ON contract.id = selection.id
WHERE (contract.id IS NOT NULL
    OR selection.id = demand.selection AND demand.outcome = 'award'
      AND (demand.state = 'awarded' OR demand.mode = 'instant' AND demand.state = 'publicity'))
  AND ($1::text = '' OR coalesce(contract.agency, demand.winner) = $1)
  AND ($2::text = '' OR demand.owner_code = $2)
  AND ($3::text = '' OR coalesce(contract.state, 'awarded') = $3)
  AND (NOT $4::boolean OR contract.ends_at IS NULL OR contract.ends_at <= $5)
"""
_COUNT = "SELECT count(*) " + _MATCHING
_PAGE = "SELECT selection.id " + _MATCHING + " ORDER BY demand.decided_at DESC, selection.id DESC LIMIT $6 OFFSET $7"


@dataclass(frozen=True, slots=True)
class ContractQuery:
    """What the list is narrowed to; "" means no narrowing. ``only_ended``: where some clock has ended, or none runs."""

    agency: str = ""
    owner: str = ""
    state: str = ""
    only_ended: bool = False


@dataclass(frozen=True, slots=True)
class ContractPage:
    """One page of contracts as they stand; ``total`` counts rows, as they were when somebody acted last."""

    now: datetime
    files: tuple[ContractFile, ...]
    part: Slice
    total: int


async def read_contracts(database: Database, query: ContractQuery, part: Slice, reader: Actor | None) -> ContractPage:
    """A page of them, each settled by the clock in memory."""
    async with reading(database) as snapshot:
        given = (query.agency, query.owner, query.state, query.only_ended, snapshot.now)
        total = await snapshot.connection.fetchval(_COUNT, *given)
        rows = await snapshot.connection.fetch(_PAGE, *given, part.size, (part.page - 1) * part.size)
        found = await contracts_now(snapshot, [row["id"] for row in rows])
        files = [await file_of(snapshot, found[row["id"]], reader) for row in rows if row["id"] in found]
    return ContractPage(snapshot.now, tuple(files), part, total)
