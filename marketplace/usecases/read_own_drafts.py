"""Drafts of one's own organisation: nobody else ever sees them; one is shown with the fairness check as of now.

For whom the caller acts: an owner for itself, a delegate for the owners who gave it a mandate. Source: market.md
sections 3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bidding.reading.terms import parse_demand_terms
from commons.errors import NotFound
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.demands.store import Demand, Notice, demand_from, demand_query
from marketplace.usecases.act import Caller, require
from marketplace.usecases.fairness import Fairness, check_fairness
from marketplace.usecases.read_own_demands import owners_of
from marketplace.usecases.read_snapshot import reading

OwnedDemand: TypeAlias = Demand
"""A demand of one's own, as its row has it."""
MOST = 50
"""Drafts of one answer at most."""
_DRAFTS = demand_query(
    "WHERE owner_code = ANY($1::text[]) AND state = 'draft' ORDER BY posted_at DESC, lot, id LIMIT $2"
)


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """A draft, and what is to be said about it before it is published; as of ``now``.

    ``notice`` and ``lots`` where it is a lot: what is published together, in its order.
    """

    now: datetime
    demand: Demand
    fairness: Fairness
    notice: Notice | None = None
    lots: tuple[Demand, ...] = ()


async def read_own_drafts(database: Database, caller: Caller, *, limit: int = MOST) -> tuple[Demand, ...]:
    """The drafts, the latest first; ``limit`` of them at most."""
    require(caller, "read_work_list")
    async with database.read() as connection:
        rows = await connection.fetch(_DRAFTS, owners_of(caller), min(limit, MOST))
    return tuple(demand_from(row) for row in rows)


async def read_own_demand(database: Database, caller: Caller, identifier: str) -> Demand:
    """A demand of one's own, draft or not, as its row has it; ``NotFound`` for another's."""
    require(caller, "read_work_list")
    async with database.read() as connection:
        found = await demands.demand_by_id(connection, identifier)
    if found is None or found.owner_code not in owners_of(caller):
        raise NotFound("demand", identifier)
    return found


async def read_own_draft(database: Database, caller: Caller, identifier: str) -> OwnDraft:
    """One draft with its check; ``NotFound`` for another's, and for what is published."""
    require(caller, "read_work_list")
    async with reading(database) as snapshot:
        found = await demands.demand_by_id(snapshot.connection, identifier)
        if found is None or found.state != "draft" or found.owner_code not in owners_of(caller):
            raise NotFound("demand", identifier)
        terms = parse_demand_terms(dict(found.terms))
        fairness = await check_fairness(snapshot.connection, found, terms, at=snapshot.now)
        if found.notice is None:
            return OwnDraft(snapshot.now, found, fairness)
        notice = await demands.notice_by_id(snapshot.connection, found.notice)
        return OwnDraft(snapshot.now, found, fairness, notice, await demands.lots_of(snapshot.connection, found.notice))
