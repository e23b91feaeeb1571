"""What an agency's suspension, withdrawal and return have in common: one order of locks, one history.

Order: the agency's status row alone (that waits for every act that holds it shared), then its record; in later
statements it is marked and its shelf offers come down; one commit. Whoever acts next sees it under the same row.
Source: trust.md section 1, market.md section 2.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from agencies import store as agencies
from agencies.life import Life
from bidding import store as bidding
from commons.canonical import Json
from commons.errors import NotFound
from commons.events import Role
from marketplace.database import Connection
from marketplace.record.store import Act, hold
from marketplace.usecases.act import Ground, Message, UsccText, clock

Left = Literal["suspended", "withdrawn"]


class LeavingMessage(Message):
    """Which agency, and why; the reason is published."""

    agency: UsccText
    reason: Ground


class AgencyLeft(Message):
    """Nothing new begins since; ``bound_in`` are the running selections that the agency stays bound in."""

    agency: str
    standing: str
    since: datetime
    shelf_offers_withdrawn: int
    bound_in: list[str]


async def hold_agency(connection: Connection, agency: str) -> datetime:
    """Hold the agency alone and its record; returns the instant that counts. ``NotFound`` for an unknown one."""
    if not await agencies.lock_alone(connection, agency):
        raise NotFound("agency", agency)
    return await clock(connection, *await hold(connection, f"agency/{agency}"))


async def leave(
    connection: Connection, agency: str, to: Left, *, by: Role, reason: str, at: datetime, objection: str | None = None
) -> tuple[AgencyLeft, Act]:
    """Mark it and clear its shelf; returns the answer and the act to append, which names no running selection."""
    await agencies.set_standing(connection, agency, Life(to, at, by))
    withdrawn = await agencies.withdraw_shelf_offers(connection, agency, at=at)
    bound = [selection for selection, _ in await bidding.running_of(connection, agency)]
    data: dict[str, Json] = {"reason": reason, "shelf_offers_withdrawn": withdrawn}
    if objection is not None:
        data["objection"] = objection
    done = AgencyLeft(agency=agency, standing=to, since=at, shelf_offers_withdrawn=withdrawn, bound_in=bound)
    return done, Act(f"agency.{to}", data, private={"bound_in": list(bound)})
