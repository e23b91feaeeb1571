"""What is to be said about the terms of a demand, as of today? To its owner while it is a draft, then to everybody."""

from __future__ import annotations

from bidding.reading.terms import parse_demand_terms
from commons.errors import NotFound
from commons.events import Actor
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.demands.store import Demand
from marketplace.usecases.fairness import Fairness, check_fairness
from marketplace.usecases.read_snapshot import reading


async def read_warnings(database: Database, identifier: str, reader: Actor | None) -> Fairness:
    """The warnings about that demand's terms; a draft is ``NotFound`` to all but its owner and the delegates."""
    async with reading(database) as snapshot:
        demand = await demands.demand_by_id(snapshot.connection, identifier)
        if demand is None or (demand.published_at is None and not _may_see_draft(reader, demand)):
            raise NotFound("demand", identifier)
        terms = parse_demand_terms(dict(demand.terms))
        return await check_fairness(snapshot.connection, demand, terms, at=snapshot.now)


def _may_see_draft(reader: Actor | None, demand: Demand) -> bool:
    return reader is not None and (reader.role == "delegate" or reader == Actor("owner", demand.owner_code))
