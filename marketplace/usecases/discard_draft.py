"""Discard a draft (放弃草稿): its owner gives it up before anybody has seen it; what it said stays in the record.

A lot goes with its notice: all lots of it are given up in one act, since none of them is published without the others.
Order: the lots' rows in their order, then the record of each, as publishing has it. Source: market.md section 4.
"""

from __future__ import annotations

from datetime import datetime

from commons.canonical import Json
from commons.errors import Conflict, NotFound
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.store import Demand
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Ground, Identifier, Message, clock, perform, require


class DiscardDraft(Message):
    """Which draft; why, where the owner wants to remember it."""

    demand: Identifier
    reason: Ground | None = None


class DraftDiscarded(Message):
    """Given up since; ``demands`` are all that went with it: itself, or every lot of its ``notice``."""

    demand: str
    demands: tuple[str, ...]
    notice: str | None
    discarded_at: datetime


async def discard_draft(database: Database, caller: Caller, command: DiscardDraft) -> DraftDiscarded:
    """Give the draft up; ``Conflict`` once it is published or given up already."""
    require(caller, "discard_draft")

    async def work(connection: Connection) -> DraftDiscarded:
        found = await demands.demand_by_id(connection, command.demand)
        if found is None:
            raise NotFound("demand", command.demand)
        require(caller, "discard_draft", own=found.owner_code)
        given_up = await _together(connection, found)
        if any(one.state != "draft" for one in given_up):
            raise Conflict("not_a_draft", "this demand is no draft any more")
        tips = [tip for one in given_up for tip in await hold(connection, f"demand/{one.id}")]
        if found.notice is not None:
            tips += await hold(connection, f"notice/{found.notice}")
        at = await clock(connection, *tips)
        said: dict[str, Json] = {} if command.reason is None else {"reason": command.reason}
        for one in given_up:
            act = Act("demand.discarded", said)
            await append(connection, f"demand/{one.id}", [act], actor=caller.actor, at=at)
            await demands.mark_stage(connection, one.id, "discarded")
        if found.notice is not None:
            act = Act("notice.discarded", said)
            await append(connection, f"notice/{found.notice}", [act], actor=caller.actor, at=at)
        return DraftDiscarded(
            demand=found.id, demands=tuple(one.id for one in given_up), notice=found.notice, discarded_at=at
        )

    answer = await perform(database, caller, command, DraftDiscarded, work)
    assert isinstance(answer, DraftDiscarded), "nothing refuses it"
    return answer


async def _together(connection: Connection, found: Demand) -> tuple[Demand, ...]:
    """The draft alone, or every lot of its notice, their rows locked."""
    if found.notice is not None:
        return await demands.lots_of(connection, found.notice, for_update=True)
    one = await demands.demand_by_id(connection, found.id, for_update=True)
    assert one is not None, "no demand is ever deleted"
    return (one,)
