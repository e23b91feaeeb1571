"""Credit over HTTP: a decision recorded, disputed, corrected, repaired by two; each by whom it belongs to."""

from __future__ import annotations

import pytest

from tests.usecases.market import Market, code
from tests.web_api.caller import REGULATOR, SECOND, Api, agency, problem

FACTS = f"/agencies/{code(1)}/credit-facts"


@pytest.fixture
async def fact(api: Api, market: Market) -> str:
    """A late result of an agency on file."""
    await market.file(1)
    recorded = await api.post(FACTS, {"code": "result_late", "basis": "示例", "quantity": 11}, actor=REGULATOR)
    assert recorded.json()["points"] == -500
    return str(recorded.json()["fact"])


async def test_a_decision_of_an_authority_is_recorded_with_its_day(api: Api, market: Market) -> None:
    await market.file(1)
    decision = {
        "authority": "示例局", "document_number": "示罚〔2026〕1号", "decided_on": "2026-01-05",
        "severity": "general", "legal_ground": "示例法第一条",
    }  # fmt: skip
    body = {"code": "penalty", "basis": "示例", "decision": decision}
    assert (await api.post(FACTS, body, actor=REGULATOR)).status_code == 201
    wrong = await api.post(FACTS, {**body, "decision": {**decision, "severity": "mild"}}, actor=REGULATOR)
    assert problem(wrong, 400)["errors"][0]["pointer"] == "/decision/severity"


async def test_an_agency_objects_and_a_regulator_answers(api: Api, fact: str) -> None:
    objection = await api.post(f"{FACTS}/{fact}/objections", {"reason": "只逾期六日（示例）"}, actor=agency(1))
    assert objection.status_code == 201
    answer = {"answer": "corrected", "reason": "属实（示例）", "quantity": 6}
    problem(await api.post(f"{FACTS}/{fact}/objection-answers", answer, actor=agency(1)), 403)
    answered = await api.post(f"{FACTS}/{fact}/objection-answers", answer, actor=REGULATOR)
    assert answered.json()["score"] == 7_600
    again = await api.post(f"{FACTS}/{fact}/objections", {"reason": "示例"}, actor=agency(1))
    assert [one["code"] for one in problem(again, 422)["reasons"]] == ["objection_was_answered"]
    problem(await api.post(f"{FACTS}/F0/objections", {"reason": "示例"}, actor=agency(1)), 404)


async def test_a_repair_over_http_gives_the_agency_its_rights_back(api: Api, fact: str) -> None:
    bound = {"basis": "示例", "region": "330302", "fact": fact, "measures": ["sign_up"]}
    restricted = await api.by_two(f"/agencies/{code(1)}/restrictions", bound)
    body = {"correction": "已补交（示例）", "is_corrected": True, "commitment_signed": True}
    assert (await api.post(f"{FACTS}/{fact}/repair-applications", body, actor=agency(1))).status_code == 201
    for number, actor in enumerate((REGULATOR, SECOND), start=1):
        approved = await api.post(f"{FACTS}/{fact}/repair-approvals", {"reason": "示例"}, actor=actor)
        assert (approved.json()["approvals"], approved.json()["is_granted"]) == (number, number == 2)
    assert approved.json()["restrictions_lifted"] == [restricted["restriction"]]
    (over,) = (await api.client.get(f"/api/v1/agencies/{code(1)}")).json()["restrictions"]
    assert (over["is_in_force"], over["basis"], over["fact"]) == (False, None, None)
    page = (await api.client.get(f"/agencies/{code(1)}")).text
    assert page.count("依据不再公示") == 1
    assert "已解除" in page


async def test_a_notice_comes_before_what_it_announces(api: Api, fact: str) -> None:
    assert fact
    announced = {"basis": "示例", "region": "330302"}
    noticed = await api.post(f"/agencies/{code(1)}/restriction-notices", announced, actor=REGULATOR)
    body = {**announced, "notice": noticed.json()["notice"]}
    said = {"statement": "证书系他人伪造（示例）", "evidence_sha256": "0" * 64}
    address = f"/agencies/{code(1)}/restriction-notices/{body['notice']}/statements"
    assert (await api.post(address, said, actor=agency(1))).status_code == 201
    problem(await api.post(address, said, actor=REGULATOR), 403)
    again = await api.post(address, said, actor=agency(1))
    assert [one["code"] for one in problem(again, 422)["reasons"]] == ["statement_was_made"]
    early = await api.post(f"/agencies/{code(1)}/restrictions", body, actor=REGULATOR)
    assert [one["code"] for one in problem(early, 422)["reasons"]] == ["hearing_not_over", "statement_not_answered"]


async def test_the_grade_and_a_dispute_are_shown_with_the_file_and_with_what_the_fact_caused(
    api: Api, fact: str
) -> None:
    bound = {
        "basis": "示例", "region": "330302", "fact": fact, "measures": ["offer"], "items": ["SV22"],
    }  # fmt: skip
    await api.by_two(f"/agencies/{code(1)}/restrictions", bound)
    for is_disputed in (False, True):
        file = (await api.client.get(f"/api/v1/agencies/{code(1)}")).json()
        assert (file["credit"]["value"], file["credit"]["grade"]) == (7_500, "B")
        assert [one["is_disputed"] for one in file["credit"]["lines"]] == [is_disputed]
        (listed,) = (await api.client.get("/api/v1/restrictions")).json()["restrictions"]
        told = (listed["measures"], listed["items"], listed["fact"], listed["is_disputed"])
        assert told == (["offer"], ["SV22"], fact, is_disputed)
        assert file["restrictions"] == [listed]
        page = (await api.client.get("/restrictions")).text
        assert "信用等级 B" in page
        assert ("异议办理中" in page) == is_disputed
        page = (await api.client.get(f"/agencies/{code(1)}")).text
        assert "信用等级 B" in page
        assert ("异议办理中" in page) == is_disputed
        await api.post(f"{FACTS}/{fact}/objections", {"reason": "示例"}, actor=agency(1))
