"""Withdraw a demand (撤回需求) before anybody has offered, with a published reason; after that it is cancelled.

Whoever tries to withdraw learns at most that somebody offered; where nobody did, the demand is gone.
"""

from __future__ import annotations

from datetime import datetime

from bidding import store as bidding
from bidding.assembling import DRAW_MODES
from bidding.selection import UNCONFIRMED, Selection
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.outcomes import judge_demand_withdrawal
from marketplace.demands.store import Result
from marketplace.record.store import Act, append
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require
from marketplace.usecases.stages import hold_demand, require_here
from marketplace.usecases.standing import settle_others


class WithdrawDemand(Message):
    """Which published demand, and why; the reason is published."""

    demand: Identifier
    reason: Ground


class DemandWithdrawn(Message):
    """Over since, as if it had not been asked for."""

    demand: str
    selection: str
    withdrawn_at: datetime


async def withdraw_demand(database: Database, caller: Caller, command: WithdrawDemand) -> DemandWithdrawn | Refused:
    """Withdraw while offers are taken and none is in; every other end is a cancellation."""
    require(caller, "withdraw_demand")

    async def work(connection: Connection) -> DemandWithdrawn | Refused:
        staged = await hold_demand(connection, command.demand)
        require_here(caller, "withdraw_demand", staged)
        state, at = staged.state, staged.at
        ruling = judge_demand_withdrawal(staged.stage, caller.actor.role, has_offers=_has_offers(state))
        if isinstance(ruling, Refused):
            return ruling
        act = Act("selection.withdrawn", {"reason": command.reason})
        await append(connection, f"selection/{state.id}", [act], actor=caller.actor, at=at)
        await bidding.touch(connection, state.id, state="closed", due_at=None, at=at)
        result = Result("withdrawn", None, "withdrawn_by_owner", None, None, at, None)
        await demands.mark_result(connection, command.demand, result)
        await settle_others(connection, staged.held.lock, at=at)
        return DemandWithdrawn(demand=command.demand, selection=state.id, withdrawn_at=at)

    return await perform(database, caller, command, DemandWithdrawn, work)


def _has_offers(state: Selection) -> bool:
    """Whether anybody has offered, whatever the terms were then; in a draw signing up is the offer."""
    if state.mode in DRAW_MODES:
        return bool(state.participants)
    return any(one.reason in {None, UNCONFIRMED} for one in state.offers)
