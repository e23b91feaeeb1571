"""Object to a proposed award (中选异议): inside its publicity, by anybody; the award waits until it is answered.

The grounds and the answer are public, who objects is not. Source: market.md section 4, docs/adr/0022.
"""

from __future__ import annotations

from datetime import datetime

from bidding.selection import Selection
from commons.canonical import Json
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.objecting import Objecting, judge_award_objection
from marketplace.record.store import Act, load
from marketplace.usecases.act import Caller, Ground, Identifier, Message, perform, require, stamp
from marketplace.usecases.stages import Staged, hold_staged, unnamed
from marketplace.usecases.standing import follow


class ObjectToAward(Message):
    """Which selection, and the grounds; they are published, the objector's name is not."""

    selection: Identifier
    grounds: Ground


class AwardObjectedTo(Message):
    """Raised under its number; the award waits, the owner answers until."""

    selection: str
    objection: int
    raised_at: datetime
    answer_until: datetime


async def object_to_award(database: Database, caller: Caller, command: ObjectToAward) -> AwardObjectedTo | Refused:
    """Object to whoever is proposed, once in its publicity; refused to the agency itself and where the award binds."""
    require(caller, "object_to_award")

    async def work(connection: Connection) -> AwardObjectedTo | Refused:
        staged = await hold_staged(connection, command.selection)
        state, at = staged.state, staged.at
        ruling = judge_award_objection(await _objecting(connection, staged, caller.actor), caller.actor.role, at=at)
        if isinstance(ruling, Refused):
            return ruling
        until = staged.profile.after("award_objection_answer", at)
        end = staged.profile.after("complaint", until.at)
        number = len(state.objections) + 1
        data: dict[str, Json] = {
            "objection": number,
            "bidder": state.proposed,
            "grounds": command.grounds,
            "answer_until": stamp(until.at),
            "complain_until": stamp(end.at),
            "is_provisional": until.is_provisional or end.is_provisional,
        }
        act = Act("objection.raised", data, private={"objector": who(caller.actor)})
        await follow(connection, state, [act], actor=unnamed(caller.actor), at=at)
        await demands.mark_stage(connection, staged.demand.id, "objected")
        return AwardObjectedTo(selection=state.id, objection=number, raised_at=at, answer_until=until.at)

    return await perform(database, caller, command, AwardObjectedTo, work)


async def _objecting(connection: Connection, staged: Staged, actor: Actor) -> Objecting:
    """The objection about to be raised, as the rules look at it."""
    state = staged.state
    raised = await objectors(connection, state)
    against = [one for one in state.objections if one.against == state.proposed]
    end = state.publicity.get(state.proposed) if state.proposed is not None else None
    return Objecting(
        stage=staged.stage,
        is_instant=state.mode == "instant",
        publicity_until=end.at if end is not None else None,
        has_objected=any(raised[one.number] == who(actor) for one in against),
        is_own=actor.role == "agency" and actor.id == state.proposed,
        count=sum(one.withdrawn_at is None for one in against),
    )


async def objectors(connection: Connection, state: Selection) -> dict[int, str]:
    """Who raised each objection, by its number: from the private parts."""
    recorded = await load(connection, [f"selection/{state.id}"])
    raised = [one for one in recorded if one.event.type == "objection.raised"]
    return {number: str((one.private or {})["objector"]) for number, one in enumerate(raised, start=1)}


def who(actor: Actor) -> str:
    """An objector as the private part names it."""
    return f"{actor.role}:{actor.id}"
