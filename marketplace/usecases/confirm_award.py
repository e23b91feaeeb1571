"""Confirm an award (确认中选): the agency proposed says that it takes the work; without it the award never stands.

From the proposal on until the end of the time that the profile gives after publicity; silence gives the award up.
Source: market.md section 4, docs/adr/0022.
"""

from __future__ import annotations

from datetime import datetime

from bidding.commitments import pseudonym
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands.outcomes import judge_confirmation, stopped
from marketplace.record.store import Act
from marketplace.usecases.abandon_award import award_now
from marketplace.usecases.act import Caller, Identifier, Message, UsccText, perform, require
from marketplace.usecases.standing import follow, hold_selection, standing


class ConfirmAward(Message):
    """Which selection, and the agency that confirms its award."""

    selection: Identifier
    agency: UsccText


class AwardConfirmed(Message):
    """Confirmed since; ``is_final``: nothing else is in the way, the award stands."""

    selection: str
    agency: str
    confirmed_at: datetime
    is_final: bool


async def confirm_award(database: Database, caller: Caller, command: ConfirmAward) -> AwardConfirmed | Refused:
    """Confirm the award proposed to the agency, once; refused to everybody else and where the award binds already."""
    require(caller, "confirm_award", own=command.agency)

    async def work(connection: Connection) -> AwardConfirmed | Refused:
        held = await hold_selection(connection, command.selection, own=[command.agency])
        state, at = held.state, held.at
        if halt := stopped(standing(state)):
            return Refused(halt)
        ruling = judge_confirmation(
            award_now(state),
            command.agency,
            is_needed=state.needs_confirmation,
            is_given=command.agency in state.confirmations,
        )
        if isinstance(ruling, Refused):
            return ruling
        actor = Actor(caller.actor.role, pseudonym(state, command.agency))
        act = Act("confirmation.given", {"bidder": command.agency})
        after = await follow(connection, state, [act], actor=actor, at=at)
        return AwardConfirmed(selection=state.id, agency=command.agency, confirmed_at=at, is_final=after.is_confirmed)

    return await perform(database, caller, command, AwardConfirmed, work)
