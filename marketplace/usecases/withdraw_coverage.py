"""Withdraw the coverage of a regional assessment (撤回区域评估覆盖) before its day, with a published reason."""

from __future__ import annotations

from datetime import datetime

from commons.errors import Conflict, NotFound
from commons.verdicts import Refused
from marketplace.catalogue.coverage import Ended
from marketplace.catalogue.store import coverage_by_id, end_coverage
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Ground, Identifier, Message, clock, perform, require


class WithdrawCoverage(Message):
    """Which one, and why."""

    coverage: Identifier
    reason: Ground


class CoverageWithdrawn(Message):
    """It stands for nothing since then."""

    coverage: str
    ended_at: datetime


async def withdraw_coverage(
    database: Database, caller: Caller, command: WithdrawCoverage
) -> CoverageWithdrawn | Refused:  # fmt: skip
    """End a coverage; ``NotFound`` for an unknown one, ``Conflict`` for one that has ended."""
    require(caller, "withdraw_coverage")

    async def work(connection: Connection) -> CoverageWithdrawn | Refused:
        at = await clock(connection, *await hold(connection, f"coverage/{command.coverage}"))
        found = await coverage_by_id(connection, command.coverage)
        if found is None:
            raise NotFound("coverage", command.coverage)
        require(caller, "withdraw_coverage", region=found.region)
        if not await end_coverage(connection, found.id, Ended("withdrawn", command.reason, at)):
            raise Conflict("coverage_is_over", "this coverage has ended before")
        act = Act("coverage.withdrawn", {"reason": command.reason})
        await append(connection, f"coverage/{found.id}", [act], actor=caller.actor, at=at)
        return CoverageWithdrawn(coverage=found.id, ended_at=at)

    return await perform(database, caller, command, CoverageWithdrawn, work)
