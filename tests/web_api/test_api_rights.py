"""Rights over the API: tokens for named acts, two people who decide, delegates by mandate."""

from __future__ import annotations

from marketplace.database import Database
from tests.usecases.market import OWNER, Market, code
from tests.web_api.browser import appointed, member, officer, person
from tests.web_api.caller import Api, filing, problem


async def test_a_token_does_what_it_was_made_for_and_nothing_else(api: Api, market: Market) -> None:
    await market.file(1)
    boss = await member(api.client, "boss", "agency", code(1))
    wrong = await boss.post("/account/tokens", {"name": "ERP", "scopes": ["restrict_agency"], "days": 30})
    assert problem(wrong, 400)["errors"][0]["code"] == "unknown_act"
    made = await boss.post("/account/tokens", {"name": "ERP", "scopes": ["offer_item"], "days": 30})
    token = {"authorization": f"Bearer {made.json()['token']}"}
    done = await api.client.post(f"/api/v1/agencies/{code(1)}/items", json={"item": "SV22"}, headers=token)
    assert done.status_code == 201, done.text
    relations = {"relations": {"predecessors": []}}
    other = await api.client.post(f"/api/v1/agencies/{code(1)}/relations", json=relations, headers=token)
    assert problem(other, 403)["code"] == "token_scope"
    more = await api.client.post(
        "/api/v1/account/tokens", json={"name": "B", "scopes": ["offer_item"], "days": 3}, headers=token
    )
    assert problem(more, 403)["code"] == "token_scope"
    assert (await boss.post(f"/account/tokens/{made.json()['id']}/revocation")).status_code == 201
    over = await api.client.post(f"/api/v1/agencies/{code(1)}/items", json={"item": "SV23"}, headers=token)
    assert problem(over, 401)["code"] == "token_over"


async def test_one_regulator_proposes_and_another_of_the_region_or_above_approves(
    api: Api, market: Market, database: Database
) -> None:
    await market.file(1)
    first = await officer(database, api.client, "first", "330302")
    elsewhere = await officer(database, api.client, "elsewhere", "330100")
    above = await officer(database, api.client, "above", "330300")
    body = {"basis": "示例", "region": "330302"}
    outside = await first.post(f"/agencies/{code(1)}/restrictions", {**body, "region": "330100"})
    assert problem(outside, 403)["code"] == "outside_region"
    proposed = await first.post(f"/agencies/{code(1)}/restrictions", body)
    assert proposed.status_code == 202, proposed.text
    approval = f"/proposals/{proposed.json()['proposal']}/approval"
    assert problem(await first.post(approval), 403)["code"] == "own_proposal"
    assert problem(await elsewhere.post(approval), 403)["code"] == "outside_region"
    seen = [(await one.get("/proposals")).json()["proposals"] for one in (first, elsewhere, above)]
    assert [len(one) for one in seen] == [1, 0, 1]
    done = await above.post(approval)
    assert done.status_code == 201, done.text
    assert len(set(done.json()["approvers"])) == 2
    assert problem(await above.post(approval), 409)["code"] == "proposal_over"
    file = (await api.client.get(f"/api/v1/agencies/{code(1)}")).json()
    assert len(file["restrictions"]) == 1


async def test_a_restriction_ends_what_is_signed_in_for_the_agency_and_leaves_the_way_back(
    api: Api, market: Market
) -> None:
    boss = await member(api.client, "boss", "agency", code(1))
    await boss.post("/agencies", filing(1))
    neighbour = await member(api.client, "neighbour", "agency", code(2))
    await market.restrict(1)
    assert problem(await boss.get("/session"), 401)["code"] == "session_needed"
    assert (await neighbour.get("/session")).status_code == 200
    assert (await boss.sign_in("boss")).json()["acting"] == code(1)
    refused = await boss.post(f"/agencies/{code(1)}/items", {"item": "SV22"})
    assert "restricted" in [one["code"] for one in problem(refused, 422)["reasons"]]


async def test_a_proposal_falls_with_whoever_made_it_and_is_rejected_with_a_reason(
    api: Api, market: Market, database: Database
) -> None:
    await market.file(1)
    first = await officer(database, api.client, "first", "330302")
    second = await officer(database, api.client, "second", "330302")
    body = {"basis": "示例", "region": "330302"}
    one = (await first.post(f"/agencies/{code(1)}/restrictions", body)).json()["proposal"]
    two = (await first.post(f"/agencies/{code(1)}/restrictions", body)).json()["proposal"]
    rejected = await second.post(f"/proposals/{one}/rejection", {"reason": "依据不足（示例）"})
    assert rejected.json()["verdict"] == "rejected"
    assert problem(await second.post(f"/proposals/{one}/approval"), 409)["code"] == "proposal_over"
    async with database.transaction() as connection:
        await connection.execute("UPDATE account_role SET ended_at = now(), ended_by = 'x' WHERE region = '330302'")
        await connection.execute(
            "INSERT INTO account_role (id, account, role, rank, acting, region, is_verified, granted_by, reason, "
            "granted_at) SELECT 'M-NEW', account, role, rank, acting || 'X', region, true, 'x', 'x', now() "
            "FROM account_role WHERE account = (SELECT id FROM account WHERE login = 'second')"
        )
    await second.sign_in("second")
    gone = await second.post(f"/proposals/{two}/approval")
    assert problem(gone, 409)["code"] == "proposer_gone"


async def test_a_delegate_acts_for_owners_who_gave_a_mandate(api: Api, database: Database) -> None:
    owner = await member(api.client, "owner", "owner", OWNER)
    delegate = await person(api.client, "delegate")
    given = await appointed(database, "delegate", "delegate")
    await delegate.post("/session/role", {"role": given.role_id})
    from tests.web_api.caller import demand  # noqa: PLC0415 - of this test alone

    assert problem(await delegate.post("/demands", demand()), 403)["code"] == "no_mandate"
    mandate = await owner.post(f"/owners/{OWNER}/mandates", {"delegate": given.acting, "days": 30})
    assert mandate.status_code == 201, mandate.text
    posted = (await delegate.post("/demands", demand())).json()["demand"]
    assert (await delegate.post(f"/demands/{posted}/publication")).status_code == 201
    told = (await api.client.get(f"/api/v1/demands/{posted}")).json()["happened"]
    assert [one["params"]["delegate"] for one in told if one["what"] == "demand_published"] == [given.acting]
    assert f"由代办员 {given.acting} 代办" in (await api.client.get(f"/demands/{posted}")).text
    shown = (await api.client.get(f"/api/v1/owners/{OWNER}/mandates")).json()["mandates"]
    assert [one["delegate"] for one in shown] == [given.acting]
    await owner.post(f"/owners/{OWNER}/mandates/{given.acting}/end")
    assert problem(await delegate.post("/demands", demand()), 403)["code"] == "no_mandate"


async def test_a_regulator_of_one_line_acts_on_items_of_its_department(
    api: Api, market: Market, database: Database
) -> None:
    await market.file(1)
    browser = await person(api.client, "water")
    given = await appointed(database, "water", "regulator", region="330300", line="水利")
    await browser.post("/session/role", {"role": given.role_id})
    body = {"basis": "示例", "region": "330302"}
    for items in (None, ["SV22"], ["RA03", "SV22"]):
        refused = await browser.post(f"/agencies/{code(1)}/restrictions", {**body, "items": items})
        assert problem(refused, 403)["code"] == "outside_line"
    own = await browser.post(f"/agencies/{code(1)}/restrictions", {**body, "items": ["RA03"]})
    assert own.status_code == 202, own.text
