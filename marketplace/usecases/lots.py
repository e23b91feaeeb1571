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
from datetime import datetime

from bidding.selection import Selection
from marketplace.usecases.settlement import Facts, Matter, Others, Settlement, settlement


@dataclass(frozen=True, slots=True)
class LotNow:
    """A lot as it was left: ``last_at`` is when something happened in it last, ``due_at`` when settling has work."""

    state: Selection
    facts: Facts
    matter: Matter
    last_at: datetime
    due_at: datetime | None


def settle_lots(lots: Sequence[LotNow], *, at: datetime) -> tuple[Settlement, ...]:
    """Everything the clock has brought by ``at`` to these lots, in declared order; one alone is simply settled."""
    if len(lots) == 1:
        return (settlement(lots[0].state, lots[0].facts, lots[0].matter, at=at),)
    done = [Settlement(lot.state, due_at=lot.due_at) for lot in lots]
    moment: datetime | None = None
    while moment != at:
        ahead = [one for one in _instants(lots, done) if one <= at and (moment is None or one > moment)]
        moment = min(ahead, default=at)
        for place, lot in enumerate(lots):
            matter = replace(lot.matter, others=_others(done, place))
            done[place] = _settled(done[place], replace(lot, matter=matter), at=moment)
    return tuple(done)


def _instants(lots: Sequence[LotNow], done: Sequence[Settlement]) -> list[datetime]:
    """When something is due in any lot, or somebody was voided since anything happened in it."""
    due = [one.due_at for one in done if one.due_at is not None]
    voided = [
        bidder.voided_at
        for lot in lots
        for bidder in lot.state.participants.values()
        if bidder.voided_at is not None and bidder.voided_at > lot.last_at
    ]
    return [*due, *voided]


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


def _others(done: Sequence[Settlement], place: int) -> Others:
    """What the other lots mean for the one at ``place``: awards held in all, awards to come in the earlier ones."""
    won = Counter(holder for index, one in enumerate(done) if index != place and (holder := _holder(one.state)))
    opened = [one.state for one in done[:place] if _is_open(one.state)]
    may_win = Counter(who for state in opened for who, one in state.participants.items() if one.voided_at is None)
    return Others(won, may_win, opened[0].id if opened else None)


def _holder(state: Selection) -> str | None:
    """Who holds the award of a lot, proposed or confirmed."""
    return None if state.is_unsuccessful or state.cancelled_at is not None else state.proposed


def _is_open(state: Selection) -> bool:
    """Whether somebody may still win the lot."""
    return state.decision is None and not state.is_unsuccessful and state.cancelled_at is None
