"""What a viewer sees of a room, as values and parts of the page; page and live updates show the very same parts.

Nothing is decided here: ``rooms.seen`` has said what may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

from markupsafe import Markup

from bidding.reading.terms import parse_demand_terms
from bidding.rules import rule
from commons.money import BASIS, half_up
from commons.verdicts import Reason
from marketplace.rooms.course import StandingNow, numbers
from marketplace.rooms.seen import Own, Receipt, Seen, Shared
from marketplace.rooms.state import Pausing
from marketplace.usecases.read_live_room import LiveRoom
from marketplace.web.casework.terms import terms_view
from marketplace.web.locale.reasons import reason_text
from marketplace.web.locale.room_words import BARRED, PHASES, UNTIL, after_words, countdown
from marketplace.web.page_frame import PageFrame
from marketplace.web.pages.naming import agency_of, stem
from marketplace.web.render import environment
from marketplace.web.round_chart import Zone, step_chart
from marketplace.web.views.demands import BestPoint, Halted
from marketplace.web.views.parts import AgencyRef
from marketplace.web.views.room import OwnRoom, ReceiptLine, RoundLine, RoundState, SharedRoom, StandingLine

MAX_STANDING = 50
"""Rows of the standing table; the award's page has all."""
MAX_POINTS = 200
"""Points of the chart: the first, and the newest ones."""
SHARED_PARTS = ("state", "left", "round", "best", "course", "standing", "rounds")
OWN_PARTS = ("mine", "range", "receipts")
_STATES: Mapping[str, RoundState] = MappingProxyType({"ahead": "coming", "open": "open", "closed": "closed"})


def shared_view(room: LiveRoom, shared: Shared, *, mine: int | None = None) -> SharedRoom:
    """What everybody sees; in the chart the dots of the bidder of number ``mine`` are filled."""
    demand, terms = room.demand, parse_demand_terms(dict(room.state.selection.terms))
    rounds = _rounds(shared)
    current = shared.room.current
    standing = tuple(_standing(one, shared, room) for one in shared.room.standing)
    points = tuple(BestPoint(one.at, one.effective, one.number) for one in shared.room.course)
    bests = points if len(points) <= MAX_POINTS else (points[0], *points[-MAX_POINTS + 1 :])
    left = None if shared.next_change is None else max(0, int((shared.next_change - room.now).total_seconds()))
    return SharedRoom(
        phase=shared.phase,
        at=room.now,
        next_change=shared.next_change,
        terms=terms_view(terms),
        rounds=rounds,
        current=next((one for one in rounds if current is not None and one.number == current.number), None),
        standing=standing[:MAX_STANDING],
        hidden=max(0, len(standing) - MAX_STANDING),
        has_course=bool(points),
        chart=_chart(rounds, bests, mine),
        bidders=shared.room.bidders,
        accepted=shared.room.accepted,
        refused=shared.room.refused,
        extensions_left=shared.extensions_left,
        eliminated=tuple(stem(one) for one in shared.eliminated),
        selection=room.state.selection.id,
        demand_id=demand.id,
        outcome=shared.outcome,
        winner=_winner(room, shared),
        paused=_paused(shared.pausing),
        phase_words=PHASES[shared.phase],
        until_words=UNTIL.get(shared.phase, "本轮剩余"),
        countdown="—" if left is None else countdown(left),
        after_words=after_words(current.survivors, current.number, shared.room.planned) if current else "",
    )


def _rounds(shared: Shared) -> tuple[RoundLine, ...]:
    bests = [one.best for one in shared.room.rounds]
    drops = [None, *(_drop(before, after) for before, after in pairwise(bests))]
    return tuple(
        RoundLine(
            one.view.number, one.view.kind, one.view.opens_at, one.view.closes_at, _STATES[one.view.status],
            one.view.extensions_used, one.view.survivors, one.alive, one.best, drop,
        )
        for one, drop in zip(shared.room.rounds, drops, strict=True)
    )  # fmt: skip


def _drop(before: Fraction | None, after: Fraction | None) -> int | None:
    if before is None or after is None or before <= 0:
        return None
    return half_up((before - after) * BASIS / before)


def _standing(one: StandingNow, shared: Shared, room: LiveRoom) -> StandingLine:
    name = (shared.names or {}).get(one.number)
    uscc = "" if name is None else next(who for who, n in numbers(room.state.selection).items() if n == one.number)
    return StandingLine(
        one.rank, one.number, stem(one.number), one.price_fen, one.effective, one.at, one.days, one.discount_bp,
        AgencyRef(uscc, name) if name else None, one.number == shared.winner,
    )  # fmt: skip


def _winner(room: LiveRoom, shared: Shared) -> AgencyRef | None:
    ruled = room.state.ruled
    return agency_of(ruled.winner, ruled.names) if ruled and ruled.winner and shared.outcome == "award" else None


def _paused(pausing: Pausing | None) -> Halted | None:
    return None if pausing is None else Halted(pausing.since, pausing.by, pausing.reason)


def own_view(seen: Seen, shared: SharedRoom) -> OwnRoom | None:
    """A bidder's own part, None for everybody else."""
    own = seen.own
    if own is None:
        return None
    place = next((one for one in shared.standing if one.number == own.number), None)
    best = shared.best
    return OwnRoom(
        number=own.number,
        label=stem(own.number),
        place=place,
        of=len(seen.shared.room.standing),
        above_best=place.effective - best.effective if place and best and place.rank > 1 else None,
        barrier=own.barrier,
        barred=BARRED.get(own.barrier, ""),
        limit=own.limit,
        highest_fen=own.max_price_fen,
        least_discount_bp=own.min_discount_bp,
        reference_fen=_reference(own, shared),
        coefficient=own.coefficient,
        round_number=shared.current.number if shared.current else None,
        receipts=tuple(_receipt(one) for one in own.receipts),
        is_out=own.barrier in {"out", "eliminated"},
    )


def _reference(own: Own, shared: SharedRoom) -> int:
    return shared.terms.ceiling_fen if own.reference_fen is None else own.reference_fen


def _receipt(one: Receipt) -> ReceiptLine:
    refusal = "" if one.reason is None else reason_text(Reason(one.reason, rule("5")))
    return ReceiptLine(
        one.number, one.round_number, one.at, one.digest, one.price_fen, one.days, one.discount_bp, one.effective,
        refusal, one.is_sealed,
    )  # fmt: skip


def _chart(rounds: tuple[RoundLine, ...], bests: tuple[BestPoint, ...], mine: int | None) -> Markup:
    """The best effective price over the rounds; one's own dots filled."""
    zones = tuple(
        Zone(one.number, one.kind == "sealed", one.opens_at, one.closes_at, is_now=one.state == "open")
        for one in rounds
    )
    return step_chart(zones, bests, "各轮最优有效价走势，数据见下表", mine=mine)


class RoomParts:
    """Makes the parts of the page that a live update replaces, by their names in it."""

    def __init__(self) -> None:
        """Nothing was made yet."""
        self._last: tuple[LiveRoom, SharedRoom] | None = None

    def shared(self, room: LiveRoom, shared: Shared) -> Mapping[str, str]:
        """What everybody is shown."""
        return parts(SHARED_PARTS, self._view(room, shared), None)

    def own(self, room: LiveRoom, seen: Seen) -> Mapping[str, str]:
        """What this bidder alone is shown."""
        shared = self._view(room, seen.shared)
        return parts(OWN_PARTS, shared, own_view(seen, shared))

    def _view(self, room: LiveRoom, shared: Shared) -> SharedRoom:
        if self._last is None or self._last[0] is not room:
            self._last = (room, shared_view(room, shared))
        return self._last[1]


def parts(names: tuple[str, ...], shared: SharedRoom, own: OwnRoom | None) -> dict[str, str]:
    """The named parts as HTML, as the page has them."""
    frame = PageFrame(path="/", at=shared.at)
    return {
        name: environment().get_template(f"parts/room_{name}.html").render(shared=shared, own=own, frame=frame)
        for name in names
    }
