"""The second person approves: what was proposed is judged anew and done once, in the name of both.

The one way for the API and for the page 待复核. Source: market.md section 1 (two people), proposals.py.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from litestar import Request

from commons.verdicts import Refused
from marketplace.usecases.access import note_act
from marketplace.usecases.act import Caller, Message
from marketplace.usecases.proposals import approving
from marketplace.web.api.routing import TWO_PERSONS, Visit, Write, approved, visit_of


class ProposalDone(Message):
    """Done as it was proposed; ``result`` is what the act answers with."""

    proposal: str
    operation: str
    approvers: list[str]
    result: dict[str, object]


async def approve(request: Request[Any, Any, Any], caller: Caller, proposal: str) -> ProposalDone | Refused:
    """Do what was proposed; refused when the rules of now refuse it, and then it still waits."""
    database = request.app.state.database
    async with approving(database, caller, proposal) as held:
        found = held.proposal
        write = TWO_PERSONS[found.operation]
        approvers = [found.actor.id, caller.actor.id]
        done: Message | Refused
        if held.earlier is None:
            command = write.command.model_validate_json(json.dumps({**found.command, **approved(write, approvers)}))
            visit = visit_of(request, held.proposer)
            done = await asyncio.ensure_future(_run(write, visit, command))  # a task has one transaction
        else:  # it was done, and whoever approved it never heard
            done = write.answer.model_validate_json(held.earlier)
        held.is_done = not isinstance(done, Refused)
    await note_act(database, caller, "approveProposal", found.id, done)
    if isinstance(done, Refused):
        return done
    result = json.loads(done.model_dump_json())
    return ProposalDone(proposal=found.id, operation=found.operation, approvers=approvers, result=result)


async def _run(write: Write[Any], visit: Visit, command: Any) -> Message | Refused:
    return await write.run(visit, command)
