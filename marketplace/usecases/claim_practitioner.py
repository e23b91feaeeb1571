"""Claim a practitioner (登记执业人员): one person works for one agency; a second claim is held, and both are told.

The held claim gives the agency nobody until the first agency lets the person go or a regulator rules.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from agencies import store as agencies
from agencies.people import store as people
from agencies.people.relations import masked
from agencies.people.staff import Claim, is_held, judge_claim
from commons.errors import NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.identity.identifiers import DEVELOPMENT, Identifiers
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Line,
    Message,
    UsccText,
    clock,
    new_identifier,
    perform,
    require,
)
from marketplace.usecases.add_qualification import Day
from marketplace.usecases.holding import hold_if_linked
from marketplace.usecases.stated_relations import Person

CertificateNumber = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class ClaimPractitioner(Message):
    """The person by identity number, and the certificate with its days: valid on ``valid_from ≤ day < valid_until``."""

    agency: UsccText
    person: Person
    certificate_kind: Line
    certificate_number: CertificateNumber
    valid_from: Day
    valid_until: Day | None = None


class PractitionerClaimed(Message):
    """Registered; ``is_held`` when another agency claimed the same person before and has not let it go."""

    claim: str
    agency: str
    shown: str
    is_held: bool
    claimed_at: datetime


async def claim_practitioner(
    database: Database,
    caller: Caller,
    command: ClaimPractitioner,
    *,
    profile: str,
    identifiers: Identifiers = DEVELOPMENT,
) -> PractitionerClaimed | Refused:
    """Register the claim; refused only when the agency claims that person already, or the days make no sense."""
    require(caller, "claim_practitioner", own=command.agency)
    digest = identifiers.digest("person", command.person.id_number)
    assert digest is not None, "a number has digits or letters"

    async def work(connection: Connection) -> PractitionerClaimed | Refused:
        if not await agencies.lock_alone(connection, command.agency):
            raise NotFound("agency", command.agency)
        await people.hold_digests(connection, [digest], alone=True)
        others = await people.claims_on(connection, [digest])
        last = await _hold_chains(connection, {command.agency, *(one.agency for one in others)})
        at = await clock(connection, *last)
        claim = _claim(command, digest, at=at)
        own = (await people.claims_of(connection, [command.agency]))[command.agency]
        ruling = judge_claim(claim, others, count=sum(one.stands(at=at) for one in own), at=at)
        if isinstance(ruling, Refused):
            return ruling
        sealed = identifiers.seal(f"{command.person.name}\n{command.person.id_number}")
        await people.insert_claim(connection, claim, sealed=sealed)
        held = is_held(claim, (*others, claim), at=at)
        await _tell(connection, caller, claim, others, held=held, at=at)
        await hold_if_linked(connection, command.agency, profile=profile, at=at)
        return PractitionerClaimed(claim=claim.id, agency=claim.agency, shown=claim.shown, is_held=held, claimed_at=at)

    return await perform(database, caller, command, PractitionerClaimed, work)


async def _hold_chains(connection: Connection, who: set[str]) -> list[datetime]:
    """Hold the records of both sides, in order of id; the instants of their last events."""
    return [at for one in sorted(who) for at in await hold(connection, f"agency/{one}")]


def _claim(command: ClaimPractitioner, digest: str, *, at: datetime) -> Claim:
    return Claim(
        id=new_identifier("C", at=at),
        agency=command.agency,
        person=digest,
        shown=masked(command.person.name),
        certificate_kind=command.certificate_kind,
        certificate_number=command.certificate_number,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        claimed_at=at,
    )


async def _tell(
    connection: Connection, caller: Caller, claim: Claim, others: tuple[Claim, ...], *, held: bool, at: datetime
) -> None:
    """Say it in the agency's record, and in that of whoever has the person already."""
    act = Act(
        "practitioner.claimed",
        {
            "claim": claim.id,
            "shown": claim.shown,
            "certificate_kind": claim.certificate_kind,
            "certificate_number": claim.certificate_number,
            "is_held": held,
        },
    )
    await append(connection, f"agency/{claim.agency}", [act], actor=caller.actor, at=at)
    for one in others:
        if one.stands(at=at):
            told = Act("practitioner.contested", {"claim": one.id, "shown": one.shown, "by": claim.agency})
            await append(connection, f"agency/{one.agency}", [told], actor=caller.actor, at=at)
