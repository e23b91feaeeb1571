"""End a claim on a practitioner (注销执业登记): the agency lets the person go, or a regulator rules.

The next claim on the same person, held until now, is active from that instant on, and its agency is told.
"""

from __future__ import annotations

from datetime import datetime

from agencies import store as agencies
from agencies.people import store as people
from agencies.people.staff import Claim, active, judge_release
from commons.errors import NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, clock, perform, require, stamp
from marketplace.usecases.downwards import require_over_agency


class ReleasePractitioner(Message):
    """Which claim of which agency, and why; a regulator's reason is published."""

    agency: UsccText
    claim: Identifier
    reason: Ground


class PractitionerReleased(Message):
    """Ended since; the agency that has the person from now on, None where nobody else claims it."""

    claim: str
    agency: str
    released_at: datetime
    passes_to: str | None


async def release_practitioner(
    database: Database, caller: Caller, command: ReleasePractitioner
) -> PractitionerReleased | Refused:
    """End the claim; ``NotFound`` for one that is not this agency's, ``Forbidden`` to another agency."""
    require(caller, "release_practitioner", own=command.agency)

    async def work(connection: Connection) -> PractitionerReleased | Refused:
        if not await agencies.lock_alone(connection, command.agency):
            raise NotFound("agency", command.agency)
        await require_over_agency(connection, caller, "release_practitioner", command.agency)
        own = (await people.claims_of(connection, [command.agency]))[command.agency]
        claim = next((one for one in own if one.id == command.claim), None)
        if claim is None:
            raise NotFound("practitioner", command.claim)
        await people.hold_digests(connection, [claim.person], alone=True)
        every = await people.claims_on(connection, [claim.person])
        chains = sorted({one.agency for one in every})
        last = [at for one in chains for at in await hold(connection, f"agency/{one}")]
        at = await clock(connection, *last)
        ruling = judge_release(claim, at=at)
        if isinstance(ruling, Refused):
            return ruling
        await people.end_claim(connection, claim.id, by=caller.actor.id, reason=command.reason, at=at)
        left = Act("practitioner.left", {"claim": claim.id, "shown": claim.shown, "reason": command.reason})
        await append(connection, f"agency/{claim.agency}", [left], actor=caller.actor, at=at)
        heir = await _pass_on(connection, caller, claim, every, at=at)
        return PractitionerReleased(claim=claim.id, agency=claim.agency, released_at=at, passes_to=heir)

    return await perform(database, caller, command, PractitionerReleased, work)


async def _pass_on(
    connection: Connection, caller: Caller, ended: Claim, every: tuple[Claim, ...], *, at: datetime
) -> str | None:
    """Tell the agency whose held claim became active; None when there is none, or the ended one was held itself."""
    before = active(every, at=at)[ended.person]
    heir = active((one for one in every if one.id != ended.id), at=at).get(ended.person)
    if heir is None or before.id != ended.id:
        return None
    act = Act("practitioner.active", {"claim": heir.id, "shown": heir.shown, "since": stamp(at)})
    await append(connection, f"agency/{heir.agency}", [act], actor=caller.actor, at=at)
    return heir.agency
