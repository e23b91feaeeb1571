"""Everything known of a room (竞价室) at one instant, sealed offers included: shown to nobody but through ``seen_by``.

Invariant: a function of the record, of the voids and of the instant up to which both are complete; of a selection that
is ruled on the rounds stand as the ruling took them, whatever was voided since. Source: selection.md section 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bidding.rounds import State
from bidding.selection import Selection
from commons.events import Recorded, Role
from marketplace.rooms.course import Room, room_and_rounds

Outcome = Literal["award", "unsuccessful", "waiting"]
"""What a ruling came to; ``waiting``: it is not final yet (an explanation is asked for, an earlier lot decides)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An offer as its event has it: the bidder's own count from 1, what was offered, why it was refused (None: not)."""

    bidder: str
    number: int
    at: datetime
    digest: str
    price_fen: int
    days: int | None
    discount_bp: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Pausing:
    """A suspension that lasts: since when, by which role, for which published reason."""

    since: datetime
    by: Role
    reason: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """The ruling after the last close: what it came to, as of when, who was first, the names that may be said since.

    It does not change: whether the first one takes the award is told elsewhere.
    """

    outcome: Outcome
    as_of: datetime
    winner: str | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RoomState:
    """One room at ``at``; ``events`` counts all of the record. ``ruled`` None: nothing is decided."""

    selection: Selection
    room: Room
    live: State
    placed: tuple[Placed, ...]
    events: int
    at: datetime
    ruled: Ruled | None = None
    pausing: Pausing | None = None


def room_state(
    state: Selection, recorded: Sequence[Recorded], credits: Mapping[str, int], *, at: datetime,
    ruled: Ruled | None = None,
) -> RoomState:  # fmt: skip
    """The state of a multi-round selection from its record, its folded state and credit scores in hundredths."""
    if ruled is not None:
        state = _as_ruled(state, ruled.as_of)
    room, live = room_and_rounds(state, credits, at=at)
    return RoomState(
        selection=state, room=room, live=live, placed=_placed(state, recorded), events=len(recorded), at=at,
        ruled=ruled, pausing=_pausing(state, recorded),
    )  # fmt: skip


def _as_ruled(state: Selection, as_of: datetime) -> Selection:
    """The selection without admissions that ended only after the ruling."""
    kept = {
        who: replace(one, voided_at=None) if one.voided_at is not None and one.voided_at > as_of else one
        for who, one in state.participants.items()
    }
    return replace(state, participants=kept)


def _placed(state: Selection, recorded: Sequence[Recorded]) -> tuple[Placed, ...]:
    digests = [one.event.digest for one in recorded if one.event.type == "offer.placed"]
    made: dict[str, int] = {}
    placed: list[Placed] = []
    for line, digest in zip(state.offers, digests, strict=True):
        made[line.bidder] = made.get(line.bidder, 0) + 1
        placed.append(Placed(
            line.bidder, made[line.bidder], line.at, digest, line.price_fen, line.days, line.discount_bp, line.reason
        ))  # fmt: skip
    return tuple(placed)


def _pausing(state: Selection, recorded: Sequence[Recorded]) -> Pausing | None:
    suspension = state.suspension
    if suspension is None:
        return None
    said = [one.event for one in recorded if one.event.type == "selection.suspended"]
    return Pausing(suspension.since, suspension.by, str(said[-1].data["reason"]))
