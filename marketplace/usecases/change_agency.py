"""Change what an agency stated about itself (变更): the directory shows the latest, the record keeps every reading.

The credit code is the identity for ever: a new one is another agency, with a filing of its own. An operator has no say:
it corrects what is published, with a public reason, and no contact, which would be a tie that nobody stated.
"""

from __future__ import annotations

from datetime import datetime

from agencies import store as agencies
from agencies.changes import Particular, Particulars, changed, judge_change
from agencies.filing import AgencyKind
from commons.canonical import Json
from commons.errors import Fault, Forbidden, Malformed, NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.identity.identifiers import DEVELOPMENT, Identifiers
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Ground,
    Line,
    Message,
    Name,
    PlaceCode,
    UsccText,
    clock,
    perform,
    require,
)
from marketplace.usecases.file_agency import city_of
from marketplace.usecases.holding import hold_if_linked
from marketplace.usecases.stated_relations import Relations, hold_relations, write_contact


class ChangeAgency(Message):
    """What reads otherwise from now on; what is left out stays. Persons and contacts stay private.

    ``reason`` is published; an operator's correction needs one.
    """

    agency: UsccText
    name: Name | None = None
    kind: AgencyKind | None = None
    region: PlaceCode | None = None
    contact_name: Line | None = None
    contact_phone: Line | None = None
    reason: Ground | None = None


class AgencyChanged(Message):
    """In effect since; the particulars that read otherwise, a contact by that word alone."""

    agency: str
    changed_at: datetime
    changed: list[str]


Rows = tuple[tuple[Particular, str, str], ...]


async def change_agency(
    database: Database,
    caller: Caller,
    command: ChangeAgency,
    *,
    profile: str = "generic-v1",
    identifiers: Identifiers = DEVELOPMENT,
) -> AgencyChanged | Refused:
    """Put the change on file; refused when it changes nothing, ``NotFound`` for an agency that is not on file."""
    _require(caller, command)
    phone = command.contact_phone
    sealed = identifiers.seal(phone).hex() if phone else phone
    contact: dict[str, Json] = {
        key: value
        for key, value in (("contact_name", command.contact_name), ("contact_phone", sealed))
        if value is not None
    }

    async def work(connection: Connection) -> AgencyChanged | Refused:
        if command.contact_phone is None:
            await agencies.lock_shared(connection, [command.agency])
        else:  # a contact may link it to a restricted agency: its awards wait from then on
            await agencies.lock_alone(connection, command.agency)
        last = await hold(connection, f"agency/{command.agency}")
        before = await agencies.particulars(connection, command.agency)
        if before is None:
            raise NotFound("agency", command.agency)
        after = Particulars(command.name or before.name, command.kind or before.kind, command.region or before.region)
        ruling = judge_change(before, after, has_contact=bool(contact))
        if isinstance(ruling, Refused):
            return ruling
        if command.contact_phone is not None:
            reached = Relations(contact=command.contact_phone)
            await hold_relations(connection, command.agency, reached, identifiers)
        at = await clock(connection, *last)
        act = await put_change(connection, command.agency, before, after, contact=contact, reason=command.reason)
        await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        if command.contact_phone is not None:
            await write_contact(connection, command.agency, command.contact_phone, identifiers, at=at)
            await hold_if_linked(connection, command.agency, profile=profile, at=at)
        rows = [what for what, _, _ in changed(before, after)]
        return AgencyChanged(agency=command.agency, changed_at=at, changed=[*rows, *(["contact"] if contact else [])])

    return await perform(database, caller, command, AgencyChanged, work)


def _require(caller: Caller, command: ChangeAgency) -> None:
    """An agency changes what it stated; an operator corrects, and says why."""
    require(caller, "change_agency", own=command.agency)
    if caller.actor.role == "agency":
        return
    if command.contact_name is not None or command.contact_phone is not None:
        raise Forbidden("contact_is_its_own", "only the agency states its contact")
    if command.reason is None:
        raise Malformed((Fault("/reason", "required", "a correction by the operator has a reason"),))


async def put_change(
    connection: Connection, agency: str, before: Particulars, after: Particulars, *,
    contact: dict[str, Json] | None = None, objection: str | None = None, reason: str | None = None,
) -> Act:  # fmt: skip
    """Show the latest in the directory; returns the act to append: what read how, and reads how."""
    await agencies.change_particulars(connection, agency, after, city=city_of(after.region))
    if after.name != before.name:
        await demands.mark_renamed(connection, agency)
    rows: list[Json] = [{"what": what, "from": was, "to": now} for what, was, now in changed(before, after)]
    data: dict[str, Json] = {"changes": rows, "has_contact": bool(contact)}
    if objection is not None:
        data["objection"] = objection
    if reason is not None:
        data["reason"] = reason
    return Act("agency.changed", data, private=contact or None)
