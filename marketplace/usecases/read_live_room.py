"""What is a room (竞价室) at just now? Read in one snapshot, complete up to its instant, nothing written.

What is read holds sealed offers: ``rooms.seen.seen_by`` says what of it whom may be shown. Source: trust.md section 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from commons.errors import NotFound
from marketplace.database import Database
from marketplace.demands.store import Demand
from marketplace.rooms.state import Outcome, RoomState, Ruled, room_state
from marketplace.usecases.read_demand import names_said, published
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import Standing

_DEMAND = "SELECT demand FROM selection WHERE id = $1"
_OUTCOMES = {"award": "award", "unsuccessful": "unsuccessful"}


@dataclass(frozen=True, slots=True)
class LiveRoom:
    """A room as it stands ``now``, with its demand."""

    now: datetime
    demand: Demand
    state: RoomState

    @property
    def is_over(self) -> bool:
        """Whether nothing moves here any more."""
        ruled = self.state.ruled
        return self.state.selection.cancelled_at is not None or (ruled is not None and ruled.outcome != "waiting")


async def read_live_room(database: Database, identifier: str) -> LiveRoom:
    """The room of that selection; ``NotFound`` where no rounds are held, and for an unknown one."""
    async with reading(database) as snapshot:
        of = await snapshot.connection.fetchval(_DEMAND, identifier)
        if of is None:
            raise NotFound("room", identifier)
        demand, standing = await published(snapshot, of, selection=identifier)
        if standing.state.mode != "multi_round":
            raise NotFound("room", identifier)
        ruled = await _ruled(snapshot, demand, standing)
    state = room_state(standing.state, standing.recorded, standing.credits, at=standing.at, ruled=ruled)
    return LiveRoom(max(snapshot.now, standing.at), demand, state)


async def _ruled(snapshot: Reading, demand: Demand, standing: Standing) -> Ruled | None:
    """The engine's ruling, None before it; who gets the award in the end is another matter, told on its page."""
    ruling, state = standing.ruling, standing.state
    if ruling is None:
        return None
    outcome = _OUTCOMES.get(str(ruling.decision["outcome"]), "waiting")
    first = cast("str | None", ruling.decision.get("winner"))
    names = await names_said(snapshot, demand, standing)
    return Ruled(cast("Outcome", outcome), state.closed_at or ruling.as_of, first, names)
