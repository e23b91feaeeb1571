"""What would a restriction make impossible, where, for which open matters? Read-only, by the same code as the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from agencies import store as agencies
from agencies.shelf import ShelfOffer
from bidding import store as bidding
from commons.errors import Forbidden, NotFound
from commons.events import Actor
from credit import store as credit
from credit.restrictions import Measure, Restriction
from marketplace.database import Connection, Database
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.restriction_hits import selections_hit, shelf_hit

MEASURES: tuple[Measure, ...] = get_args(Measure)

_MATTERS = """
SELECT selection.id AS selection, demand.id AS demand, title, city, item, further_items, selection.mode,
  selection.state, coalesce(demand.selection = selection.id AND selection.state = 'proposed' AND winner = $2, false)
    AS is_proposed
FROM selection JOIN demand ON demand.id = selection.demand
WHERE selection.id = ANY($1::text[]) ORDER BY city, selection.id
"""
_CLOSED_TO_IT = """
SELECT city, item, count(*) AS count FROM demand JOIN selection ON selection.id = demand.selection
WHERE selection.state = 'open' AND sign_up_closes_at > $1 AND NOT EXISTS (
    SELECT FROM selection_bidder WHERE selection_bidder.selection = selection.id AND agency = $2)
  AND (cardinality($3::text[]) = 0 OR item = ANY($3) OR further_items::text[] && $3::text[])
GROUP BY city, item ORDER BY city, item
"""


@dataclass(frozen=True, slots=True)
class Matter:
    """An open selection in which it would be void; ``is_proposed``: it is the proposed winner, and the next follows."""

    selection: str
    demand: str
    title: str
    city: str
    item: str
    further_items: tuple[str, ...]
    mode: str
    state: str
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class ClosedDemands:
    """How many demands of a city and item now open to sign-up it could not enter any more."""

    city: str
    item: str
    count: int


@dataclass(frozen=True, slots=True)
class RestrictionPreview:
    """What a restriction decided now would do; ``impossible`` are the acts that it would bar, in the whole province."""

    now: datetime
    agency: str
    impossible: tuple[Measure, ...]
    items: tuple[str, ...]
    matters: tuple[Matter, ...]
    shelf: tuple[ShelfOffer, ...]
    closed: tuple[ClosedDemands, ...]
    already_barred: tuple[Measure, ...]


async def preview_restriction(
    database: Database,
    reader: Actor | None,
    agency: str,
    *,
    measures: Sequence[Measure] = (),
    items: Sequence[str] = (),
) -> RestrictionPreview:
    """The preview; ``Forbidden`` to anybody but regulators (it names sealed bidders), ``NotFound`` for a stranger."""
    if reader is None or reader.role != "regulator":
        raise Forbidden("role_not_allowed", "only regulator may do this")
    async with reading(database) as snapshot:
        connection, now = snapshot.connection, snapshot.now
        if not await agencies.is_filed(connection, agency):
            raise NotFound("agency", agency)
        planned = Restriction("", agency, "market", "", "", now, None, tuple(measures), tuple(items))
        bound = (await credit.restrictions(connection, [agency]))[agency]
        return RestrictionPreview(
            now=now,
            agency=agency,
            impossible=tuple(one for one in MEASURES if planned.bars(one)),
            items=planned.items,
            matters=await _matters(connection, planned),
            shelf=await shelf_hit(connection, planned),
            closed=await _closed(connection, planned),
            already_barred=tuple(
                one
                for one in MEASURES
                if any(each.is_in_force(at=now) and each.bars(one, planned.items) for each in bound)
            ),
        )


async def _matters(connection: Connection, planned: Restriction) -> tuple[Matter, ...]:
    """The selections in which it would be void."""
    running = [identifier for identifier, _ in await bidding.running_of(connection, planned.subject)]
    hit = await selections_hit(connection, planned, running)
    rows = await connection.fetch(_MATTERS, hit, planned.subject)
    return tuple(Matter(**{**dict(row), "further_items": tuple(row["further_items"])}) for row in rows)


async def _closed(connection: Connection, planned: Restriction) -> tuple[ClosedDemands, ...]:
    """The demands open to sign-up that it could not enter."""
    if not planned.bars("sign_up"):
        return ()
    rows = await connection.fetch(_CLOSED_TO_IT, planned.starts_at, planned.subject, list(planned.items))
    return tuple(ClosedDemands(**row) for row in rows)
