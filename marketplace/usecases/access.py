"""The access log (访问日志): who did what through which door, and who read what is not public. Source: market.md 1."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from commons.events import Role
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.identity import access_log
from marketplace.usecases.act import Caller, Instant, Message, require

MAX_ROWS = 200
MAX_ABOUT = 300


class AccessLine(Message):
    """Who (a person's pseudonym, and as whom), what, about what, how it ended."""

    place: int
    at: datetime
    person: str
    actor: str
    what: str
    about: str
    outcome: str


class AccessLog(Message):
    """Lines, latest first; ``before`` goes on from the last one."""

    lines: list[AccessLine]
    before: int | None


class AskLog(Message):
    """Whose lines (``actor`` is ``role:id``; ``system:cli`` is the machine's command line), of which act and period.

    ``since`` ≤ at < ``until``; ``before``: from where on.
    """

    person: Annotated[str, Field(max_length=64)] | None = None
    role: Role | None = None
    actor: Annotated[str, Field(max_length=96)] | None = None
    act: Annotated[str, Field(max_length=64)] | None = None
    since: Instant | None = None
    until: Instant | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_ROWS)] = 50


async def note_act(database: Database, caller: Caller, what: str, about: str, done: object) -> None:
    """That a person did something for an organisation or an office; the record names these, and no person."""
    if caller.badge is None:
        return
    entry = access_log.AccessEntry(
        person=caller.badge.person,
        actor=f"{caller.actor.role}:{caller.actor.id}",
        what=what,
        about=about[:MAX_ABOUT],
        outcome="refused" if isinstance(done, Refused) else "done",
    )
    async with database.borrow() as connection:
        await access_log.log_access(connection, entry)


async def read_access_log(database: Database, caller: Caller, asked: AskLog) -> AccessLog:
    """The log, for auditors and operators; reading it is itself written down."""
    require(caller, "read_access_log")
    told = asked.model_dump(mode="json", exclude_none=True, exclude={"before", "limit"})
    await note_act(database, caller, "readAccessLog", " ".join(f"{name}={one}" for name, one in told.items()), None)
    wanted = access_log.Wanted(**asked.model_dump(exclude={"limit"}))
    async with database.read() as connection:
        found = await access_log.access_log(connection, wanted, most=asked.limit)
    lines = [
        AccessLine(
            place=one.place, at=one.at, person=one.person, actor=one.actor, what=one.what, about=one.about,
            outcome=one.outcome,
        )
        for one in found
        if one.at is not None
    ]  # fmt: skip
    return AccessLog(lines=lines, before=lines[-1].place if len(lines) == asked.limit else None)
