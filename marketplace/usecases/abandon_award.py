"""Abandon an award (放弃中选): a credit fact, and the next in the frozen ranking is proposed, in one transaction.

Who was named directly never offered: giving that up is no credit fact.

Order: the selection's row, then the status rows of its bidders in order of id, the abandoning agency's own locked alone
in its place (it gets a credit fact), then the agency's chain: docs/adr/0010.
"""

from __future__ import annotations

from datetime import datetime

from bidding.selection import Selection
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands.outcomes import AwardNow, judge_abandonment, stopped
from marketplace.record.store import Act
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, perform, require
from marketplace.usecases.record_credit_fact import RecordCreditFact, write_fact
from marketplace.usecases.standing import ABANDONED, follow, hold_selection, standing


class AbandonAward(Message):
    """Which selection, the agency that gives its award up, and why; the reason is published."""

    selection: Identifier
    agency: UsccText
    reason: Ground


class AwardAbandoned(Message):
    """Given up since; the fact it became with its points; who is proposed now (None: nobody is left).

    No fact (None, 0 points) where the agency had offered nothing: a direct choice.
    """

    selection: str
    agency: str
    abandoned_at: datetime
    credit_fact: str | None
    points: int
    proposed: str | None


async def abandon_award(database: Database, caller: Caller, command: AbandonAward) -> AwardAbandoned | Refused:
    """Give the proposed award up before it is confirmed; refused to everybody but the agency proposed."""
    require(caller, "abandon_award", own=command.agency)

    async def work(connection: Connection) -> AwardAbandoned | Refused:
        held = await hold_selection(connection, command.selection, own=[command.agency], alone=command.agency)
        state, at = held.state, held.at
        if halt := stopped(standing(state)):
            return Refused(halt)
        ruling = judge_abandonment(award_now(state), command.agency)
        if isinstance(ruling, Refused):
            return ruling
        act = Act("award.abandoned", {"bidder": command.agency, "reason": command.reason})
        after = await follow(connection, state, [act], actor=caller.actor, at=at)
        written = None
        if state.mode != "direct":
            fact = RecordCreditFact(agency=command.agency, code=ABANDONED, basis=f"放弃 {state.id} 的中选资格")
            written = await write_fact(connection, caller.actor, fact, not_before=[at])
        return AwardAbandoned(
            selection=state.id,
            agency=command.agency,
            abandoned_at=at,
            credit_fact=written.fact if written is not None else None,
            points=written.points if written is not None else 0,
            proposed=after.proposed,
        )

    return await perform(database, caller, command, AwardAbandoned, work)


def award_now(state: Selection) -> AwardNow:
    """The award of a settled selection, as the rules look at it."""
    return AwardNow(state.mode == "instant", state.proposed, state.is_confirmed, frozenset(state.abandoned))
