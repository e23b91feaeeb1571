"""What follows an outcome over the API: each act, what it answers, and what it says the second time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from commons.instants import format_instant
from tests.usecases.market import Market, code, nonce, now, pass_by, sealed_terms
from tests.web_api.caller import OWNER_ACTOR, REGULATOR, Api, agency, problem


async def decided(api: Api, market: Market, *, lowest_fen: int = 15_000_000) -> tuple[str, str]:
    """A sealed selection past its close, settled; returns demand and selection."""
    for number in (1, 2, 3):
        await market.file(number)
    terms = sealed_terms(ties=["price", "draw"], low_price={"below_ceiling_bp": 5000})
    published = await market.publish(terms, sign_up_s=2.4, close_s=2.5)
    for number, price_fen in ((1, lowest_fen), (2, 16_000_000), (3, 17_000_000)):
        await market.sign_up(published.selection, number)
        body = {"agency": code(number), "price_fen": price_fen, "days": 20, "nonce": nonce(number)}
        placed = await api.post(f"/selections/{published.selection}/offers", body, actor=agency(number))
        assert placed.status_code == 201
    await pass_by(2.6)
    settled = await api.post(f"/selections/{published.selection}/settlement", actor="public:anybody")
    assert settled.status_code == 200
    return published.demand, published.selection


def codes(document: dict[str, Any]) -> list[str]:
    """The reasons' codes; each has words in both languages and a source."""
    assert all(one["words"] and one["words_en"] and one["source"] for one in document["reasons"])
    return [one["code"] for one in document["reasons"]]


async def test_an_award_is_abandoned_over_the_api_and_the_page_names_the_next(api: Api, market: Market) -> None:
    demand, selection = await decided(api, market)
    body = {"agency": code(1), "reason": "人员不足（示例）"}
    done = await api.post(f"/selections/{selection}/abandonments", body, actor=agency(1), key="once")
    assert done.status_code == 201
    assert done.json()["proposed"] == code(2)
    same = await api.post(f"/selections/{selection}/abandonments", body, actor=agency(1), key="once")
    assert same.json() == done.json()
    again = await api.post(f"/selections/{selection}/abandonments", body, actor=agency(1))
    assert codes(problem(again, 422)) == ["already_abandoned"]
    shown = await api.client.get(f"/awards/{demand}")
    assert shown.status_code == 200
    assert "放弃中选" in shown.text


async def test_a_low_price_is_asked_about_explained_and_ruled_on_over_the_api(api: Api, market: Market) -> None:
    demand, selection = await decided(api, market, lowest_fen=5_000_000)
    address = f"/selections/{selection}/explanations"
    (asked,) = (await api.client.get(f"/api/v1{address}")).json()["explanations"]
    assert (asked["agency"], asked["given_at"], asked["text"]) == (code(1), None, None)
    given = await api.post(address, {"agency": code(1), "text": "自有设备（示例）"}, actor=agency(1))
    assert given.status_code == 201
    headers = {"X-Development-Actor": OWNER_ACTOR}
    (read,) = (await api.client.get(f"/api/v1{address}", headers=headers)).json()["explanations"]
    assert read["text"] == "自有设备（示例）"
    assert (await api.client.get(f"/awards/{demand}")).status_code == 200
    body = {"agency": code(1), "is_accepted": False, "reason": "成本不实（示例）"}
    ruled = await api.post(f"/selections/{selection}/explanation-rulings", body, actor=OWNER_ACTOR)
    assert ruled.status_code == 201
    assert (ruled.json()["outcome"], ruled.json()["proposed"]) == ("unsuccessful", None)  # two are left of three
    again = await api.post(f"/selections/{selection}/explanation-rulings", body, actor=OWNER_ACTOR)
    assert codes(problem(again, 422)) == ["explanation_is_decided"]
    late = await api.post(address, {"agency": code(1), "text": "补充"}, actor=agency(1))
    assert codes(problem(late, 422)) == ["explanation_given_before"]
    shown = await api.client.get(f"/demands/{demand}")
    assert "成本不实（示例）" in shown.text


async def test_a_selection_is_suspended_resumed_and_cancelled_over_the_api(api: Api, market: Market) -> None:
    demand, selection = await decided(api, market)
    reason = {"reason": "核查（示例）"}
    suspended = await api.post(f"/selections/{selection}/suspensions", reason, actor=REGULATOR)
    assert suspended.status_code == 201
    for address in (f"/demands/{demand}", f"/awards/{demand}", "/demands", "/awards", "/"):
        assert (await api.client.get(address)).status_code == 200, address
    refused = await api.post(f"/selections/{selection}/resumptions", reason, actor=OWNER_ACTOR)
    assert codes(problem(refused, 422)) == ["suspended_by_regulator"]
    resumed = await api.post(f"/selections/{selection}/resumptions", reason, actor=REGULATOR)
    assert resumed.status_code == 201
    cancelled = await api.post(f"/selections/{selection}/cancellation", reason, actor=OWNER_ACTOR)
    assert cancelled.status_code == 201
    again = await api.post(f"/selections/{selection}/cancellation", reason, actor=OWNER_ACTOR)
    assert codes(problem(again, 422)) == ["selection_cancelled"]
    for address in (f"/demands/{demand}", f"/awards/{demand}", "/demands", "/awards", "/", f"/agencies/{code(1)}"):
        assert (await api.client.get(address)).status_code == 200, address
    assert "终止" in (await api.client.get(f"/demands/{demand}")).text
    for address in (f"/api/v1/demands/{demand}", f"/api/v1/awards/{demand}", f"/api/v1/selections/{selection}"):
        assert (await api.client.get(address)).status_code == 200, address


async def test_a_demand_that_found_nobody_is_published_again_over_the_api(api: Api, market: Market) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=2.2, close_s=2.3)
    at = now()
    clocks = {
        "sign_up_closes_at": format_instant(at + timedelta(seconds=30)),
        "closes_at": format_instant(at + timedelta(seconds=40)),
    }
    body = {"reason": "无人报价（示例）", "nonce": nonce("again"), **clocks}
    early = await api.post(f"/demands/{published.demand}/publications", body, actor=OWNER_ACTOR)
    assert codes(problem(early, 422)) == ["no_lack_of_bidders"]
    await pass_by(2.4)
    done = await api.post(f"/demands/{published.demand}/publications", body, actor=OWNER_ACTOR)
    assert done.status_code == 201
    for address in (f"/demands/{published.demand}", f"/api/v1/demands/{published.demand}", "/demands", "/"):
        assert (await api.client.get(address)).status_code == 200, address
    for selection in (published.selection, done.json()["selection"]):
        assert (await api.client.get(f"/api/v1/selections/{selection}")).json()["id"] == selection
