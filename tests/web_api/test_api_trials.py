"""Trying and checking terms over the API: nobody signs in, nothing is kept, and nothing is told before the close."""

from __future__ import annotations

import json
from typing import Any

import pytest

from marketplace.database import Database
from marketplace.publication.decide import answer
from marketplace.web.api.examples import EXAMPLES
from tests.usecases.market import Market, code, pass_by, sealed_terms
from tests.web_api.caller import OWNER_ACTOR, Api, demand, problem

ONLY_PRICE = [{"kind": "price", "points": 100, "formula": "lowest"}]
PLAN = [{"kind": "plan", "points": 100}]
BY_DAYS = [{"kind": "price", "points": 60, "formula": "lowest"}, {"kind": "days", "points": 40}]
INVENTED: dict[str, Any] = dict(EXAMPLES["tryInvented"])  # type: ignore[arg-type] # an object, as the document shows it


@pytest.fixture
async def filed(market: Market) -> Market:
    for number in (1, 2, 3):
        await market.file(number)
    return market


async def offered(market: Market, *, close_s: float) -> tuple[str, str]:
    """A sealed selection with three offers; returns demand and selection."""
    published = await market.publish(sealed_terms(criteria=ONLY_PRICE), sign_up_s=close_s - 0.1, close_s=close_s)
    for number, price_fen, days in ((1, 15_000_000, 60), (2, 18_000_000, 10), (3, 17_000_000, 50)):
        await market.sign_up(published.selection, number)
        await market.offer(published.selection, number, price_fen, days)
    return published.demand, published.selection


async def test_a_past_selection_is_tried_beside_what_was_decided_and_anybody_can_decide_it_again(
    api: Api, filed: Market, database: Database
) -> None:
    named, selection = await offered(filed, close_s=2.5)
    await pass_by(2.6)
    terms = sealed_terms(criteria=BY_DAYS)
    events = "SELECT count(*) FROM record_event"
    async with database.read() as connection:
        before = await connection.fetchval(events)
    tried = await api.post(f"/selections/{selection}/trials", {"terms": terms})
    assert tried.status_code == 200
    assert tried.headers["cache-control"] == "no-store"
    told = tried.json()
    award = (await api.client.get(f"/api/v1/awards/{named}")).json()
    assert (told["demand"], told["selection"], told["as_of"]) == (named, selection, award["as_of"])
    assert (told["decision_then"], told["participants"]) == (award["decision"], award["participants"])
    assert (told["winner_then"]["uscc"], told["winner"]["uscc"]) == (code(1), code(2))
    assert told["winner"]["name"] == "测绘2号（示例）"
    assert told["case"] == {**award["case"], "terms": terms}
    raw = json.dumps({"case": told["case"]}).encode()
    assert answer(raw, weighed=True) == {**told["decision"], "sensitivity": told["sensitivity"]}
    assert [one["first"] for one in told["sensitivity"]] == [code(2), code(2)]
    assert told["assumption"]["code"] == "offers_as_they_were_made"
    posted = await api.post("/demands", demand(terms), actor=OWNER_ACTOR)
    assert posted.json()["terms_digest"] == told["terms_digest"]
    async with database.read() as connection:
        assert await connection.fetchval(events) == before + 1  # the posting; the trial left nothing


async def test_faults_of_a_trial_are_problems_with_pointers(api: Api, filed: Market) -> None:
    _, selection = await offered(filed, close_s=2.5)
    await pass_by(2.6)
    path = f"/selections/{selection}/trials"
    for body, fault in (
        ({}, ("/terms", "missing")),
        ({"terms": {}}, ("/terms/mode", "missing")),
        ({"terms": sealed_terms(ceiling_fen="1")}, ("/terms/ceiling_fen", "not_an_integer")),
        (
            {"terms": sealed_terms(criteria=PLAN)},
            ("/terms/criteria/0", "fact_not_on_record"),
        ),
        ({"terms": {"mode": "direct"}}, ("/terms/mode", "mode_not_computed")),
        ({"terms": INVENTED["terms"] | {"step_fen": 10**19}}, ("/terms", "not_canonical")),
        ({"terms": sealed_terms(), "selection": selection}, ("/selection", "extra_forbidden")),
    ):
        document = problem(await api.post(path, body), 400)
        assert [(one["pointer"], one["code"]) for one in document["errors"]] == [fault]
    problem(await api.post(path, raw=b" " * 2_000_000), 413)
    unread = await api.client.post(f"/api/v1{path}", content=b"{}", headers={"content-type": "text/plain"})
    problem(unread, 415)


async def test_before_the_close_a_trial_says_nothing_about_offers_and_not_even_their_count(
    api: Api, filed: Market
) -> None:
    _, busy = await offered(filed, close_s=6.0)
    silent = (await filed.publish(sealed_terms(criteria=ONLY_PRICE), sign_up_s=5.9, close_s=6.0)).selection
    bodies = (
        {"terms": sealed_terms()},
        {"terms": sealed_terms(min_bidders=4)},  # would warn of the number of offers
        {"terms": sealed_terms(criteria=PLAN)},  # would count the bids without marks
        {"terms": {"mode": "multi_round"}},
        {},
    )
    for body in bodies:
        told = []
        for selection in (busy, silent, "S000000-00000000", "没有"):
            answered = await api.post(f"/selections/{selection}/trials", body, actor=OWNER_ACTOR)
            document = answered.json()
            document.pop("instance")
            told.append((answered.status_code, document, sorted(answered.headers)))
        assert all(one == told[0] for one in told)
        assert told[0][0] == (404 if body else 400)


async def test_invented_offers_are_said_to_be_invented_and_the_case_gives_the_decision(api: Api) -> None:
    told = (await api.post("/trials", INVENTED)).json()
    assert (await api.post("/trials", INVENTED)).json() == told
    assert told["assumption"]["code"] == "offers_are_invented"
    assert "虚构" in told["assumption"]["zh"]
    assert (len(told["case"]["bids"]), told["case"]["terms"]) == (5, INVENTED["terms"])
    assert all(one["bidder"].startswith("invented-") for one in told["case"]["bids"])
    decided = await api.post("/decide", told["case"])
    assert decided.json() == told["decision"]
    assert set(told) == {
        "terms_digest", "assumption", "decision", "sensitivity", "warnings", "case",
    }  # fmt: skip
    few = (await api.post("/trials", INVENTED | {"bidders": 2})).json()
    assert few["decision"]["outcome"] == "unsuccessful"
    assert [one["code"] for one in few["warnings"]] == ["min_bidders_above_admitted"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"bidders": 0}, "/bidders"),
        ({"bidders": 201}, "/bidders"),
        ({"price_bp": {"low": 0, "high": 9500}}, "/price_bp/low"),
        ({"price_bp": {"low": 9000, "high": 20_001}}, "/price_bp/high"),
        ({"days": {"low": 30, "high": 20}}, "/days"),
        ({"credit": {"low": 0, "high": 10_001}}, "/credit/high"),
        ({"seed": ""}, "/seed"),
        ({"terms": {"mode": "nonsense"}}, "/terms/mode"),
    ],
)
async def test_what_cannot_be_invented_is_400_with_its_pointer(api: Api, change: dict[str, Any], pointer: str) -> None:
    document = problem(await api.post("/trials", INVENTED | change), 400)
    assert [one["pointer"] for one in document["errors"]] == [pointer]


async def test_terms_are_checked_before_anything_is_posted(api: Api, filed: Market) -> None:
    assert filed
    checked = await api.post("/terms/check", EXAMPLES["checkTerms"])
    assert checked.status_code == 200
    reach = checked.json()["reach"]
    assert (checked.json()["warnings"], reach["filed"], reach["qualified"], reach["on"]) == ([], 3, 3, "2026-12-02")
    assert [one["code"] for one in reach["conditions"]] == ["kind", "grade", "validity", "restrictions", "recusals"]
    body = {"terms": sealed_terms(min_bidders=1), "item": "SV22", "recused": [code(1)]}
    told = (await api.post("/terms/check", body)).json()
    assert [(one["code"], one["pointer"]) for one in told["warnings"]] == [
        ("min_bidders_one", "/min_bidders"), ("few_qualified", ""), ("recusals_cut_most", ""),
    ]  # fmt: skip
    few = told["warnings"][1]
    assert few["params"] == {"filed": 3, "qualified": 2, "fewest": 3}
    assert few["source"] == {"title": "涉批中介网上超市公平性检查（generic-v1）", "section": "market.md 3"}
    assert (few["zh"], few["en"]) == (
        "备案机构 3 家，今天够条件参加的只有 2 家，少于 3 家",
        "of 3 agencies on file 2 could take part today, fewer than 3",
    )
    unkept = {"terms": sealed_terms(step_fen=10**19), "item": "SV22"}
    assert problem(await api.post("/terms/check", unkept), 400)["errors"][0]["code"] == "not_canonical"
    document = problem(await api.post("/terms/check", {"terms": {"mode": "instant"}, "item": "nope"}), 400)
    assert document["errors"][0]["pointer"] == "/item"


async def test_the_warnings_of_a_draft_are_read_by_its_owner_alone(api: Api, filed: Market) -> None:
    assert filed
    posted = await api.post("/demands", demand(sealed_terms(min_bidders=4)), actor=OWNER_ACTOR)
    address = f"/api/v1/demands/{posted.json()['demand']}/warnings"
    own = await api.client.get(address, headers={"X-Development-Actor": OWNER_ACTOR})
    assert [one["code"] for one in own.json()["warnings"]] == ["min_bidders_above_qualified"]
    problem(await api.client.get(address), 404)
    problem(await api.client.get(address, headers={"X-Development-Actor": "owner:somebody"}), 404)
