"""Where a selection stands: its record folded, and what the clock has brought since (settling).

Opening and closing are lazy: any write after the instant first settles here and persists it; a read folds to the same
state in memory (``settlement``) and writes nothing; the ticker only makes it prompt. An award is proposed as of the
closing instant and stands once its publicity is over, so a late ticker changes nothing.
Source: trust.md section 1, selection.md section 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from agencies import store as agencies
from bidding import rounds
from bidding import store as bidding
from bidding.case import MultiRoundCase
from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.rounds import State
from bidding.selection import Award, Selection, case_of, draw_inputs, fold, gone, proposal, pseudonym, standing_offers
from commons.canonical import Json
from commons.errors import NotFound
from commons.events import Actor
from commons.instants import Deadline, format_instant
from credit import store as credit
from credit.restrictions import Restriction
from credit.rulebook import rulebook
from credit.scoring import CreditFact, score
from marketplace.catalogue.profiles import rule_profile
from marketplace.database import Connection
from marketplace.demands import store as demands
from marketplace.demands.demand import BuyerClass, publicity
from marketplace.demands.store import Result
from marketplace.record.store import Act, append, load
from marketplace.usecases.act import clock
from marketplace.usecases.record_credit_fact import RULEBOOK, credits_as_of

SYSTEM = Actor("system", "settling")

Facts = Mapping[str, tuple[CreditFact, ...]]
"""The credit facts of everybody who takes part, by agency."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What settling goes by besides the record: the lock row's state, and what the demand's clocks depend on."""

    lock_state: str
    profile: str
    buyer_class: BuyerClass


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the clock has brought: acts to append, the state after them, what lock row and lists say then.

    ``lock_state`` and ``result`` are None where nothing changes, ``closes_at`` is the last close as far as it is known
    now; ``live`` are the rounds while one is still to close.
    """

    state: Selection
    acts: tuple[Act, ...] = ()
    lock_state: str | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    result: Result | None = None
    live: State | None = None


async def selection_state(connection: Connection, identifier: str) -> Selection:
    """The selection as its record and its voids make it."""
    recorded = await load(connection, [f"selection/{identifier}"])
    return fold(identifier, recorded, await bidding.voids(connection, identifier))


@dataclass(frozen=True, slots=True)
class Held:
    """A selection held for writing: settled by ``at``, an instant asked for after every lock was held."""

    lock: bidding.Lock
    state: Selection
    at: datetime
    restrictions: Mapping[str, tuple[Restriction, ...]]


async def hold_selection(
    connection: Connection, identifier: str, *, own: Sequence[str] = (), alone: str | None = None
) -> Held:
    """Lock the row, then the status rows of its bidders and ``own`` shared; only then read, ask the clock, settle.

    Every writer comes in here: a restriction or credit fact of any bidder is either seen or comes later (ADR 0006).
    ``alone`` is an agency about which this very act records a credit fact: its row is locked alone in its place in the
    order, never shared first (ADR 0010). ``restrictions`` are those of ``own``. An unknown selection is ``NotFound``.
    """
    lock = await bidding.lock_selection(connection, identifier)
    if lock is None:
        raise NotFound("selection", identifier)
    await _lock_status(connection, {*own, *await bidding.bidders(connection, identifier)}, alone)
    voids = await bidding.voids(connection, identifier)
    held = await credit.restrictions(connection, sorted(own))
    starts = [one.starts_at for each in held.values() for one in each]
    at = await clock(connection, lock.last_at, *voids.values(), *starts)
    state = await settle(connection, lock, await selection_state(connection, identifier), at=at)
    return Held(lock, state, at, held)


async def _lock_status(connection: Connection, who: set[str], alone: str | None) -> None:
    """Lock status rows in order of id, one of them alone when asked; an agency not on file has none."""
    if alone is None:
        await agencies.lock_shared(connection, sorted(who))
        return
    await agencies.lock_shared(connection, sorted(one for one in who if one < alone))
    await agencies.lock_alone(connection, alone)
    await agencies.lock_shared(connection, sorted(one for one in who if one > alone))


async def live_rounds(connection: Connection, state: Selection, *, at: datetime) -> State:
    """The rounds of a multi-round selection at that instant: every offer so far, every close due."""
    return rounds_at(state, await credits_as_of(connection, sorted(state.participants), at=at), at=at)


def rounds_at(state: Selection, credits: Mapping[str, int], *, at: datetime) -> State:
    """The same from credit scores in hundredths that are at hand."""
    case = parse_case(case_of(state, credits, draw=None))
    assert isinstance(case, MultiRoundCase), "rounds belong to multi-round selections"
    live = rounds.begin(case.terms, case.bidders)
    for offer in case.offers:
        live, _ = rounds.place(live, offer)
    return rounds.advance(live, at=max([at, *(offer.at for offer in case.offers[-1:])]))


def credit_scores(facts: Facts, subjects: Sequence[str], *, at: datetime) -> dict[str, int]:
    """Credit scores in hundredths as of that instant, by what was known then."""
    book = rulebook(RULEBOOK)
    return {subject: score(facts.get(subject, ()), book, at=at, known_at=at).value for subject in subjects}


def next_close(live: State) -> datetime:
    """The moved close of the first round that is not closed."""
    return live.terms.rounds[len(live.closed)].closes_at + live.shift


def last_close(live: State) -> datetime:
    """The moved close of the last round."""
    return live.terms.rounds[-1].closes_at + live.shift


def settlement(state: Selection, facts: Facts, matter: Matter, *, at: datetime) -> Settlement:
    """Everything the clock has brought by ``at``; pure, so that a read shows what a write would persist."""
    if matter.lock_state == "closed":
        return Settlement(state)
    done = Settlement(state)
    if not state.is_decided:
        done = _reconsidered(state, facts) if matter.lock_state == "evaluating" else _closing(state, facts, at=at)
    if done.state.is_decided:
        done = _awarding(done, matter, at=at)
    return done


def _closing(state: Selection, facts: Facts, *, at: datetime) -> Settlement:
    """Rounds that closed, and the decision once the last close is past."""
    acts: list[Act] = []
    if state.mode == "multi_round":
        live = rounds_at(state, credit_scores(facts, sorted(state.participants), at=at), at=at)
        for number, one in enumerate(live.closed[state.rounds_closed :], start=state.rounds_closed + 1):
            closed: dict[str, Json] = {"round": number, "closes_at": format_instant(one.closes_at)}
            alive: list[Json] = [pseudonym(state, bidder) for bidder in one.alive]
            acts.append(Act("round.closed", {**closed, "alive": alive}))
        state = replace(state, rounds_closed=len(live.closed))
        if not live.is_finished:
            return Settlement(state, tuple(acts), "open", next_close(live), last_close(live), live=live)
        as_of = live.closed[-1].closes_at
    elif state.mode == "comprehensive" and state.closes_at is not None and at >= state.closes_at:
        as_of = state.closes_at
    else:
        return Settlement(state, (), "open", state.closes_at, state.closes_at)
    return _decided(state, tuple(acts), facts, as_of=as_of)


def _decided(state: Selection, acts: tuple[Act, ...], facts: Facts, *, as_of: datetime) -> Settlement:
    """The engine's decision as of the closing instant, final or still waiting for a draw or an explanation."""
    return _ruled(state, acts, _decision(state, facts, closed_at=as_of, before=as_of), as_of=as_of)


def _reconsidered(state: Selection, facts: Facts) -> Settlement:
    """A ruling that was not final, computed anew from all facts: a void since may make it final (selection.md 2)."""
    closed_at = state.evaluated_at
    assert closed_at is not None, "evaluating follows an evaluation"
    case, decision = _decision(state, facts, closed_at=closed_at, before=None)
    if decision == state.evaluation:
        return Settlement(state)
    voided = [one.voided_at for one in state.participants.values() if one.voided_at is not None]
    return _ruled(state, (), (case, decision), as_of=max([closed_at, *voided]))


def _ruled(
    state: Selection, acts: tuple[Act, ...], ruling: tuple[dict[str, Json], Mapping[str, Json]], *, as_of: datetime
) -> Settlement:
    """A ruling as acts: final, or still waiting for an explanation."""
    case, decision = ruling
    outcome = cast("str", decision["outcome"])
    final = outcome in {"award", "unsuccessful"}
    act = Act(
        "selection.decided" if final else "selection.evaluated",
        {"as_of": format_instant(as_of), "case": case, "decision": dict(decision)},
    )
    if final:
        state = replace(state, case=case, decision=decision, decided_at=as_of)
    if outcome == "award":
        return Settlement(state, (*acts, act), closes_at=as_of)
    shown = "unsuccessful" if final else "evaluating"
    result = Result(shown, outcome, cast("str | None", decision.get("reason")), None, None, as_of, None)
    return Settlement(state, (*acts, act), "closed" if final else "evaluating", None, as_of, result)


def _decision(
    state: Selection, facts: Facts, *, closed_at: datetime, before: datetime | None
) -> tuple[dict[str, Json], Mapping[str, Json]]:
    """The case as of the closing instant and the engine's decision; draw inputs are opened only when it needs them."""
    credits = credit_scores(facts, sorted(state.participants), at=closed_at)
    case = case_of(state, credits, draw=None, before=before)
    decision = decide(parse_case(case)).as_json()
    if decision["outcome"] == "draw_needed" and state.preimage and state.owner_nonce:
        lines = {line.bidder: line.nonce for line in standing_offers(state)}
        nonces = {bidder: nonce for bidder, nonce in lines.items() if nonce is not None}
        if nonces.keys() == lines.keys():
            case["draw"] = draw_inputs(state.preimage, nonces, state.owner_nonce)
            decision = decide(parse_case(case)).as_json()
    return case, decision


def _awarding(done: Settlement, matter: Matter, *, at: datetime) -> Settlement:
    """Propose the first in the frozen ranking who is not gone; confirm when the publicity is over."""
    state = done.state
    if (state.decision or {}).get("outcome") != "award":
        return done
    award, end = standing_award(state, matter)
    if award is None or end is None:
        assert state.decided_at is not None, "decided"
        as_of = format_instant(max([state.decided_at, *gone(state).values()]))
        act = Act("selection.unsuccessful", {"reason": "nobody_left", "as_of": as_of})
        result = Result("unsuccessful", "unsuccessful", "nobody_left", None, None, state.decided_at, None)
        state = replace(state, proposed=None)
        return replace(done, state=state, acts=(*done.acts, act), lock_state="closed", due_at=None, result=result)
    acts: list[Act] = []
    if state.proposed != award.bidder:
        acts.append(_award_act("award.proposed", award, end))
    elif end != state.publicity[award.bidder]:
        acts.append(_award_act("deadline.moved", award, end))
    state = replace(state, proposed=award.bidder, publicity={**state.publicity, award.bidder: end})
    over = at >= end.at
    if over:
        acts.append(_award_act("award.confirmed", award, end))
        state = replace(state, is_confirmed=True)
    if not acts:
        return done
    shown = "awarded" if over else "publicity"
    result = Result(shown, "award", None, award.bidder, award.price_fen, award.at, end.at)
    now, due_at = ("closed", None) if over else ("proposed", end.at)
    return replace(done, state=state, acts=(*done.acts, *acts), lock_state=now, due_at=due_at, result=result)


def standing_award(state: Selection, matter: Matter) -> tuple[Award | None, Deadline | None]:
    """Who is proposed, and until when publicity lasts; a void after the end of a publicity comes too late for it.

    Nobody abandons after that end: whoever acts settles first.
    """
    profile = rule_profile(matter.profile)
    leaving = gone(state)
    left: dict[str, datetime] = {}
    while True:
        award = proposal(state, without=left)
        if award is None:
            return None, None
        announced = state.publicity.get(award.bidder)
        end = publicity(profile, matter.buyer_class, at=award.at, announced=announced)
        gone_at = leaving.get(award.bidder)
        if gone_at is None or gone_at >= end.at:
            return award, end
        left[award.bidder] = gone_at


def _award_act(name: str, award: Award, end: Deadline) -> Act:
    data: dict[str, Json] = {
        "bidder": award.bidder,
        "rank": award.rank,
        "price_fen": award.price_fen,
        "as_of": format_instant(award.at),
        "publicity_until": format_instant(end.at),
        "is_provisional": end.is_provisional,
    }
    return Act(name, data)


async def follow(
    connection: Connection, state: Selection, acts: Sequence[Act], *, actor: Actor, at: datetime
) -> Selection:
    """Append acts to a selection that is held, then settle what follows from them at once; returns the state after."""
    await append(connection, f"selection/{state.id}", acts, actor=actor, at=at)
    await bidding.note(connection, state.id, at=at)
    lock = await bidding.lock_selection(connection, state.id)
    assert lock is not None, "held"
    return await settle(connection, lock, await selection_state(connection, state.id), at=at)


async def settle(connection: Connection, lock: bidding.Lock, state: Selection, *, at: datetime) -> Selection:
    """Persist what the clock has brought by ``at`` under the selection's lock; returns the state after it."""
    if lock.state == "closed":
        return state
    demand = await demands.demand_by_id(connection, lock.demand)
    assert demand is not None, "a selection belongs to a demand"
    facts = await credit.facts(connection, sorted(state.participants))
    matter = Matter(lock.state, demand.profile, demand.buyer_class)
    done = settlement(state, facts, matter, at=at)
    if done.acts:
        await append(connection, f"selection/{lock.id}", done.acts, actor=SYSTEM, at=at)
    if done.closes_at is not None and done.closes_at != demand.closes_at:
        await demands.mark_moved(connection, demand.id, closes_at=done.closes_at)
    if done.result is not None:
        await demands.mark_result(connection, demand.id, done.result)
    if done.lock_state is not None:
        await bidding.touch(connection, lock.id, state=done.lock_state, due_at=done.due_at, at=at)
    return done.state
