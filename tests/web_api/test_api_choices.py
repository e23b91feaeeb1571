"""Notices of lots, the owner's choices and rates over the API: each act, what it answers, who may not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.usecases.market import Market, code, nonce, pass_by, sealed_terms
from tests.web_api.caller import OWNER_ACTOR, REGULATOR, Api, agency, demand, problem

DRAW = {
    "mode": "credit_draw", "ceiling_fen": 20_000_000, "min_bidders": 2, "ties": ["draw"],
    "big_list": 3, "small_list": 2,
}  # fmt: skip


async def test_a_notice_is_posted_published_and_read_with_its_lots_in_order(api: Api) -> None:
    lots = [{**demand(), "title": f"第{number}标段（示例）", "nonce": nonce("lot", number)} for number in (1, 2)]
    posted = await api.post("/notices", {"title": "分标段（示例）", "lot_cap": 1, "lots": lots}, actor=OWNER_ACTOR)
    assert posted.status_code == 201, posted.text
    notice = posted.json()["notice"]
    hidden = await api.client.get(f"/api/v1/notices/{notice}")
    problem(hidden, 404)
    alone = await api.post(f"/demands/{posted.json()['lots'][0]['demand']}/publication", {}, actor=OWNER_ACTOR)
    assert problem(alone, 409)["code"] == "published_with_notice"
    problem(await api.post(f"/notices/{notice}/publication", {}, actor=f"owner:{code(9)}"), 403)
    published = await api.post(f"/notices/{notice}/publication", {}, actor=OWNER_ACTOR)
    assert published.status_code == 201, published.text
    shown = (await api.client.get(f"/api/v1/notices/{notice}")).json()
    assert [(one["number"], one["demand"]["title"]) for one in shown["lots"]] == [
        (1, "第1标段（示例）"),
        (2, "第2标段（示例）"),
    ]
    assert (shown["lot_cap"], shown["held"]) == (1, {})
    lot = (await api.client.get(f"/api/v1/demands/{shown['lots'][0]['demand']['id']}")).json()
    assert shown["lots"][0]["terms_digest"] == lot["terms_digest"] == published.json()["lots"][0]["terms_digest"]


async def test_faults_of_a_lot_are_named_by_its_place(api: Api) -> None:
    lots = [demand(), {**demand(), "item": "SV99", "nonce": nonce("another")}]
    told = problem(await api.post("/notices", {"title": "公告（示例）", "lots": lots}, actor=OWNER_ACTOR), 400)
    assert [(one["pointer"], one["code"]) for one in told["errors"]] == [("/lots/1/item", "unknown_item")]


@pytest.fixture
async def drawn(api: Api, market: Market) -> tuple[str, list[str]]:
    """A credit draw past its close: its selection and the short list."""
    published = await market.publish(DRAW, sign_up_s=2.2)
    for number in (1, 2, 3):
        await market.file(number)
        body = {"agency": code(number), "commitment_signed": True, "nonce": nonce("entry", number)}
        signed = await api.post(f"/selections/{published.selection}/sign-ups", body, actor=agency(number))
        assert signed.status_code == 201, signed.text
        assert nonce("entry", number) not in signed.text
    await pass_by(2.3)
    settled = await api.post(f"/selections/{published.selection}/settlement", actor="public:anybody")
    assert settled.status_code == 200
    shown: dict[str, Any] = (await api.client.get(f"/api/v1/demands/{published.demand}")).json()
    assert shown["state"] == "choosing"
    return published.selection, [one["uscc"] for one in shown["choice"]["shortlist"]]


async def test_the_owner_alone_picks_from_the_short_list(api: Api, drawn: tuple[str, list[str]]) -> None:
    selection, listed = drawn
    assert len(listed) == 2
    body = {"agency": listed[1], "reason": "同类项目经验更近（示例）"}
    for actor in (f"owner:{code(9)}", REGULATOR, f"agency:{listed[1]}"):
        problem(await api.post(f"/selections/{selection}/choice", body, actor=actor), 403)
    missing = await api.post(f"/selections/{selection}/choice", {"agency": listed[1]}, actor=OWNER_ACTOR)
    problem(missing, 400)
    done = await api.post(f"/selections/{selection}/choice", body, actor=OWNER_ACTOR, key="pick")
    assert done.status_code == 201, done.text
    again = await api.post(f"/selections/{selection}/choice", body, actor=OWNER_ACTOR, key="pick")
    assert again.content == done.content
    twice = problem(await api.post(f"/selections/{selection}/choice", body, actor=OWNER_ACTOR), 422)
    assert [one["code"] for one in twice["reasons"]] == ["choice_is_made"]
    assert all(one["words"] and one["words_en"] for one in twice["reasons"])


async def test_a_direct_award_is_the_voluntary_owners_own(api: Api, market: Market) -> None:
    await market.file(1)
    terms = {"mode": "direct", "ceiling_fen": 9_000_000}
    published = await market.publish(terms, buyer_class="voluntary")
    body = {"agency": code(1), "price_fen": 9_000_001, "reason": "延续前期勘察（示例）"}
    path = f"/selections/{published.selection}/direct-award"
    problem(await api.post(path, body, actor=agency(1)), 403)
    told = problem(await api.post(path, body, actor=OWNER_ACTOR), 422)
    assert [one["code"] for one in told["reasons"]] == ["ceiling_exceeded"]
    done = await api.post(path, {**body, "price_fen": 9_000_000}, actor=OWNER_ACTOR)
    assert done.status_code == 201, done.text
    shown = (await api.client.get(f"/api/v1/demands/{published.demand}")).json()
    assert (shown["state"], shown["winner"]["uscc"]) == ("publicity", code(1))


async def test_a_rate_is_answered_with_the_price_it_means(api: Api, market: Market) -> None:
    await market.file(1)
    published = await market.publish(sealed_terms(price_basis="discount_rate"), sign_up_s=20, close_s=30)
    await market.sign_up(published.selection, 1)
    path, body = f"/selections/{published.selection}/offers", {"agency": code(1), "days": 20, "nonce": nonce(1)}
    done = await api.post(path, {**body, "discount_bp": 1234}, actor=agency(1))
    assert (done.status_code, done.json()["price_fen"]) == (201, 17_532_000)
    told = problem(await api.post(path, {**body, "price_fen": 5}, actor=agency(1)), 400)
    assert {one["code"] for one in told["errors"]} == {"other_price_basis", "missing"}
