"""State the people behind an agency anew (变更关联信息): what is left out ends, what is new begins, all is kept."""

from __future__ import annotations

from datetime import datetime

from agencies import store as agencies
from commons.errors import NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.identity.identifiers import DEVELOPMENT, Identifiers
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Message, UsccText, clock, perform, require
from marketplace.usecases.holding import hold_if_linked
from marketplace.usecases.kinship import hold_kin_anew
from marketplace.usecases.stated_relations import Relations, hold_relations, write_relations


class StateRelations(Message):
    """The whole statement as it is from now on."""

    agency: UsccText
    relations: Relations


class RelationsStated(Message):
    """How many ties are new, how many ended, and the holds for review that came of it."""

    agency: str
    stated_at: datetime
    stated: int
    ended: int
    held_for_review: list[str]


async def state_relations(
    database: Database,
    caller: Caller,
    command: StateRelations,
    *,
    profile: str,
    identifiers: Identifiers = DEVELOPMENT,
) -> RelationsStated | Refused:
    """Keep the statement; nothing refuses it. ``NotFound`` for an agency that is not on file."""
    require(caller, "state_relations", own=command.agency)

    async def work(connection: Connection) -> RelationsStated | Refused:
        if not await agencies.lock_alone(connection, command.agency):
            raise NotFound("agency", command.agency)
        last = await hold(connection, f"agency/{command.agency}")
        await hold_relations(connection, command.agency, command.relations, identifiers)
        at = await clock(connection, *last)
        written = await write_relations(connection, command.agency, command.relations, identifiers, at=at)
        if written.stated or written.ended:
            act = Act("agency.relations_stated", written.as_json())
            await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        holds = await hold_if_linked(connection, command.agency, profile=profile, at=at)
        await hold_kin_anew(connection, command.agency, profile=profile, at=at)
        return RelationsStated(
            agency=command.agency,
            stated_at=at,
            stated=len(written.stated),
            ended=len(written.ended),
            held_for_review=[one.id for one in holds],
        )

    return await perform(database, caller, command, RelationsStated, work)
