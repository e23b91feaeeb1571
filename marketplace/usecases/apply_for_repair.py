"""Apply for credit repair (信用修复): by the subject, once the minimum is reached and the duty is done."""

from __future__ import annotations

from datetime import datetime

from commons.canonical import Json
from commons.verdicts import Refused
from credit.clocks import credit_clocks
from credit.repair import judge_application, severity_of
from credit.rulebook import rulebook
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, perform, require, stamp
from marketplace.usecases.follow_fact import Following, follow_fact, hold_fact
from marketplace.usecases.record_credit_fact import RULEBOOK, EvidenceHash


class ApplyForRepair(Message):
    """Which fact, how it was put right (published), whether it was, and the public commitment."""

    agency: UsccText
    fact: Identifier
    correction: Ground
    is_corrected: bool
    commitment_signed: bool
    evidence_sha256: EvidenceHash | None = None


class RepairAppliedFor(Message):
    """Before the regulators since, who decide by ``decide_by``; answers kept before there was that clock have none."""

    application: str
    agency: str
    fact: str
    applied_at: datetime
    decide_by: datetime | None = None


async def apply_for_repair(
    database: Database, caller: Caller, command: ApplyForRepair, *, profile: str
) -> RepairAppliedFor | Refused:
    """Ask for repair; refused too early, uncorrected, uncommitted, twice at once, or where nothing is to repair."""
    require(caller, "apply_for_repair", own=command.agency)
    clocks, book = credit_clocks(profile), rulebook(RULEBOOK)

    async def work(connection: Connection) -> RepairAppliedFor | Refused:
        held = await hold_fact(connection, command.agency, command.fact)
        ruling = judge_application(
            held.state, severity_of(held.state.fact, book), clocks,
            is_corrected=command.is_corrected, is_committed=command.commitment_signed, at=held.at,
        )  # fmt: skip
        if isinstance(ruling, Refused):
            return ruling
        until = clocks.after("repair_decision", held.at).at
        data: dict[str, Json] = {"evidence_sha256": command.evidence_sha256, "decide_by": stamp(until)}
        said = Following("repair_applied", command.correction, data)
        (written,) = await follow_fact(connection, held, said, actor=caller.actor)
        return RepairAppliedFor(
            application=written.id, agency=command.agency, fact=command.fact, applied_at=held.at, decide_by=until
        )

    return await perform(database, caller, command, RepairAppliedFor, work)
