"""试算 over the API: the command line's own answers, nothing kept, and nothing that stops anybody else."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path

import pytest

from commons.errors import Malformed, Unavailable
from marketplace.publication.decide import MAX_CASE_BYTES, answer
from marketplace.web.api.computing import PLACES, computed
from marketplace.web.api.examples import EXAMPLES
from tests.web_api.caller import Api, problem

CASE = json.dumps(EXAMPLES["decideCase"]).encode()


async def test_a_case_is_decided_as_the_command_line_decides_it(api: Api) -> None:
    decided = await api.post("/decide", raw=CASE)
    assert decided.status_code == 200
    assert decided.headers["content-type"] == "application/json"
    assert decided.json() == answer(CASE)
    explained = await api.client.post(
        "/api/v1/decide?explain=true", content=CASE, headers={"content-type": "application/json"}
    )
    assert explained.json() == answer(CASE, explained=True)


async def test_the_given_cases_give_the_given_decisions(api: Api, public_reading: Path) -> None:
    files = sorted((public_reading / "cases" / "decide").rglob("*.json"))[:40]
    assert files
    for file in files:
        raw = file.read_bytes()
        decided = await api.post("/decide", raw=raw)
        try:
            expected = answer(raw)
        except Malformed:
            assert decided.status_code == 400, file
        else:
            assert decided.json() == expected, file


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (CASE.replace(b"16800000", b"1.0"), "not_an_integer"),
        (b"[]", "not_an_object"),
    ],
)
async def test_a_malformed_case_is_400_with_pointers(api: Api, raw: bytes, fault: str) -> None:
    document = problem(await api.post("/decide", raw=raw), 400)
    assert document["errors"][0]["code"] == fault


async def test_a_case_beyond_sixteen_mebibytes_is_413_and_one_below_is_read(api: Api) -> None:
    problem(await api.post("/decide", raw=b" " * (MAX_CASE_BYTES + 1)), 413)
    padded = CASE + b" " * (2 * 1024 * 1024)
    assert (await api.post("/decide", raw=padded)).json() == answer(CASE)


async def test_many_cases_at_once_are_all_decided(api: Api) -> None:
    decided = await asyncio.gather(*(api.post("/decide", raw=CASE) for _ in range(12)))
    assert {one.status_code for one in decided} == {200}


async def test_a_case_that_is_not_declared_as_json_is_415(api: Api) -> None:
    sent = await api.client.post("/api/v1/decide", content=CASE, headers={"content-type": "text/plain"})
    problem(sent, 415)
    document = problem(
        await api.client.post(
            "/api/v1/decide?explain=perhaps", content=CASE, headers={"content-type": "application/json"}
        ),
        400,
    )
    assert document["errors"][0]["code"] == "parameter"


async def test_a_case_that_is_not_known_here_is_computed_and_held_against_its_own_decision(api: Api) -> None:
    told = (await api.post("/verify", raw=CASE)).json()
    assert (told["award"], told["agrees"], told["published_digests"]) == (None, True, None)
    assert told["decision"] == answer(CASE)
    assert {one["state"] for one in told["steps"]} == {"unknown", "nothing"}
    claimed = {"case": json.loads(CASE), "decision": {**answer(CASE), "winner": "A2"}, "award": "D000000-00000000"}
    told = (await api.post("/verify", claimed)).json()
    assert (told["award"], told["agrees"], told["first_difference"]) == (None, False, "award")
    (step,) = (one for one in told["steps"] if one["state"] == "differs")
    assert step["differences"] == [
        {"subject": "", "cell": "winner", "given": "A2", "found": "A1", "given_by": "file"},
    ]
    assert problem(await api.post("/verify?award=D000000-00000000", raw=CASE), 404)["code"] == "not_found"
    assert problem(await api.post("/verify", raw=b"{"), 400)["errors"][0]["code"] == "not_json"
    problem(await api.client.post("/api/v1/verify", content=CASE, headers={"content-type": "text/plain"}), 415)
    problem(await api.post("/verify", raw=b" " * (4 * 1024 * 1024 + 1)), 413)


async def test_whoever_waits_too_long_is_told_so_and_the_place_is_free_when_the_work_has_ended() -> None:
    going_on = threading.Event()
    before = PLACES._value
    with pytest.raises(Unavailable):
        await computed(lambda: going_on.wait(5), longest_s=0.05)
    assert PLACES._value == before - 1
    going_on.set()
    for _ in range(100):
        await asyncio.sleep(0.01)
        if PLACES._value == before:
            break
    assert PLACES._value == before
    with pytest.raises(Malformed):
        await computed(lambda: answer(b"{"))
