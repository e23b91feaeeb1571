"""An agency's own life over the API: each write done, and refused with its reasons."""

from __future__ import annotations

import pytest

from tests.usecases.market import Market, code, sealed_terms
from tests.web_api.caller import REGULATOR, Api, agency, problem, shelf_offer

ANYBODY = "public:anybody"
EVIDENCE = "ab" * 32


@pytest.fixture
async def filed(market: Market) -> str:
    """The address of an agency that is on file."""
    await market.file(1)
    return f"/agencies/{code(1)}"


async def test_anybody_objects_and_a_regulator_answers(api: Api, filed: str) -> None:
    body = {"reason": "注册地不实（示例）", "evidence_sha256": EVIDENCE}
    made = await api.post(f"{filed}/filing-objections", body, actor=ANYBODY)
    assert made.status_code == 201
    twice = await api.post(f"{filed}/filing-objections", body, actor=ANYBODY)
    assert [one["code"] for one in problem(twice, 422)["reasons"]] == ["objection_is_open"]
    address = f"{filed}/filing-objections/{made.json()['objection']}/answer"
    answer = {"answer": "corrected", "reason": "核查属实（示例）", "region": "330304"}
    assert problem(await api.post(address, answer, actor=agency(1)), 403)["code"] == "role_not_allowed"
    done = await api.post(address, answer, actor=REGULATOR)
    assert (done.status_code, done.json()["is_late"]) == (201, False)
    assert problem(await api.post(f"{filed}/filing-objections/nope/answer", answer, actor=REGULATOR), 404)


async def test_a_change_is_on_file_at_once(api: Api, filed: str) -> None:
    done = await api.post(f"{filed}/changes", {"name": "改名测绘（示例）", "contact_phone": "1"}, actor=agency(1))
    assert (done.status_code, done.json()["changed"]) == (201, ["name", "contact"])
    same = await api.post(f"{filed}/changes", {"name": "改名测绘（示例）"}, actor=agency(1))
    (reason,) = problem(same, 422)["reasons"]
    assert (reason["code"], reason["words"]) == ("change_changes_nothing", "变更内容与原信息相同")


async def test_an_agency_stands_back_leaves_and_returns(api: Api, filed: str) -> None:
    await api.post(f"{filed}/shelf-offers", shelf_offer(1), actor=agency(1))
    back = await api.post(f"{filed}/suspension", {"reason": "检修（示例）"}, actor=agency(1))
    assert (back.status_code, back.json()["shelf_offers_withdrawn"]) == (201, 1)
    put = await api.post(f"{filed}/shelf-offers", shelf_offer(1), actor=agency(1))
    (reason,) = problem(put, 422)["reasons"]
    assert (reason["code"], reason["params"]["standing"]) == ("agency_not_in_force", "suspended")
    gone = await api.post(f"{filed}/withdrawal", {"reason": "退出（示例）"}, actor=agency(1))
    assert gone.json()["standing"] == "withdrawn"
    assert (await api.post(f"{filed}/return", {"reason": "恢复（示例）"}, actor=agency(1))).status_code == 201
    again = await api.post(f"{filed}/return", {"reason": "恢复（示例）"}, actor=agency(1))
    assert [one["code"] for one in problem(again, 422)["reasons"]] == ["agency_is_active"]


async def test_items_are_stated_and_stopped(api: Api, filed: str) -> None:
    assert (await api.post(f"{filed}/items", {"item": "SV22"}, actor=agency(1))).status_code == 201
    refused = await api.post(f"{filed}/items", {"item": "RA02"}, actor=agency(1))
    assert [one["code"] for one in problem(refused, 422)["reasons"]] == ["commitment_not_signed"]
    gone = await api.post(f"{filed}/items", {"item": "XQ01"}, actor=agency(1))
    (reason,) = problem(gone, 422)["reasons"]
    assert reason["code"] == "item_abolished"
    assert "清理规范中介服务事项的决定（示例）" in reason["words"]
    assert (await api.post(f"{filed}/items/SV22/stop", {}, actor=agency(1))).status_code == 201
    twice = await api.post(f"{filed}/items/SV22/stop", {}, actor=agency(1))
    assert [one["code"] for one in problem(twice, 422)["reasons"]] == ["not_offered"]


async def test_certificates_are_followed_by_those_who_may(api: Api, filed: str, market: Market) -> None:
    async with market.database.read() as connection:
        held = await connection.fetchval("SELECT id::text FROM qualification")
    address = f"{filed}/qualifications/{held}/followings"
    wrong = await api.post(address, {"what": "revoked", "reason": "示例"}, actor=agency(1))
    assert problem(wrong, 403)["code"] == "role_not_allowed"
    body = {"what": "renewed", "reason": "延续（示例）", "valid_until": "2040-01-01"}
    renewed = await api.post(address, body, actor=agency(1))
    assert (renewed.status_code, renewed.json()["successor"] is not None) == (201, True)
    revoked = await api.post(address, {"what": "revoked", "reason": "撤销（示例）"}, actor=REGULATOR)
    assert revoked.status_code == 201
    over = await api.post(address, {"what": "withdrawn", "reason": "注销（示例）"}, actor=agency(1))
    assert [one["code"] for one in problem(over, 422)["reasons"]] == ["qualification_is_over"]


async def test_a_shelf_offer_is_renewed_and_taken_down(api: Api, filed: str) -> None:
    put = await api.post(f"{filed}/shelf-offers", shelf_offer(1), actor=agency(1))
    renewed = await api.post(f"{filed}/shelf-offers", shelf_offer(1, renews=put.json()["offer"]), actor=agency(1))
    assert renewed.status_code == 201
    gone = await api.post(f"{filed}/shelf-offers/{put.json()['offer']}/withdrawal", {}, actor=agency(1))
    assert [one["code"] for one in problem(gone, 422)["reasons"]] == ["offer_not_on_shelf"]
    down = await api.post(f"{filed}/shelf-offers/{renewed.json()['offer']}/withdrawal", {}, actor=agency(1))
    assert (down.status_code, down.json()["taken"]) == (201, 0)


async def test_the_directory_is_paged_by_codes_and_a_file_tells_everything(api: Api, market: Market) -> None:
    for number in range(1, 13):
        await market.file(number)
    await api.post(f"/agencies/{code(1)}/items", {"item": "SV22"}, actor=agency(1))
    await api.post(f"/agencies/{code(1)}/suspension", {"reason": "检修（示例）"}, actor=agency(1))
    first = (await api.client.get("/api/v1/agencies?limit=10&item=SV22")).json()
    assert (first["total"], first["first"], len(first["agencies"]), first["previous"]) == (12, 1, 10, None)
    second = (await api.client.get(f"/api/v1/agencies?limit=10&item=SV22&after={first['next']}")).json()
    assert (second["first"], len(second["agencies"]), second["next"]) == (11, 2, None)
    back = (await api.client.get(f"/api/v1/agencies?limit=10&before={second['previous']}")).json()
    assert [one["uscc"] for one in back["agencies"]] == [one["uscc"] for one in first["agencies"]]
    offering = (await api.client.get("/api/v1/agencies?offering=SV22&qualification=测绘资质&grade=乙级")).json()
    assert [(one["uscc"], one["standing"]) for one in offering["agencies"]] == [(code(1), "suspended")]
    assert (await api.client.get("/api/v1/agencies?grade=甲级")).status_code == 400
    file = (await api.client.get(f"/api/v1/agencies/{code(1)}")).json()
    assert (file["standing"], [one["item"] for one in file["items"]]) == ("suspended", ["SV22"])
    assert file["history"][0]["what"] == "agency_suspended"
    assert {"scope", "regions", "items", "ended_at", "follows"} <= set(file["qualifications"][0])


async def test_how_many_could_take_part_is_counted_as_a_sign_up_is_judged_and_nobody_is_named(
    api: Api, market: Market
) -> None:
    for number in range(1, 13):
        await market.file(number, grade=None if number == 2 else "甲级")
    await market.restrict(3)
    published = await market.publish(sealed_terms(), sign_up_s=60.0, close_s=61.0)
    answered = await api.client.get(f"/api/v1/demands/{published.demand}/eligible-agencies")
    assert answered.json()["total"] == 10
    assert not any(code(number) in answered.text for number in range(1, 13))
    assert (await api.client.get("/api/v1/demands/D000000-00000000/eligible-agencies")).status_code == 404
