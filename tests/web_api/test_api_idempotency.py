"""The same request under the same key: one effect and one answer, however often and however much at once."""

from __future__ import annotations

import asyncio

import pytest

from marketplace.database import Database
from tests.usecases.market import Market, code, nonce, sealed_terms
from tests.web_api.caller import OWNER_ACTOR, Api, agency, demand, filing, problem


async def test_twenty_times_the_same_at_once_is_one_effect_and_one_answer(api: Api, database: Database) -> None:
    body = demand()
    answers = await asyncio.gather(*(api.post("/demands", body, actor=OWNER_ACTOR, key="k-1") for _ in range(20)))
    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    async with database.read() as connection:
        assert await connection.fetchval("SELECT count(*) FROM demand") == 1


async def test_twenty_times_the_same_offer_at_once_is_one_offer(api: Api, market: Market, database: Database) -> None:
    await market.file(1)
    published = await market.publish(sealed_terms(), sign_up_s=20, close_s=30)
    await market.sign_up(published.selection, 1)
    path = f"/selections/{published.selection}/offers"
    body = {"agency": code(1), "price_fen": 9_000_000, "days": 20, "nonce": nonce(1)}
    answers = await asyncio.gather(*(api.post(path, body, actor=agency(1), key="k-2") for _ in range(20)))
    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    async with database.read() as connection:
        assert await connection.fetchval("SELECT count(*) FROM record_event WHERE type = 'offer.placed'") == 1


async def test_a_refusal_under_a_key_is_the_same_refusal_again(api: Api) -> None:
    body = filing(1, commitment_signed=False)
    first, second = [await api.post("/agencies", body, actor=agency(1), key="k-3") for _ in range(2)]
    assert problem(first, 422)["reasons"] == problem(second, 422)["reasons"]


async def test_another_body_under_the_key_is_422(api: Api) -> None:
    await api.post("/agencies", filing(1), actor=agency(1), key="k-4")
    other = await api.post("/agencies", filing(1, name="改名（示例）"), actor=agency(1), key="k-4")
    document = problem(other, 422)
    assert document["code"] == "idempotency_key_reused"
    assert document["type"] == "/problems/idempotency-key-reused"


async def test_another_actor_has_keys_of_his_own(api: Api) -> None:
    assert (await api.post("/agencies", filing(1), actor=agency(1), key="k-5")).status_code == 201
    assert (await api.post("/agencies", filing(2), actor=agency(2), key="k-5")).status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 129, "k k", "k\tk", "\xe9"])
async def test_a_key_of_another_shape_is_400(api: Api, key: str) -> None:
    headers = [(b"x-development-actor", agency(1).encode()), (b"idempotency-key", key.encode("latin-1"))]
    sent = await api.client.post("/api/v1/agencies", json=filing(1), headers=headers)
    assert problem(sent, 400)["errors"][0]["code"] == "parameter"


async def test_a_key_of_the_longest_and_strangest_shape_is_taken(api: Api) -> None:
    assert (await api.post("/agencies", filing(1), actor=agency(1), key="!~" * 64)).status_code == 201


async def test_a_number_that_no_record_keeps_is_400_with_its_place_under_a_key_too(api: Api) -> None:
    body = demand()
    body["terms"] = {**body["terms"], "step_fen": 2**60}
    told = problem(await api.post("/demands", body, actor=OWNER_ACTOR, key="k-9"), 400)
    assert [one["pointer"] for one in told["errors"]] == ["/terms"]
