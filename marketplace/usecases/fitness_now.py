"""What settling goes by to judge its bidders anew: their certificates, and the other awards of the project.

The other selections of the project are looked at without being held, folded up to the same instant in memory: what the
clock has brought them and nobody has persisted counts as well. Nothing is asked where it decides nothing: before a
close, of items that ask for nothing, of items that are nobody's own work. Source: docs/adr/0021.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agencies import store as agencies
from agencies.own_work import OwnWork
from bidding.selection import Selection
from marketplace.catalogue.in_force import kept_catalogue
from marketplace.catalogue.own_work import own_work_pairs
from marketplace.catalogue.requirements import requirements_of
from marketplace.database import Connection
from marketplace.demands.fitness import Fitness, HeldAward, held_awards
from marketplace.usecases.lots import settle_lots
from marketplace.usecases.lots_now import known_lots
from marketplace.usecases.settlement import PICKED_AT_ONCE, Matter

_OTHERS = """
SELECT other.selection AS id FROM demand
  JOIN demand AS other ON other.id <> demand.id AND (other.project_code = demand.project_code
    OR other.owner_code = demand.owner_code AND other.project_name = demand.project_name)
WHERE demand.id = $1 AND other.published_at IS NOT NULL
  AND (other.item = ANY($2::text[]) OR other.further_items::text[] && $2::text[])
ORDER BY other.selection
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A selection to be judged: its demand with the items and the place of the work, its state and its matter."""

    demand: str
    items: tuple[str, ...]
    region: str
    state: Selection
    matter: Matter


async def with_fitness(connection: Connection, every: Sequence[Judged], *, at: datetime) -> dict[str, Matter]:
    """The matters by selection, each with what its bidders are judged by; one query for all certificates."""
    asks = {
        one.state.id: requirements
        for one in every
        if _is_due(one, at=at) and any(requirements := requirements_of(one.items, kept_catalogue(one.matter.rules)))
    }
    who = sorted({bidder for one in every if one.state.id in asks for bidder in one.state.participants})
    papers = await agencies.qualifications(connection, who) if who else {}
    found: dict[str, Matter] = {}
    for one in every:
        pairs = tuple(pair for pair in own_work_pairs() if {pair.one, pair.other} & set(one.items))
        awards = await _awards(connection, one, pairs, at=at) if pairs and _is_open(one, at=at) else ()
        asked = asks.get(one.state.id, ())
        own = {bidder: papers[bidder] for bidder in one.state.participants} if asked else {}
        fitness = Fitness(asked, one.region, one.items, pairs, own, awards)
        found[one.state.id] = replace(one.matter, fitness=fitness) if own or awards else one.matter
    return found


def _is_open(one: Judged, *, at: datetime) -> bool:
    """Whether an award may be proposed in it by that instant."""
    if one.matter.lock_state == "closed" or one.state.mode in PICKED_AT_ONCE:
        return False
    return one.state.mode == "multi_round" or (one.state.closes_at is not None and one.state.closes_at <= at)


def _is_due(one: Judged, *, at: datetime) -> bool:
    """Whether its close may be judged by that instant, and has not been judged for good."""
    return one.state.decision is None and _is_open(one, at=at)


async def _awards(
    connection: Connection, asked: Judged, pairs: Sequence[OwnWork], *, at: datetime
) -> tuple[HeldAward, ...]:
    """Who held which of the project's other awards when, as far as their items meet these."""
    meeting = sorted({item for pair in pairs for item in (pair.one, pair.other)})
    others = [row["id"] for row in await connection.fetch(_OTHERS, asked.demand, meeting)]
    found: list[HeldAward] = []
    for group in await known_lots(connection, others) if others else []:
        latest = max([at, *(one.lot.last_at for one in group)])
        for one, done in zip(group, settle_lots([each.lot for each in group], at=latest), strict=True):
            if one.id in others:
                found.extend(held_awards(one.id, one.items, one.told_ahead(done, at=latest)))
    return tuple(found)
