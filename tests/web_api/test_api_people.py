"""People behind agencies over HTTP: stated, masked, held for review and ruled on."""

from __future__ import annotations

from tests.usecases.market import Market, code
from tests.web_api.caller import REGULATOR, Api, agency, filing, problem

BOSS = {"name": "张三丰", "id_number": "330302199001011234"}


async def test_relations_are_stated_with_the_filing_and_shown_masked(api: Api) -> None:
    body = filing(1, relations={"legal_representative": BOSS, "contact": "0577-88888888"})
    assert (await api.post("/agencies", body, actor=agency(1))).status_code == 201
    told = await api.client.get(f"/api/v1/agencies/{code(1)}/people")
    assert [(one["kind"], one["shown"]) for one in told.json()["ties"]] == [
        ("contact", ""), ("legal_representative", "张＊＊"),
    ]  # fmt: skip
    assert BOSS["id_number"] not in told.text
    problem(await api.client.get(f"/api/v1/agencies/{code(9)}/people"), 404)


async def test_a_holder_is_a_person_or_a_body(api: Api, market: Market) -> None:
    await market.file(1)
    body = {"relations": {"controllers": [{"name": "示例"}]}}
    refused = await api.post(f"/agencies/{code(1)}/relations", body, actor=agency(1))
    assert problem(refused, 400)["errors"][0]["pointer"].startswith("/relations/controllers/0")


async def test_a_successor_is_held_and_a_regulator_rules(api: Api, market: Market) -> None:
    await market.file(1)
    await market.restrict(1)
    await market.file(2)
    stated = await api.post(
        f"/agencies/{code(2)}/relations", {"relations": {"predecessors": [code(1)]}}, actor=agency(2)
    )
    (hold,) = stated.json()["held_for_review"]
    listed = (await api.client.get("/api/v1/holds")).json()["holds"]
    assert [(one["hold"]["hold"], one["hold"]["kinds"], one["is_overdue"]) for one in listed] == [
        (hold, ["predecessor"], False)
    ]
    address, body = f"/agencies/{code(2)}/holds/{hold}/ruling", {"ruling": "unlinked", "reason": "示例"}
    problem(await api.post(address, body, actor=agency(2)), 403)
    linked = await api.post(address, {**body, "ruling": "linked"}, actor=REGULATOR)
    assert [one["code"] for one in problem(linked, 422)["reasons"]] == ["restriction_missing"]
    ruled = await api.post(address, body, actor=REGULATOR)
    assert (ruled.status_code, ruled.json()["is_late"]) == (201, False)
    assert (await api.client.get("/api/v1/holds")).json()["holds"] == []
    told = (await api.client.get(f"/api/v1/agencies/{code(2)}/people")).json()
    assert [(one["ruling"], one["reason"]) for one in told["holds"]] == [("unlinked", "示例")]


async def test_a_practitioner_is_claimed_contested_and_let_go(api: Api, market: Market) -> None:
    for number in (1, 2):
        await market.file(number)
    body = {
        "person": BOSS, "certificate_kind": "注册测绘师", "certificate_number": "CH-1", "valid_from": "2024-01-01",
    }  # fmt: skip
    first = await api.post(f"/agencies/{code(1)}/practitioners", body, actor=agency(1))
    second = await api.post(f"/agencies/{code(2)}/practitioners", body, actor=agency(2))
    assert (first.json()["is_held"], second.json()["is_held"]) == (False, True)
    told = (await api.client.get(f"/api/v1/agencies/{code(2)}/people")).json()
    assert [(one["shown"], one["is_held"]) for one in told["practitioners"]] == [("张＊＊", True)]
    address = f"/agencies/{code(1)}/practitioners/{first.json()['claim']}/release"
    let_go = await api.post(address, {"reason": "离职（示例）"}, actor=agency(1))
    assert let_go.json()["passes_to"] == code(2)
    told = (await api.client.get(f"/api/v1/agencies/{code(2)}/people")).json()
    assert [one["is_held"] for one in told["practitioners"]] == [False]
