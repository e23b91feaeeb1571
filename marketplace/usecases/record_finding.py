"""Record what a visit found (抽查结果): published at once, and a credit fact under the rulebook in the same act."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from agencies import store as agencies
from commons.errors import Conflict, Fault, Malformed, NotFound
from commons.verdicts import Refused
from credit.rulebook import rulebook
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, clock, perform, require
from marketplace.usecases.inspections import inspection_of, plan_of
from marketplace.usecases.record_credit_fact import RULEBOOK, EvidenceHash, RecordCreditFact, write_fact

PASSED = "inspection_passed"


class RecordFinding(Message):
    """Of which visit; the rule that was broken (None: passed), the basis, and the hash of the report."""

    inspection: Identifier
    agency: UsccText
    broken: Annotated[str, StringConstraints(min_length=1, max_length=48)] | None = None
    basis: Ground
    evidence_sha256: EvidenceHash | None = None


class FindingRecorded(Message):
    """Published since, with the fact that it became and the score after it in hundredths."""

    inspection: str
    agency: str
    fact: str
    points: int
    score: int
    found_at: datetime


async def record_finding(database: Database, caller: Caller, command: RecordFinding) -> FindingRecorded | Refused:
    """Record it once for each visit; ``NotFound`` for one that was not drawn, ``Malformed`` for an unknown rule."""
    require(caller, "record_finding")
    rule = rulebook(RULEBOOK).rules.get(command.broken or PASSED)
    if rule is None or (rule.rule_class == "merit") != (command.broken is None):
        raise Malformed((Fault("/broken", "unknown_rule", f"{RULEBOOK} has no breach of this code"),))

    async def work(connection: Connection) -> FindingRecorded | Refused:
        if not await agencies.lock_alone(connection, command.agency):
            raise NotFound("agency", command.agency)
        subject = f"inspection/{command.inspection}"
        last = await hold(connection, subject)
        matter = await inspection_of(connection, command.inspection)
        require(caller, "record_finding", region=(await plan_of(connection, matter.plan)).region)
        if command.agency not in {one.agency for one in matter.visits}:
            raise NotFound("visit", command.agency)
        if any(one.agency == command.agency for one in matter.findings):
            raise Conflict("finding_was_recorded", "this visit has its finding")
        fact = RecordCreditFact(
            agency=command.agency, code=rule.code, basis=command.basis, evidence_sha256=command.evidence_sha256
        )
        written = await write_fact(connection, caller.actor, fact, not_before=last)
        at = await clock(connection, written.recorded_at)
        act = Act(
            "inspection.found",
            {"agency": command.agency, "code": rule.code, "fact": written.fact, "basis": command.basis},
        )
        await append(connection, subject, [act], actor=caller.actor, at=at)
        return FindingRecorded(
            inspection=command.inspection, agency=command.agency, fact=written.fact, points=written.points,
            score=written.score, found_at=at,
        )  # fmt: skip

    return await perform(database, caller, command, FindingRecorded, work)
