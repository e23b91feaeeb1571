"""The adapters against a neighbour that behaves, and against one that does not: an answer or none, always in time."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from commons.errors import Malformed, Unrecognised
from marketplace.neighbours.client import Client
from marketplace.neighbours.lookups import Projects, Register
from marketplace.neighbours.opened import NAMES, open_neighbours
from marketplace.neighbours.port import Answer, Letter
from marketplace.neighbours.seals import Seals
from marketplace.neighbours.signing import INSTANT, SIGNATURE, WINDOW, check_signed, signed_headers
from marketplace.settings import Settings
from tests.neighbours.reference_server import KEY, Mood, Neighbour, running

CODE = "2610-330304-04-01-104270"
USCC = "91330000MA0000001A"
LETTER = Letter("e-1", "demand.published", "demand/D1", 1, b'{"id": "e-1"}')
PATIENCE = 0.4
NOW = datetime(2026, 11, 23, tzinfo=UTC)
PROJECT = {"code": CODE, "name": "项目（示例）", "owner_code": USCC, "owner_name": "业主（示例）", "region": "330304"}


@pytest.mark.parametrize(
    ("mood", "answer"),
    [
        ("well", Answer(200, "taken", "R-e-1")),
        ("down", Answer(None, "no-answer")),
        ("slow", Answer(None, "no-answer")),
        ("garbage", Answer(None, "garbage")),
        ("failing", Answer(503, "status-503")),
        ("refusing", Answer(422, "status-422")),
        ("redirecting", Answer(307, "status-307")),
        ("endless", Answer(None, "garbage")),
        ("lost answer", Answer(None, "no-answer")),
    ],
)
async def test_whatever_a_neighbour_does_comes_back_as_an_answer_in_time(mood: Mood, answer: Answer) -> None:
    async with running(Neighbour(mood=mood)) as one:
        if mood == "down":
            await one.stop()
        client = Client("e-archive", one.address, KEY, patience=PATIENCE)
        began = asyncio.get_running_loop().time()
        assert await client.take(LETTER) == answer
        assert asyncio.get_running_loop().time() - began < PATIENCE + 0.3
        look_up = Projects("investment-platform", one.address, KEY, patience=PATIENCE)
        if mood != "well":
            assert await look_up.look_up(CODE) is None
        await client.close()
        await look_up.close()


async def test_a_project_is_found_or_not_and_an_answer_about_another_is_none() -> None:
    async with running() as one:
        client = Projects("investment-platform", one.address, KEY)
        missing = await client.look_up(CODE)
        assert missing is not None
        assert not missing.is_found
        one.projects[CODE] = PROJECT
        found = await client.look_up(CODE)
        assert found is not None
        assert (found.is_found, found.owner_code, found.region) == (True, USCC, "330304")
        for wrong in ({**PROJECT, "code": "other"}, {**PROJECT, "region": 330304}, {"code": CODE}, [PROJECT]):
            one.projects[CODE] = wrong  # type: ignore[assignment]  # what a neighbour may send
            assert await client.look_up(CODE) is None
        await client.close()


async def test_what_data_sharing_returns_is_read_strictly() -> None:
    licence = {
        "uscc": USCC,
        "name": "测绘（示例）",
        "kind": "company",
        "region": "330302",
        "legal_representative": "示例",
    }
    paper = {"kind": "测绘资质", "grade": "甲级", "number": "1", "issuer": "示例", "valid_from": "2020-01-01"}
    async with running() as one:
        client = Register("data-sharing", one.address, KEY)
        one.organisations[USCC] = {"licence": licence, "papers": [paper], "unknown": 1}
        found = await client.look_up(USCC)
        assert found is not None
        assert found.licence is not None
        assert (found.licence.name, found.papers[0].grade, found.certificates) == ("测绘（示例）", "甲级", ())
        one.organisations[USCC] = {"licence": {**licence, "uscc": USCC[:-1] + "B"}}
        assert await client.look_up(USCC) is None, "of another"
        one.organisations[USCC] = {"papers": [{**paper, "valid_from": "soon"}]}
        assert await client.look_up(USCC) is None
        await client.close()


async def test_a_seal_counts_only_when_it_verifies() -> None:
    async with running(Neighbour(is_seal=True)) as one:
        public = one.seal.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        body = json.dumps({"id": "s-1", "data": {"digest": "ab" * 32, "paper": "award-notice"}}).encode()
        letter = Letter("s-1", "seal.requested", "demand/D1", 1, body)
        seals = Seals("e-seal", one.address, KEY, public_key=public)
        answer = await seals.take(letter)
        assert (answer.status, len(answer.receipt or "")) == (200, 128)
        other = Seals("e-seal", one.address, KEY, public_key=b"\x01" * 32)
        assert (await other.take(letter)).status == 422
        await seals.close()
        await other.close()


def test_a_request_is_known_by_its_signature_alone_and_for_a_short_time() -> None:
    headers = signed_headers(KEY, "POST", "/api/messages", "m-1", b"{}", at=NOW)
    assert check_signed(headers, KEY, "POST", "/api/messages", b"{}", at=NOW + WINDOW) == "m-1"
    wrong = (
        ({**headers, SIGNATURE: "0" * 64}, KEY, "POST", "/api/messages", b"{}", NOW),
        (headers, b"\x08" * 32, "POST", "/api/messages", b"{}", NOW),
        (headers, KEY, "GET", "/api/messages", b"{}", NOW),
        (headers, KEY, "POST", "/api/messages?a=1", b"{}", NOW),
        (headers, KEY, "POST", "/api/messages", b"{ }", NOW),
        (headers, KEY, "POST", "/api/messages", b"{}", NOW + WINDOW + timedelta(seconds=1)),
        (headers, KEY, "POST", "/api/messages", b"{}", NOW - WINDOW - timedelta(seconds=1)),
        ({**headers, INSTANT: "soon"}, KEY, "POST", "/api/messages", b"{}", NOW),
        ({}, KEY, "POST", "/api/messages", b"{}", NOW),
    )
    for given, key, method, target, body, at in wrong:
        with pytest.raises(Unrecognised):
            check_signed(given, key, method, target, body, at=at)


async def test_a_neighbour_that_nobody_speaks_with_or_without_a_key_stops_the_start() -> None:
    for neighbours, keys in (({"nobody": "https://n.example/"}, {"nobody": KEY}), ({"sms": "https://s.example/"}, {})):
        with pytest.raises(Malformed):
            open_neighbours(Settings(neighbours=neighbours, neighbour_keys=keys))
    whole = open_neighbours(
        Settings(
            neighbours=dict.fromkeys(NAMES, "https://n.example/"),
            neighbour_keys=dict.fromkeys(NAMES, KEY),
            seal_key=KEY,
        )
    )
    assert set(whole.clients) == set(NAMES)
    await whole.close()
