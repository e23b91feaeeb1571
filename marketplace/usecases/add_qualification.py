"""Add a qualification (资质) to an agency's file: in effect by its own dates, in every city."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from agencies import store as agencies
from agencies.qualifications import Qualification
from commons.canonical import Json
from commons.errors import Fault, Malformed, NotFound
from commons.verdicts import Refused
from marketplace.catalogue.items import load_catalogue
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Identifier,
    Line,
    Message,
    RegionCode,
    UsccText,
    clock,
    perform,
    require,
)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: object) -> object:
    """``YYYY-MM-DD`` → date; anything else is left to the strict check."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        message = "a day is text of the form YYYY-MM-DD"
        raise ValueError(message)
    return date.fromisoformat(value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
CertificateNumber = Annotated[Line, StringConstraints(min_length=1, max_length=64)]
MAX_SCOPE = 50
ScopeRegions = Annotated[list[RegionCode], Field(max_length=MAX_SCOPE)]
ScopeItems = Annotated[list[Identifier], Field(max_length=MAX_SCOPE)]


class AddQualification(Message):
    """One certificate: valid on ``valid_from ≤ day < valid_until`` (Beijing days); no end: until withdrawn.

    ``scope`` is its scope of business as printed; where it names regions or service items, it counts there only.
    """

    agency: UsccText
    kind: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    grade: str | None = None
    number: CertificateNumber
    issuer: Line = ""
    valid_from: Day
    valid_until: Day | None = None
    scope: Line = ""
    regions: ScopeRegions | None = None
    items: ScopeItems | None = None


class QualificationAdded(Message):
    """The certificate is on file."""

    qualification: str
    agency: str
    added_at: datetime


async def add_qualification(
    database: Database, caller: Caller, command: AddQualification
) -> QualificationAdded | Refused:
    """Put the certificate on file; ``Malformed`` for an unknown kind or grade or an empty validity."""
    require(caller, "add_qualification", own=command.agency)
    held = Qualification(
        command.kind, command.grade, command.number, command.issuer, command.valid_from, command.valid_until,
        scope=command.scope, regions=tuple(dict.fromkeys(command.regions or ())),
        items=tuple(dict.fromkeys(command.items or ())),
    )  # fmt: skip
    check_certificate(held)

    async def work(connection: Connection) -> QualificationAdded | Refused:
        await agencies.lock_shared(connection, [command.agency])
        if not await agencies.is_filed(connection, command.agency):
            raise NotFound("agency", command.agency)
        at = await clock(connection, *await hold(connection, f"agency/{command.agency}"))
        identifier = await agencies.insert_qualification(connection, command.agency, held)
        act = Act("qualification.added", certificate_data(identifier, held))
        await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        return QualificationAdded(qualification=identifier, agency=command.agency, added_at=at)

    return await perform(database, caller, command, QualificationAdded, work)


def certificate_data(identifier: str, held: Qualification) -> dict[str, Json]:
    """A certificate as its event says it; a scope where it has one."""
    data: dict[str, Json] = {
        "qualification": identifier,
        "kind": held.kind,
        "grade": held.grade,
        "number": held.number,
        "issuer": held.issuer,
        "valid_from": held.valid_from.isoformat(),
        "valid_until": held.valid_until.isoformat() if held.valid_until else None,
    }
    if held.scope or held.regions or held.items:
        data |= {"scope": held.scope, "regions": list(held.regions), "items": list(held.items)}
    return data


def check_certificate(held: Qualification) -> None:
    """All faults that the catalogue's kinds and items and the dates show (``Malformed``)."""
    faults: list[Fault] = []
    catalogue = load_catalogue()
    kind = catalogue.kind(held.kind)
    if kind is None:
        faults.append(Fault("/kind", "unknown_qualification_kind", "this kind is not in the catalogue"))
    elif kind.grades_best_first and held.grade not in kind.grades_best_first:
        faults.append(Fault("/grade", "unknown_grade", "one of " + "、".join(kind.grades_best_first)))
    elif not kind.grades_best_first and held.grade is not None:
        faults.append(Fault("/grade", "unknown_grade", "this kind has no grades"))
    if held.valid_until is not None and held.valid_until <= held.valid_from:
        faults.append(Fault("/valid_until", "validity_is_empty", "the end lies after the start"))
    faults.extend(
        Fault(f"/items/{place}", "unknown_item", "the catalogue has no item of this code")
        for place, code in enumerate(held.items)
        if catalogue.item(code) is None
    )
    if faults:
        raise Malformed(tuple(faults))
