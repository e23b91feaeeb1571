"""Restrict an agency (受限): from the acknowledgement on nothing anywhere accepts it.

The status row is locked first (that waits for every act that holds it shared), then, in later statements, it is
flagged, running selections void the agency and its shelf offers come down; one commit.
Source: trust.md section 1, credit.md section 3.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from agencies import store as agencies
from bidding import store as bidding
from commons.errors import NotFound
from commons.verdicts import Refused
from credit import store as credit
from credit.facts import Layer
from credit.restrictions import Restriction, judge_restriction
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Ground,
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
from marketplace.usecases.settle_selection import settle_selection

Approver = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
TICK = timedelta(microseconds=1)


class RestrictAgency(Message):
    """Who, why, decided where, until when (None: until repaired), and the two regulators who approve."""

    agency: UsccText
    layer: Layer = "market"
    basis: Ground
    region: RegionCode
    ends_at: Instant | None = None
    approvers: Annotated[list[Approver], Field(max_length=5)]


class AgencyRestricted(Message):
    """In force since ``starts_at``, everywhere; what it voided and took off the shelf."""

    restriction: str
    agency: str
    starts_at: datetime
    voided_in: list[str]
    shelf_offers_withdrawn: int


async def restrict_agency(database: Database, caller: Caller, command: RestrictAgency) -> AgencyRestricted | Refused:
    """Put the restriction in force; refuses fewer than two approvers, a missing basis, an end that is past."""
    require(caller, "regulator")

    async def work(connection: Connection) -> AgencyRestricted | Refused:
        if not await agencies.lock_alone(connection, command.agency):
            raise NotFound("agency", command.agency)
        last = await hold(connection, f"agency/{command.agency}")
        running = await bidding.running_of(connection, command.agency)
        at = await clock(connection, *last, *(last_at + TICK for _, last_at in running))
        ruling = judge_restriction(
            approvers=tuple(command.approvers),
            decided_by=caller.actor.id,
            basis=command.basis,
            ends_at=command.ends_at,
            at=at,
        )
        if isinstance(ruling, Refused):
            return ruling
        await agencies.restrict_status(connection, command.agency, until=command.ends_at)
        restriction = Restriction(
            new_identifier("R", at=at), command.agency, command.layer, command.basis, command.region, at,
            command.ends_at,
        )  # fmt: skip
        await credit.insert_restriction(connection, restriction)
        selections = [identifier for identifier, _ in running]
        await bidding.insert_voids(connection, selections, command.agency, restriction=restriction.id, at=at)
        withdrawn = await agencies.withdraw_shelf_offers(connection, command.agency, at=at)
        act = _act(restriction, command, selections, withdrawn)
        await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        return AgencyRestricted(
            restriction=restriction.id,
            agency=command.agency,
            starts_at=at,
            voided_in=selections,
            shelf_offers_withdrawn=withdrawn,
        )

    done = await perform(database, caller, command, AgencyRestricted, work)
    if isinstance(done, AgencyRestricted):
        for selection in done.voided_in:  # prompt; were it left out, whoever looks next would settle them the same
            await settle_selection(database, selection)
    return done


def _act(restriction: Restriction, command: RestrictAgency, selections: list[str], withdrawn: int) -> Act:
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
        },
        private={"voided_in": list(selections)},
    )
