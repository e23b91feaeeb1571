"""Mark the steps of a load (装入) of planned data, so that a start after a kill knows what is done and goes on.

Invariants: a load begins only in a market where nothing has happened; a step is marked once and keeps its instant; of
two hands that claim a step for themselves one gets it. Nothing here is an event: marks are no facts of the market.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from commons.errors import Conflict
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Message, clock, perform

BEGUN = "begun"
LOADER = Actor("operator", "load")

_IS_USED = "SELECT EXISTS (SELECT FROM record_event)"


class MarkLoad(Message):
    """One step of one load; ``hand`` names who claims it, empty for a step that anybody may have done."""

    load: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]
    step: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
    hand: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,64}$")] = ""


class LoadMarked(Message):
    """The step is marked since ``at``, the database's clock when it was marked first."""

    load: str
    step: str
    at: datetime


class _NotMarkedError(Exception):
    """Ends a look at a mark that is not there: the transaction rolls back, nothing is left."""


async def mark_load(database: Database, command: MarkLoad) -> LoadMarked:
    """Mark the step, or give its old mark; ``Conflict``: another hand has it, or a load would begin in used ground."""

    async def work(connection: Connection) -> LoadMarked | Refused:
        if command.step == BEGUN and await connection.fetchval(_IS_USED):
            raise Conflict("market_not_empty", "something has happened in this market: nothing is loaded into it")
        return LoadMarked(load=command.load, step=command.step, at=await clock(connection))

    marked = await perform(database, _caller(command), command, LoadMarked, work)
    assert isinstance(marked, LoadMarked), "a mark is never refused"
    return marked


async def load_mark(database: Database, load: str, step: str) -> LoadMarked | None:
    """The mark of a step that nobody claims for himself; None: it is not done."""

    async def work(_: Connection) -> LoadMarked | Refused:
        raise _NotMarkedError

    command = MarkLoad(load=load, step=step)
    try:
        marked = await perform(database, _caller(command), command, LoadMarked, work)
    except _NotMarkedError:
        return None
    assert isinstance(marked, LoadMarked), "a mark is never refused"
    return marked


def _caller(command: MarkLoad) -> Caller:
    return Caller(LOADER, f"{command.load}/{command.step}")
