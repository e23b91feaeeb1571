"""Inspections on a real database: nobody is left out silently, and a draw that stalls is voided by two in public."""

from __future__ import annotations

import pytest

from commons.verdicts import Refused
from credit.inspection import nonce_commitment
from marketplace.database import Database
from marketplace.usecases import announce_inspection as announcing
from marketplace.usecases.announce_inspection import (
    AnnounceInspection,
    Commitment,
    InspectionAnnounced,
    SentInspector,
    announce_inspection,
)
from marketplace.usecases.answer_filing_objection import AnswerFilingObjection, answer_filing_objection
from marketplace.usecases.object_to_filing import FilingObjectedTo, ObjectToFiling, object_to_filing
from marketplace.usecases.plan_inspections import InspectionsPlanned, PlanInspections, plan_inspections
from marketplace.usecases.read_inspection import read_inspection
from marketplace.usecases.return_agency import ReturnAgency, return_agency
from marketplace.usecases.suspend_agency import SuspendAgency, suspend_agency
from marketplace.usecases.withdraw_agency import WithdrawAgency, withdraw_agency
from tests.usecases.market import PROFILE, REGULATOR, Market, agency, code, nonce, owner

DEPARTMENT = "自然资源部门（示例）"


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 6):
        await market.file(number)
    return market


async def planned(market: Market, targets: int = 3) -> str:
    command = PlanInspections(year=2026, region="330300", departments=[DEPARTMENT], targets=targets, basis="示例")
    done = await plan_inspections(market.database, REGULATOR, command)
    assert isinstance(done, InspectionsPlanned)
    return done.plan


async def announced(market: Market, plan: str, part: str = "one", targets: int = 1) -> InspectionAnnounced | Refused:
    command = AnnounceInspection(
        plan=plan, targets=targets, inspectors=[SentInspector(id="J1", department=DEPARTMENT)],
        commitments=[Commitment(department=DEPARTMENT, nonce_sha256=nonce_commitment(plan, DEPARTMENT, nonce(part)))],
    )  # fmt: skip
    return await announce_inspection(market.database, REGULATOR, command, profile=PROFILE)


async def candidates(market: Market, plan: str) -> set[str]:
    done = await announced(market, plan)
    assert isinstance(done, InspectionAnnounced)
    matter = await read_inspection(market.database, done.inspection)
    return {one for one, _ in matter.call.candidates}


async def put_out(market: Market, number: int) -> None:
    """A regulator withdraws the filing upon an objection."""
    objection = ObjectToFiling(agency=code(number), reason="示例", evidence_sha256="ab" * 32)
    made = await object_to_filing(market.database, owner(), objection, profile=PROFILE)
    assert isinstance(made, FilingObjectedTo)
    answer = AnswerFilingObjection(agency=code(number), objection=made.objection, answer="withdrawn", reason="示例")
    assert not isinstance(await answer_filing_objection(market.database, REGULATOR, answer), Refused)


async def test_more_agencies_than_an_announcement_names_are_refused_and_none_is_left_out(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = await planned(market)
    monkeypatch.setattr(announcing, "MAX_CANDIDATES", 4)
    refused = await announced(market, plan)
    assert isinstance(refused, Refused)
    assert [(one.code, dict(one.params)) for one in refused.reasons] == [("too_many_candidates", {"most": 4})]
    monkeypatch.setattr(announcing, "MAX_CANDIDATES", 5)
    assert len(await candidates(market, plan)) == 5


async def test_an_agency_does_not_escape_a_draw_by_standing_back(market: Market) -> None:
    gone = WithdrawAgency(agency=code(1), reason="示例")
    await withdraw_agency(market.database, agency(1), gone)
    await withdraw_agency(market.database, agency(2), gone.model_copy(update={"agency": code(2)}))
    plan = await planned(market)
    await return_agency(market.database, agency(2), ReturnAgency(agency=code(2), reason="示例"))
    await suspend_agency(market.database, agency(3), SuspendAgency(agency=code(3), reason="示例"))
    await withdraw_agency(market.database, agency(4), gone.model_copy(update={"agency": code(4)}))
    await put_out(market, 5)
    assert await candidates(market, plan) == {code(2), code(3), code(4)}
