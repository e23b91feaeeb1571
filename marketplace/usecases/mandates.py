"""An owner lets a platform delegate (代办员) act for it until a day; always shown. Source: market.md section 1."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, cast

from pydantic import Field, StringConstraints

from commons.errors import NotFound
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.sessions.limits import MANDATE_DAYS
from marketplace.usecases.act import Caller, Message, UsccText, clock, new_identifier, perform, require, who_asks

Delegate = Annotated[str, StringConstraints(pattern=r"^D-[0-9A-Z]{4,16}$")]
"""The pseudonym under which a delegate acts."""


class GiveMandate(Message):
    """The owner, the delegate, and for how many days."""

    owner: UsccText
    delegate: Delegate
    days: Annotated[int, Field(ge=1, le=MANDATE_DAYS)]


class MandateGiven(Message):
    """The delegate acts for the owner until ``ends_at``; what it does stands under its own pseudonym."""

    owner: str
    delegate: str
    granted_at: datetime
    ends_at: datetime


class EndMandate(Message):
    """The mandate that ends."""

    owner: UsccText
    delegate: Delegate


class MandateEnded(Message):
    """Nothing more is done for the owner by this delegate."""

    owner: str
    delegate: str
    ended_at: datetime


async def give_mandate(database: Database, caller: Caller, command: GiveMandate) -> MandateGiven:
    """Let the delegate act for the owner; ``NotFound`` for nobody's pseudonym. A new one takes the place of the old."""
    require(caller, "give_mandate", own=command.owner)

    async def work(connection: Connection) -> MandateGiven:
        delegates = {one.acting for one in await identity.officers(connection) if one.role == "delegate"}
        if command.delegate not in delegates:
            raise NotFound("delegate", command.delegate)
        at = await clock(connection)
        ends = at + timedelta(days=command.days)
        await identity.insert_mandate(
            connection, new_identifier("Y", at=at), owner=command.owner, delegate=command.delegate,
            granted_by=who_asks(caller), at=at, ends=ends,
        )  # fmt: skip
        return MandateGiven(owner=command.owner, delegate=command.delegate, granted_at=at, ends_at=ends)

    return cast("MandateGiven", await perform(database, caller, command, MandateGiven, work))


async def end_mandate(database: Database, caller: Caller, command: EndMandate) -> MandateEnded:
    """End the mandate at once; ``NotFound`` where there is none."""
    require(caller, "end_mandate", own=command.owner)

    async def work(connection: Connection) -> MandateEnded:
        at = await clock(connection)
        if not await identity.end_mandate(connection, command.owner, command.delegate, at=at):
            raise NotFound("mandate", command.delegate)
        return MandateEnded(owner=command.owner, delegate=command.delegate, ended_at=at)

    return cast("MandateEnded", await perform(database, caller, command, MandateEnded, work))
