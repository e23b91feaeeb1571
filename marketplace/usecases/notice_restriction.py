"""Give prior notice of a restriction (事先告知): the agency may be heard (陈述申辩) for some working days first.

The notice bars nothing. What it announces is decided by ``restrict_agency`` under its id, after the hearing.
"""

from __future__ import annotations

from datetime import datetime

from agencies import store as agencies
from commons.errors import NotFound
from commons.instants import parse_instant
from commons.verdicts import Refused
from credit.clocks import credit_clocks
from credit.restrictions import Notice
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Ground,
    Message,
    RegionCode,
    UsccText,
    clock,
    new_identifier,
    perform,
    require,
    stamp,
)

_NOTICE = """
SELECT announced.data->>'hearing_until' AS hearing_until, stated.data->>'statement' AS statement
FROM record_event AS announced LEFT JOIN record_event AS stated
  ON stated.subject = announced.subject AND stated.type = 'restriction.statement_made'
    AND stated.data->>'notice' = announced.data->>'notice'
WHERE announced.subject = $1 AND announced.type = 'restriction.noticed' AND announced.data->>'notice' = $2
"""


class NoticeRestriction(Message):
    """Whom it is about, on what basis, and where it would be decided."""

    agency: UsccText
    basis: Ground
    region: RegionCode


class RestrictionNoticed(Message):
    """Announced; until ``hearing_until`` the agency may be heard (provisional: holidays are not known)."""

    notice: str
    agency: str
    noticed_at: datetime
    hearing_until: datetime
    is_provisional: bool


async def notice_restriction(
    database: Database, caller: Caller, command: NoticeRestriction, *, profile: str
) -> RestrictionNoticed | Refused:
    """Announce it; ``NotFound`` for an unknown agency."""
    require(caller, "notice_restriction", region=command.region)
    clocks = credit_clocks(profile)

    async def work(connection: Connection) -> RestrictionNoticed | Refused:
        await agencies.lock_shared(connection, [command.agency])
        if not await agencies.is_filed(connection, command.agency):
            raise NotFound("agency", command.agency)
        at = await clock(connection, *await hold(connection, f"agency/{command.agency}"))
        end = clocks.after("hearing", at)
        notice = new_identifier("H", at=at)
        act = Act(
            "restriction.noticed",
            {
                "notice": notice,
                "basis": command.basis,
                "region": command.region,
                "hearing_until": stamp(end.at),
                "is_provisional": end.is_provisional,
            },
        )
        await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        return RestrictionNoticed(
            notice=notice,
            agency=command.agency,
            noticed_at=at,
            hearing_until=end.at,
            is_provisional=end.is_provisional,
        )

    return await perform(database, caller, command, RestrictionNoticed, work)


async def notice_of(connection: Connection, agency: str, identifier: str) -> Notice | None:
    """The agency's notice of that id with what it stated; None when there is none."""
    row = await connection.fetchrow(_NOTICE, f"agency/{agency}", identifier)
    if row is None:
        return None
    return Notice(identifier, agency, parse_instant(row["hearing_until"]), row["statement"])
