"""Inspections on a real database: nobody is left out silently, and a draw that stalls is voided by two in public."""

from __future__ import annotations

import asyncio

import pytest

from commons.errors import Conflict, Forbidden
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
from marketplace.usecases.draw_inspection import DrawInspection, InspectionDrawn, OpenedPart, draw_inspection
from marketplace.usecases.object_to_filing import FilingObjectedTo, ObjectToFiling, object_to_filing
from marketplace.usecases.plan_inspections import InspectionsPlanned, PlanInspections, plan_inspections
from marketplace.usecases.read_inspection import read_inspection, read_inspection_plan
from marketplace.usecases.return_agency import ReturnAgency, return_agency
from marketplace.usecases.suspend_agency import SuspendAgency, suspend_agency
from marketplace.usecases.void_inspection import InspectionVoided, VoidInspection, void_inspection
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


async def drawn(market: Market, inspection: str, part: str = "one") -> InspectionDrawn | Refused:
    command = DrawInspection(inspection=inspection, parts=[OpenedPart(department=DEPARTMENT, nonce=nonce(part))])
    return await draw_inspection(market.database, REGULATOR, command)


async def voided(
    market: Market, inspection: str, approvers: tuple[str, ...] = ("R1", "R2")
) -> InspectionVoided | Refused:
    command = VoidInspection(inspection=inspection, reason="逾期未公开（示例）", approvers=list(approvers))
    return await void_inspection(market.database, REGULATOR, command)


async def test_a_voided_draw_frees_its_plan_and_its_parts_stay_used(market: Market) -> None:
    plan = await planned(market, targets=2)
    stalled = await announced(market, plan, targets=2)
    assert isinstance(stalled, InspectionAnnounced)
    waiting = await announced(market, plan, "two", targets=2)
    assert isinstance(waiting, Refused)
    assert waiting.codes == ("plan_is_used_up", "draw_is_open")
    assert isinstance(await voided(market, stalled.inspection), InspectionVoided)
    same = await announced(market, plan, targets=2)
    assert isinstance(same, Refused)
    assert same.codes == ("nonce_was_used",)
    fresh = await announced(market, plan, "two", targets=2)
    assert isinstance(fresh, InspectionAnnounced)
    assert isinstance(await drawn(market, fresh.inspection, "two"), InspectionDrawn)
    used_up = await announced(market, plan, "three")
    assert isinstance(used_up, Refused)
    assert used_up.codes == ("plan_is_used_up",)
    _, opened = await read_inspection_plan(market.database, plan)
    assert [one.voided is None for one in opened] == [False, True]


async def test_a_draw_is_voided_once_by_two_and_never_after_it_was_made(market: Market) -> None:
    plan = await planned(market)
    first = await announced(market, plan)
    assert isinstance(first, InspectionAnnounced)
    for approvers, codes in (
        (("R1",), ("two_approvers_needed",)),
        (("R1", "r1"), ("two_approvers_needed",)),
        (("R2", "R3"), ("caller_is_no_approver",)),
    ):
        refused = await voided(market, first.inspection, approvers)
        assert isinstance(refused, Refused)
        assert refused.codes == codes
    with pytest.raises(Forbidden):
        await void_inspection(
            market.database, agency(1), VoidInspection(inspection=first.inspection, reason="示例", approvers=["R1"])
        )
    done = await voided(market, first.inspection)
    assert isinstance(done, InspectionVoided)
    matter = await read_inspection(market.database, first.inspection)
    assert matter.voided is not None
    assert (matter.voided.approvers, matter.voided.voided_at) == (("R1", "R2"), done.voided_at)
    with pytest.raises(Conflict, match="voided"):
        await voided(market, first.inspection)
    with pytest.raises(Conflict, match="voided"):
        await drawn(market, first.inspection)
    second = await announced(market, plan, "two")
    assert isinstance(second, InspectionAnnounced)
    await drawn(market, second.inspection, "two")
    with pytest.raises(Conflict, match="stands"):
        await voided(market, second.inspection)


async def test_of_a_draw_and_its_voiding_at_once_one_happens(market: Market) -> None:
    plan = await planned(market, targets=4)
    for number in range(4):
        made = await announced(market, plan, str(number))
        assert isinstance(made, InspectionAnnounced)
        ends = await asyncio.gather(
            drawn(market, made.inspection, str(number)), voided(market, made.inspection), return_exceptions=True
        )
        assert sum(isinstance(one, Conflict) for one in ends) == 1
        matter = await read_inspection(market.database, made.inspection)
        assert (matter.drawn_at is None) != (matter.voided is None)
