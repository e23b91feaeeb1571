"""A room to look into: three bidders, an open, a sealed and an open round, told in minutes from the first opening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bidding.selection import fold
from commons.events import Actor, Draft, Recorded, Tip, chain
from commons.instants import format_instant
from marketplace.rooms.state import RoomState, Ruled, room_state

START = datetime(2026, 11, 23, 2, tzinfo=UTC)
BIDDERS = ("A", "B", "C")


def at(minutes: float) -> datetime:
    """So many minutes after the first opening."""
    return START + timedelta(minutes=minutes)


def text(minutes: float) -> str:
    """The same as text."""
    return format_instant(at(minutes))


def planned(**changes: Any) -> dict[str, Any]:
    """Terms: open 0–10, sealed 15–25, open 30–40; 1,000 fen a step below one's own."""
    rounds = [
        {"kind": "open", "opens_at": text(0), "closes_at": text(10), "survivors": 2},
        {"kind": "sealed", "opens_at": text(15), "closes_at": text(25)},
        {"kind": "open", "opens_at": text(30), "closes_at": text(40)},
    ]
    return {
        "mode": "multi_round", "ceiling_fen": 1_000_000, "min_bidders": 2, "step_fen": 1_000, "step_basis": "own",
        "rounds": rounds, "ties": ["price", "received"], **changes,
    }  # fmt: skip


@dataclass(frozen=True)
class Offered:
    """An offer in the record; ``reason`` as the engine gave it."""

    who: str
    minute: float
    price_fen: int
    reason: str | None = None
    days: int | None = None


EARLY = (Offered("A", 1, 900_000), Offered("B", 2, 890_000), Offered("C", 3, 950_000), Offered("A", 4, 895_000))
"""The first round: B leads, A is second, C is left out by the cut to two."""


def record(
    offers: Sequence[Offered], *, terms: Mapping[str, Any], more: Sequence[tuple[float, str, dict[str, Any]]] = ()
) -> tuple[Recorded, ...]:
    """The selection's record: opened, three admitted, then offers and further events in the order of their minutes."""
    opened = {"demand": "d", "mode": "multi_round", "terms": terms, "closes_at": None, "sign_up_closes_at": text(-5)}
    acts: list[tuple[float, str, Any, Any]] = [(-60, "selection.opened", opened, {"salt": "aa"})]
    acts += [
        (-30 + number, "bidder.admitted", {"bidder": f"b-{who}"}, {"bidder": who, "grade": None, "experience": 0})
        for number, who in enumerate(BIDDERS)
    ]
    acts += [
        (one.minute, "offer.placed", {"bidder": f"b-{one.who}"}, {
            "bidder": one.who, "price_fen": one.price_fen, "days": one.days, "nonce": None, "reason": one.reason,
        })
        for one in offers
    ]  # fmt: skip
    acts += [(minute, kind, data, None) for minute, kind, data in more]
    made: list[Recorded] = []
    tip = Tip()
    for place, (minute, kind, data, private) in enumerate(sorted(acts, key=lambda one: one[0])):
        draft = Draft(f"e{place}", kind, data)
        (event,) = chain(tip, (draft,), subject="selection/s", actor=Actor("owner", "o"), at=at(minute))
        tip = Tip(event.seq, event.digest, event.at)
        made.append(Recorded(event, private))
    return tuple(made)


def room(
    offers: Sequence[Offered] = EARLY, *, minute: float, terms: Mapping[str, Any] | None = None,
    voids: Mapping[str, float] | None = None, ruled: Ruled | None = None,
    more: Sequence[tuple[float, str, dict[str, Any]]] = (),
) -> RoomState:  # fmt: skip
    """The room at that minute, with what was recorded until then."""
    known = [one for one in offers if one.minute <= minute]
    events = record(known, terms=terms or planned(), more=[one for one in more if one[0] <= minute])
    gone = {who: at(when) for who, when in (voids or {}).items() if when <= minute}
    state = fold("s", events, gone)
    return room_state(state, events, dict.fromkeys(BIDDERS, 8_000), at=at(minute), ruled=ruled)
