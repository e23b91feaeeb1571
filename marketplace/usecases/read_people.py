"""Who stands behind an agency, as the public may see it: masked names, certificates, holds for review.

Invariants: no identifier leaves; a hold between two bidders is shown once their selection has closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agencies import store as agencies
from agencies.people import store as people
from agencies.people.holds import Hold
from agencies.people.relations import Tie
from agencies.people.staff import Claim, is_held
from commons.errors import NotFound
from marketplace.database import Database
from marketplace.usecases.holding import holds_now
from marketplace.usecases.read_holds import shown_holds
from marketplace.usecases.read_snapshot import Reading, reading


@dataclass(frozen=True, slots=True)
class Practitioner:
    """A claim that stands; ``is_held`` while another agency has the person."""

    claim: Claim
    is_held: bool


@dataclass(frozen=True, slots=True)
class People:
    """What stands as of ``now``, by kind."""

    now: datetime
    ties: tuple[Tie, ...]
    practitioners: tuple[Practitioner, ...]
    holds: tuple[Hold, ...]


async def read_people(database: Database, uscc: str) -> People:
    """The people behind the agency; ``NotFound`` for a code that is not on file."""
    async with reading(database) as snapshot:
        if not await agencies.is_filed(snapshot.connection, uscc):
            raise NotFound("agency", uscc)
        return await people_behind(snapshot, uscc)


async def people_behind(snapshot: Reading, uscc: str) -> People:
    """The same within a snapshot that is open already."""
    connection, now = snapshot.connection, snapshot.now
    stored = (await people.stored_ties(connection, [uscc]))[uscc]
    own = [one for one in (await people.claims_of(connection, [uscc]))[uscc] if one.stands(at=now)]
    rivals = await people.claims_on(connection, sorted({one.person for one in own})) if own else ()
    holds = await shown_holds(snapshot, (await holds_now(connection, [uscc]))[uscc])
    return People(
        now=now,
        ties=tuple(sorted((one.tie for one in stored if one.tie.is_in_force(at=now)), key=lambda one: one.kind)),
        practitioners=tuple(Practitioner(one, is_held(one, rivals, at=now)) for one in own),
        holds=holds,
    )
