"""What of a room each viewer may see: the one place where that is decided, for the page and for every event alike.

Invariants: of a sealed round under way nobody sees anything of others, neither numbers nor prices, nor that something
was placed: what is seen, and the place it is seen at, are the same whatever others offered in it. A bidder sees that
its own offers of such a round were received or why not (number, instant, hash), not what they say. Bidders are numbers
until the ruling. Source: selection.md section 5, trust.md sections 1 and 4, docs/adr/0005, 0009 and 0031.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal, NamedTuple

from bidding import room as rooms
from bidding.rounds import State
from bidding.selection import Participant
from marketplace.rooms.course import Room, StandingNow, numbers
from marketplace.rooms.state import Outcome, Pausing, Placed, RoomState

Kind = Literal["public", "owner", "bidder"]
Phase = Literal["before", "round", "break", "suspended", "settling", "over", "cancelled"]
Barrier = Literal[
    "", "not_begun", "in_break", "suspended", "closed", "out", "eliminated", "no_price_left", "proof_needed"
]
"""Why nothing can be offered now; "" when something can."""


class Place(NamedTuple):
    """How far a room has come, by what may be seen of it; it only grows, in every process alike, and orders states.

    ``events`` are those of the record without the offers of a sealed round under way, ``turns`` the openings and
    closings, ``voids`` the admissions that ended.
    """

    events: int
    turns: int
    voids: int


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: for ``bidder``, ``who`` is the agency; ``is_proved``: who it is was proved a moment ago (step-up)."""

    kind: Kind = "public"
    who: str = ""
    is_proved: bool = True


PUBLIC = Viewer()


@dataclass(frozen=True, slots=True)
class Shared:
    """What everybody sees; ``names`` by the bidder's number, empty before the ruling."""

    phase: Phase
    place: Place
    room: Room
    next_change: datetime | None
    extensions_left: int | None
    eliminated: tuple[int, ...]
    outcome: Outcome | None = None
    winner: int | None = None
    names: Mapping[int, str] | None = None
    pausing: Pausing | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """An offer of one's own that was received or (``reason``) refused; what it says is None while it is sealed."""

    number: int
    round_number: int | None
    at: datetime
    digest: str
    price_fen: int | None
    days: int | None
    discount_bp: int | None
    effective: Fraction | None
    reason: str | None
    is_sealed: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """A bidder's own part: its number, its standing offer, what it may offer now and why not, its receipts, last first.

    ``limit`` is the highest effective price allowed now, in fen (None: the ceiling alone bounds); ``coefficient`` what
    the offered price is divided by; ``max_price_fen`` where days have no value.
    """

    number: int
    admitted_at: datetime
    voided_at: datetime | None
    standing: StandingNow | None
    barrier: Barrier
    limit: Fraction | None
    coefficient: Fraction
    max_price_fen: int | None
    min_discount_bp: int | None
    reference_fen: int | None
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one viewer sees; ``own`` is None for everybody but a bidder."""

    shared: Shared
    own: Own | None = None

    @property
    def mark(self) -> str:
        """Names this very sight in every process: the event's id. What nobody else may see is in no one else's mark."""
        place = ".".join(str(each) for each in self.shared.place)
        if self.own is None:
            return place
        return f"{place}-{len(self.own.receipts)}{'' if self.own.barrier != 'proof_needed' else 'p'}"


def place_in(mark: str) -> Place | None:
    """The place that a mark names; None for what is no mark."""
    parts = mark.partition("-")[0].split(".")
    if len(parts) != len(Place._fields) or not all(each.isascii() and each.isdigit() for each in parts):
        return None
    return Place(*(int(each[:9]) for each in parts))


def seen_by(state: RoomState, viewer: Viewer) -> Seen:
    """What this viewer sees of the room; an agency that is not in the selection sees what everybody sees."""
    shared = shared_of(state)
    return Seen(shared, own_of(state, shared, viewer))


def shared_of(state: RoomState) -> Shared:
    """What everybody sees."""
    number = numbers(state.selection)
    phase, ruled = phase_of(state), state.ruled
    extension = state.live.terms.extension
    current = state.room.current
    counts = current is not None and current.kind == "open" and extension is not None
    return Shared(
        phase=phase,
        place=_place(state),
        room=state.room,
        next_change=rooms.next_change(state.live, at=state.at) if phase in {"before", "round", "break"} else None,
        extensions_left=extension.limit - current.extensions_used if counts and extension and current else None,
        eliminated=tuple(sorted(number[one.bidder] for each in state.live.closed for one in each.eliminated)),
        outcome=ruled.outcome if ruled else None,
        winner=number.get(ruled.winner) if ruled and ruled.winner else None,
        names={number[who]: name for who, name in ruled.names.items() if who in number} if ruled else None,
        pausing=state.pausing,
    )


def phase_of(state: RoomState) -> Phase:
    """In one word, what the room is at."""
    if state.selection.cancelled_at is not None:
        return "cancelled"
    if state.ruled is not None:
        return "over"
    if state.pausing is not None:
        return "suspended"
    current = state.room.current
    if current is None:
        return "settling"
    if current.status == "open":
        return "round"
    return "before" if current.number == 1 else "break"


def hidden_from(state: RoomState) -> datetime | None:
    """From when on offers are hidden: since the opening of the sealed round under way; None: nothing is."""
    current = state.room.current
    if state.ruled is not None or current is None or current.kind != "sealed" or current.status != "open":
        return None
    return current.opens_at


def _place(state: RoomState) -> Place:
    since, current = hidden_from(state), state.room.current
    hidden = 0 if since is None else sum(one.at >= since for one in state.placed)
    is_open = current is not None and current.status == "open"
    voids = sum(one.voided_at is not None for one in state.selection.participants.values())
    return Place(state.events - hidden, 2 * len(state.live.closed) + is_open, voids)


def own_of(state: RoomState, shared: Shared, viewer: Viewer) -> Own | None:
    """The viewer's own part, None for whoever is no bidder here."""
    me = state.selection.participants.get(viewer.who) if viewer.kind == "bidder" else None
    if me is None:
        return None
    number, live = numbers(state.selection)[me.bidder], state.live
    barrier = _barrier(state, shared, me, viewer)
    has_value = bool(live.pricing.day_value_fen)
    bound = rooms.bound(live, me.bidder) if not has_value and live.terms.rounds else None
    return Own(
        number=number,
        admitted_at=me.admitted_at,
        voided_at=me.voided_at,
        standing=next((one for one in state.room.standing if one.number == number), None),
        barrier=barrier,
        limit=_limit(live, me.bidder),
        coefficient=Fraction(*live.pricing.coefficient(me.bidder)),
        max_price_fen=bound.max_price_fen if bound else None,
        min_discount_bp=bound.min_discount_bp if bound else None,
        reference_fen=_reference(live, me.bidder),
        receipts=tuple(_receipt(state, one) for one in reversed(state.placed) if one.bidder == me.bidder),
    )


def _barrier(state: RoomState, shared: Shared, me: Participant, viewer: Viewer) -> Barrier:
    by_phase: Mapping[Phase, Barrier] = {
        "before": "not_begun", "break": "in_break", "suspended": "suspended", "settling": "closed", "over": "closed",
        "cancelled": "closed",
    }  # fmt: skip
    if me.voided_at is not None:
        return "out"
    bound = rooms.bound(state.live, me.bidder, days=1)
    if bound.barrier == "eliminated":
        return "eliminated"
    if shared.phase in by_phase:
        return by_phase[shared.phase]
    if bound.barrier == "no_price_left":
        return "no_price_left"
    return "" if viewer.is_proved else "proof_needed"


def _limit(live: State, bidder: str) -> Fraction | None:
    """Reference less one step: the bidder's own standing offer, or the best one where the terms say so."""
    reference = live.standing.get(bidder) if live.terms.step_basis == "own" else live.best
    if reference is None:
        return None
    return Fraction(*live.pricing.fraction(reference.effective)) - live.terms.step_fen


def _reference(live: State, bidder: str) -> int | None:
    """The price that a drop is told against: one's own standing one, before it the ceiling is."""
    standing = live.standing.get(bidder)
    return None if standing is None else standing.price_fen


def _receipt(state: RoomState, one: Placed) -> Receipt:
    since = hidden_from(state)
    within = next((each.view.number for each in state.room.rounds if _is_in(one.at, each.view)), None)
    if since is not None and one.at >= since:
        return Receipt(one.number, within, one.at, one.digest, None, None, None, None, one.reason, is_sealed=True)
    pricing = state.live.pricing
    lacks_days = bool(pricing.day_value_fen) and one.days is None
    effective = None if lacks_days else Fraction(pricing.effective(one.bidder, one.price_fen, one.days), pricing.unit)
    return Receipt(
        one.number, within, one.at, one.digest, one.price_fen, one.days, one.discount_bp, effective, one.reason
    )


def _is_in(at: datetime, view: rooms.RoundView) -> bool:
    return view.opens_at <= at < view.closes_at
