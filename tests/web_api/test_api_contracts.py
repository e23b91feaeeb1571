"""Contracts over the API: who reads what, the list with what is owed, the package as a file."""

from __future__ import annotations

import io
import zipfile

import httpx
import pytest

from marketplace.database import Database
from marketplace.publication.check_archive import check
from tests.usecases import market
from tests.usecases.contracted import DAYS, PRICE, Deal, awarded, shorten, today
from tests.usecases.market import Market, code
from tests.web_api.caller import OWNER_ACTOR, REGULATOR, Api, agency, problem


@pytest.fixture
async def deal(database: Database) -> Deal:
    return Deal(database, await awarded(Market(database)))


async def read(api: Api, path: str, actor: str | None = None) -> httpx.Response:
    headers = {} if actor is None else {"X-Development-Actor": actor}
    return await api.client.get(f"/api/v1{path}", headers=headers)


async def test_a_contract_is_signed_over_the_api_and_its_notes_are_for_its_own(api: Api, deal: Deal) -> None:
    body = {"amount_fen": PRICE + 1, "days": DAYS, "signed_on": today().isoformat(), "same_terms": True}
    refused = await api.post(f"/contracts/{deal.id}/uploads", body, actor=OWNER_ACTOR)
    assert [one["code"] for one in problem(refused, 422)["reasons"]] == ["contract_price_departs"]
    done = await api.post(f"/contracts/{deal.id}/uploads", {**body, "amount_fen": PRICE}, actor=OWNER_ACTOR)
    assert done.status_code == 201
    path = f"/contracts/{deal.id}/contract-confirmation"
    assert (await api.post(path, {"number": 1}, actor=agency(1), key="once")).json()["state"] == "contracted"
    assert (await api.post(path, {"number": 1}, actor=agency(1), key="once")).json()["state"] == "contracted"
    await deal.visit()
    for actor, sees in ((None, False), (agency(2), False), (agency(1), True), (OWNER_ACTOR, True), (REGULATOR, True)):
        document = (await read(api, f"/contracts/{deal.id}", actor)).json()
        assert any(one["notes"] for one in document["record"]) is sees, actor
    assert [one["what"] for one in document["record"]] == ["opened", "uploaded", "confirmed", "visit_arranged"]
    assert document["contract"]["duties"][0]["what"] == "hand_in_result"
    assert (await read(api, "/contracts/S-nothing")).status_code == 404


async def test_the_list_shows_awards_that_nobody_has_signed_and_what_is_overdue(
    api: Api, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, contract_signing=(0, "seconds"))
    other = Deal(deal.database, await awarded(Market(deal.database), file=False))
    await other.sign()
    listed = (await read(api, "/contracts?limit=10")).json()
    assert listed["total"] == 2
    by_id = {one["id"]: one for one in listed["contracts"]}
    assert by_id[deal.id]["state"] == "awarded"
    assert {one["who"] for one in by_id[deal.id]["overdue"]} == {"owner", "agency"}
    assert by_id[other.id]["overdue"] == []
    assert (await read(api, f"/contracts?agency={code(2)}")).json()["total"] == 0
    assert [one["id"] for one in (await read(api, "/contracts?stage=contracted")).json()["contracts"]] == [other.id]
    assert deal.id in {one["id"] for one in (await read(api, "/contracts?ended=true")).json()["contracts"]}


async def test_what_is_deemed_is_read_before_anybody_has_written_it(
    api: Api, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, acceptance=(0, "seconds"))
    await deal.sign()
    await deal.hand_in()
    document = (await read(api, f"/contracts/{deal.id}")).json()
    assert (document["contract"]["state"], document["contract"]["is_deemed"]) == ("accepted", True)
    assert document["accepted_at_first"] is None
    assert "deemed_accepted" not in await deal.types()


async def test_a_restriction_is_shown_on_what_was_signed_before(api: Api, deal: Deal) -> None:
    await deal.sign()
    assert (await read(api, f"/contracts/{deal.id}")).json()["restrictions"] == []
    await Market(deal.database).restrict(1)
    document = (await read(api, f"/contracts/{deal.id}")).json()
    assert [one["code"] for one in document["restrictions"]] == ["restricted"]


async def test_the_package_is_a_file_for_the_two_sides_regulators_and_auditors(api: Api, deal: Deal) -> None:
    await deal.end(market.REGULATOR)
    assert (await api.post(f"/contracts/{deal.id}/archive", {}, actor=OWNER_ACTOR)).json()["state"] == "archived"
    path = f"/contracts/{deal.id}/archive"
    assert (await read(api, path)).status_code == 401
    assert (await read(api, path, agency(2))).status_code == 403
    bodies = set()
    for actor in (OWNER_ACTOR, agency(1), REGULATOR, "auditor:A1"):
        answered = await read(api, path, actor)
        assert answered.headers["content-type"] == "application/zip"
        bodies.add(answered.content)
    (body,) = bodies
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    assert all(one.wrong is None for one in check(members))
