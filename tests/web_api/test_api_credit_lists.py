"""Lists, imports, changes, previews and inspections over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
import pytest_asyncio
from litestar import Litestar

from credit.inspection import nonce_commitment
from marketplace.app import create_app
from marketplace.database import Database
from marketplace.settings import Settings
from tests.usecases.market import ITEM, PROFILE, Market, code, nonce, sealed_terms
from tests.usecases.test_credit_imports import CORRECTION, DECISION, FEEDS, signed
from tests.web_api.caller import OWNER_ACTOR, REGULATOR, Api, agency, problem

DEPARTMENTS = ["自然资源部门（示例）", "水行政部门（示例）"]


@pytest_asyncio.fixture
async def app(database: Database) -> Litestar:
    return create_app(Settings(profile=PROFILE, credit_feeds=FEEDS), database)


@pytest.fixture
async def filed(market: Market) -> Market:
    for number in range(1, 6):
        await market.file(number)
    return market


async def read(api: Api, path: str, **params: Any) -> Any:
    answered = await api.client.get(f"/api/v1{path}", params=params, headers={"X-Development-Actor": REGULATOR})
    assert answered.status_code == 200, answered.text
    return answered.json()


@pytest.mark.usefixtures("filed")
async def test_an_imported_decision_stands_in_the_changes_and_so_does_its_correction(api: Api) -> None:
    severe = {**DECISION, "decided_on": "2026-11-23", "code": "severe_list"}
    body = signed(severe).model_dump()
    done = await api.post("/credit-imports", body, actor=REGULATOR)
    assert (done.status_code, done.json()["recorded"]) == (201, 1)
    problem(await api.post("/credit-imports", body, actor=agency(1)), 403)
    forged = {**body, "signature": "0" * 128}
    assert problem(await api.post("/credit-imports", forged, actor=REGULATOR), 403)["code"] == "signature_is_wrong"
    wrong = await api.post("/credit-imports", signed({**severe, "severity": "x"}).model_dump(), actor=REGULATOR)
    assert problem(wrong, 400)["errors"][0]["pointer"] == "/lines/1/severity"
    changes = (await read(api, "/credit-changes"))["changes"]
    assert [one["event"]["type"] for one in changes] == ["credit_fact.recorded"]
    fact = changes[0]["matter"]["id"]
    receipts = (await read(api, f"/credit-receipts/{fact}"))["receipts"]
    assert {one["receiver"] for one in receipts} == {
        "credit-platform", "line-authorities", "purchase-supervision", "tender-supervision",
    }  # fmt: skip
    nobody = await api.client.get(f"/api/v1/credit-receipts/{fact}")
    problem(nobody, 403)
    later = {**CORRECTION, "severity": "minor"}
    assert (await api.post("/credit-imports", signed(later).model_dump(), actor=REGULATOR)).json()["followed"] == 1
    after = (await read(api, "/credit-changes", after=changes[0]["place"]))["changes"]
    bare = {"kind": "fact", "id": fact, "status": "counts", "is_published": False}
    assert [one["matter"] for one in after] == [bare]


async def test_the_lists_show_what_is_restricted_public_or_commended(api: Api, filed: Market) -> None:
    await filed.restrict(1)
    facts = [(2, "material_false"), (3, "complaint_upheld"), (4, "result_late"), (5, "commendation")]
    for number, rule in facts:
        await api.post(f"/agencies/{code(number)}/credit-facts", {"code": rule, "basis": "示例"}, actor=REGULATOR)
    listed = {}
    for name in ("debarment", "public_record", "commendation"):
        page = await read(api, f"/credit-lists/{name}")
        listed[name] = {one["agency"]["uscc"] for one in page["entries"]}
        assert page["total"] == len(page["entries"])
    assert listed == {"debarment": {code(1), code(2)}, "public_record": {code(3)}, "commendation": {code(5)}}
    published = await read(api, "/credit-facts")
    assert {(one["matter"]["subject"], one["list_name"]) for one in published["facts"]} == {
        (code(2), "debarment"), (code(3), "public_record"), (code(5), "commendation"),
    }  # fmt: skip
    paged, after = [], ""
    while after is not None:
        page = await read(api, "/credit-facts", after=after, limit=1)
        paged += [one["matter"]["id"] for one in page["facts"]]
        after = page["next"]
    assert paged == [one["matter"]["id"] for one in published["facts"]] == sorted(paged)
    assert (await api.client.get("/api/v1/credit-lists/nonsense")).status_code in {400, 404}
    measures = (await read(api, "/joint-measures"))["measures"]
    assert {one["kind"] for one in measures if one["list_name"] == "commendation"} == {"incentive"}
    schema = await read(api, "/credit-imports/schema")
    assert set(schema["$defs"]) >= {"decision", "correction", "revocation"}


async def test_a_preview_says_what_a_restriction_would_do_and_does_nothing(api: Api, filed: Market) -> None:
    entered = (await filed.publish(sealed_terms(), sign_up_s=60, close_s=90, region="330304")).selection
    await filed.publish(sealed_terms(), sign_up_s=60, close_s=90, region="330108")
    await filed.sign_up(entered, 1)
    await filed.shelve(1, 100_000)
    path = f"/agencies/{code(1)}/restriction-preview"
    problem(await api.client.get(f"/api/v1{path}", headers={"X-Development-Actor": OWNER_ACTOR}), 403)
    whole = await read(api, path)
    assert [(one["selection"], one["city"], one["is_proposed"]) for one in whole["matters"]] == [
        (entered, "330300", False)
    ]
    assert len(whole["shelf"]) == 1
    assert [(one["city"], one["item"], one["count"]) for one in whole["closed_demands"]] == [("330100", ITEM, 1)]
    assert len(whole["impossible"]) == 6
    assert whole["already_barred"] == []
    shelf = await read(api, path, measures="shelf")
    assert (shelf["impossible"], shelf["matters"], len(shelf["shelf"])) == (["shelf"], [], 1)
    elsewhere = await read(api, path, items="SV23")
    assert (elsewhere["matters"], elsewhere["shelf"], elsewhere["closed_demands"]) == ([], [], [])
    bound = {"basis": "示例", "region": "330302"}
    done = await api.by_two(f"/agencies/{code(1)}/restrictions", bound)
    assert done["voided_in"] == [one["selection"] for one in whole["matters"]]
    assert done["shelf_offers_withdrawn"] == len(whole["shelf"])
    assert (await read(api, path))["already_barred"] == whole["impossible"]


@pytest.mark.usefixtures("filed")
async def test_an_inspection_is_announced_drawn_and_found_over_http(api: Api) -> None:
    plan_body = {"year": 2026, "region": "330300", "departments": DEPARTMENTS, "targets": 3, "basis": "示例"}
    problem(await api.post("/inspection-plans", plan_body, actor=agency(1)), 403)
    plan = (await api.post("/inspection-plans", plan_body, actor=REGULATOR)).json()["plan"]
    parts = {one: nonce("inspection", one) for one in DEPARTMENTS}
    body = {
        "targets": 2,
        "inspectors": [
            {"id": f"J{place}{number}", "department": one, "related": [code(1)] if number == 1 else []}
            for place, one in enumerate(DEPARTMENTS) for number in (1, 2)
        ],
        "commitments": [
            {"department": one, "nonce_sha256": nonce_commitment(plan, one, part)} for one, part in parts.items()
        ],
    }  # fmt: skip
    announced = await api.post(f"/inspection-plans/{plan}/inspections", body, actor=REGULATOR)
    assert announced.status_code == 201, announced.text
    inspection = announced.json()["inspection"]
    before = await read(api, f"/inspections/{inspection}")
    assert (before["drawn_at"], before["salt"], before["visits"]) == (None, None, [])
    assert "preimage" not in json.dumps({**before, "preimage_sha256": ""}).replace("preimage_sha256", "")
    opened = [{"department": one, "nonce": part} for one, part in parts.items()]
    stalled = await api.post(f"/inspections/{inspection}/draw", {"parts": opened[:1]}, actor=REGULATOR)
    (reason,) = problem(stalled, 422)["reasons"]
    assert (reason["code"], reason["params"]["department"]) == ("draw_input_missing", DEPARTMENTS[1])
    wrong = [{**opened[0], "nonce": nonce("other")}, opened[1]]
    problem(await api.post(f"/inspections/{inspection}/draw", {"parts": wrong}, actor=REGULATOR), 400)
    drawn = await api.post(f"/inspections/{inspection}/draw", {"parts": opened}, actor=REGULATOR)
    visits = drawn.json()["visits"]
    assert len(visits) == 2
    problem(await api.post(f"/inspections/{inspection}/draw", {"parts": opened}, actor=REGULATOR), 409)
    passed, failed = (one["agency"] for one in visits)
    finding = {"agency": passed, "basis": "合格（示例）"}
    found = await api.post(f"/inspections/{inspection}/findings", finding, actor=REGULATOR)
    assert found.json()["points"] == 100
    broken = {"agency": failed, "basis": "不合格（示例）", "broken": "result_rejected"}
    assert (await api.post(f"/inspections/{inspection}/findings", broken, actor=REGULATOR)).json()["points"] == -500
    problem(await api.post(f"/inspections/{inspection}/findings", broken, actor=REGULATOR), 409)
    whole = await read(api, f"/inspections/{inspection}")
    assert whole["is_repeatable"] is True
    assert {one["code"] for one in whole["findings"]} == {"inspection_passed", "result_rejected"}
    again = await api.post(f"/inspection-plans/{plan}/inspections", body, actor=REGULATOR)
    codes = {one["code"] for one in problem(again, 422)["reasons"]}
    assert codes == {"plan_is_used_up", "nonce_was_used"}
    told = await read(api, f"/inspection-plans/{plan}")
    assert (told["targets_left"], told["inspections"]) == (1, [inspection])


@pytest.mark.usefixtures("filed")
async def test_a_voided_announcement_is_shown_to_everybody_and_frees_the_plan(api: Api) -> None:
    plan_body = {"year": 2026, "region": "330300", "departments": DEPARTMENTS[:1], "targets": 2, "basis": "示例"}
    plan = (await api.post("/inspection-plans", plan_body, actor=REGULATOR)).json()["plan"]
    part = nonce_commitment(plan, DEPARTMENTS[0], nonce("lost"))
    body = {
        "targets": 2, "inspectors": [{"id": "J1", "department": DEPARTMENTS[0]}],
        "commitments": [{"department": DEPARTMENTS[0], "nonce_sha256": part}],
    }  # fmt: skip
    inspection = (await api.post(f"/inspection-plans/{plan}/inspections", body, actor=REGULATOR)).json()["inspection"]
    assert (await read(api, f"/inspections/{inspection}"))["voided"] is None
    void = {"reason": "随机数遗失（示例）"}
    problem(await api.post(f"/inspections/{inspection}/void", void, actor=agency(1)), 403)
    done = await api.by_two(f"/inspections/{inspection}/void", void)
    assert done["plan"] == plan
    problem(await api.post(f"/inspections/{inspection}/void", void, actor=REGULATOR), 409)
    shown = (await api.client.get(f"/api/v1/inspections/{inspection}")).json()
    assert shown["voided"] == {**void, "approvers": ["R1", "R2"], "voided_at": done["voided_at"]}
    assert (await read(api, f"/inspection-plans/{plan}"))["targets_left"] == 2
