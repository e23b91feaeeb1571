"""Each write of the API on a real database: what it answers when it is done, and when the rules say no."""

from __future__ import annotations

from tests.usecases.market import Market, code, instant_terms, nonce, pass_by, sealed_terms
from tests.web_api.caller import (
    CERTIFICATE,
    OWNER_ACTOR,
    REGULATOR,
    Api,
    agency,
    demand,
    filing,
    problem,
    shelf_offer,
)


async def test_an_agency_files_itself_and_is_on_file_at_once(api: Api) -> None:
    filed = await api.post("/agencies", filing(1), actor=agency(1))
    assert filed.status_code == 201
    assert filed.json()["agency"] == code(1)
    assert filed.json()["filed_at"].endswith("Z")
    again = await api.post("/agencies", filing(1), actor=agency(1))
    assert [one["code"] for one in problem(again, 422)["reasons"]] == ["already_filed"]


async def test_a_refusal_gives_every_reason_with_its_source_and_words_in_both_languages(api: Api) -> None:
    refused = await api.post("/agencies", filing(1, commitment_signed=False), actor=agency(1))
    document = problem(refused, 422)
    assert document["code"] == "refused"
    assert document["type"] == "/problems/refused"
    (reason,) = document["reasons"]
    assert reason["code"] == "commitment_not_signed"
    assert reason["params"] == {}
    assert reason["words"] == "未签署承诺书"
    assert reason["words_en"] == "The commitment is not signed"
    assert set(reason["source"]) == {"title", "place", "text_seen"}


async def test_a_certificate_goes_on_file(api: Api) -> None:
    await api.post("/agencies", filing(1), actor=agency(1))
    added = await api.post(f"/agencies/{code(1)}/qualifications", CERTIFICATE, actor=agency(1))
    assert added.status_code == 201
    assert added.json()["agency"] == code(1)


async def test_an_offer_stands_on_the_shelf_and_a_second_one_for_the_item_is_refused(api: Api, market: Market) -> None:
    await market.file(1)
    put = await api.post(f"/agencies/{code(1)}/shelf-offers", shelf_offer(1), actor=agency(1))
    assert put.status_code == 201
    await market.file(2, grade=None)
    refused = await api.post(f"/agencies/{code(2)}/shelf-offers", shelf_offer(2), actor=agency(2))
    assert "qualification_missing" in [one["code"] for one in problem(refused, 422)["reasons"]]


async def test_a_credit_fact_is_recorded_with_its_points(api: Api, market: Market) -> None:
    await market.file(1)
    body = {"code": "award_abandoned", "basis": "示例"}
    recorded = await api.post(f"/agencies/{code(1)}/credit-facts", body, actor=REGULATOR)
    assert recorded.status_code == 201
    assert recorded.json()["points"] != 0


async def test_a_restricted_agency_is_refused_from_then_on(api: Api, market: Market) -> None:
    await market.file(1)
    published = await market.publish(sealed_terms(), sign_up_s=20, close_s=30)
    body = {"basis": "示例", "region": "330302"}
    await api.by_two(f"/agencies/{code(1)}/restrictions", body)
    refused = await api.post(
        f"/selections/{published.selection}/sign-ups", {"agency": code(1), "commitment_signed": True}, actor=agency(1)
    )
    assert [one["code"] for one in problem(refused, 422)["reasons"]] == ["restricted"]


async def test_a_sealed_selection_runs_from_the_draft_to_the_decision_over_the_api(api: Api, market: Market) -> None:
    for number in (1, 2, 3):
        await market.file(number)
    posted = await api.post("/demands", demand(), actor=OWNER_ACTOR)
    assert posted.status_code == 201
    published = await api.post(f"/demands/{posted.json()['demand']}/publication", actor=OWNER_ACTOR)
    assert published.status_code == 201
    selection = published.json()["selection"]
    for number in (1, 2, 3):
        body = {"agency": code(number), "commitment_signed": True}
        assert (await api.post(f"/selections/{selection}/sign-ups", body, actor=agency(number))).status_code == 201
        digest = (await api.client.get(f"/api/v1/selections/{selection}")).json()["terms_digest"]
        assert digest == published.json()["terms_digest"]
        offer = {"agency": code(number), "price_fen": 10_000_000 * number, "days": 20, "nonce": nonce(number)}
        offer["terms_digest"] = digest
        placed = await api.post(f"/selections/{selection}/offers", offer, actor=agency(number))
        assert placed.status_code == (201 if number < 3 else 422)  # the third lies above the ceiling
    early = await api.post(f"/selections/{selection}/settlement", actor="public:anybody")
    assert early.json() == {
        "selection": selection, "mode": "comprehensive", "rounds_closed": 0, "is_decided": False, "outcome": None,
        "proposed": None,
    }  # fmt: skip
    assert "10000000" not in early.text
    await pass_by(2.6)
    late = await api.post(f"/selections/{selection}/settlement", actor="public:anybody")
    assert late.status_code == 200
    assert late.json()["is_decided"]


async def test_clocks_below_the_profile_are_refused_with_the_earliest_that_will_do(api: Api) -> None:
    soon = demand(sealed_terms(min_bidders=1))
    posted = await api.post("/demands", soon, actor=OWNER_ACTOR)
    refused = await api.post(f"/demands/{posted.json()['demand']}/publication", {}, actor=OWNER_ACTOR)
    codes = [one["code"] for one in problem(refused, 422)["reasons"]]
    assert "minimum_bidders_below_profile" in codes


async def test_an_instant_award_goes_to_the_cheapest_until_the_shelf_is_empty(api: Api, market: Market) -> None:
    await market.file(1)
    await market.shelve(1, 100_000, capacity=1)
    published = await market.publish(instant_terms())
    awarded = await api.post(f"/demands/{published.demand}/award", {"expected": code(1)}, actor=OWNER_ACTOR)
    assert awarded.status_code == 201
    assert awarded.json()["winner"] == code(1)
    twice = await api.post(f"/demands/{published.demand}/award", actor=OWNER_ACTOR)
    assert problem(twice, 409)["code"] == "already_decided"
    other = await market.publish(instant_terms())
    nothing = await api.post(f"/demands/{other.demand}/award", actor=OWNER_ACTOR)
    assert [one["code"] for one in problem(nothing, 422)["reasons"]] == ["too_few_bidders"]


async def test_rounds_left_to_the_profile_are_filled_in(api: Api) -> None:
    terms = {
        "mode": "multi_round", "ceiling_fen": 20_000_000, "min_bidders": 3, "step_fen": 100_000, "step_basis": "own",
        "ties": ["received"],
    }  # fmt: skip
    body = demand(terms, sign_up_closes_at="2030-01-01T00:00:00Z", first_round_opens_at="2030-01-08T01:00:00Z")
    posted = await api.post("/demands", body, actor=OWNER_ACTOR)
    assert posted.status_code == 201, posted.text
