"""Sign up (报名): the agency asks in, and is admitted or told every reason why not (报名准入)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from agencies import store as agencies
from agencies.qualifications import best_grade
from bidding import store as bidding
from bidding.assembling import DRAW_MODES
from bidding.commitments import pseudonym
from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed, NotFound
from commons.events import Actor
from commons.instants import beijing_date
from commons.verdicts import Refused, verdict
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.admission import judge_sign_up
from marketplace.demands.outcomes import stopped
from marketplace.demands.store import Demand
from marketplace.demands.terms_in_force import judge_digest
from marketplace.record.store import Act, append
from marketplace.usecases.act import (
    Caller,
    Identifier,
    Message,
    Nonce,
    UsccText,
    perform,
    reasons_json,
    require,
)
from marketplace.usecases.applicants import applicants_for, call_of, settle_project
from marketplace.usecases.kinship import hold_kin, kin_to_owner
from marketplace.usecases.offer_messages import TermsDigest
from marketplace.usecases.standing import Held, hold_selection, standing

MAX_JOBS = 10_000
MAX_REFUSALS = 5
"""Refusals of one agency that a selection keeps; more of them are answered and leave no trace."""


NO_SIGN_UP = {
    "instant": "an instant selection picks among shelf offers",
    "direct": "the owner names an agency itself",
}
"""Modes in which nobody signs up, and why."""


class SignUp(Message):
    """The agency, its signed commitment, and the similar jobs it declares under it.

    ``nonce`` (64 hex digits) is its part of the draw where signing up is all there is to do (the draw modes); there
    ``terms_digest``, which terms were looked at, is needed once they were changed: the sign-up is the offer.
    """

    selection: Identifier
    agency: UsccText
    commitment_signed: bool
    similar_jobs: Annotated[int, Field(ge=0, le=MAX_JOBS)] = 0
    nonce: Nonce | None = None
    terms_digest: TermsDigest | None = None


class SignedUp(Message):
    """Admitted, with the grade that was found on file for the item."""

    selection: str
    agency: str
    grade: str | None
    admitted_at: datetime


async def sign_up(database: Database, caller: Caller, command: SignUp) -> SignedUp | Refused:
    """Admit the agency, or refuse with all reasons; a refusal is recorded too, a second sign-up is a ``Conflict``."""
    require(caller, "sign_up", own=command.agency)
    await settle_project(database, command.selection)

    async def work(connection: Connection) -> SignedUp | Refused:
        held = await hold_selection(connection, command.selection, own=[command.agency])
        if held.lock.mode in NO_SIGN_UP:
            raise Conflict("no_sign_up_here", NO_SIGN_UP[held.lock.mode])
        if (fault := _nonce_fault(held.lock.mode, command)) is not None:
            raise Malformed((fault,))
        if halt := stopped(standing(held.state)):
            return Refused(halt)
        is_offer = held.lock.mode in DRAW_MODES
        if (is_offer or command.terms_digest) and (others := judge_digest(held.state, command.terms_digest)):
            return Refused(others)
        if not await agencies.is_filed(connection, command.agency):
            raise NotFound("agency", command.agency)
        if command.agency in held.state.participants:
            raise Conflict("already_signed_up", "this agency is in already")
        demand = await demands.demand_by_id(connection, held.lock.demand)
        assert demand is not None, "a selection belongs to a demand"
        return await _judge(connection, command, held, demand)

    return await perform(database, caller, command, SignedUp, work)


def _nonce_fault(mode: str, command: SignUp) -> Fault | None:
    """A nonce where a draw needs everybody's part with the sign-up, and nowhere else: offers carry their own."""
    if (mode in DRAW_MODES) == (command.nonce is not None):
        return None
    if command.nonce is None:
        return Fault("/nonce", "nonce_missing", "a draw needs everybody's part: 64 random hex digits")
    return Fault("/nonce", "nonce_not_asked", "the nonce comes with the offer here")


async def _judge(connection: Connection, command: SignUp, held: Held, demand: Demand) -> SignedUp | Refused:
    """Judge under lock and append the ruling, whichever it is; of refusals no more than ``MAX_REFUSALS`` an agency."""
    state, at = held.state, held.at
    assert state.sign_up_closes_at is not None, "sealed and round modes have a sign-up clock"
    assert state.closes_at is not None, "and a close"
    call = call_of(demand, on=beijing_date(state.closes_at))
    applicant = (await applicants_for(connection, [command.agency], demand, held.restrictions))[command.agency]
    ruling = judge_sign_up(
        applicant,
        call,
        commitment_signed=command.commitment_signed,
        sign_up_closes_at=state.sign_up_closes_at,
        at=at,
        measures=("sign_up", "offer") if state.mode in DRAW_MODES else ("sign_up",),  # in a draw, signing up offers
    )
    if kin := (await kin_to_owner(connection, [command.agency], demand.owner_code, at=at))[command.agency]:
        ruling = verdict((*(ruling.reasons if isinstance(ruling, Refused) else ()), *kin))
    subject, alias = f"selection/{state.id}", pseudonym(state, command.agency)
    actor = Actor("agency", alias)
    if isinstance(ruling, Refused):
        if state.refusals.get(command.agency, 0) < MAX_REFUSALS:
            refused: dict[str, Json] = {"bidder": command.agency, "reasons": list(reasons_json(ruling.reasons))}
            act = Act("bidder.refused", {"bidder": alias}, private=refused)
            await append(connection, subject, [act], actor=actor, at=at)
            await bidding.note(connection, state.id, at=at)
        return ruling
    grade = best_grade(applicant.qualifications, call.requirements[0], on=call.closes_on, region=call.region)
    admitted: dict[str, Json] = {
        "bidder": command.agency,
        "grade": grade,
        "experience": command.similar_jobs,
    }
    if state.mode in DRAW_MODES:
        admitted["nonce"] = command.nonce
    if command.terms_digest is not None:
        admitted["terms_digest"] = command.terms_digest
    await bidding.insert_bidder(connection, state.id, command.agency, at=at)
    related = await hold_kin(connection, state, command.agency, profile=demand.profile, at=at)
    acts = [Act("bidder.admitted", {"bidder": alias}, private=admitted), *related]
    await append(connection, subject, acts, actor=actor, at=at)
    await bidding.note(connection, state.id, at=at)
    return SignedUp(selection=state.id, agency=command.agency, grade=grade, admitted_at=at)
