"""Check terms (条款检查) before anything is posted: faults where they cannot be published, warnings where they can."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bidding.reading.terms import parse_demand_terms
from bidding.terms import MultiRoundTerms
from commons.errors import Malformed
from marketplace.database import Database
from marketplace.demands.demand import MAX_ITEMS
from marketplace.usecases.act import Identifier, Instant, Message, UsccText
from marketplace.usecases.post_demand import MAX_RECUSALS, beyond, read_items
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.weigh_terms import Aim, Weighed, digest_of, weigh


class CheckTerms(Message):
    """Whole terms, the items they are for, and what is known of who may not take part and of the closing instant.

    ``further_items`` are bought together with ``item`` under one price; rounds close by their own terms.
    """

    terms: dict[str, Any]
    item: Identifier
    further_items: Annotated[list[Identifier], Field(default_factory=list, max_length=MAX_ITEMS - 1)]
    owner_code: UsccText | None = None
    recused: Annotated[list[UsccText], Field(default_factory=list, max_length=MAX_RECUSALS)]
    closes_at: Instant | None = None


async def check_terms(database: Database, command: CheckTerms) -> Weighed:
    """The warnings as of today; ``Malformed`` with every fault of the terms and of the items."""
    items, faults = read_items([command.item, *command.further_items], mode=command.terms.get("mode"))
    try:
        terms = parse_demand_terms(command.terms)
        digest_of(command.terms)
        faults.extend(beyond(terms))
    except Malformed as malformed:
        raise Malformed((*faults, *malformed.faults)) from None
    if faults:
        raise Malformed(tuple(faults))
    barred = [*command.recused, *([] if command.owner_code is None else [command.owner_code])]
    closes_at = terms.rounds[-1].closes_at if isinstance(terms, MultiRoundTerms) else command.closes_at
    async with reading(database) as snapshot:
        return await weigh(snapshot.connection, terms, Aim(items, barred, closes_at), at=snapshot.now)
