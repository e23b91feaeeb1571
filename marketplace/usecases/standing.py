"""Where a selection stands: its record folded under its locks, and what the clock has brought since, persisted.

Opening and closing are lazy: any write after the instant first settles here and persists it; a read folds to the same
state in memory (``settlement``) and writes nothing; the ticker only makes it prompt.
Source: trust.md section 1, selection.md section 2.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import cast

from agencies import store as agencies
from agencies.life import Life
from bidding import store as bidding
from bidding.rounds import State
from bidding.selection import Selection, fold
from commons.errors import NotFound
from commons.events import Actor
from commons.instants import parse_instant
from credit import store as credit
from credit.restrictions import Restriction
from marketplace.database import Connection
from marketplace.demands import store as demands
from marketplace.demands.demand import publicity
from marketplace.demands.outcomes import Standing
from marketplace.demands.store import Demand
from marketplace.record.store import Act, append, load
from marketplace.usecases.act import Caller, clock, require
from marketplace.usecases.awarding import LAPSED
from marketplace.usecases.fitness_now import Judged, with_fitness
from marketplace.usecases.holding import holds_now
from marketplace.usecases.lots import LotNow, settle_lots
from marketplace.usecases.record_credit_fact import RecordCreditFact, append_fact, credits_as_of
from marketplace.usecases.rules_in_force import profile_of
from marketplace.usecases.settlement import Matter, Settlement, rounds_at

SYSTEM = Actor("system", "settling")
ABANDONED = "award_abandoned"
"""The rulebook's code for an award given up, by an act or by silence."""
AHEAD = timedelta(seconds=20)
"""Longer than every lock of one act may be waited for together."""


async def selection_state(connection: Connection, identifier: str) -> Selection:
    """The selection as its record and its voids make it."""
    recorded = await load(connection, [f"selection/{identifier}"])
    return fold(identifier, recorded, (await bidding.voids(connection, [identifier])).get(identifier, {}))


@dataclass(frozen=True, slots=True)
class Held:
    """A selection held for writing: settled by ``at``, an instant asked for after every lock was held."""

    lock: bidding.Lock
    state: Selection
    at: datetime
    restrictions: Mapping[str, tuple[Restriction, ...]]
    lives: Mapping[str, Life] = field(default_factory=dict)


async def hold_selection(
    connection: Connection, identifier: str, *, own: Sequence[str] = (), alone: str | None = None
) -> Held:
    """Lock the row, then the status rows of its bidders and ``own`` shared; only then read, ask the clock, settle.

    Every writer comes in here: a restriction or credit fact of any bidder is either seen or comes later (ADR 0006).
    ``alone`` is an agency about which this very act records a credit fact: its row is locked alone in its place in the
    order, never shared first (ADR 0010). ``restrictions`` are those of ``own``, ``lives`` those of them that are not
    active. An unknown selection is ``NotFound``.
    """
    locks = await bidding.lock_with_lots(connection, identifier)
    lock = next((one for one in locks if one.id == identifier), None)
    if lock is None:
        raise NotFound("selection", identifier)
    lots = [one.id for one in locks]
    who_lapses = await lapsing(connection, locks)
    apart = who_lapses if alone is None else {*who_lapses, alone}
    await _lock_status(connection, {*own, *await bidding.bidders(connection, lots)}, apart)
    voids = await bidding.voids(connection, lots)
    held = await credit.restrictions(connection, sorted(own))
    lives = await agencies.dormant(connection, sorted(own))
    starts = [one.starts_at for each in held.values() for one in each]
    voided = [at for each in voids.values() for at in each.values()]
    at = await clock(connection, *(one.last_at for one in locks), *voided, *starts)
    state = await settle(connection, lock, await selection_state(connection, identifier), at=at)
    return Held(lock, state, at, held, lives)


async def _lock_status(connection: Connection, who: set[str], alone: Collection[str]) -> None:
    """Lock status rows in order of id, some of them alone; an agency not on file has none."""
    for apart, group in groupby(sorted({*who, *alone}), key=lambda one: one in alone):
        if apart:
            for one in group:
                await agencies.lock_alone(connection, one)
        else:
            await agencies.lock_shared(connection, list(group))


async def lapsing(connection: Connection, locks: Sequence[bidding.Lock]) -> set[str]:
    """Whose awards may lapse while this act settles: each gets a credit fact, its row is locked alone (ADR 0022).

    Found as settling will find it, ``AHEAD`` of the clock, so that waiting for locks makes nobody lapse unforeseen.
    """
    by = await clock(connection, *(one.last_at for one in locks)) + AHEAD
    if not [one for one in locks if await _may_lapse(connection, one, by=by)]:
        return set()
    found = [
        (await _lot_now(connection, one, await selection_state(connection, one.id), at=by))[0]
        for one in locks
        if one.state != "closed" or one.anchor is not None
    ]
    if not any(lot.state.needs_confirmation for lot in found):
        return set()
    by = max([by, *(lot.last_at for lot in found)])
    return {str(act.data["bidder"]) for done in settle_lots(found, at=by) for act in done.acts if act.type == LAPSED}


async def _may_lapse(connection: Connection, lock: bidding.Lock, *, by: datetime) -> bool:
    """Whether an award of the selection can have lapsed by then: cheap to say, and no for nearly all."""
    if lock.due_at is None or lock.due_at > by or lock.mode == "instant":
        return False
    if lock.state == "proposed":
        return True
    demand = await demands.demand_by_id(connection, lock.demand)
    assert demand is not None, "a selection belongs to a demand"
    profile = profile_of(demand)
    if "award_confirmation" not in profile.values:
        return False
    shown_until = publicity(profile, demand.buyer_class, at=lock.due_at).at
    return profile.after("award_confirmation", shown_until).at <= by


async def barring_items(connection: Connection, held: Held) -> tuple[str, ...]:
    """The items of a held selection where a restriction of ``own`` is narrowed to some; else none, and no query."""
    if not any(one.items for each in held.restrictions.values() for one in each):
        return ()
    demand = await demands.demand_by_id(connection, held.lock.demand)
    assert demand is not None, "a selection belongs to a demand"
    return demand.items


async def live_rounds(connection: Connection, state: Selection, *, at: datetime) -> State:
    """The rounds of a multi-round selection at that instant: every offer so far, every close due."""
    return rounds_at(state, await credits_as_of(connection, sorted(state.participants), at=at), at=at)


def standing(state: Selection) -> Standing:
    """A settled selection as the rules of what follows an outcome look at it."""
    planned = cast("list[dict[str, str]]", state.terms.get("rounds") or [])
    suspended = state.suspension
    return Standing(
        is_instant=state.mode == "instant",
        has_ruling=state.closed_at is not None,
        is_confirmed=state.is_confirmed,
        is_unsuccessful=state.is_unsuccessful,
        cancelled_at=state.cancelled_at,
        suspended_at=suspended.since if suspended is not None else None,
        suspended_by=suspended.by if suspended is not None else None,
        first_round_at=parse_instant(planned[0]["opens_at"]) if planned else None,
        is_drawn="draw" in (state.case or state.evaluated_case or {}),
    )


async def require_owner(connection: Connection, caller: Caller, act: str, demand: str) -> None:
    """Refuses (``Forbidden``) whoever may not do the act on a demand of this owner, in its region."""
    found = await demands.demand_by_id(connection, demand)
    assert found is not None, "a selection belongs to a demand"
    require(caller, act, own=found.owner_code, region=found.region, items=found.items)


async def follow(
    connection: Connection, state: Selection, acts: Sequence[Act], *, actor: Actor, at: datetime
) -> Selection:
    """Append acts to a selection that is held, then settle what follows from them at once; returns the state after."""
    await append(connection, f"selection/{state.id}", acts, actor=actor, at=at)
    await bidding.note(connection, state.id, at=at)
    lock = await lock_again(connection, state.id)
    return await settle(connection, lock, await selection_state(connection, state.id), at=at)


async def lock_again(connection: Connection, identifier: str) -> bidding.Lock:
    """The row of a selection that is held already, as it is after what was done to it since."""
    lock = await bidding.lock_selection(connection, identifier)
    assert lock is not None, "held"
    return lock


async def settle(connection: Connection, lock: bidding.Lock, state: Selection, *, at: datetime) -> Selection:
    """Persist what the clock has brought by ``at`` under the selection's lock; returns the state after it.

    Lots under a cap are settled together, in their order; whoever holds one holds them all.
    """
    if lock.anchor is None:
        if lock.state == "closed":
            return state
        lot, demand = await _lot_now(connection, lock, state, at=at)
        done = settle_lots([lot], at=at)[0]
        await _persist(connection, lock, demand, done, at=at)
        return done.state
    locks = await bidding.lock_with_lots(connection, lock.id)
    states = [state if one.id == lock.id else await selection_state(connection, one.id) for one in locks]
    found = [await _lot_now(connection, one, each, at=at) for one, each in zip(locks, states, strict=True)]
    every = settle_lots([lot for lot, _ in found], at=at)
    for one, (_, demand), done in zip(locks, found, every, strict=True):
        await _persist(connection, one, demand, done, at=at)
    return next(done.state for one, done in zip(locks, every, strict=True) if one.id == lock.id)


async def settle_others(connection: Connection, lock: bidding.Lock, *, at: datetime) -> None:
    """Settle the lots that hang together with one that was just ended, so that none waits for it any longer."""
    if lock.anchor is not None:
        await settle(
            connection, await lock_again(connection, lock.id), await selection_state(connection, lock.id), at=at
        )


async def _lot_now(
    connection: Connection, lock: bidding.Lock, state: Selection, *, at: datetime
) -> tuple[LotNow, Demand]:
    """A selection with what settling goes by, and its demand."""
    demand = await demands.demand_by_id(connection, lock.demand)
    assert demand is not None, "a selection belongs to a demand"
    facts = await credit.facts(connection, sorted(state.participants))
    holds = await holds_now(connection, sorted(state.participants))
    matter = Matter(lock.state, profile_of(demand), demand.buyer_class, holds=holds, rules=demand.rules)
    matter = (await with_fitness(connection, [Judged(demand.id, demand.items, demand.region, state, matter)], at=at))[
        state.id
    ]
    return LotNow(state, facts, matter, lock.last_at, lock.due_at), demand


async def _persist(
    connection: Connection, lock: bidding.Lock, demand: Demand, done: Settlement, *, at: datetime
) -> None:
    """Append what settling brought, and note it for the lists."""
    if done.acts:
        await append(connection, f"selection/{lock.id}", done.acts, actor=SYSTEM, at=at)
    if done.state.mode != "direct":
        for act in done.acts:
            if act.type == LAPSED:
                await _say_lapsed(connection, lock.id, str(act.data["bidder"]), at=at)
    if done.closes_at is not None and done.closes_at != demand.closes_at:
        await demands.mark_moved(connection, demand.id, closes_at=done.closes_at)
    if done.result is not None:
        await demands.mark_result(connection, demand.id, done.result)
    if done.lock_state is not None:
        await bidding.touch(connection, lock.id, state=done.lock_state, due_at=done.due_at, at=at)


async def _say_lapsed(connection: Connection, selection: str, agency: str, *, at: datetime) -> None:
    """A credit fact about an agency that let the time to confirm its award pass; its row is held alone."""
    fact = RecordCreditFact(agency=agency, code=ABANDONED, basis=f"逾期未确认 {selection} 的中选结果")
    await append_fact(connection, SYSTEM, fact, not_before=[at])
