"""Take an instant award (立等可取): the engine's first among the shelf offers, bound in the same transaction.

Order: the selection's row, the candidates' status rows shared in order of id, the item's shelf rows; then the facts are
read and the clock is asked, what is usually nothing in one look. The capacity is counted under that lock, so a unit is
sold once. All the item's rows are held, not the winner's alone: the record says of every offer what was left of it at
that instant, and one that had nothing left may decide who is first (a mean price, a draw). Source: selection.md 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from agencies import store as agencies
from agencies.life import ACTIVE, Life
from agencies.own_work import EarlierAward
from agencies.people.relations import body_digest
from agencies.qualifications import best_grade
from agencies.shelf import ShelfOffer, latest_of_each
from bidding import store as bidding
from bidding.case import InstantCase
from bidding.commitments import draw_inputs
from bidding.engine import decide
from bidding.offers import ShelfOffer as Offered
from bidding.reading.case import parse_case
from bidding.selection import Picked, Selection
from commons.canonical import Json
from commons.errors import Conflict, NotFound
from commons.events import Tip
from commons.instants import Deadline, beijing_date, format_instant
from commons.sources import Source
from commons.verdicts import Reason, Refused
from credit import store as credit
from credit.restrictions import Restriction
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.admission import Applicant, merits
from marketplace.demands.demand import judge_direct, publicity
from marketplace.demands.store import Demand, Result
from marketplace.record.store import Act, Entry, append_all, hold, tips
from marketplace.usecases.act import (
    Caller,
    Fen,
    Ground,
    Identifier,
    Message,
    UsccText,
    perform,
    reasons_json,
    require,
)
from marketplace.usecases.applicants import call_of, settle_project, won_for_project
from marketplace.usecases.kinship import not_at_once
from marketplace.usecases.record_credit_fact import credits_as_of
from marketplace.usecases.rules_in_force import profile_of
from marketplace.usecases.settlement import choice_act
from marketplace.usecases.standing import selection_state

INSTANT_RULE = Source("涉批中介网上超市立等可取规则（generic-v1）", "no", "selection.md 6")


class OnShelf(Message):
    """Another agency than the engine's first, and why; published with the award."""

    agency: UsccText
    reason: Ground


class TakeInstantAward(Message):
    """Which demand; ``expected`` is the agency and the price in fen that the owner saw first and means.

    Where a draw decides, nothing can be expected: the draw counts, so that nobody can ask again until it suits.
    ``instead`` names another one on the shelf, with the reason that is published: a direct choice (直接选取); where a
    draw decides there is none, and nothing is drawn for whoever asks.
    """

    demand: Identifier
    expected: UsccText | None = None
    expected_price_fen: Fen | None = None
    instead: OnShelf | None = None


class InstantAwarded(Message):
    """The award notice exists: who, for how many fen, bound since."""

    demand: str
    selection: str
    winner: str
    price_fen: int
    offer: str
    awarded_at: datetime
    publicity_until: datetime


async def take_instant_award(database: Database, caller: Caller, command: TakeInstantAward) -> InstantAwarded | Refused:
    """Award to the engine's first; refused with ``too_few_bidders`` when nothing on the shelf will do.

    To another one only where the profile allows a direct choice, and only to one that the engine ranks.
    """
    require(caller, "take_instant_award")
    await settle_project(database, command.demand)

    async def work(connection: Connection) -> InstantAwarded | Refused:
        demand = await demands.demand_by_id(connection, command.demand)
        if demand is None:
            raise NotFound("demand", command.demand)
        require(caller, "take_instant_award", own=demand.owner_code)
        lock = await bidding.lock_selection(connection, demand.selection)
        if lock is None or lock.mode != "instant":
            raise Conflict("not_instant", "only a published instant demand is awarded at once")
        if lock.state == "suspended":
            raise Conflict("selection_suspended", "this selection is suspended; nothing is taken until it is resumed")
        if lock.state != "open":
            if (await selection_state(connection, demand.selection)).cancelled_at is not None:
                raise Conflict("selection_cancelled", "this selection was cancelled; nothing is taken from it")
            raise Conflict("already_decided", "this selection is decided; nothing is decided twice")
        candidates = await agencies.on_shelf(connection, demand.item)
        await agencies.lock_shared(connection, candidates)
        await agencies.lock_shelf_offers(connection, demand.item)
        known = await _known(connection, candidates, demand, last_at=lock.last_at)
        return await _award(connection, caller, command, demand, known)

    return await perform(database, caller, command, InstantAwarded, work)


async def ranked_now(connection: Connection, demand: Demand, *, at: datetime) -> Ranked:
    """What the engine would make of the shelf at this instant; nothing is locked or kept, nothing is drawn."""
    candidates = await agencies.on_shelf(connection, demand.item)
    known = await _known(connection, candidates, demand, last_at=at)
    offers = {
        one.agency: one
        for one in latest_of_each(await agencies.shelf_offers(connection, demand.item))
        if one.agency in known.who
    }
    state = Selection(id=demand.selection, demand=demand.id, mode="instant", terms=demand.terms)
    if not offers:
        return Ranked({}, {"outcome": "unsuccessful", "ranking": []}, ())
    _, computed, refused = await _case(connection, demand, state, offers, known)
    return Ranked(offers, decide(computed).as_json(), tuple(refused))


async def look(connection: Connection, who: Sequence[str], owner: str) -> tuple[datetime, bool]:
    """The clock; and whether nothing is known against any of them: restriction, standing, hold, tie to the owner.

    Asked after every lock is held, in one statement, so that most awards ask nothing more.
    """
    row = await connection.fetchrow(_LOOK, list(who), owner, body_digest(owner))
    assert row is not None, "one row, whatever there is"
    return row["at"], row["is_clear"]


async def _known(connection: Connection, who: Sequence[str], demand: Demand, *, last_at: datetime) -> _Known:
    """What is known of the agencies under their locks, and the instant that counts: none before what is known."""
    seen_at, is_clear = await look(connection, who, demand.owner_code)
    won = {agency: each for agency, each in (await won_for_project(connection, who, demand)).items() if each}
    if is_clear:
        return _Known(max(seen_at, last_at), frozenset(who), won=won)
    bound = {agency: each for agency, each in (await credit.restrictions(connection, who)).items() if each}
    at = max([seen_at, last_at, *(one.starts_at for each in bound.values() for one in each)])
    lives = await agencies.dormant(connection, who)
    waiting = await not_at_once(connection, who, demand.owner_code, at=at)
    return _Known(at, frozenset(who), bound, lives, won, {agency: each for agency, each in waiting.items() if each})


async def _award(
    connection: Connection, caller: Caller, command: TakeInstantAward, demand: Demand, known: _Known
) -> InstantAwarded | Refused:
    """Decide among what is on the shelf now, and bind it; only agencies whose rows are held take part."""
    at = known.at
    offers = {
        one.agency: one
        for one in latest_of_each(await agencies.shelf_offers(connection, demand.item))
        if one.agency in known.who
    }
    state = await selection_state(connection, demand.selection)
    if command.instead is not None and (barred := judge_direct(profile_of(demand), demand.buyer_class)):
        return Refused(barred)
    case, computed, refused = await _case(connection, demand, state, offers, known)
    decision = decide(computed).as_json()
    if decision["outcome"] == "draw_needed" and command.instead is not None:
        return Refused((Reason("draw_decides_here", INSTANT_RULE),))
    if decision["outcome"] == "draw_needed" and state.preimage and state.owner_nonce:
        nonces = {one.bidder: offers[one.bidder].nonce for one in computed.offers}
        case["draw"] = draw_inputs(state.preimage, nonces, state.owner_nonce)
        drawn = parse_case({**case, "offers": []})
        decision = decide(replace(computed, draw=drawn.draw)).as_json()
    if decision["outcome"] != "award":
        return Refused((Reason("too_few_bidders", INSTANT_RULE, {"looked_at": len(offers)}),))
    first = cast("list[dict[str, Json]]", decision["ranking"])[0]
    differs = command.expected not in {None, first["bidder"]} or command.expected_price_fen not in {
        None,
        first["price_fen"],
    }
    if differs and "draw" not in case:
        raise Conflict("first_has_changed", "another offer or price is first now; look again before confirming")
    row = _chosen(command, decision)
    if isinstance(row, Refused):
        return row
    winner, price_fen = cast("str", row["bidder"]), cast("int", row["price_fen"])
    offer = offers[winner]
    taken = await agencies.take_capacity(connection, offer.id)
    assert taken, "the engine never picks an offer without capacity"
    picked = Picked(winner, at, "owner", command.instead.reason) if command.instead is not None else None
    end = publicity(profile_of(demand), demand.buyer_class, at=at)
    until = end.at
    await _append(connection, caller, demand, offer, _Found(case, decision, refused, row, picked), until=end, at=at)
    result = Result("publicity", "award", None, winner, price_fen, at, until)
    await demands.mark_result(connection, demand.id, result)
    await bidding.touch(connection, demand.selection, state="proposed", due_at=until, at=at)
    return InstantAwarded(
        demand=demand.id, selection=demand.selection, winner=winner, price_fen=price_fen, offer=offer.id,
        awarded_at=at, publicity_until=until,
    )  # fmt: skip


def _chosen(command: TakeInstantAward, decision: Mapping[str, Json]) -> Mapping[str, Json] | Refused:
    """The row of the ranking that the award goes to: the first, or the one that the owner names instead."""
    ranking = cast("list[dict[str, Json]]", decision["ranking"])
    if command.instead is None:
        return ranking[0]
    reasons: tuple[Reason, ...] = ()
    row = next((one for one in ranking if one["bidder"] == command.instead.agency), None)
    if row is None:
        reasons = (*reasons, Reason("not_on_the_shelf", INSTANT_RULE, {"agency": command.instead.agency}))
    elif row is ranking[0]:
        reasons = (*reasons, Reason("is_first_anyway", INSTANT_RULE, {"agency": command.instead.agency}))
    return Refused(reasons) if reasons or row is None else row


_LOOK = """
SELECT clock_timestamp() AS at, NOT (
  EXISTS (SELECT FROM restriction WHERE subject = ANY($1::text[]))
  OR EXISTS (SELECT FROM agency_status WHERE agency = ANY($1::text[]) AND standing <> 'active')
  OR EXISTS (SELECT FROM agency_hold WHERE agency = ANY($1::text[]))
  OR EXISTS (SELECT FROM agency_tie WHERE agency = $2 OR digest = $3)) AS is_clear
"""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The shelf as the engine ranks it: the offers by agency, its decision, and who may not take part with reasons."""

    offers: Mapping[str, ShelfOffer]
    decision: Mapping[str, Json]
    refused: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """The agencies whose rows are held, and what is known of them at that instant; who is not in it has nothing."""

    at: datetime
    who: frozenset[str]
    bound: Mapping[str, tuple[Restriction, ...]] = field(default_factory=dict)
    lives: Mapping[str, Life] = field(default_factory=dict)
    won: Mapping[str, tuple[EarlierAward, ...]] = field(default_factory=dict)
    waiting: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was decided: the case, the engine's decision, who was refused before it, the row that is awarded."""

    case: dict[str, Json]
    decision: Mapping[str, Json]
    refused: list[Json]
    row: Mapping[str, Json]
    picked: Picked | None


async def _case(
    connection: Connection, demand: Demand, state: Selection, offers: Mapping[str, ShelfOffer], known: _Known
) -> tuple[dict[str, Json], InstantCase, list[Json]]:
    """The case of the admitted shelf offers, as it is kept and as the engine reads it, and who was refused and why."""
    at, who = known.at, sorted(offers)
    call = call_of(demand, on=beijing_date(at))
    papers = await agencies.qualifications(connection, who)
    credits = await credits_as_of(connection, who, at=at)
    marked = {call.owner, *(one.agency for one in call.recusals)}
    marked.update(known.bound, known.lives, known.won, known.waiting)
    entered: list[Json] = []
    looked_at: list[Offered] = []
    refused: list[Json] = []
    for agency in who:
        grade = best_grade(papers[agency], call.requirements[0], on=call.closes_on, region=call.region)
        if grade is None or agency in marked or len(call.requirements) > 1:  # else nothing is known against it
            applicant = Applicant(
                agency, papers[agency], known.bound.get(agency, ()), known.lives.get(agency, ACTIVE),
                known.won.get(agency, ()),
            )  # fmt: skip
            reasons = (*merits(applicant, call, at=at, measures=("award",)), *known.waiting.get(agency, ()))
            if reasons:
                refused.append({"bidder": agency, "reasons": list(reasons_json(reasons))})
                continue
        entered.append(_facts(offers[agency], grade, credits[agency]))
        looked_at.append(_offered(offers[agency], grade, credits[agency]))
    case: dict[str, Json] = {"terms": dict(state.terms), "offers": entered, "at": format_instant(at)}
    first = parse_case({**case, "offers": entered[:1]})  # what the terms ask for and one lacks, every one lacks
    assert isinstance(first, InstantCase), "an instant selection"
    return case, replace(first, offers=tuple(looked_at)), refused


def _facts(offer: ShelfOffer, grade: str | None, credit_score: int) -> dict[str, Json]:
    """A shelf offer as the case keeps it; ``capacity`` is what is left."""
    facts: dict[str, Json] = {
        "bidder": offer.agency,
        "unit_price_fen": offer.unit_price_fen,
        "minimum_fee_fen": offer.minimum_fee_fen,
        "days": offer.days,
        "credit": credit_score,
        "capacity": offer.remaining,
        "valid_from": format_instant(offer.valid_from),
        "valid_until": format_instant(offer.valid_until),
    }
    return facts if grade is None else {**facts, "grade": grade}


def _offered(offer: ShelfOffer, grade: str | None, credit_score: int) -> Offered:
    """The same as the engine reads it, without the way over text; a test holds the one against the other."""
    return Offered(
        offer.agency, offer.unit_price_fen, offer.minimum_fee_fen, offer.remaining, offer.valid_from,
        offer.valid_until, offer.days, credit_score, grade,
    )  # fmt: skip


async def _append(
    connection: Connection, caller: Caller, demand: Demand, offer: ShelfOffer, found: _Found, *,
    until: Deadline, at: datetime,
) -> None:  # fmt: skip
    """The decision and the award on the selection, the taken unit on the agency."""
    decided: dict[str, Json] = {"case": found.case, "decision": dict(found.decision), "refused": found.refused}
    acts = [
        Act("selection.decided", {"as_of": format_instant(at), **decided}),
        *([choice_act(found.picked)] if found.picked is not None else []),
        Act(
            "award.proposed",
            {
                "bidder": offer.agency,
                "rank": found.row["rank"],
                "price_fen": found.row["price_fen"],
                "as_of": format_instant(at),
                "publicity_until": format_instant(until.at),
                "is_provisional": until.is_provisional,
                "shelf_offer": offer.id,
            },
        ),
    ]
    await bidding.insert_bidder(connection, demand.selection, offer.agency, at=at)
    subject, agency = f"selection/{demand.selection}", f"agency/{offer.agency}"
    taken_at = max([at, *await hold(connection, agency)])
    taken = Act("shelf_offer.taken", {"offer": offer.id, "selection": demand.selection, "left": offer.remaining - 1})
    entries = [*(Entry(subject, act, caller.actor, at) for act in acts), Entry(agency, taken, caller.actor, taken_at)]
    await append_all(connection, entries, {subject: Tip(), agency: Tip(), **await tips(connection, [subject, agency])})
