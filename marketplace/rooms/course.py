"""What anybody may see of rounds under way: bidders by a number, nothing of a sealed round before its close.

Invariants: an offer of the sealed round under way is in no count, no price and no best; a bidder's number is its place
in the order of admission and stays while the selection runs. Source: selection.md section 5, trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from bidding import room, rounds
from bidding.assembling import case_of
from bidding.case import MultiRoundCase
from bidding.reading.case import parse_case
from bidding.room import RoundView
from bidding.rounds import State
from bidding.selection import Selection


@dataclass(frozen=True, slots=True)
class RoundNow:
    """One round: who is in it or went on after it, its best effective price in fen once that may be seen."""

    view: RoundView
    alive: int | None
    best: Fraction | None


@dataclass(frozen=True, slots=True)
class StandingNow:
    """A visible standing offer, by the bidder's number from 0."""

    rank: int
    number: int
    price_fen: int
    days: int | None
    effective: Fraction
    at: datetime
    discount_bp: int | None


@dataclass(frozen=True, slots=True)
class BestSince:
    """The best effective price from this instant on, in fen, and whose it is, by the bidder's number from 0."""

    at: datetime
    effective: Fraction
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """The rounds as they stand; ``planned`` rounds, ``bidders`` admitted; a sealed round's offers are uncounted."""

    planned: int
    bidders: int
    rounds: tuple[RoundNow, ...]
    current: RoundView | None
    standing: tuple[StandingNow, ...]
    course: tuple[BestSince, ...]
    accepted: int
    refused: int


class _Walk:
    """Goes through the offers once, noting the course of what could be seen."""

    def __init__(self, live: State, numbers: Mapping[str, int]) -> None:
        self.live, self.numbers = live, numbers
        self.course: list[BestSince] = []
        self.bests: list[Fraction | None] = []
        self.rulings: list[tuple[datetime, bool]] = []

    def reach(self, at: datetime) -> None:
        """Settle one close after the other up to the instant, noting the best at each."""
        while not self.live.is_finished and self._close() <= at:
            due = self._close()
            self.live = rounds.advance(self.live, at=max(due, self.live.at or due))
            self._note(due)
            self.bests.extend([self._best()] * (len(self.live.closed) - len(self.bests)))
        self.live = rounds.advance(self.live, at=max(at, self.live.at or at))

    def _close(self) -> datetime:
        return self.live.terms.rounds[len(self.live.closed)].closes_at + self.live.shift

    def _best(self) -> Fraction | None:
        best = room.best_standing(self.live)
        return None if best is None else Fraction(*best.effective)

    def _note(self, at: datetime) -> None:
        best = room.best_standing(self.live)
        if best is None:
            return
        effective = Fraction(*best.effective)
        if not self.course or effective != self.course[-1].effective:
            self.course.append(BestSince(at, effective, self.numbers[best.bidder]))

    def go(self, case: MultiRoundCase, *, at: datetime) -> None:
        """All offers in the order received, then the clock up to ``at``."""
        for offer in case.offers:
            self.reach(offer.at)
            self.live, ruling = rounds.place(self.live, offer)
            self.rulings.append((offer.at, ruling.accepted))
            self._note(offer.at)
        self.reach(at)


def room_of(state: Selection, credits: Mapping[str, int], *, at: datetime) -> Room:
    """The room of a multi-round selection at that instant; ``credits`` in hundredths."""
    return room_and_rounds(state, credits, at=at)[0]


def room_and_rounds(state: Selection, credits: Mapping[str, int], *, at: datetime) -> tuple[Room, State]:
    """The same with the rounds themselves, which hold sealed offers and are shown to nobody as they are."""
    case = parse_case(case_of(state, credits, draw=None))
    assert isinstance(case, MultiRoundCase), "rooms belong to multi-round selections"
    walk = _Walk(rounds.begin(case.terms, case.bidders), numbers(state))
    walk.go(case, at=at)
    live, current = walk.live, room.current_round(walk.live, at=at)
    hidden_from = current.opens_at if current and current.kind == "sealed" and current.status == "open" else None
    seen = [accepted for when, accepted in walk.rulings if hidden_from is None or when < hidden_from]
    seen_by_all = Room(
        planned=len(live.terms.rounds),
        bidders=len(live.bidders),
        rounds=tuple(_round(live, view, walk.bests) for view in room.rounds_of(live, at=at)),
        current=current,
        standing=_standing(state, live),
        course=tuple(walk.course),
        accepted=sum(seen),
        refused=len(seen) - sum(seen),
    )
    return seen_by_all, live


def numbers(state: Selection) -> dict[str, int]:
    """The bidders' numbers from 0, in the order of admission."""
    ordered = sorted(state.participants.values(), key=lambda one: (one.admitted_at, one.bidder))
    return {one.bidder: number for number, one in enumerate(ordered)}


def _round(live: State, view: RoundView, bests: Sequence[Fraction | None]) -> RoundNow:
    closed = len(live.closed)
    if view.number <= closed:
        return RoundNow(view, len(live.closed[view.number - 1].alive), bests[view.number - 1])
    if view.number > closed + 1 or view.status == "ahead":
        return RoundNow(view, None, None)
    best = room.best_standing(live) if view.kind == "open" else None
    return RoundNow(view, len(live.alive), None if best is None else Fraction(*best.effective))


def _standing(state: Selection, live: State) -> tuple[StandingNow, ...]:
    number = numbers(state)
    return tuple(
        StandingNow(
            rank, number[one.bidder], one.price_fen, one.days, Fraction(*one.effective),
            state.offers[one.seq - 1].at, one.discount_bp,
        )
        for rank, one in enumerate(room.standing_offers(live), 1)
    )  # fmt: skip
