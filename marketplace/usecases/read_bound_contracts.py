"""Contracts of one's own that were signed and are not over, whose agency is restricted now: their owner has to know.

A restriction ends no contract: what was signed is kept (ADR 0023). Nothing is decided here; each names its matter.
Source: credit.md section 3, market.md section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commons.verdicts import Reason
from credit import store as credit
from credit.restrictions import restricted
from marketplace.database import Database
from marketplace.usecases.act import Caller, require
from marketplace.usecases.read_own_demands import owners_of
from marketplace.usecases.read_snapshot import reading

MOST = 200
"""Contracts that are looked at, the latest award first."""
_SIGNED = """
SELECT contract.id, contract.agency, demand.title, agency.name, demand.item, demand.further_items
FROM contract JOIN demand ON demand.id = contract.demand JOIN agency ON agency.uscc = contract.agency
WHERE contract.owner_code = ANY($1::text[]) AND contract.state NOT IN ('awarded', 'archived', 'terminated')
ORDER BY contract.awarded_at DESC, contract.id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class BoundContract:
    """A signed contract with an agency that may sign no more now, and every restriction that says so."""

    contract: str
    title: str
    agency: str
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class BoundContracts:
    """All of them, as of ``now``."""

    now: datetime
    rows: tuple[BoundContract, ...]


async def read_bound_contracts(database: Database, caller: Caller) -> BoundContracts:
    """The contracts, for the owner or who acts for it."""
    require(caller, "read_work_list")
    async with reading(database) as snapshot:
        rows = await snapshot.connection.fetch(_SIGNED, owners_of(caller), MOST)
        bound = await credit.restrictions(snapshot.connection, sorted({row["agency"] for row in rows}))
    found = []
    for row in rows:
        items = (row["item"], *row["further_items"])
        if reasons := restricted(bound[row["agency"]], at=snapshot.now, measure="contract", items=items):
            found.append(BoundContract(row["id"], row["title"], row["agency"], row["name"], tuple(reasons)))
    return BoundContracts(snapshot.now, tuple(found))
