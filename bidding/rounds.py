"""Multi-round pricing as a fold: the same steps live, offer by offer, and in a replay of the record.

A ``State`` is what follows from the terms, the bidders and the offers so far; it is never changed, a step gives a new
one. Rounds close lazily: any step at or after a close first settles it, with the admissions that ended by then.
Invariants: a round accepts ``opens_at ≤ at < closes_at``; a standing offer only ever falls; an offer of a sealed round
stands from its close on and is in no reading before; the state holds no list of past offers, so a step costs the
same however many went before. Source: selection.md sections 2, 5 and 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bidding.decision import ClosedRound, Eliminated, OfferRuling
from bidding.offers import Bidder, RoundOffer, own_refusals
from bidding.pricing import Pricing, pricing
from bidding.rules import rule
from bidding.terms import MultiRoundTerms
from commons.instants import format_instant
from commons.verdicts import Allowed, Param, Reason, Refused

_ACCEPTED = Allowed()


class Standing(NamedTuple):
    """有效报价: an offer that counts; ``effective`` in units of the selection's pricing, ``seq`` as received."""

    bidder: str
    price_fen: int
    days: int | None
    effective: int
    seq: int
    discount_bp: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A multi-round selection after some offers; everything in it is left alone once it is here.

    ``pending`` are the offers of the sealed round under way: nobody may be shown them before its close.
    """

    terms: MultiRoundTerms
    pricing: Pricing
    bidders: Mapping[str, Bidder]
    alive: frozenset[str]
    standing: Mapping[str, Standing]
    pending: Mapping[str, Standing]
    best: Standing | None
    voided: Mapping[str, datetime]
    voids_ahead: tuple[tuple[datetime, str], ...]
    closed: tuple[ClosedRound, ...]
    too_few: bool
    shift_at_opening: timedelta
    shift: timedelta
    extensions: int
    seq: int
    at: datetime | None

    @property
    def is_finished(self) -> bool:
        """Whether the last close is settled, or too few remained after the first."""
        return self.too_few or len(self.closed) == len(self.terms.rounds)


def begin(terms: MultiRoundTerms, bidders: Iterable[Bidder]) -> State:
    """The state before any offer; bidders are the admitted ones, their ids distinct: selection.md section 5."""
    given = tuple(bidders)
    ahead = sorted((bidder.voided_at, bidder.bidder) for bidder in given if bidder.voided_at is not None)
    known = {bidder.bidder: replace(bidder, voided_at=None) if bidder.voided_at else bidder for bidder in given}
    return State(
        terms=terms, pricing=pricing(terms, given), bidders=known, alive=frozenset(known), standing={}, pending={},
        best=None, voided={}, voids_ahead=tuple(ahead), closed=(), too_few=False, shift_at_opening=timedelta(),
        shift=timedelta(), extensions=0, seq=0, at=None,
    )  # fmt: skip


def advance(state: State, *, at: datetime) -> State:
    """Settle every close due by ``at`` and every admission ended by then; an earlier instant than seen: ValueError."""
    fold = Fold(state)
    fold.settle(at)
    return fold.freeze()


def void(state: State, bidder: str, *, at: datetime) -> State:
    """End a bidder's admission at an instant, the earliest of several: selection.md section 2.

    A close at that very instant or later must not be settled yet (ValueError); whoever is not a bidder or is voided
    already leaves the state as it is.
    """
    if state.closed and at <= state.closed[-1].closes_at:
        message = "a round that closed at that instant or later is settled already"
        raise ValueError(message)
    if bidder not in state.bidders or bidder in state.voided:
        return state
    ahead = [(when, who) for when, who in state.voids_ahead if who != bidder or when <= at]
    if all(who != bidder for _, who in ahead):
        ahead.append((at, bidder))
    return replace(state, voids_ahead=tuple(sorted(ahead)))


def place(state: State, offer: RoundOffer) -> tuple[State, OfferRuling]:
    """Settle what is due, then accept or refuse one offer (fen, days) by the first reason that applies.

    Instants must not run backwards (ValueError). Source: selection.md section 5, refusals.
    """
    fold = Fold(state)
    ruling = fold.place(offer)
    return fold.freeze(), ruling


def finish(state: State) -> State:
    """Settle every close that is left and every ended admission, whatever the instant: selection.md section 2."""
    fold = Fold(state)
    fold.finish()
    return fold.freeze()


def replay(
    terms: MultiRoundTerms, bidders: Iterable[Bidder], offers: Iterable[RoundOffer]
) -> tuple[State, tuple[OfferRuling, ...]]:
    """A whole record at once, offers in the order received: the finished state and the ruling of every offer."""
    fold = Fold(begin(terms, bidders))
    rulings = tuple(fold.place(offer) for offer in offers)
    fold.finish()
    return fold.freeze(), rulings


class Fold:
    """The work between two states: takes copies, changes them, gives a new state; never leaves this module's steps."""

    def __init__(self, state: State) -> None:
        """Copy what a step may change."""
        self.state = state
        self.terms, self.pricing = state.terms, state.pricing
        self.alive = set(state.alive)
        self.standing, self.pending, self.voided = dict(state.standing), dict(state.pending), dict(state.voided)
        self.best = state.best
        self.ahead = list(reversed(state.voids_ahead))
        self.closed, self.too_few = list(state.closed), state.too_few
        self.shift_at_opening, self.shift, self.extensions = state.shift_at_opening, state.shift, state.extensions
        self.seq, self.at = state.seq, state.at
        self._enter()

    def freeze(self) -> State:
        """The state after the steps."""
        return replace(
            self.state, alive=frozenset(self.alive), standing=self.standing, pending=self.pending, best=self.best,
            voided=self.voided, voids_ahead=tuple(reversed(self.ahead)), closed=tuple(self.closed),
            too_few=self.too_few, shift_at_opening=self.shift_at_opening, shift=self.shift,
            extensions=self.extensions, seq=self.seq, at=self.at,
        )  # fmt: skip

    def settle(self, at: datetime) -> None:
        """Close what is due by ``at``, each close with the admissions that ended by it; then those ended by ``at``."""
        if self.at is not None and at < self.at:
            message = "instants must not run backwards"
            raise ValueError(message)
        self.at = at
        while not self.done and self.closes_at <= at:
            self._end_admissions(self.closes_at)
            self._close()
        self._end_admissions(at)

    def finish(self) -> None:
        """Close everything that is left; admissions that ended later than the last close count as well."""
        while not self.done:
            self._end_admissions(self.closes_at)
            self._close()
        self._end_admissions(None)

    def place(self, offer: RoundOffer) -> OfferRuling:
        """Settle, then rule on one offer."""
        self.settle(offer.at)
        self.seq += 1
        effective, reason = self._judge(offer)
        if reason is not None:
            return OfferRuling(self.seq, Refused((reason,)))
        entry = Standing(offer.bidder, offer.price_fen, offer.days, effective, self.seq, offer.discount_bp)
        if self.round.kind == "sealed":
            self.pending[offer.bidder] = entry
            return OfferRuling(self.seq, _ACCEPTED)
        self.standing[offer.bidder] = entry
        if self.best is None or effective < self.best.effective:
            self.best = entry
        return OfferRuling(self.seq, _ACCEPTED, extended=self._extend(offer.at))

    def _enter(self) -> None:
        """Look up the round under way: the first one not yet closed."""
        self.done = self.too_few or len(self.closed) == len(self.terms.rounds)
        if not self.done:
            self.round = self.terms.rounds[len(self.closed)]
            self.opens_at = self.round.opens_at + self.shift_at_opening
            self.closes_at = self.round.closes_at + self.shift

    def _judge(self, offer: RoundOffer) -> tuple[int, Reason | None]:
        """Effective price and the first refusal that applies: selection.md section 5."""
        if self.done:
            return 0, Reason("selection_closed", rule("5"))
        if offer.at < self.opens_at:
            ahead: dict[str, Param] = {"round": len(self.closed) + 1, "opens_at": format_instant(self.opens_at)}
            return 0, Reason("round_not_open", rule("5"), ahead)
        if offer.bidder not in self.alive:
            admitted = offer.bidder in self.state.bidders and offer.bidder not in self.voided
            return 0, Reason("eliminated" if admitted else "not_admitted", rule("5"))
        terms = self.terms
        own = own_refusals(
            offer.price_fen, offer.days, ceiling_fen=terms.ceiling_fen, max_days=terms.max_days,
            discount_bp=offer.discount_bp,
        )  # fmt: skip
        if own:
            return 0, own[0]
        effective = self.pricing.effective(offer.bidder, offer.price_fen, offer.days)
        return effective, self._step_refusal(offer, effective)

    def _step_refusal(self, offer: RoundOffer, effective: int) -> Reason | None:
        terms = self.terms
        reference = self.standing.get(offer.bidder) if terms.step_basis == "own" else self.best
        if reference is not None and effective > reference.effective - terms.step_fen * self.pricing.unit:
            limit = reference.effective - terms.step_fen * self.pricing.unit
            highest = self.pricing.highest_price_fen(offer.bidder, limit, offer.days)
            numbers = {"price_fen": offer.price_fen, "step_fen": terms.step_fen, "highest_fen": highest}
            return Reason("step_not_met", rule("5"), numbers)
        base = terms.ceiling_fen if reference is None else reference.price_fen
        if terms.step_multiple and (base - offer.price_fen) % terms.step_fen:
            numbers = {"price_fen": offer.price_fen, "reference_fen": base, "step_fen": terms.step_fen}
            return Reason("not_a_step_multiple", rule("5"), numbers)
        return None

    def _extend(self, at: datetime) -> bool:
        """Move this close, and everything after it, when the accepted offer came inside the window."""
        extension = self.terms.extension
        if extension is None or self.extensions >= extension.limit:
            return False
        if self.closes_at - at > timedelta(seconds=extension.window_s):
            return False
        self.extensions += 1
        self.shift += timedelta(seconds=extension.extend_s)
        self.closes_at = self.round.closes_at + self.shift
        return True

    def _end_admissions(self, by: datetime | None) -> None:
        """Take out everybody whose admission ended by the instant; None takes all."""
        gone = False
        while self.ahead and (by is None or self.ahead[-1][0] <= by):
            at, bidder = self.ahead.pop()
            self.voided[bidder] = at
            self.alive.discard(bidder)
            self.pending.pop(bidder, None)
            gone = self.standing.pop(bidder, None) is not None or gone
        if gone:
            self._find_best()

    def _find_best(self) -> None:
        self.best = min(self.standing.values(), key=lambda entry: (entry.effective, entry.seq), default=None)

    def _close(self) -> None:
        """Close the round under way: sealed offers stand, the silent and the eliminated go."""
        self.standing.update(self.pending)
        self.pending.clear()
        silent: list[str] = []
        if not self.closed:
            silent = sorted(self.alive - self.standing.keys())
            self.alive.difference_update(silent)
            self.too_few = len(self.alive) < self.terms.min_bidders
        edge, eliminated = self._cut()
        self.closed.append(ClosedRound(
            len(self.closed) + 1, self.opens_at, self.closes_at, tuple(sorted(self.alive)), silent=tuple(silent),
            eliminated=eliminated, edge=edge, extensions=self.extensions,
        ))  # fmt: skip
        self.shift_at_opening, self.extensions = self.shift, 0
        self._find_best()
        self._enter()

    def _cut(self) -> tuple[tuple[int, int] | None, tuple[Eliminated, ...]]:
        """Put out everybody beyond the k-th best; equals at the edge all stay."""
        most = self.round.survivors
        if self.too_few or most is None or len(self.standing) <= most:
            return None, ()
        edge = sorted(entry.effective for entry in self.standing.values())[most - 1]
        beyond = sorted(bidder for bidder, entry in self.standing.items() if entry.effective > edge)
        out = [self.standing.pop(bidder) for bidder in beyond]
        self.alive.difference_update(beyond)
        cut = tuple(Eliminated(gone.bidder, gone.price_fen, self.pricing.fraction(gone.effective)) for gone in out)
        return (self.pricing.fraction(edge) if cut else None), cut
