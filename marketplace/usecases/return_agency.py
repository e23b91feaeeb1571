"""Return (恢复): an agency that suspended or withdrew itself takes part again; what it holds is current again at once.

Its shelf offers stay down, since they were taken off; certificates and items count again by their own dates.
"""

from __future__ import annotations

from datetime import datetime

from agencies import store as agencies
from agencies.life import ACTIVE, judge_return
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append
from marketplace.usecases.act import Caller, Ground, Message, UsccText, perform, require, stamp
from marketplace.usecases.agency_leaving import hold_agency
from marketplace.usecases.downwards import require_over_agency


class ReturnAgency(Message):
    """Which agency, and why; the reason is published."""

    agency: UsccText
    reason: Ground


class AgencyReturned(Message):
    """Active since; ``away_since`` is when it had left."""

    agency: str
    returned_at: datetime
    away_since: datetime


async def return_agency(database: Database, caller: Caller, command: ReturnAgency) -> AgencyReturned | Refused:
    """Take part again; what a regulator withdrew comes back by a regulator alone."""
    require(caller, "return_agency", own=command.agency)

    async def work(connection: Connection) -> AgencyReturned | Refused:
        at = await hold_agency(connection, command.agency)
        await require_over_agency(connection, caller, "return_agency", command.agency)
        life = await agencies.life_of(connection, command.agency)
        ruling = judge_return(life, by=caller.actor.role)
        if isinstance(ruling, Refused):
            return ruling
        assert life.since is not None, "who left has left at an instant"
        await agencies.set_standing(connection, command.agency, ACTIVE)
        act = Act("agency.returned", {"reason": command.reason, "away_since": stamp(life.since)})
        await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        return AgencyReturned(agency=command.agency, returned_at=at, away_since=life.since)

    return await perform(database, caller, command, AgencyReturned, work)
