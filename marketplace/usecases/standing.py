"""Where a selection stands: its record folded, and what the clock has brought since (settling).

Opening and closing are lazy: any write after the instant first settles here and persists it; a read folds to the same
state in memory and writes nothing; the ticker only makes it prompt. An award is proposed as of the closing instant,
so a late ticker changes nothing. Source: trust.md section 1, selection.md section 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from bidding import rounds
from bidding import store as bidding
from bidding.case import MultiRoundCase
from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.rounds import State
from bidding.selection import (
    Award,
    Selection,
    case_of,
    draw_inputs,
    fold,
    proposal,
    standing_offers,
)
from commons.canonical import Json
from commons.events import Actor
from commons.instants import format_instant
from marketplace.catalogue.profiles import rule_profile
from marketplace.database import Connection
from marketplace.demands import store as demands
from marketplace.demands.demand import publicity_until
from marketplace.demands.store import Demand, Result
from marketplace.record.store import Act, append, load
from marketplace.usecases.record_credit_fact import credits_as_of

SYSTEM = Actor("system", "settling")


async def selection_state(connection: Connection, identifier: str) -> Selection:
    """The selection as its record and its voids make it."""
    recorded = await load(connection, [f"selection/{identifier}"])
    return fold(identifier, recorded, await bidding.voids(connection, identifier))


async def live_rounds(connection: Connection, state: Selection, *, at: datetime) -> State:
    """The rounds of a multi-round selection at that instant: every offer so far, every close due."""
    credits = await credits_as_of(connection, sorted(state.participants), at=at)
    case = parse_case(case_of(state, credits, draw=None))
    assert isinstance(case, MultiRoundCase), "rounds belong to multi-round selections"
    live = rounds.begin(case.terms, case.bidders)
    for offer in case.offers:
        live, _ = rounds.place(live, offer)
    return rounds.advance(live, at=max([at, *(offer.at for offer in case.offers[-1:])]))


@dataclass(frozen=True, slots=True)
class Closing:
    """What settling found: acts to append, the decision once closed, when the next work is due, the last close now."""

    acts: tuple[Act, ...]
    decision: Mapping[str, Json] | None
    as_of: datetime | None
    due_at: datetime | None
    closes_at: datetime | None


async def closing(connection: Connection, state: Selection, *, at: datetime) -> Closing:
    """What the clock has brought by ``at`` for an undecided selection, as acts; writes nothing."""
    if state.mode == "multi_round":
        live = await live_rounds(connection, state, at=at)
        acts = [
            Act("round.closed", {"round": number, "closes_at": format_instant(one.closes_at), "alive": list(one.alive)})
            for number, one in enumerate(live.closed, start=1)
            if number > state.rounds_closed
        ]
        if not live.is_finished:
            return Closing(tuple(acts), None, None, next_close(live), last_close(live))
        as_of = live.closed[-1].closes_at
    elif state.mode == "comprehensive" and state.closes_at is not None and at >= state.closes_at:
        acts, as_of = [], state.closes_at
    else:
        return Closing((), None, None, state.closes_at, state.closes_at)
    case, decision = await decided(connection, state, as_of=as_of)
    final = decision["outcome"] in {"award", "unsuccessful"}
    name = "selection.decided" if final else "selection.evaluated"
    acts.append(Act(name, {"as_of": format_instant(as_of), "case": case, "decision": dict(decision)}))
    return Closing(tuple(acts), decision, as_of, None, as_of)


def next_close(live: State) -> datetime:
    """The moved close of the first round that is not closed."""
    return live.terms.rounds[len(live.closed)].closes_at + live.shift


def last_close(live: State) -> datetime:
    """The moved close of the last round."""
    return live.terms.rounds[-1].closes_at + live.shift


async def decided(
    connection: Connection, state: Selection, *, as_of: datetime
) -> tuple[dict[str, Json], Mapping[str, Json]]:
    """The case as of the closing instant and the engine's decision; draw inputs are opened only when it needs them."""
    credits = await credits_as_of(connection, sorted(state.participants), at=as_of)
    case = case_of(state, credits, draw=None, before=as_of)
    decision = decide(parse_case(case)).as_json()
    if decision["outcome"] == "draw_needed" and state.preimage and state.owner_nonce:
        lines = {line.bidder: line.nonce for line in standing_offers(state)}
        nonces = {bidder: nonce for bidder, nonce in lines.items() if nonce is not None}
        if nonces.keys() == lines.keys():
            case["draw"] = draw_inputs(state.preimage, nonces, state.owner_nonce)
            decision = decide(parse_case(case)).as_json()
    return case, decision


async def settle(connection: Connection, lock: bidding.Lock, state: Selection, *, at: datetime) -> Selection:
    """Persist what the clock has brought by ``at`` under the selection's lock; returns the state after it."""
    if lock.state == "closed":
        return state
    demand = await demands.demand_by_id(connection, lock.demand)
    assert demand is not None, "a selection belongs to a demand"
    if not state.is_decided and lock.state != "evaluating":
        done = await closing(connection, state, at=at)
        if done.acts:
            await append(connection, f"selection/{lock.id}", done.acts, actor=SYSTEM, at=at)
            state = await selection_state(connection, lock.id)
        await _note_closing(connection, lock, demand, done, at=at)
    if state.is_decided:
        state = await _settle_award(connection, lock, demand, state, at=at)
    return state


async def _note_closing(
    connection: Connection, lock: bidding.Lock, demand: Demand, done: Closing, *, at: datetime
) -> None:
    """Keep the lists in step with a closing that is not an award."""
    if done.closes_at is not None and done.closes_at != demand.closes_at:
        await demands.mark_moved(connection, demand.id, closes_at=done.closes_at)
    if done.decision is None:
        await bidding.touch(connection, lock.id, state="open", due_at=done.due_at, at=at)
        return
    outcome = cast("str", done.decision["outcome"])
    if outcome == "award":
        return
    assert done.as_of is not None, "a decision has its closing instant"
    state = "closed" if outcome == "unsuccessful" else "evaluating"
    await bidding.touch(connection, lock.id, state=state, due_at=None, at=at)
    shown = "unsuccessful" if outcome == "unsuccessful" else "evaluating"
    reason = cast("str | None", done.decision.get("reason"))
    await demands.mark_result(connection, demand.id, Result(shown, outcome, reason, None, None, done.as_of, None))


async def _settle_award(
    connection: Connection, lock: bidding.Lock, demand: Demand, state: Selection, *, at: datetime
) -> Selection:
    """Propose the first in the frozen ranking who is not voided; confirm when the publicity is over."""
    award = proposal(state)
    if award is None:
        if (state.decision or {}).get("outcome") == "award":
            await _nobody_left(connection, lock, demand, state, at=at)
        return state
    until = publicity_until(rule_profile(demand.profile), demand.buyer_class, at=award.at)
    acts: list[Act] = []
    if state.proposed != award.bidder:
        acts.append(_award_act("award.proposed", award, until))
    over = at >= until
    if over:
        acts.append(_award_act("award.confirmed", award, until))
    if acts:
        await append(connection, f"selection/{lock.id}", acts, actor=SYSTEM, at=at)
        shown = "awarded" if over else "publicity"
        result = Result(shown, "award", None, award.bidder, award.price_fen, award.at, until)
        await demands.mark_result(connection, demand.id, result)
        now, due_at = ("closed", None) if over else ("proposed", until)
        await bidding.touch(connection, lock.id, state=now, due_at=due_at, at=at)
    return await selection_state(connection, lock.id) if acts else state


def _award_act(name: str, award: Award, until: datetime) -> Act:
    data: dict[str, Json] = {
        "bidder": award.bidder,
        "rank": award.rank,
        "price_fen": award.price_fen,
        "as_of": format_instant(award.at),
        "publicity_until": format_instant(until),
    }
    return Act(name, data)


async def _nobody_left(
    connection: Connection, lock: bidding.Lock, demand: Demand, state: Selection, *, at: datetime
) -> None:
    """Everybody in the ranking was voided during the publicity."""
    act = Act("selection.unsuccessful", {"reason": "nobody_left"})
    await append(connection, f"selection/{lock.id}", [act], actor=SYSTEM, at=at)
    await bidding.touch(connection, lock.id, state="closed", due_at=None, at=at)
    assert state.decided_at is not None, "decided"
    result = Result("unsuccessful", "unsuccessful", "nobody_left", None, None, state.decided_at, None)
    await demands.mark_result(connection, demand.id, result)
