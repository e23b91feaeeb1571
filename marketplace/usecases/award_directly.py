"""Award directly (直接选取): the owner names an admitted agency, a price and its reason; only where the profile allows.

Nothing is computed; what is recorded is who was named, by whom, for how much and why, and that the agency met what the
law asks. The agency has offered nothing: giving such an award up costs it nothing. Source: selection.md section 1.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from agencies import store as agencies
from agencies.qualifications import best_grade
from bidding import store as bidding
from bidding.commitments import pseudonym
from bidding.offers import own_refusals
from bidding.selection import Picked
from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed, NotFound
from commons.instants import beijing_date, format_instant
from commons.verdicts import Reason, Refused
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.admission import merits
from marketplace.demands.demand import judge_direct
from marketplace.demands.outcomes import stopped
from marketplace.demands.store import Demand
from marketplace.record.store import Act
from marketplace.usecases.act import (
    Caller,
    Fen,
    Ground,
    Identifier,
    Message,
    UsccText,
    perform,
    require,
)
from marketplace.usecases.applicants import applicants_for, call_of, settle_project
from marketplace.usecases.kinship import not_at_once
from marketplace.usecases.post_demand import MAX_DAYS
from marketplace.usecases.rules_in_force import profile_of
from marketplace.usecases.settlement import choice_act
from marketplace.usecases.standing import Held, follow, hold_selection, standing


class AwardDirectly(Message):
    """Which direct selection, the agency, the price in fen and days agreed, and why; the reason is published."""

    selection: Identifier
    agency: UsccText
    price_fen: Fen
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] | None = None
    reason: Ground


class AwardedDirectly(Message):
    """Proposed since; publicity runs until."""

    selection: str
    agency: str
    price_fen: int
    awarded_at: datetime
    publicity_until: datetime


async def award_directly(database: Database, caller: Caller, command: AwardDirectly) -> AwardedDirectly | Refused:
    """Propose the named agency; refused with all reasons when it may not take part or the price is beyond the terms."""
    require(caller, "award_directly")
    await settle_project(database, command.selection)

    async def work(connection: Connection) -> AwardedDirectly | Refused:
        held = await hold_selection(connection, command.selection, own=[command.agency])
        demand = await demands.demand_by_id(connection, held.lock.demand)
        assert demand is not None, "a selection belongs to a demand"
        require(caller, "award_directly", own=demand.owner_code)
        if held.lock.mode != "direct":
            raise Conflict("not_direct", "an agency is named only in a direct selection")
        if halt := stopped(standing(held.state)):
            return Refused(halt)
        if held.lock.state != "open":
            raise Conflict("already_decided", "this selection is decided; nothing is decided twice")
        if not await agencies.is_filed(connection, command.agency):
            raise NotFound("agency", command.agency)
        if demand.max_days is not None and command.days is None:
            raise Malformed((Fault("/days", "days_missing", "these terms ask for the days"),))
        return await _award(connection, caller, command, held, demand)

    return await perform(database, caller, command, AwardedDirectly, work)


async def _award(
    connection: Connection, caller: Caller, command: AwardDirectly, held: Held, demand: Demand
) -> AwardedDirectly | Refused:
    """Judge the named agency as any other would be, then propose it."""
    at, state = held.at, held.state
    call = call_of(demand, on=beijing_date(at))
    applicant = (await applicants_for(connection, [command.agency], demand, held.restrictions))[command.agency]
    waiting = await not_at_once(connection, [command.agency], demand.owner_code, at=at)
    reasons: tuple[Reason, ...] = (
        *judge_direct(profile_of(demand), demand.buyer_class),
        *merits(applicant, call, at=at, measures=("award",)),
        *waiting[command.agency],
        *own_refusals(command.price_fen, command.days, ceiling_fen=demand.ceiling_fen, max_days=demand.max_days),
    )
    if reasons:
        return Refused(reasons)
    grade = best_grade(applicant.qualifications, call.requirements[0], on=call.closes_on, region=call.region)
    admitted: dict[str, Json] = {"bidder": command.agency, "grade": grade, "experience": 0}
    row: dict[str, Json] = {"bidder": command.agency, "rank": 1, "price_fen": command.price_fen}
    if command.days is not None:
        row["days"] = command.days
    decision: dict[str, Json] = {"outcome": "owner_choice", "winner": None, "ranking": [row], "rejected": []}
    acts = [
        Act("bidder.admitted", {"bidder": pseudonym(state, command.agency)}, private=admitted),
        Act("selection.decided", {"as_of": format_instant(at), "case": None, "decision": decision}),
        choice_act(Picked(command.agency, at, "owner", command.reason)),
    ]
    await bidding.insert_bidder(connection, state.id, command.agency, at=at)
    after = await follow(connection, state, acts, actor=caller.actor, at=at)
    return AwardedDirectly(
        selection=state.id,
        agency=command.agency,
        price_fen=command.price_fen,
        awarded_at=at,
        publicity_until=after.publicity[command.agency].at,
    )
