"""Where does a selection stand, for somebody who bids in it or watches? Nothing sealed before its close, to nobody.

Invariant: the reader's own row is built from what is visible: even the reader's own offer in a sealed round under way,
or in a sealed selection, is not read back. Source: trust.md section 1, selection.md section 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bidding import room as rooms
from bidding.room import Bound
from bidding.rounds import State
from bidding.selection import Participant
from commons.errors import NotFound
from commons.events import Actor
from marketplace.database import Database
from marketplace.demands.store import Demand
from marketplace.usecases.read_demand import is_halted, published
from marketplace.usecases.read_room import Room, StandingNow, numbers, room_and_rounds
from marketplace.usecases.read_snapshot import reading

_DEMAND = "SELECT demand FROM selection WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Own:
    """The reader's own part: admitted since, voided when, its standing offer and its bound.

    ``number`` is its place in the room; None where there is none, so that nobody counts a sealed selection by it.

    ``is_missing_days``: days have a value in these terms, and the bound depends on those to be promised.
    """

    admitted_at: datetime
    voided_at: datetime | None
    number: int | None
    standing: StandingNow | None
    bound: Bound | None
    is_missing_days: bool = False


@dataclass(frozen=True, slots=True)
class SelectionNow:
    """The state of a selection ``now``; ``room`` while rounds are to be held, ``own`` for an admitted agency."""

    now: datetime
    id: str
    demand: Demand
    signed_up: int | None
    room: Room | None
    own: Own | None


async def read_selection(
    database: Database, identifier: str, reader: Actor | None, *, days: int | None = None
) -> SelectionNow:
    """The selection of that id for this reader; ``days`` are those an offer would promise, where days have a value."""
    async with reading(database) as snapshot:
        of = await snapshot.connection.fetchval(_DEMAND, identifier)
        if of is None:
            raise NotFound("selection", identifier)
        demand, standing = await published(snapshot, of, selection=identifier)
    state, room, live = standing.state, None, None
    if state.mode == "multi_round" and standing.ruling is None and not is_halted(state):
        room, live = room_and_rounds(state, standing.credits, at=standing.at)
    public = state.mode == "multi_round" or standing.ruling is not None
    me = state.participants.get(reader.id) if reader is not None and reader.role == "agency" else None
    return SelectionNow(
        now=snapshot.now,
        id=identifier,
        demand=demand,
        signed_up=len(state.participants) if public else None,
        room=room,
        own=None if me is None else _own(me, numbers(state)[me.bidder], room, live, days=days),
    )


def _own(me: Participant, number: int, room: Room | None, live: State | None, *, days: int | None) -> Own:
    """The reader's own part; without a value of days the bound needs none."""
    if room is None or live is None:
        return Own(me.admitted_at, me.voided_at, None, None, None)
    needed = bool(live.pricing.day_value_fen) and days is None
    standing = next((one for one in room.standing if one.number == number), None)
    bound = None if needed else rooms.bound(live, me.bidder, days=days)
    return Own(me.admitted_at, me.voided_at, number, standing, bound, needed)
