"""Lots under a cap: what selections of one notice mean for each other, and settling them together, in their order.

Invariants: nobody holds more lots than the cap, whoever abandons or is restricted when; a lot waits only where an
earlier one could make the cap bind in it; looked at late, the lots stand as they would have had every clock been seen
on time: instants are gone through one after another, at each the lots in declared order. Source: selection.md
section 1, docs/adr/0015.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bidding.caps import entrants
from bidding.selection import Selection
from marketplace.usecases.settlement import Facts, Matter, Others, Settlement, settlement

LOOK_AGAIN = timedelta(minutes=10)
"""How long the ticker leaves an award alone that waits for somebody's act; whoever acts settles it at once."""


@dataclass(frozen=True, slots=True)
class LotNow:
    """A lot as it was left: ``last_at`` is when something happened in it last, ``due_at`` when settling has work."""

    state: Selection
    facts: Facts
    matter: Matter
    last_at: datetime
    due_at: datetime | None


def settle_lots(lots: Sequence[LotNow], *, at: datetime) -> tuple[Settlement, ...]:
    """Everything the clock has brought by ``at`` to these lots, in declared order; one alone goes the same way.

    At each instant at which something is due the lots are gone through until nothing happens any more: what one brings
    may change another. An award that waits for somebody's act has no such instant, however long it waits; what its lock
    row says then (``LOOK_AGAIN``) is for the ticker alone.
    """
    done = [Settlement(lot.state, due_at=lot.due_at) for lot in lots]
    settled_at = max(lot.last_at for lot in lots)
    moment: datetime | None = None
    while moment != at:
        last = settled_at if moment is None else moment
        moment = min((one for one in _instants(lots, done) if last < one <= at), default=at)
        count = -1
        while count != (count := sum(len(one.acts) for one in done)):
            for place, lot in enumerate(lots):
                matter = replace(lot.matter, others=_others(done, place, at=moment))
                done[place] = _settled(done[place], replace(lot, matter=matter), at=moment)
    return tuple(_looked_at_again(one, at=at) for one in done)


def _looked_at_again(one: Settlement, *, at: datetime) -> Settlement:
    """The same with the instant at which the ticker looks again at an award that no clock will change."""
    waits = one.lock_state == "proposed" and one.due_at is None
    return replace(one, due_at=at + LOOK_AGAIN) if waits else one


def _instants(lots: Sequence[LotNow], done: Sequence[Settlement]) -> list[datetime]:
    """When something is due in any lot, somebody is voided, or a hold for review ends."""
    due = [one.due_at for one in done if one.due_at is not None]
    people = (bidder for lot in lots for bidder in lot.state.participants.values())
    holds = (hold for lot in lots for each in lot.matter.holds.values() for hold in each)
    ruled = (hold.ruled_at for hold in holds if hold.ruled_at is not None)
    return [*due, *ruled, *(bidder.voided_at for bidder in people if bidder.voided_at is not None)]


def _settled(before: Settlement, lot: LotNow, *, at: datetime) -> Settlement:
    """One lot settled by that instant, knowing no later void; its acts behind those it had."""
    everybody = before.state.participants
    known = {
        who: replace(one, voided_at=None) if one.voided_at is not None and one.voided_at > at else one
        for who, one in everybody.items()
    }
    state = replace(before.state, participants=known)
    matter = replace(lot.matter, lock_state=before.lock_state or lot.matter.lock_state)
    after = settlement(state, lot.facts, matter, at=at)
    touched = after.lock_state is not None
    return Settlement(
        state=replace(after.state, participants=everybody),
        acts=(*before.acts, *after.acts),
        lock_state=after.lock_state if touched else before.lock_state,
        due_at=after.due_at if touched else before.due_at,
        closes_at=after.closes_at if after.closes_at is not None else before.closes_at,
        result=after.result if after.result is not None else before.result,
        live=after.live if touched else before.live,
    )


def _others(done: Sequence[Settlement], place: int, *, at: datetime) -> Others:
    """What the other lots mean for the one at ``place`` at that instant.

    Awards held count in all of them, awards to come in the earlier ones: anybody's in a lot that still takes offers,
    for who is in it is nobody's business yet, else those of whoever may still win it.
    """
    won = Counter(holder for index, one in enumerate(done) if index != place and (holder := _holder(one.state)))
    opened = [one.state for one in done[:place] if _is_open(one.state)]
    may_win = Counter(
        who
        for state in opened
        for who in entrants(state)
        if (voided_at := state.participants[who].voided_at) is None or voided_at > at
    )
    collecting = sum(state.closed_at is None for state in opened)
    return Others(won, may_win, opened[0].id if opened else None, collecting)


def _holder(state: Selection) -> str | None:
    """Who holds the award of a lot, proposed or confirmed."""
    return None if state.is_unsuccessful or state.cancelled_at is not None else state.proposed


def _is_open(state: Selection) -> bool:
    """Whether somebody may still win the lot."""
    return state.decision is None and not state.is_unsuccessful and state.cancelled_at is None
