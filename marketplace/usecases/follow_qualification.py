"""What becomes of a certificate (资质变更): corrected, renewed, withdrawn (注销) or revoked (撤销); nothing is edited.

Invariants: a certificate that was corrected, withdrawn or revoked has ended at that instant, for every act that asks
after it; a correction or renewal is a certificate of its own that says what it follows; the agency's row is held alone,
so that an act elsewhere either came before or sees it. Source: market.md section 2, trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from agencies import store as agencies
from agencies.qualifications import Followed, Qualification, judge_following
from commons.canonical import Json
from commons.errors import Fault, Malformed, NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append
from marketplace.usecases.act import (
    Caller,
    Ground,
    Line,
    Message,
    UsccText,
    perform,
    require,
)
from marketplace.usecases.add_qualification import (
    CertificateNumber,
    Day,
    ScopeItems,
    ScopeRegions,
    certificate_data,
    check_certificate,
)
from marketplace.usecases.agency_leaving import hold_agency
from marketplace.usecases.downwards import require_over_agency

REPLACING = ("corrected", "renewed")
"""What puts another certificate in its place; the others say nothing but why."""
FIELDS = ("grade", "number", "issuer", "valid_from", "valid_until", "scope", "regions", "items")


ACTS: Mapping[Followed, str] = {
    "corrected": "correct_qualification",
    "renewed": "renew_qualification",
    "withdrawn": "withdraw_qualification",
    "revoked": "revoke_qualification",
}
"""What becomes of a certificate, and the act in the table of permissions."""


class FollowQualification(Message):
    """Which certificate, what becomes of it, and why; a correction or renewal says what reads otherwise.

    What is left out reads as before; a renewal begins where the validity before it ends.
    """

    agency: UsccText
    qualification: Line
    what: Followed
    reason: Ground
    grade: str | None = None
    number: CertificateNumber | None = None
    issuer: Line | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    scope: Line | None = None
    regions: ScopeRegions | None = None
    items: ScopeItems | None = None


class QualificationFollowed(Message):
    """On file since; ``successor`` is the certificate that took its place, None where it ended."""

    agency: str
    qualification: str
    what: str
    followed_at: datetime
    successor: str | None


async def follow_qualification(
    database: Database, caller: Caller, command: FollowQualification
) -> QualificationFollowed | Refused:
    """Put on file what became of it; refused when it is over, or was renewed before; each to its role."""
    _require(caller, command)
    given = {key: value for key in FIELDS if (value := getattr(command, key)) is not None}
    if given and command.what not in REPLACING:
        raise Malformed(tuple(Fault(f"/{key}", "not_asked", "what ends reads as it read") for key in given))

    async def work(connection: Connection) -> QualificationFollowed | Refused:
        at = await hold_agency(connection, command.agency)
        await require_over_agency(connection, caller, ACTS[command.what], command.agency)
        papers = (await agencies.qualifications(connection, [command.agency]))[command.agency]
        held = next((one for one in papers if one.id == command.qualification), None)
        if held is None:
            raise NotFound("qualification", command.qualification)
        is_renewed = await agencies.is_renewed(connection, held.id)
        ruling = judge_following(held, command.what, is_renewed=is_renewed)
        if isinstance(ruling, Refused):
            return ruling
        data: dict[str, Json] = {"qualification": held.id, "reason": command.reason}
        data |= {"kind": held.kind, "grade": held.grade, "number": held.number}
        successor: str | None = None
        if command.what in REPLACING:
            after = _after(held, command, given)
            successor = await agencies.insert_qualification(connection, command.agency, after)
            data["successor"] = certificate_data(successor, after)
        await agencies.insert_followed(
            connection, held, command.what, by=caller.actor.id, reason=command.reason, successor=successor, at=at
        )
        act = Act(f"qualification.{command.what}", data)
        await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        return QualificationFollowed(
            agency=command.agency, qualification=held.id, what=command.what, followed_at=at, successor=successor
        )

    return await perform(database, caller, command, QualificationFollowed, work)


def _require(caller: Caller, command: FollowQualification) -> None:
    """An agency follows its own certificates; an operator has no say and corrects what was entered wrongly.

    An authority's decision comes by a regulator: a revocation, or the withdrawal of whoever does not act itself.
    """
    require(caller, ACTS[command.what], own=command.agency)


def _after(held: Qualification, command: FollowQualification, given: dict[str, object]) -> Qualification:
    """The certificate that follows; ``Malformed`` when it reads the same, or could not be one."""
    fresh = dict(given)
    if command.what == "renewed":
        if command.valid_from is None and held.valid_until is not None:
            fresh["valid_from"] = held.valid_until
        fresh.setdefault("valid_until", None)
    for key in ("regions", "items"):
        if key in fresh:
            fresh[key] = tuple(dict.fromkeys(getattr(command, key)))
    changes = {key: value for key, value in fresh.items() if key in FIELDS}
    after = replace(held, id="", follows=held.id, ended_at=None, **changes)  # type: ignore[arg-type]  # FIELDS are its fields
    if replace(after, id=held.id, follows=held.follows) == held:
        raise Malformed((Fault("", "changes_nothing", "a correction or renewal reads otherwise"),))
    check_certificate(after)
    return after
