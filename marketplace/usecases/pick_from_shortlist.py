"""Pick from the short list (业主择定): a credit draw leaves a few, the owner names one of them, once, with its reason.

Order as for every write on a selection: its row, its bidders' status rows; what is voided by then is not on the list
any more. Source: selection.md sections 1 and 10, docs/adr/0013.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from bidding.selection import Picked, Selection
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands.outcomes import ChoiceNow, judge_choice, stopped
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, perform, require
from marketplace.usecases.settlement import choice_act
from marketplace.usecases.standing import follow, hold_selection, require_owner, standing


class PickFromShortlist(Message):
    """Which selection, who of its short list, and why; the reason is published."""

    selection: Identifier
    agency: UsccText
    reason: Ground


class PickedFromShortlist(Message):
    """Proposed since; publicity runs until."""

    selection: str
    agency: str
    picked_at: datetime
    publicity_until: datetime


async def pick_from_shortlist(
    database: Database, caller: Caller, command: PickFromShortlist
) -> PickedFromShortlist | Refused:
    """Name one of the short list; refused before the draw, after a choice, and for anybody who is not on the list."""
    require(caller, "pick_from_shortlist")

    async def work(connection: Connection) -> PickedFromShortlist | Refused:
        held = await hold_selection(connection, command.selection)
        state, at = held.state, held.at
        await require_owner(connection, caller, "pick_from_shortlist", held.lock.demand)
        if halt := stopped(standing(state)):
            return Refused(halt)
        ruling = judge_choice(choice_now(state), command.agency)
        if isinstance(ruling, Refused):
            return ruling
        act = choice_act(Picked(command.agency, at, "owner", command.reason))
        after = await follow(connection, state, [act], actor=caller.actor, at=at)
        until = after.publicity[command.agency].at
        return PickedFromShortlist(selection=state.id, agency=command.agency, picked_at=at, publicity_until=until)

    return await perform(database, caller, command, PickedFromShortlist, work)


def choice_now(state: Selection) -> ChoiceNow:
    """The owner's choice of a settled selection, as the rules look at it."""
    evaluation = state.evaluation or {}
    is_awaited = state.decision is None and evaluation.get("outcome") == "owner_choice"
    shortlist = tuple(cast("list[str]", evaluation["shortlist"])) if is_awaited else ()
    return ChoiceNow(is_made=state.picked is not None, is_awaited=is_awaited, shortlist=shortlist)
