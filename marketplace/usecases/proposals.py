"""The two-person rule (双人复核) as a mechanism: what one proposes waits until another one approves it.

An act that needs a second person is judged at once, so that whoever proposes it hears every other reason; if nothing
but the second person is missing it is kept as a proposal. Another person with the same right (in the same region or
above it) approves, and the act is done then, judged anew. Nobody approves his own. Source: market.md section 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from commons.canonical import Json
from commons.errors import Conflict, Forbidden, NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.identity.accounts import Proposal
from marketplace.identity.permissions import Badge
from marketplace.identity.rights import RIGHTS
from marketplace.sessions.limits import PROPOSAL_LASTS
from marketplace.usecases.act import (
    Caller,
    Ground,
    Identifier,
    Message,
    clock,
    new_identifier,
    perform,
    require,
)

SECOND_PERSON = frozenset({"two_approvers_needed", "drawn_needs_approver"})
"""Reasons that say nothing but that a second person is missing."""
MAX_OPEN = 200


class ProposeAct(Message):
    """An act as it was asked for: the API's operation, the command without its approvers."""

    operation: str
    act: str
    command: dict[str, object]
    subject: str


class ActProposed(Message):
    """It waits for a second person until ``ends_at``."""

    proposal: str
    operation: str
    proposed_at: datetime
    ends_at: datetime


class RejectProposal(Message):
    """What is not done after all, and why; whoever proposed it withdraws it the same way."""

    proposal: Identifier
    reason: Ground


class ProposalClosed(Message):
    """Approved or rejected since."""

    proposal: str
    verdict: str
    decided_at: datetime


def without_second(refused: Refused) -> Refused | None:
    """The reasons beside a missing second person; None when nothing else stands in the way."""
    others = tuple(one for one in refused.reasons if one.code not in SECOND_PERSON)
    return Refused(others) if others else None


async def propose_act(database: Database, caller: Caller, command: ProposeAct) -> ActProposed:
    """Keep what was asked for; the table of permissions is asked by role, the matter itself when it is done."""
    require(caller, command.act)

    async def work(connection: Connection) -> ActProposed:
        at = await clock(connection)
        badge = caller.badge or _nobody(caller)
        one = Proposal(
            id=new_identifier("Z", at=at),
            operation=command.operation,
            act=command.act,
            command=cast("Mapping[str, Json]", command.command),
            subject=command.subject[:48],
            actor=caller.actor,
            person=badge.person,
            region=await _region_of(connection, command.subject, badge),
            made_at=at,
            ends_at=at + PROPOSAL_LASTS,
        )
        await identity.insert_proposal(connection, one)
        return ActProposed(proposal=one.id, operation=one.operation, proposed_at=at, ends_at=one.ends_at)

    return cast("ActProposed", await perform(database, caller, command, ActProposed, work))


async def proposal_for(database: Database, caller: Caller, identifier: str) -> Proposal:
    """The proposal that the caller may approve now.

    ``NotFound`` for none, ``Conflict`` for one that is decided or over, ``Forbidden`` for one's own.
    """
    async with database.read() as connection:
        found = await identity.proposal_by_id(connection, identifier)
        at = await clock(connection)
    if found is None or caller.actor.role not in {found.actor.role, _second(found)}:
        raise NotFound("proposal", identifier)
    if found.verdict is not None or found.ends_at <= at:
        raise Conflict("proposal_over", "this was decided, or waited too long")
    _require_another(caller, found)
    return found


async def close_proposal(database: Database, caller: Caller, proposal: Proposal, verdict: str) -> ProposalClosed:
    """Write down that it was approved and done; asked again, the same."""

    async def work(connection: Connection) -> ProposalClosed:
        found = await identity.proposal_by_id(connection, proposal.id, for_update=True)
        assert found is not None, "it was read before"
        at = await clock(connection)
        if found.verdict is None:
            await _decide(connection, caller, found.id, verdict, None, at=at)
        return ProposalClosed(proposal=found.id, verdict=found.verdict or verdict, decided_at=found.decided_at or at)

    return await database.retrying(work)


async def reject_proposal(database: Database, caller: Caller, command: RejectProposal) -> ProposalClosed:
    """Turn it down with a reason, or withdraw one's own; ``Conflict`` once it was decided."""
    require(caller, "reject_proposal")

    async def work(connection: Connection) -> ProposalClosed:
        found = await identity.proposal_by_id(connection, command.proposal, for_update=True)
        if found is None or found.actor.role != caller.actor.role:
            raise NotFound("proposal", command.proposal)
        require(caller, "reject_proposal", own=found.actor.id, region=found.region)
        if found.verdict is not None:
            raise Conflict("proposal_over", "this was decided before")
        at = await clock(connection)
        is_own = found.person == (caller.badge or _nobody(caller)).person
        verdict = "withdrawn" if is_own else "rejected"
        await _decide(connection, caller, found.id, verdict, command.reason, at=at)
        return ProposalClosed(proposal=found.id, verdict=verdict, decided_at=at)

    return cast("ProposalClosed", await perform(database, caller, command, ProposalClosed, work))


async def open_proposals(database: Database, caller: Caller) -> tuple[Proposal, ...]:
    """What waits for the caller, or was proposed by him: regulators see what lies in their region."""
    require(caller, "reject_proposal")
    async with database.read() as connection:
        at = await clock(connection)
        found = await identity.open_proposals(connection, most=MAX_OPEN, at=at)
    return tuple(one for one in found if one.actor == caller.actor or may_approve(caller, one))


async def proposer_of(database: Database, proposal: Proposal) -> Caller:
    """Whoever proposed it, with the rights of now, under the proposal's own key; ``Conflict`` when they are gone."""
    key = f"proposal/{proposal.id}"
    if ":" in proposal.person:  # the development header
        return Caller(proposal.actor, key)
    async with database.read() as connection:
        standings = await identity.standings_of(connection, proposal.person)
    held = next((one for one in standings if one.actor == proposal.actor), None)
    if held is None:
        raise Conflict("proposer_gone", "whoever proposed this may not do it any more")
    badge = Badge(proposal.person, held.rank, held.region, held.line, is_fresh=True, role_id=held.id)
    return Caller(proposal.actor, key, badge)


def _second(proposal: Proposal) -> str:
    """The role that approves."""
    return RIGHTS[proposal.act].second or proposal.actor.role


def _require_another(caller: Caller, proposal: Proposal) -> None:
    """A second person: another account, another office, in the region of the matter or above it."""
    if (caller.badge or _nobody(caller)).person == proposal.person or caller.actor == proposal.actor:
        raise Forbidden("own_proposal", "somebody else approves what you proposed")
    if caller.actor.role != _second(proposal):
        raise Forbidden("role_not_allowed", f"a second person of {_second(proposal)} approves this")
    if RIGHTS[proposal.act].second is None:
        require(caller, proposal.act, region=proposal.region)
    else:
        require(caller, "approve_proposal", region=proposal.region)


def may_approve(caller: Caller, proposal: Proposal) -> bool:
    """Whether it waits for this caller: to confirm who he is once more may still be asked of him."""
    try:
        _require_another(caller, proposal)
    except Forbidden as no:
        return no.code == "step_up_needed"
    return True


def _nobody(caller: Caller) -> Badge:
    """Under the development header a person is told apart by the actor alone."""
    return Badge(f"{caller.actor.role}:{caller.actor.id}"[:64])


async def _region_of(connection: Connection, subject: str, badge: Badge) -> str | None:
    """The region that the matter lies in: of a selection its demand's, else where whoever proposes it acts."""
    kind, _, identifier = subject.partition("/")
    if kind != "selection":
        return badge.region
    found: str | None = await connection.fetchval("SELECT region FROM demand WHERE selection = $1", identifier)
    return found


async def _decide(
    connection: Connection, caller: Caller, identifier: str, verdict: str, reason: str | None, *, at: datetime
) -> None:
    person = (caller.badge or _nobody(caller)).person
    await identity.decide_proposal(
        connection, identifier, verdict=verdict, by=caller.actor.id, person=person, reason=reason, at=at
    )
