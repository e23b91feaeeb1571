"""Object to a filing (备案异议): anybody, within the window after it; recorded, and the filing stays in force.

A regulator answers it (``answer_filing_objection``).
"""

from __future__ import annotations

from datetime import datetime

from agencies import store as agencies
from agencies.filing_objections import FilingObjection, judge_objection
from commons.errors import NotFound
from commons.instants import parse_instant
from commons.verdicts import Refused
from marketplace.catalogue.profiles import rule_profile
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Ground,
    Message,
    UsccText,
    clock,
    new_identifier,
    perform,
    require,
    stamp,
)
from marketplace.usecases.record_credit_fact import EvidenceHash

_UNTIL = "SELECT data->>'objection_until' FROM record_event WHERE subject = $1 AND type = 'agency.filed' ORDER BY seq"


class ObjectToFiling(Message):
    """Whose filing, what is wrong with it (published), and the hash of what proves that."""

    agency: UsccText
    reason: Ground
    evidence_sha256: EvidenceHash


class FilingObjectedTo(Message):
    """On record since; by when it is to be answered (provisional: holidays are not known)."""

    objection: str
    agency: str
    objected_at: datetime
    answer_due_at: datetime
    is_provisional: bool


async def object_to_filing(
    database: Database, caller: Caller, command: ObjectToFiling, *, profile: str
) -> FilingObjectedTo | Refused:
    """Put the objection on record; refused after the window, or while one of the same objector is open."""
    require(caller, "object_to_filing")

    async def work(connection: Connection) -> FilingObjectedTo | Refused:
        subject = f"agency/{command.agency}"
        await agencies.lock_shared(connection, [command.agency])
        last = await hold(connection, subject)
        until = await connection.fetchval(_UNTIL, subject)
        if until is None:
            raise NotFound("agency", command.agency)
        earlier = await agencies.filing_objections(connection, command.agency)
        at = await clock(connection, *last)
        ruling = judge_objection(earlier, caller.actor, until=parse_instant(until), at=at)
        if isinstance(ruling, Refused):
            return ruling
        due = rule_profile(profile).after("filing_objection_answer", at)
        made = FilingObjection(
            new_identifier("O", at=at),
            command.agency,
            caller.actor,
            command.reason,
            command.evidence_sha256,
            at,
            due.at,
        )
        await agencies.insert_filing_objection(connection, made)
        act = Act(
            "filing.objected",
            {
                "objection": made.id,
                "reason": made.reason,
                "evidence_sha256": made.evidence_sha256,
                "answer_due_at": stamp(due.at),
                "is_provisional": due.is_provisional,
            },
        )
        await append(connection, subject, [act], actor=caller.actor, at=at)
        return FilingObjectedTo(
            objection=made.id, agency=made.agency, objected_at=at, answer_due_at=due.at,
            is_provisional=due.is_provisional,
        )  # fmt: skip

    return await perform(database, caller, command, FilingObjectedTo, work)
