"""The two-person rule (双人复核) as a mechanism: what one proposes waits until another one approves it.

An act that needs a second person is judged at once, so that whoever proposes it hears every other reason; if nothing
but the second person is missing it is kept as a proposal. Another person with the same right (in the same region or
above it, and in the line of its items) approves, and the act is done then, judged anew. Nobody approves his own, nor
what a person proposes whom the same one alone put into office. Source: market.md section 1.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
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
    who_asks,
)
from marketplace.usecases.two_people import require_apart

SECOND_PERSON = frozenset(
    {"two_approvers_needed", "drawn_needs_approver", "remedy_needs_approver", "appointment_needs_approver"}
)
"""Reasons that say nothing but that a second person is missing."""
MAX_OPEN = 2_000


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
        region, items = await _matter_of(connection, command, badge)
        one = Proposal(
            id=new_identifier("Z", at=at),
            operation=command.operation,
            act=command.act,
            command=cast("Mapping[str, Json]", command.command),
            subject=command.subject[:48],
            actor=caller.actor,
            person=badge.person,
            region=region,
            items=items,
            made_at=at,
            ends_at=at + PROPOSAL_LASTS,
        )
        await identity.insert_proposal(connection, one)
        return ActProposed(proposal=one.id, operation=one.operation, proposed_at=at, ends_at=one.ends_at)

    return cast("ActProposed", await perform(database, caller, command, ActProposed, work))


class Approving:
    """A proposal whose row is held while it is done, so that nobody rejects or approves it meanwhile."""

    def __init__(self, proposal: Proposal, proposer: Caller, earlier: str | None) -> None:
        """The proposal, whoever proposed it with the rights of now, and what an approval before answered, if any."""
        self.proposal = proposal
        self.proposer = proposer
        self.earlier = earlier
        self.is_done = False


@contextlib.asynccontextmanager
async def approving(database: Database, caller: Caller, identifier: str) -> AsyncIterator[Approving]:
    """Hold a proposal that the caller may approve now; once ``is_done`` it is written down as approved.

    The act itself runs in a transaction of its own, in another task. ``NotFound`` for none, ``Conflict`` for one that
    is decided or over, or whose proposer may not do it any more, ``Forbidden`` for one's own.
    """
    async with database.transaction() as connection:
        found = await identity.proposal_by_id(connection, identifier, for_update=True)
        at = await clock(connection)
        if found is None or caller.actor.role not in {found.actor.role, _second(found)}:
            raise NotFound("proposal", identifier)
        if found.verdict is not None or found.ends_at <= at:
            raise Conflict("proposal_over", "this was decided, or waited too long")
        await _require_another(connection, caller, found)
        proposer = await _proposer_of(connection, found, at=at)
        rows = await connection.fetch(_TRIES, who_asks(proposer), f"{KEY}{found.id}/%")
        earlier = next((row["answer"] for row in rows if not row["answer"].startswith('{"refused"')), None)
        tried = Approving(found, replace(proposer, key=f"{KEY}{found.id}/{len(rows) + 1}"), earlier)
        yield tried
        if tried.is_done:
            await _decide(connection, caller, found.id, "approved", None, at=await clock(connection))


KEY = "proposal/"
"""How the keys begin under which proposals are done; nobody else's request has such a one."""
_TRIES = "SELECT answer FROM request_answer WHERE actor = $1 AND key LIKE $2"


async def reject_proposal(database: Database, caller: Caller, command: RejectProposal) -> ProposalClosed:
    """Turn it down with a reason, or withdraw one's own; ``Conflict`` once it was decided."""
    require(caller, "reject_proposal")

    async def work(connection: Connection) -> ProposalClosed:
        found = await identity.proposal_by_id(connection, command.proposal, for_update=True)
        if found is None or caller.actor.role not in {found.actor.role, _second(found)}:
            raise NotFound("proposal", command.proposal)
        require(caller, "reject_proposal", own=found.actor.id, region=found.region, items=found.items)
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
        found = await identity.open_proposals(connection, caller.actor, most=MAX_OPEN, at=at)
    return tuple(one for one in found if one.actor == caller.actor or may_approve(caller, one))


async def _proposer_of(connection: Connection, proposal: Proposal, *, at: datetime) -> Caller:
    """Whoever proposed it, with the rights of now; ``Conflict`` when they are gone or the account is closed."""
    if ":" in proposal.person:  # the development header, or the machine's own hand
        return Caller(proposal.actor)
    account = await identity.account_by_id(connection, proposal.person)
    standings = await identity.standings_of(connection, proposal.person)
    held = next((one for one in standings if one.actor == proposal.actor), None)
    if held is None or account is None or account.is_disabled:
        raise Conflict("proposer_gone", "whoever proposed this may not do it any more")
    mandates: frozenset[str] = frozenset()
    if held.role == "delegate":
        mandates = await identity.mandates_of(connection, held.acting, at=at)
    badge = Badge(proposal.person, held.rank, held.region, held.line, mandates, is_fresh=True, role_id=held.id)
    return Caller(proposal.actor, badge=badge)


def _second(proposal: Proposal) -> str:
    """The role that approves."""
    return RIGHTS[proposal.act].second or proposal.actor.role


async def _require_another(connection: Connection, caller: Caller, proposal: Proposal) -> None:
    """A second person: another account, office and contact, in the region and line of the matter or above them."""
    _require_second(caller, proposal)
    if caller.badge is not None and await identity.same_contact(connection, caller.badge.person, proposal.person):
        raise Forbidden("own_proposal", "the two accounts state the same contact: somebody else approves")
    await require_apart(connection, caller, proposal.actor.id)


def _require_second(caller: Caller, proposal: Proposal) -> None:
    if (caller.badge or _nobody(caller)).person == proposal.person or caller.actor == proposal.actor:
        raise Forbidden("own_proposal", "somebody else approves what you proposed")
    if caller.actor.role != _second(proposal):
        raise Forbidden("role_not_allowed", f"a second person of {_second(proposal)} approves this")
    if caller.badge is not None and caller.badge.scopes is not None:
        raise Forbidden("token_scope", "a person approves, no token")
    if caller.badge is not None and not caller.badge.is_fresh:
        raise Forbidden("step_up_needed", "confirm who you are once more, then send this again")
    if RIGHTS[proposal.act].second is None:
        require(caller, proposal.act, region=proposal.region, items=proposal.items)
    else:
        require(caller, "approve_proposal", region=proposal.region, items=proposal.items)


def may_approve(caller: Caller, proposal: Proposal) -> bool:
    """Whether it waits for this caller: to confirm who he is once more may still be asked of him."""
    try:
        _require_second(caller, proposal)
    except Forbidden as no:
        return no.code == "step_up_needed"
    return True


def _nobody(caller: Caller) -> Badge:
    """Under the development header, and on the machine, a person is told apart by the actor alone."""
    return Badge(f"{caller.actor.role}:{caller.actor.id}"[:64])


_DEMAND = "SELECT region, item, further_items FROM demand WHERE selection = $1"


async def _matter_of(
    connection: Connection, command: ProposeAct, badge: Badge
) -> tuple[str | None, tuple[str, ...] | None]:
    """Where the matter lies and which items it is about, as the act asks it of whoever proposes.

    The region: of a selection its demand's, else where whoever proposes it acts. Items: none for all, None where the
    act asks for no line.
    """
    kind, _, identifier = command.subject.partition("/")
    if kind == "selection":
        row = await connection.fetchrow(_DEMAND, identifier)
        return (None, ()) if row is None else (row["region"], (row["item"], *row["further_items"]))
    match command.act:
        case "restrict_agency":
            return badge.region, tuple(cast("Sequence[str]", command.command.get("items") or ()))
        case "lift_restriction":
            one = await connection.fetchval(
                "SELECT items FROM restriction WHERE id = $1", command.command["restriction"]
            )
            return badge.region, tuple(one or ())
        case _:
            return badge.region, None


async def _decide(
    connection: Connection, caller: Caller, identifier: str, verdict: str, reason: str | None, *, at: datetime
) -> None:
    person = (caller.badge or _nobody(caller)).person
    await identity.decide_proposal(
        connection, identifier, verdict=verdict, by=caller.actor.id, person=person, reason=reason, at=at
    )
