"""A repair that is refused: with its reason, in time, told to the agency, and nothing else changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commons.errors import Forbidden
from commons.events import Actor
from commons.verdicts import Refused
from credit.repair import COMPLAINT
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.act import Caller
from marketplace.usecases.apply_for_repair import RepairAppliedFor
from marketplace.usecases.grant_repair import RepairApproved
from marketplace.usecases.read_queues import read_queues
from marketplace.usecases.refuse_repair import RefuseRepair, RepairRefused, refuse_repair
from tests.usecases.market import REGULATOR, Market, agency, code, until
from tests.usecases.test_credit_following import SECOND, apply, grant, record, restrict

WHY = "整改材料未附检测报告（示例）"


async def refuse(market: Market, fact: str, by: Caller = SECOND) -> RepairRefused | Refused:
    return await refuse_repair(market.database, by, RefuseRepair(agency=code(1), fact=fact, reason=WHY))


async def test_a_refused_repair_changes_nothing_and_is_applied_for_again_from_the_beginning(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    fact = await record(market, quantity=2)
    bound = await restrict(market, fact=fact.fact)
    assert not isinstance(bound, Refused), bound
    early = await refuse(market, fact.fact)
    assert isinstance(early, Refused)
    assert early.codes == ("repair_not_applied_for",)
    await until(fact.recorded_at + timedelta(seconds=3))
    applied = await apply(market, fact.fact)
    assert isinstance(applied, RepairAppliedFor), applied
    assert applied.decide_by is not None
    assert applied.decide_by - applied.applied_at == timedelta(seconds=4)
    first = await grant(market, fact.fact, REGULATOR)
    assert isinstance(first, RepairApproved)
    (row,) = (await read_queues(database, SECOND)).rows
    assert (row.act, row.due_at, row.is_overdue, row.approvals) == ("grant_repair", applied.decide_by, False, 1)
    with pytest.raises(Forbidden):
        await refuse(market, fact.fact, agency(1))
    done = await refuse(market, fact.fact)
    assert isinstance(done, RepairRefused), done
    assert (done.approvals_void, done.complaint) == (1, COMPLAINT)
    async with database.read() as connection:
        last = (await load(connection, [f"agency/{code(1)}"]))[-1].event
        lifted = await connection.fetchval("SELECT count(*) FROM restriction_followed")
    assert (last.type, last.data["reason"], last.data["complaint"], lifted) == (
        "credit_fact.repair_refused", WHY, COMPLAINT, 0,
    )  # fmt: skip
    assert (await read_queues(database, SECOND)).rows == ()
    twice = await refuse(market, fact.fact)
    assert isinstance(twice, Refused)
    again = await apply(market, fact.fact)
    assert isinstance(again, RepairAppliedFor)
    assert again.decide_by is not None
    second = await grant(market, fact.fact, REGULATOR)
    assert isinstance(second, RepairApproved)
    assert (second.approvals, second.is_granted) == (1, False), "what was approved before counts no more"
    await until(again.decide_by)
    (row,) = (await read_queues(database, Caller(Actor("regulator", "R3")))).rows
    assert (row.due_at, row.is_overdue) == (again.decide_by, True)
