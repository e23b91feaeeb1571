"""What the clock has brought to a selection: closes, deadlines, publicities; pure, so that reads and writes agree.

Invariants: everything happens as of the instant that counts, in the order of those instants, however late somebody
looks: an award is proposed as of the close, of the ruling of an explanation, of its deadline or of the void that made
it possible, and stands once its publicity is over. Source: trust.md section 1, selection.md sections 2 and 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

from agencies.people.holds import Hold
from bidding import rounds
from bidding.assembling import case_of, draw_nonces, next_step, not_reconfirmed
from bidding.caps import capped_in, capped_now, lot_cap, may_reach_cap
from bidding.case import MultiRoundCase
from bidding.commitments import draw_inputs, pseudonym
from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.rounds import State
from bidding.selection import Asked, Picked, Ruled, Selection
from commons.canonical import Json
from commons.instants import format_instant
from commons.profiles import RuleProfile
from credit.rulebook import rulebook
from credit.scoring import CreditFact, score
from marketplace.catalogue.profiles import rule_profile
from marketplace.demands.demand import BuyerClass
from marketplace.demands.fitness import Fitness
from marketplace.demands.store import Result
from marketplace.record.store import Act
from marketplace.usecases.awarding import Rules, pass_on
from marketplace.usecases.record_credit_fact import RULEBOOK

PICKED_AT_ONCE = ("instant", "direct")
"""Modes in which no clock decides anything: the owner takes an award or names an agency."""

TICK = timedelta(microseconds=1)
Facts = Mapping[str, tuple[CreditFact, ...]]
"""The credit facts of everybody who takes part, by agency."""


@dataclass(frozen=True, slots=True)
class Others:
    """What the other lots of the notice mean under a cap: how many each bidder holds, how many more it may yet win.

    ``first_open`` is the first earlier lot that is not decided; a later lot may have to wait for it. ``collecting`` of
    the earlier ones still take offers.
    """

    won: Mapping[str, int]
    may_win: Mapping[str, int]
    first_open: str | None
    collecting: int = 0

    def hold_up(self, state: Selection) -> bool:
        """Whether a lot has to wait: an earlier one still takes offers, or could make the cap bind in it."""
        if lot_cap(state) is None:
            return False
        return self.collecting > 0 or may_reach_cap(state, won=self.won, may_win=self.may_win)


UNASKED = Fitness()
ALONE = Others({}, {}, None)


@dataclass(frozen=True, slots=True)
class Matter:
    """What settling goes by besides the record: the lock row's state, and what the demand's clocks depend on.

    ``holds`` are the holds for review of whoever takes part, by agency; ``fitness`` is what they are judged by anew.
    ``rules`` are what the demand keeps of the versions in force at its publication.
    """

    lock_state: str
    profile: str | RuleProfile
    buyer_class: BuyerClass
    others: Others = ALONE
    holds: Mapping[str, Sequence[Hold]] = field(default_factory=dict)
    fitness: Fitness = UNASKED
    rules: Mapping[str, Json] = field(default_factory=dict)


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
    done = Settlement(state)
    if matter.lock_state == "closed" or state.suspension is not None:
        return done
    if not state.is_decided:
        done = done if matter.lock_state == "evaluating" else _closing(state, facts, matter, at=at)
        done = _after_other_lots(done, facts, matter, at=at)
        done = _reconsidered(done, facts, matter, at=at)
    if done.state.is_decided:
        done = _awarding(done, matter, at=at)
    return done


def _closing(state: Selection, facts: Facts, matter: Matter, *, at: datetime) -> Settlement:
    """Rounds that closed, and the decision once the last close is past; what the owner picks by itself never closes."""
    acts: list[Act] = []
    if state.mode in PICKED_AT_ONCE:
        return Settlement(state)
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
    elif state.closes_at is not None and at >= state.closes_at:
        as_of = state.closes_at
    else:
        return Settlement(state, (), "open", state.closes_at, state.closes_at)
    acts.extend(_left_behind(state, as_of=as_of))
    done = Settlement(state, tuple(acts), closes_at=as_of)
    if matter.others.hold_up(state):
        return _waiting(done, matter, as_of=as_of)
    return _ruled(done, _decision(state, facts, matter, closed_at=as_of, before=as_of), matter, as_of=as_of)


def _left_behind(state: Selection, *, as_of: datetime) -> tuple[Act, ...]:
    """Who made an offer under earlier terms that does not count: it was not confirmed since they changed."""
    bidders: list[Json] = [pseudonym(state, bidder) for bidder in not_reconfirmed(state)]
    data: dict[str, Json] = {"bidders": bidders, "as_of": format_instant(as_of)}
    return (Act("offers.not_reconfirmed", data),) if bidders else ()


def _waiting(done: Settlement, matter: Matter, *, as_of: datetime) -> Settlement:
    """Closed, but an earlier lot that is not decided could still make the cap bind here."""
    data: dict[str, Json] = {"for": matter.others.first_open, "as_of": format_instant(as_of)}
    state = replace(done.state, closed_at=as_of, waits_for=matter.others.first_open)
    result = Result("evaluating", None, "waits_for_lot", None, None, as_of, None)
    acts = (*done.acts, Act("lot.waits", data))
    return replace(done, state=state, acts=acts, lock_state="evaluating", due_at=None, result=result)


def _after_other_lots(done: Settlement, facts: Facts, matter: Matter, *, at: datetime) -> Settlement:
    """A lot that waited and need not any more, or whose ruling counted other lots than are held now, is ruled anew."""
    state = done.state
    if "lot_cap" not in state.terms or state.closed_at is None or state.decision is not None:
        return done
    if state.evaluated_case is None:
        is_due = state.waits_for is not None and not matter.others.hold_up(state)
    else:
        is_due = capped_in(state.evaluated_case) != capped_now(state, won=matter.others.won)
    if not is_due:
        return done
    ruling = _decision(state, facts, matter, closed_at=state.closed_at, before=at + TICK)
    return _ruled(done, ruling, matter, as_of=at)


def _reconsidered(done: Settlement, facts: Facts, matter: Matter, *, at: datetime) -> Settlement:
    """A ruling that was not final, computed anew with each void, ruling or silence since, one instant after another."""
    while (step := next_step(done.state, at=at)) is not None:
        state, closed_at = done.state, done.state.closed_at
        assert closed_at is not None, "an evaluation follows the close"
        if step.silent is not None:
            asked = state.explanations[step.silent]
            ruled = replace(asked, ruling="rejected", ruled_at=step.at)
            state = replace(state, explanations={**state.explanations, step.silent: ruled})
            done = replace(done, state=state, acts=(*done.acts, ruling_act(step.silent, "rejected", None, at=step.at)))
        if step.is_choice and state.picked is None:
            done = _chosen_by_silence(done, at=step.at)
            state = done.state
        ruling = _decision(state, facts, matter, closed_at=closed_at, before=step.at + TICK)
        done = _ruled(done, ruling, matter, as_of=step.at)
    return done


def _chosen_by_silence(done: Settlement, *, at: datetime) -> Settlement:
    """The owner let the time for its choice pass: the first of the short list stands, as the draw had it."""
    shortlist = cast("list[str]", (done.state.evaluation or {})["shortlist"])
    picked = Picked(shortlist[0], at, "silence", None)
    return replace(done, state=replace(done.state, picked=picked), acts=(*done.acts, choice_act(picked)))


def choice_act(picked: Picked) -> Act:
    """The owner's choice as an act; the reason is published."""
    data: dict[str, Json] = {"bidder": picked.bidder, "ground": picked.ground, "reason": picked.reason}
    return Act("choice.made", {**data, "as_of": format_instant(picked.at)})


def ruling_act(bidder: str, ruling: Ruled, reason: str | None, *, at: datetime) -> Act:
    """The ruling of an explanation as an act; without a reason it is the silence at the deadline."""
    ground = "not_given" if reason is None else "decided"
    data: dict[str, Json] = {"bidder": bidder, "ground": ground, "reason": reason, "as_of": format_instant(at)}
    return Act(f"explanation.{ruling}", data)


def _ruled(
    done: Settlement, ruling: tuple[dict[str, Json], Mapping[str, Json]], matter: Matter, *, as_of: datetime
) -> Settlement:
    """A ruling as acts: final, or still waiting; whoever has to explain its price or to choose is asked, once."""
    case, decision = ruling
    outcome, state = cast("str", decision["outcome"]), done.state
    is_award = outcome == "award" or (outcome == "owner_choice" and state.picked is not None)
    final = is_award or outcome == "unsuccessful"
    data: dict[str, Json] = {"as_of": format_instant(as_of), "case": case, "decision": dict(decision)}
    acts = [*done.acts, Act("selection.decided" if final else "selection.evaluated", data)]
    state = replace(state, closed_at=state.closed_at or as_of)
    if final:
        state = replace(state, case=case, decision=decision, decided_at=as_of)
        state = replace(state, is_unsuccessful=outcome == "unsuccessful")
    else:
        state = replace(state, evaluation=decision, evaluated_case=case, evaluated_at=as_of)
    if is_award:
        return replace(done, state=state, acts=tuple(acts), lock_state=None, result=None)
    state, asks, due_at = _asking(state, decision, matter, as_of=as_of)
    acts.extend(asks)
    shown = "unsuccessful" if final else "choosing" if outcome == "owner_choice" else "evaluating"
    result = Result(shown, outcome, cast("str | None", decision.get("reason")), None, None, as_of, None)
    now = "closed" if final else "evaluating"
    return replace(done, state=state, acts=tuple(acts), lock_state=now, due_at=due_at, result=result)


def _asking(
    state: Selection, decision: Mapping[str, Json], matter: Matter, *, as_of: datetime
) -> tuple[Selection, list[Act], datetime | None]:
    """Ask, once, for what a ruling waits for: an explanation or the owner's choice; and when the waiting ends."""
    profile = rule_profile(matter.profile)
    if decision["outcome"] == "owner_choice":
        until = state.choice_until or profile.after("owner_choice", as_of)
        data: dict[str, Json] = {"as_of": format_instant(as_of), "until": format_instant(until.at)}
        asked_act = Act("choice.asked", {**data, "is_provisional": until.is_provisional})
        acts = [] if state.choice_until is not None else [asked_act]
        return replace(state, choice_until=until), acts, until.at
    flagged = cast("str | None", decision.get("flagged"))
    if flagged is None:
        return state, [], None
    asked = state.explanations.get(flagged)
    if asked is not None:
        return state, [], asked.until.at if asked.given_at is None else None
    asked = Asked(as_of, profile.after("low_price_explanation", as_of))
    state = replace(state, explanations={**state.explanations, flagged: asked})
    return state, [_asked_act(flagged, asked)], asked.until.at


def _asked_act(bidder: str, asked: Asked) -> Act:
    data: dict[str, Json] = {
        "bidder": bidder,
        "as_of": format_instant(asked.asked_at),
        "until": format_instant(asked.until.at),
        "is_provisional": asked.until.is_provisional,
    }
    return Act("explanation.asked", data)


def _decision(
    state: Selection, facts: Facts, matter: Matter, *, closed_at: datetime, before: datetime
) -> tuple[dict[str, Json], Mapping[str, Json]]:
    """The case and the engine's decision: credit and fitness as of the close; a draw only when needed."""
    credits = credit_scores(facts, sorted(state.participants), at=closed_at)
    unfit = matter.fitness.lost_by(sorted(state.participants), state.id, at=closed_at)
    case = case_of(state, credits, draw=None, before=before, won=matter.others.won, unfit=unfit)
    decision = decide(parse_case(case)).as_json()
    if decision["outcome"] == "draw_needed" and state.preimage and state.owner_nonce:
        nonces = draw_nonces(state)
        if nonces is not None:
            case["draw"] = draw_inputs(state.preimage, nonces, state.owner_nonce)
            decision = decide(parse_case(case)).as_json()
    return case, decision


def _awarding(done: Settlement, matter: Matter, *, at: datetime) -> Settlement:
    """What becomes of the decision, behind what was brought before it."""
    state = done.state
    if (state.decision or {}).get("outcome") != "award" and state.picked is None:
        return done
    rules = Rules(rule_profile(matter.profile), matter.buyer_class, matter.holds, matter.others.won, matter.fitness)
    then = pass_on(state, rules, at=at)
    if then.lock_state is None:
        return done
    return replace(
        done,
        state=then.state,
        acts=(*done.acts, *then.acts),
        lock_state=then.lock_state,
        due_at=then.due_at,
        result=then.result if then.result is not None else done.result,
    )
