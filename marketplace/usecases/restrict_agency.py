"""Restrict an agency (受限): from the acknowledgement on nothing anywhere accepts it.

The status row is locked first (that waits for every act that holds it shared), then, in later statements, it is
flagged, whoever is signed in for the agency is signed out, running selections void it and its shelf offers come down;
one commit. Whoever signs in again finds what stays open: reading, objecting, being heard, repair.
Source: trust.md section 1, credit.md section 3.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from agencies import store as agencies
from bidding import store as bidding
from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed, NotFound
from commons.verdicts import Refused
from credit import store as credit
from credit.facts import Layer, fact_state
from credit.restrictions import Measure, Notice, Restriction, judge_restriction
from marketplace.catalogue.items import load_catalogue
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.sessions import store as sessions
from marketplace.usecases.act import (
    Caller,
    Ground,
    Identifier,
    Instant,
    Message,
    RegionCode,
    UsccText,
    clock,
    new_identifier,
    perform,
    require,
    stamp,
)
from marketplace.usecases.follow_fact import fact_of, mirror
from marketplace.usecases.holding import hold_linked, lock_with_linked
from marketplace.usecases.notice_restriction import notice_of
from marketplace.usecases.restriction_hits import selections_hit
from marketplace.usecases.settle_selection import settle_selection, touched_by_void
from marketplace.usecases.tell_changes import tell_of_restriction

Approver = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
TICK = timedelta(microseconds=1)
MAX_ITEMS = 50


class RestrictAgency(Message):
    """Who, why, decided where, until when (None: until repaired), and the two regulators who approve.

    No measures or no items: all of them. ``fact`` is what caused it: repairing or revoking that lifts it. ``notice`` is
    the prior notice whose hearing is over; without one the restriction is urgent, and the record says so. What the
    agency stated at the hearing is answered in ``statement_answer``, which is published.
    """

    agency: UsccText
    layer: Layer = "market"
    basis: Ground
    region: RegionCode
    ends_at: Instant | None = None
    approvers: Annotated[list[Approver], Field(max_length=5)]
    measures: Annotated[list[Measure], Field(max_length=6)] | None = None
    items: Annotated[list[Identifier], Field(max_length=MAX_ITEMS)] | None = None
    fact: Identifier | None = None
    notice: Identifier | None = None
    statement_answer: Ground | None = None


class AgencyRestricted(Message):
    """In force since ``starts_at``, everywhere; what it voided and took off the shelf, who is held as linked to it."""

    restriction: str
    agency: str
    starts_at: datetime
    voided_in: list[str]
    shelf_offers_withdrawn: int
    held_for_review: list[str]


async def restrict_agency(
    database: Database, caller: Caller, command: RestrictAgency, *, profile: str = "generic-v1"
) -> AgencyRestricted | Refused:
    """Put the restriction in force; refuses fewer than two approvers, a missing basis, an end that is past.

    Also a cause that is revoked, repaired or expired, since nothing could lift what it brought; also while the hearing
    of its notice lasts. ``NotFound`` for an unknown agency, fact or notice, ``Malformed`` for an item that the
    catalogue does not know.
    """
    require(caller, "restrict_agency", region=command.region, items=command.items or ())
    _check_items(command)

    async def work(connection: Connection) -> AgencyRestricted | Refused:
        if not await lock_with_linked(connection, command.agency):
            raise NotFound("agency", command.agency)
        last = await hold(connection, f"agency/{command.agency}")
        bound = (await credit.restrictions(connection, [command.agency]))[command.agency]
        notice = await _notice(connection, command, bound)
        fact = None if command.fact is None else await fact_of(connection, command.agency, command.fact)
        running = await bidding.running_of(connection, command.agency)
        known = () if fact is None else (fact.recorded_at, *(one.recorded_at for one in fact.followed))
        at = await clock(connection, *last, *known, *(last_at + TICK for _, last_at in running))
        ruling = judge_restriction(
            approvers=tuple(command.approvers),
            decided_by=caller.actor.id,
            basis=command.basis,
            ends_at=command.ends_at,
            at=at,
            notice=notice,
            statement_answer=command.statement_answer,
            cause=None if fact is None else fact_state(fact, at=at, known_at=at),
        )
        if isinstance(ruling, Refused):
            return ruling
        restriction = _restriction(command, at=at)
        await _flag(connection, restriction, bound)
        await sessions.end_sessions_of_organisation(connection, "agency", command.agency)
        selections, withdrawn = await _put_in_force(connection, restriction, [one for one, _ in running])
        act = _act(restriction, command, selections, withdrawn)
        (event,) = await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        await tell_of_restriction(connection, event, restriction, is_lifted=False, at=at)
        holds = await hold_linked(connection, restriction, profile=profile)
        return AgencyRestricted(
            restriction=restriction.id,
            agency=command.agency,
            starts_at=at,
            voided_in=selections,
            shelf_offers_withdrawn=withdrawn,
            held_for_review=[one.agency for one in holds],
        )

    done = await perform(database, caller, command, AgencyRestricted, work)
    if isinstance(done, AgencyRestricted):
        # prompt; were it left out, whoever looks next would settle them the same
        for selection in await touched_by_void(database, done.voided_in):
            await settle_selection(database, selection)
    return done


async def _put_in_force(connection: Connection, restriction: Restriction, running: list[str]) -> tuple[list[str], int]:
    """Keep it, void what runs and take down what is on the shelf; where, and how many offers."""
    at = restriction.starts_at
    await credit.insert_restriction(connection, restriction)
    selections = await selections_hit(connection, restriction, running)
    await bidding.insert_voids(connection, selections, restriction.subject, restriction=restriction.id, at=at)
    if not restriction.bars("shelf"):
        return selections, 0
    return selections, await agencies.withdraw_shelf_offers(
        connection, restriction.subject, at=at, items=restriction.items
    )


def _check_items(command: RestrictAgency) -> None:
    """Refuses (``Malformed``) items that are in no catalogue: they would bar nothing."""
    catalogue = load_catalogue()
    faults = tuple(
        Fault(f"/items/{place}", "unknown_item", "the catalogue has no item of this code")
        for place, code in enumerate(command.items or ())
        if catalogue.item(code) is None
    )
    if faults:
        raise Malformed(faults)


async def _notice(connection: Connection, command: RestrictAgency, bound: tuple[Restriction, ...]) -> Notice | None:
    """The notice that the command names; ``NotFound`` for another agency's, ``Conflict`` for one already used."""
    if command.notice is None:
        return None
    notice = await notice_of(connection, command.agency, command.notice)
    if notice is None:
        raise NotFound("notice", command.notice)
    if any(one.notice == command.notice for one in bound):
        raise Conflict("notice_used", "this notice has led to a restriction already")
    return notice


def _restriction(command: RestrictAgency, *, at: datetime) -> Restriction:
    return Restriction(
        id=new_identifier("R", at=at),
        subject=command.agency,
        layer=command.layer,
        basis=command.basis,
        region=command.region,
        starts_at=at,
        ends_at=command.ends_at,
        measures=tuple(dict.fromkeys(command.measures or ())),
        items=tuple(dict.fromkeys(command.items or ())),
        fact=command.fact,
        notice=command.notice,
    )


async def _flag(connection: Connection, restriction: Restriction, bound: tuple[Restriction, ...]) -> None:
    """Raise the epoch; the flag is set by what bars everything, what bars less is judged from its row."""
    if restriction.measures or restriction.items:
        in_force = [one for one in bound if one.is_in_force(at=restriction.starts_at)]
        await mirror(connection, restriction.subject, in_force)
    else:
        await agencies.restrict_status(connection, restriction.subject, until=restriction.ends_at)


def _act(restriction: Restriction, command: RestrictAgency, selections: list[str], withdrawn: int) -> Act:
    measures: list[Json] = list(restriction.measures)
    items: list[Json] = list(restriction.items)
    return Act(
        "agency.restricted",
        {
            "restriction": restriction.id,
            "layer": restriction.layer,
            "basis": restriction.basis,
            "region": restriction.region,
            "starts_at": stamp(restriction.starts_at),
            "ends_at": stamp(restriction.ends_at) if restriction.ends_at else None,
            "approvers": list(command.approvers),
            "shelf_offers_withdrawn": withdrawn,
            "measures": measures,
            "items": items,
            "fact": restriction.fact,
            "notice": restriction.notice,
            "statement_answer": command.statement_answer,
            "is_urgent": restriction.layer == "market" and restriction.notice is None,
        },
        private={"voided_in": list(selections)},
    )
