"""Readings of a multi-round selection for the use cases and the pages: rounds, standing offers, bounds.

Invariant: nothing here reads an offer of a sealed round before its close. Advance the state to the instant of the
reading first. Source: selection.md section 5, trust.md section 1.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from bidding.discount import least_discount_bp
from bidding.rounds import Standing, State
from bidding.terms import RoundKind

RoundStatus = Literal["closed", "open", "ahead"]
Barrier = Literal["selection_closed", "not_admitted", "eliminated", "no_price_left"]


class RoundView(NamedTuple):
    """A round as it stands now: instants after the extensions so far; ``number`` from 1."""

    number: int
    kind: RoundKind
    opens_at: datetime
    closes_at: datetime
    extensions_used: int
    survivors: int | None
    status: RoundStatus


class StandingView(NamedTuple):
    """A visible standing offer: offered price in fen and the effective one as a fraction in lowest terms."""

    bidder: str
    price_fen: int
    days: int | None
    effective: tuple[int, int]
    seq: int
    discount_bp: int | None = None


class Bound(NamedTuple):
    """The highest price in fen a bidder may offer now; None with the barrier that stands before it.

    ``min_discount_bp`` is the lowest rate that means such a price, under the price basis ``discount_rate`` only.
    """

    max_price_fen: int | None
    barrier: Barrier | None = None
    min_discount_bp: int | None = None


def rounds_of(state: State, *, at: datetime) -> tuple[RoundView, ...]:
    """All rounds in order; after too few remained, those that do not take place are left out."""
    views: list[RoundView] = []
    for index, round in enumerate(state.terms.rounds):
        if index < len(state.closed):
            done = state.closed[index]
            opens, closes, used = done.opened_at, done.closes_at, done.extensions
        elif state.too_few:
            break
        else:
            first = index == len(state.closed)
            opens = round.opens_at + (state.shift_at_opening if first else state.shift)
            closes, used = round.closes_at + state.shift, state.extensions if first else 0
        status: RoundStatus = "closed" if closes <= at else "open" if opens <= at else "ahead"
        views.append(RoundView(index + 1, round.kind, opens, closes, used, round.survivors, status))
    return tuple(views)


def current_round(state: State, *, at: datetime) -> RoundView | None:
    """The first round not yet closed, open or ahead; None when the selection is over."""
    return next((view for view in rounds_of(state, at=at) if view.status != "closed"), None)


def next_change(state: State, *, at: datetime) -> datetime | None:
    """The next opening or close after ``at``; None when there is none."""
    view = current_round(state, at=at)
    if view is None:
        return None
    return view.closes_at if view.status == "open" else view.opens_at


def standing_offers(state: State) -> tuple[StandingView, ...]:
    """Standing offers (fen) of those alive, lowest effective price first, then as received."""
    entries = sorted(state.standing.values(), key=lambda entry: (entry.effective, entry.seq))
    return tuple(_view(state, entry) for entry in entries)


def best_standing(state: State) -> StandingView | None:
    """The lowest effective price (fen, a fraction) that stands, None before the first."""
    return None if state.best is None else _view(state, state.best)


def standing_of(state: State, bidder: str) -> StandingView | None:
    """The bidder's own standing offer (fen), None without one."""
    entry = state.standing.get(bidder)
    return None if entry is None else _view(state, entry)


def bound(state: State, bidder: str, *, days: int | None = None) -> Bound:
    """The highest price in fen an offer of this bidder could be accepted with now; ``days`` where days have a value.

    Source: selection.md section 5, step.
    """
    if state.is_finished:
        return Bound(None, "selection_closed")
    if bidder not in state.bidders or bidder in state.voided:
        return Bound(None, "not_admitted")
    if bidder not in state.alive:
        return Bound(None, "eliminated")
    terms, pricing = state.terms, state.pricing
    reference = state.standing.get(bidder) if terms.step_basis == "own" else state.best
    highest = terms.ceiling_fen
    if reference is not None:
        limit = reference.effective - terms.step_fen * pricing.unit
        highest = min(highest, pricing.highest_price_fen(bidder, limit, days))
    if highest <= 0:
        return Bound(None, "no_price_left")
    if terms.price_basis == "fen":
        return Bound(highest)
    least = least_discount_bp(terms.ceiling_fen, highest)
    return Bound(None, "no_price_left") if least is None else Bound(highest, min_discount_bp=least)


def _view(state: State, entry: Standing) -> StandingView:
    effective = state.pricing.fraction(entry.effective)
    return StandingView(entry.bidder, entry.price_fen, entry.days, effective, entry.seq, entry.discount_bp)
