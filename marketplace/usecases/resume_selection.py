"""Resume a suspended selection (恢复): the same record goes on, every later end moved by the time it was suspended."""

from __future__ import annotations

from datetime import datetime

from bidding import store as bidding
from bidding.selection import Selection
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.life_cycle import stage_of
from marketplace.demands.outcomes import judge_resumption
from marketplace.record.store import Act, append
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require, stamp
from marketplace.usecases.explain_low_price import explanation_due_at
from marketplace.usecases.standing import (
    hold_selection,
    lock_again,
    require_owner,
    selection_state,
    settle,
    standing,
)


class ResumeSelection(Message):
    """Which selection, and why it may go on; the reason is published."""

    selection: Identifier
    reason: Ground


class SelectionResumed(Message):
    """Goes on since; the ends of sign-up and offers as they moved, where there are any."""

    selection: str
    resumed_at: datetime
    sign_up_closes_at: datetime | None
    closes_at: datetime | None


async def resume_selection(database: Database, caller: Caller, command: ResumeSelection) -> SelectionResumed | Refused:
    """Resume what is suspended; what a regulator suspended only a regulator resumes."""
    require(caller, "resume_selection")

    async def work(connection: Connection) -> SelectionResumed | Refused:
        held = await hold_selection(connection, command.selection)
        await require_owner(connection, caller, "resume_selection", held.lock.demand)
        at, suspended = held.at, held.state.suspension
        ruling = judge_resumption(standing(held.state), caller.actor.role)
        if isinstance(ruling, Refused):
            return ruling
        assert suspended is not None, "ruled so"
        act = Act("selection.resumed", {"reason": command.reason, "suspended_at": stamp(suspended.since)})
        await append(connection, f"selection/{held.state.id}", [act], actor=caller.actor, at=at)
        state = await selection_state(connection, held.state.id)
        await bidding.touch(connection, state.id, state=suspended.was, due_at=_due_at(state), at=at)
        await demands.mark_resumed(
            connection,
            held.lock.demand,
            state=stage_of(state, closes_at=None, at=at),
            sign_up_closes_at=state.sign_up_closes_at,
            closes_at=state.closes_at,
            publicity_until=state.publicity[state.proposed].at if state.proposed is not None else None,
        )
        after = await settle(connection, await lock_again(connection, state.id), state, at=at)
        return SelectionResumed(
            selection=after.id, resumed_at=at, sign_up_closes_at=after.sign_up_closes_at, closes_at=after.closes_at
        )

    return await perform(database, caller, command, SelectionResumed, work)


def _due_at(state: Selection) -> datetime | None:
    """When settling has work next: a publicity, a choice or an explanation ends; closes are settling's own."""
    if state.proposed is not None:
        return state.publicity[state.proposed].at
    if _is_choosing(state):
        assert state.choice_until is not None, "a choice has its end"
        return state.choice_until.at
    return explanation_due_at(state)


def _is_choosing(state: Selection) -> bool:
    """Whether the owner is still to pick one of a short list."""
    return state.decision is None and (state.evaluation or {}).get("outcome") == "owner_choice"
