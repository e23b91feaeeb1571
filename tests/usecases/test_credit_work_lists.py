"""An objection to a credit fact stands on the lists of who has to answer it and of who waits, until it is answered."""

from __future__ import annotations

import pytest

from commons.events import Actor
from marketplace.database import Database
from marketplace.identity.permissions import Badge
from marketplace.usecases.act import Caller
from marketplace.usecases.object_to_fact import FactObjectedTo
from marketplace.usecases.read_queues import read_queues
from marketplace.usecases.read_work_list import Task, read_work_list
from marketplace.usecases.record_credit_fact import CreditFactRecorded, RecordCreditFact, record_credit_fact
from tests.usecases.market import REGULATOR, Market, agency, code, owner, until
from tests.usecases.test_credit_following import answer, dispute, record

OFFICE = Actor("regulator", "R-330304-1")


def bound(region: str) -> Caller:
    """A regulator who acts in that region and downwards."""
    return Caller(Actor("regulator", f"R-{region}-2"), badge=Badge("P1", region=region))


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in (1, 2):
        await market.file(number)
    return market


async def tasks(market: Market, caller: Caller) -> list[Task]:
    return (await read_work_list(market.database, caller)).tasks


async def test_an_objection_is_the_regulators_to_answer_and_the_agency_waits_for_it(market: Market) -> None:
    fact = (await record(market)).fact
    assert await tasks(market, REGULATOR) == []
    made = await dispute(market, fact)
    assert isinstance(made, FactObjectedTo)
    (theirs,), (own,) = await tasks(market, REGULATOR), await tasks(market, agency(1))
    assert (theirs.act, theirs.subject, theirs.due_at) == (
        "answer_objection",
        f"credit_fact/{fact}",
        made.answer_due_at,
    )
    assert theirs.since == made.objected_at
    (queued,) = (await read_queues(market.database, REGULATOR)).rows
    assert (queued.act, queued.since, queued.due_at) == (theirs.act, made.objected_at, made.answer_due_at)
    assert (theirs.link, theirs.is_overdue, theirs.is_waiting) == (f"/agencies/{code(1)}", False, False)
    assert own == theirs.model_copy(update={"is_waiting": True})
    for caller in (agency(2), owner(), Caller(Actor("auditor", "A1"))):
        assert await tasks(market, caller) == []
    await until(made.answer_due_at)
    assert [one.is_overdue for caller in (REGULATOR, agency(1)) for one in await tasks(market, caller)] == [True, True]
    await answer(market, fact, "kept")
    assert await tasks(market, REGULATOR) == await tasks(market, agency(1)) == []


async def test_whoever_may_not_answer_has_it_on_no_list(market: Market) -> None:
    """Downwards only: by the office that recorded the fact, not by where the agency is registered (330302)."""
    command = RecordCreditFact(agency=code(1), code="result_late", basis="示例")
    recorded = await record_credit_fact(market.database, Caller(OFFICE), command)
    assert isinstance(recorded, CreditFactRecorded)
    await dispute(market, recorded.fact)
    seen = {region: len(await tasks(market, bound(region))) for region in ("330000", "330300", "330304", "330302")}
    assert seen == {"330000": 1, "330300": 1, "330304": 1, "330302": 0}
