"""Lift a restriction (解除受限) before its end: by two regulators, with a reason; what was voided meanwhile stays so.

What a credit fact caused ends with that fact's repair or revocation, never past it. From the commit on the agency has
its rights back, and holds for review that the restriction brought upon others end with it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from agencies import store as agencies
from commons.errors import NotFound
from commons.verdicts import Refused
from credit import store as credit
from credit.facts import fact_state
from credit.restrictions import judge_lift
from marketplace.database import Connection, Database
from marketplace.record.store import hold
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, clock, perform, require
from marketplace.usecases.follow_fact import fact_of, lift
from marketplace.usecases.restrict_agency import Approver


class LiftRestriction(Message):
    """Which restriction of which agency, why, and the two regulators who approve; the reason is published."""

    agency: UsccText
    restriction: Identifier
    reason: Ground
    approvers: Annotated[list[Approver], Field(max_length=5)]


class RestrictionLifted(Message):
    """Lifted since."""

    restriction: str
    agency: str
    lifted_at: datetime


async def lift_restriction(database: Database, caller: Caller, command: LiftRestriction) -> RestrictionLifted | Refused:
    """Lift it; refused to one regulator alone, when it is over, or while its fact counts. ``NotFound`` otherwise."""
    require(caller, "lift_restriction")

    async def work(connection: Connection) -> RestrictionLifted | Refused:
        if not await agencies.lock_alone(connection, command.agency):
            raise NotFound("agency", command.agency)
        last = await hold(connection, f"agency/{command.agency}")
        bound = (await credit.restrictions(connection, [command.agency]))[command.agency]
        one = next((one for one in bound if one.id == command.restriction), None)
        if one is None:
            raise NotFound("restriction", command.restriction)
        require(caller, "lift_restriction", region=one.region, items=one.items)
        fact = None if one.fact is None else await fact_of(connection, command.agency, one.fact)
        known = () if fact is None else (fact.recorded_at, *(each.recorded_at for each in fact.followed))
        at = await clock(connection, *last, *known, *(each.starts_at for each in bound))
        cause = None if fact is None else fact_state(fact, at=at, known_at=at)
        ruling = judge_lift(one, approvers=tuple(command.approvers), decided_by=caller.actor.id, cause=cause, at=at)
        if isinstance(ruling, Refused):
            return ruling
        in_force = [each for each in bound if each.is_in_force(at=at)]
        await lift(
            connection, [one], in_force, reason=command.reason, actor=caller.actor, at=at, approvers=command.approvers
        )
        return RestrictionLifted(restriction=one.id, agency=command.agency, lifted_at=at)

    return await perform(database, caller, command, RestrictionLifted, work)
