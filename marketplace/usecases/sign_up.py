"""Sign up (报名): the agency asks in, and is admitted or told every reason why not (报名准入)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from agencies import store as agencies
from agencies.qualifications import best_grade
from bidding import store as bidding
from bidding.reading.case import parse_case
from bidding.selection import Selection
from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed, NotFound
from commons.instants import beijing_date
from commons.verdicts import Refused
from credit import store as credit
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.requirements import requirement_of
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.admission import Applicant, Call, judge_sign_up
from marketplace.demands.store import Demand
from marketplace.record.store import Act, append
from marketplace.usecases.act import (
    Caller,
    Identifier,
    Message,
    UsccText,
    clock,
    perform,
    reasons_json,
    require,
    require_self,
)
from marketplace.usecases.standing import selection_state, settle

MAX_JOBS = 10_000


class SignUp(Message):
    """The agency, its signed commitment, the similar jobs and preferences it declares under it."""

    selection: Identifier
    agency: UsccText
    commitment_signed: bool
    similar_jobs: Annotated[int, Field(ge=0, le=MAX_JOBS)] = 0
    preferences: Annotated[dict[str, int], Field(default_factory=dict, max_length=20)]


class SignedUp(Message):
    """Admitted, with the grade that was found on file for the item."""

    selection: str
    agency: str
    grade: str | None
    admitted_at: datetime


async def sign_up(database: Database, caller: Caller, command: SignUp) -> SignedUp | Refused:
    """Admit the agency, or refuse with all reasons; a refusal is recorded too, a second sign-up is a ``Conflict``."""
    require(caller, "agency")
    require_self(caller, command.agency)

    async def work(connection: Connection) -> SignedUp | Refused:
        lock = await bidding.lock_selection(connection, command.selection)
        if lock is None:
            raise NotFound("selection", command.selection)
        if lock.mode == "instant":
            raise Conflict("no_sign_up_here", "an instant selection picks among shelf offers")
        await agencies.lock_shared(connection, [command.agency])
        at = await clock(connection, lock.last_at)
        if not await agencies.is_filed(connection, command.agency):
            raise NotFound("agency", command.agency)
        state = await settle(connection, lock, await selection_state(connection, lock.id), at=at)
        if command.agency in state.participants:
            raise Conflict("already_signed_up", "this agency is in already")
        demand = await demands.demand_by_id(connection, lock.demand)
        assert demand is not None, "a selection belongs to a demand"
        return await _judge(connection, caller, command, state, demand, at=at)

    return await perform(database, caller, command, SignedUp, work)


async def _judge(
    connection: Connection, caller: Caller, command: SignUp, state: Selection, demand: Demand, *, at: datetime
) -> SignedUp | Refused:
    """Judge under lock and append the ruling, whichever it is."""
    catalogue = load_catalogue()
    item = catalogue.item(demand.item)
    assert item is not None, "a demand's item is in the catalogue"
    assert state.sign_up_closes_at is not None, "sealed and round modes have a sign-up clock"
    assert state.closes_at is not None, "and a close"
    held = (await agencies.qualifications(connection, [command.agency]))[command.agency]
    bound = (await credit.restrictions(connection, [command.agency]))[command.agency]
    call = Call(requirement_of(item, catalogue), demand.recusals, beijing_date(state.closes_at))
    ruling = judge_sign_up(
        Applicant(command.agency, held, bound),
        call,
        commitment_signed=command.commitment_signed,
        sign_up_closes_at=state.sign_up_closes_at,
        at=at,
    )
    subject = f"selection/{state.id}"
    if isinstance(ruling, Refused):
        refused: dict[str, Json] = {"bidder": command.agency, "reasons": list(reasons_json(ruling.reasons))}
        await append(connection, subject, [Act("bidder.refused", refused)], actor=caller.actor, at=at)
        await bidding.note(connection, state.id, at=at)
        return ruling
    grade = best_grade(held, call.requirement, on=call.closes_on)
    admitted: dict[str, Json] = {
        "bidder": command.agency,
        "grade": grade,
        "experience": command.similar_jobs,
        "preferences": dict(command.preferences),
    }
    _check_preferences(state, admitted)
    await bidding.insert_bidder(connection, state.id, command.agency, at=at)
    await append(connection, subject, [Act("bidder.admitted", admitted)], actor=caller.actor, at=at)
    await bidding.note(connection, state.id, at=at)
    return SignedUp(selection=state.id, agency=command.agency, grade=grade, admitted_at=at)


def _check_preferences(state: Selection, admitted: dict[str, Json]) -> None:
    """``Malformed`` for preferences that the terms do not know or that exceed their maximum."""
    if not admitted["preferences"]:
        return
    if state.mode != "multi_round":
        raise Malformed((Fault("/preferences", "no_preferences_here", "these terms give no preferences"),))
    bidder: dict[str, Json] = {"bidder": admitted["bidder"], "preferences": admitted["preferences"], "credit": 0}
    case: dict[str, Json] = {"terms": dict(state.terms), "bidders": [bidder], "offers": []}
    try:
        parse_case(case)
    except Malformed as malformed:
        moved = (Fault(one.pointer.removeprefix("/bidders/0"), one.code, one.detail) for one in malformed.faults)
        raise Malformed(tuple(moved)) from malformed
