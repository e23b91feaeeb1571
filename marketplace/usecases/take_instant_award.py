"""Take an instant award (立等可取): the engine's first among the shelf offers, bound in the same transaction.

Order: the selection's row, the candidates' status rows shared in order of id, the item's shelf rows; then the facts are
read and the clock is asked. The capacity is counted under that lock, so a unit is sold once. Source: selection.md 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from agencies import store as agencies
from agencies.qualifications import best_grade
from agencies.shelf import ShelfOffer, latest_of_each
from bidding import store as bidding
from bidding.commitments import draw_inputs
from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.selection import Picked, Selection
from commons.canonical import Json
from commons.errors import Conflict, NotFound
from commons.instants import Deadline, beijing_date, format_instant
from commons.sources import Source
from commons.verdicts import Reason, Refused
from credit import store as credit
from marketplace.catalogue.profiles import rule_profile
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.admission import merits
from marketplace.demands.demand import judge_direct, publicity
from marketplace.demands.store import Demand, Result
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Fen,
    Ground,
    Identifier,
    Message,
    UsccText,
    clock,
    perform,
    reasons_json,
    require,
    require_self,
)
from marketplace.usecases.applicants import applicants_for, call_of, settle_project
from marketplace.usecases.kinship import not_at_once
from marketplace.usecases.record_credit_fact import credits_as_of
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
    require(caller, "owner", "delegate")
    await settle_project(database, command.demand)

    async def work(connection: Connection) -> InstantAwarded | Refused:
        demand = await demands.demand_by_id(connection, command.demand)
        if demand is None:
            raise NotFound("demand", command.demand)
        if caller.actor.role == "owner":
            require_self(caller, demand.owner_code)
        lock = await bidding.lock_selection(connection, demand.selection)
        if lock is None or lock.mode != "instant":
            raise Conflict("not_instant", "only a published instant demand is awarded at once")
        if lock.state == "suspended":
            raise Conflict("selection_suspended", "this selection is suspended; nothing is taken until it is resumed")
        if lock.state != "open":
            if (await selection_state(connection, demand.selection)).cancelled_at is not None:
                raise Conflict("selection_cancelled", "this selection was cancelled; nothing is taken from it")
            raise Conflict("already_decided", "this selection is decided; nothing is decided twice")
        candidates = sorted({one.agency for one in await agencies.shelf_offers(connection, demand.item)})
        await agencies.lock_shared(connection, candidates)
        await agencies.lock_shelf_offers(connection, demand.item)
        bound = await credit.restrictions(connection, candidates)
        at = await clock(connection, lock.last_at, *(one.starts_at for each in bound.values() for one in each))
        return await _award(connection, caller, command, demand, set(candidates), at=at)

    return await perform(database, caller, command, InstantAwarded, work)


async def _award(
    connection: Connection, caller: Caller, command: TakeInstantAward, demand: Demand, held: set[str], *, at: datetime
) -> InstantAwarded | Refused:
    """Decide among what is on the shelf now, and bind it; only agencies whose rows are held take part."""
    offers = {
        one.agency: one
        for one in latest_of_each(await agencies.shelf_offers(connection, demand.item))
        if one.agency in held
    }
    state = await selection_state(connection, demand.selection)
    if command.instead is not None and (barred := judge_direct(rule_profile(demand.profile), demand.buyer_class)):
        return Refused(barred)
    case, refused = await _case(connection, demand, state, offers, at=at)
    decision = decide(parse_case(case)).as_json()
    if decision["outcome"] == "draw_needed" and command.instead is not None:
        return Refused((Reason("draw_decides_here", INSTANT_RULE),))
    if decision["outcome"] == "draw_needed" and state.preimage and state.owner_nonce:
        entered = [cast("str", one["bidder"]) for one in cast("list[dict[str, Json]]", case["offers"])]
        nonces = {bidder: offers[bidder].nonce for bidder in entered}
        case["draw"] = draw_inputs(state.preimage, nonces, state.owner_nonce)
        decision = decide(parse_case(case)).as_json()
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
    end = publicity(rule_profile(demand.profile), demand.buyer_class, at=at)
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


@dataclass(frozen=True, slots=True)
class _Found:
    """What was decided: the case, the engine's decision, who was refused before it, the row that is awarded."""

    case: dict[str, Json]
    decision: Mapping[str, Json]
    refused: list[Json]
    row: Mapping[str, Json]
    picked: Picked | None


async def _case(
    connection: Connection, demand: Demand, state: Selection, offers: Mapping[str, ShelfOffer], *, at: datetime
) -> tuple[dict[str, Json], list[Json]]:
    """The case of the admitted shelf offers, and those refused before it with their reasons."""
    who = sorted(offers)
    call = call_of(demand, on=beijing_date(at))
    applicants = await applicants_for(connection, who, demand, await credit.restrictions(connection, who))
    credits = await credits_as_of(connection, who, at=at)
    waiting = await not_at_once(connection, who, demand.owner_code, at=at)
    entered: list[Json] = []
    refused: list[Json] = []
    for agency in who:
        reasons = (*merits(applicants[agency], call, at=at, measures=("award",)), *waiting[agency])
        if reasons:
            refused.append({"bidder": agency, "reasons": list(reasons_json(reasons))})
            continue
        held = applicants[agency].qualifications
        grade = best_grade(held, call.requirements[0], on=call.closes_on, region=call.region)
        entered.append(_facts(offers[agency], grade, credits[agency]))
    return {"terms": dict(state.terms), "offers": entered, "at": format_instant(at)}, refused


def _facts(offer: ShelfOffer, grade: str | None, credit_score: int) -> dict[str, Json]:
    """A shelf offer as the engine reads it; ``capacity`` is what is left."""
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
    await append(connection, f"selection/{demand.selection}", acts, actor=caller.actor, at=at)
    await bidding.insert_bidder(connection, demand.selection, offer.agency, at=at)
    taken_at = await clock(connection, at, *await hold(connection, f"agency/{offer.agency}"))
    taken = Act("shelf_offer.taken", {"offer": offer.id, "selection": demand.selection, "left": offer.remaining - 1})
    await append(connection, f"agency/{offer.agency}", [taken], actor=caller.actor, at=taken_at)
