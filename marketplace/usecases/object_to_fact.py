"""Object to a credit fact (信用异议): by its subject; marked disputed at once, and it still counts until decided."""

from __future__ import annotations

from datetime import datetime

from commons.verdicts import Refused
from credit.clocks import credit_clocks
from credit.objections import judge_objection, objection_clock
from marketplace.database import Connection, Database
from marketplace.usecases.act import (
    Caller,
    Ground,
    Identifier,
    Message,
    UsccText,
    perform,
    require,
    stamp,
)
from marketplace.usecases.follow_fact import Following, follow_fact, hold_fact
from marketplace.usecases.record_credit_fact import EvidenceHash


class ObjectToFact(Message):
    """Which fact of the agency's own, why it is wrong, and the hash of what proves that."""

    agency: UsccText
    fact: Identifier
    reason: Ground
    evidence_sha256: EvidenceHash | None = None


class FactObjectedTo(Message):
    """Disputed since; by when it is to be answered, and by when at the latest (provisional: holidays are not known)."""

    objection: str
    agency: str
    fact: str
    objected_at: datetime
    answer_due_at: datetime
    answer_limit_at: datetime
    is_provisional: bool


async def object_to_fact(
    database: Database, caller: Caller, command: ObjectToFact, *, profile: str
) -> FactObjectedTo | Refused:
    """Dispute the fact; refused where that was done before or the fact is over, ``Forbidden`` to anybody else."""
    require(caller, "object_to_fact", own=command.agency)
    clocks = credit_clocks(profile)

    async def work(connection: Connection) -> FactObjectedTo | Refused:
        held = await hold_fact(connection, command.agency, command.fact)
        ruling = judge_objection(held.state)
        if isinstance(ruling, Refused):
            return ruling
        ends = objection_clock(clocks, objected_at=held.at)
        said = Following(
            "objected",
            command.reason,
            {
                "evidence_sha256": command.evidence_sha256,
                "answer_due_at": stamp(ends.due.at),
                "answer_limit_at": stamp(ends.limit.at),
            },
        )
        (written,) = await follow_fact(connection, held, said, actor=caller.actor)
        return FactObjectedTo(
            objection=written.id,
            agency=command.agency,
            fact=command.fact,
            objected_at=held.at,
            answer_due_at=ends.due.at,
            answer_limit_at=ends.limit.at,
            is_provisional=ends.limit.is_provisional,
        )

    return await perform(database, caller, command, FactObjectedTo, work)
