"""Rule on the explanation of an abnormally low price: accepted or rejected, with a reason that is published.

The engine decides anew with the ruling as a fact, as of the instant of the ruling; the next first may be asked in turn.
"""

from __future__ import annotations

from datetime import datetime

from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands.outcomes import judge_ruling, stopped
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, perform, require
from marketplace.usecases.explain_low_price import explanation_now
from marketplace.usecases.settlement import ruling_act
from marketplace.usecases.standing import follow, hold_selection, require_owner, standing


class RuleLowPrice(Message):
    """Which selection, whose explanation, whether it convinces, and why; the reason is published."""

    selection: Identifier
    agency: UsccText
    is_accepted: bool
    reason: Ground


class LowPriceRuled(Message):
    """Ruled at; the outcome now, who is proposed, and whose explanation is awaited next."""

    selection: str
    agency: str
    is_accepted: bool
    ruled_at: datetime
    outcome: str
    proposed: str | None
    flagged: str | None


async def rule_low_price(database: Database, caller: Caller, command: RuleLowPrice) -> LowPriceRuled | Refused:
    """Rule on an explanation that was given; the owner's alone, once, only for whom the selection waits."""
    require(caller, "rule_low_price")

    async def work(connection: Connection) -> LowPriceRuled | Refused:
        held = await hold_selection(connection, command.selection)
        await require_owner(connection, caller, "rule_low_price", held.lock.demand)
        if halt := stopped(standing(held.state)):
            return Refused(halt)
        ruling = judge_ruling(explanation_now(held.state, command.agency), command.agency)
        if isinstance(ruling, Refused):
            return ruling
        act = ruling_act(command.agency, "accepted" if command.is_accepted else "rejected", command.reason, at=held.at)
        after = await follow(connection, held.state, [act], actor=caller.actor, at=held.at)
        decision = after.decision or after.evaluation
        assert decision is not None, "there was an evaluation"
        flagged = decision.get("flagged")
        return LowPriceRuled(
            selection=after.id,
            agency=command.agency,
            is_accepted=command.is_accepted,
            ruled_at=held.at,
            outcome=str(decision["outcome"]),
            proposed=after.proposed,
            flagged=flagged if isinstance(flagged, str) else None,
        )

    return await perform(database, caller, command, LowPriceRuled, work)
