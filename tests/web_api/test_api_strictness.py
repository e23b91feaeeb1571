"""What a body may be: exact JSON of the declared shape, and every fault of another one with its pointer."""

from __future__ import annotations

import json

import pytest

from marketplace.database import Database
from tests.usecases.market import code
from tests.web_api.caller import OWNER_ACTOR, Api, agency, demand, filing, problem

SELECTION = "/selections/S261123-00000000/offers"


def offer(price: str) -> bytes:
    """The bytes of an offer with this text where the price stands."""
    return f'{{"agency": "{code(1)}", "price_fen": {price}}}'.encode()


NOT_PLAIN = [
    ("NaN", "/price_fen", "not_a_number"),
    ("-Infinity", "/price_fen", "not_a_number"),
    ("true", "/price_fen", "int_type"),
    ('"5"', "/price_fen", "int_type"),
    ("1.0", "/price_fen", "not_an_integer"),
    ("1e3", "/price_fen", "not_an_integer"),
    ("[1]", "/price_fen", "int_type"),
    ("9" * 100_000, "/price_fen", "integer_too_long"),
    ("9" * 20, "/price_fen", "less_than_equal"),
    ('5, "price_fen": 5', "/price_fen", "duplicate_key"),
    ('5, "bribe_fen": 5', "/bribe_fen", "extra_forbidden"),
    ('5, "selection": "S261123-00000000"', "/selection", "extra_forbidden"),
    ('5, "nonce": "\\ud800"', "/nonce", "lone_surrogate"),
    ('5, "nonce": "\\u0000"', "/nonce", "null_character"),
    ('5, "a\\u0000~/b": 1', "", "null_character"),
    ('5, "nonce": ' + "[" * 2_000 + "]" * 2_000, "", "too_deep"),
    ("[" * 200_000 + "]" * 200_000, "", "too_deep"),
]


@pytest.mark.parametrize(("price", "pointer", "fault"), NOT_PLAIN, ids=[f"{row[2]}-{row[0][:9]}" for row in NOT_PLAIN])
async def test_a_number_that_is_no_plain_integer_is_refused_with_its_place(
    api: Api, price: str, pointer: str, fault: str
) -> None:
    document = problem(await api.post(SELECTION, raw=offer(price), actor=agency(1)), 400)
    assert document["code"] == "malformed"
    assert (pointer, fault) in [(one["pointer"], one["code"]) for one in document["errors"]]


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "missing"),
        (b" ", "not_json"),
        (b"not json", "not_json"),
        (b"{", "not_json"),
        (b"{} {}", "not_json"),
        (b"null", "model_type"),
        (b"[]", "model_type"),
        (b'"text"', "model_type"),
        (b"\xef\xbb\xbf{}", "byte_order_mark"),
        (b"\xff\xfe", "not_utf8"),
        ("{}".encode("utf-16"), "not_utf8"),
    ],
)
async def test_a_body_that_is_no_document_of_the_declared_shape_is_refused(api: Api, raw: bytes, fault: str) -> None:
    document = problem(await api.post(SELECTION, raw=raw, actor=agency(1)), 400)
    assert {one["code"] for one in document["errors"]} == {fault}


async def test_all_faults_are_listed_at_once_with_json_pointers(api: Api) -> None:
    body = demand(recusals=[{"agency": "1", "reason": ""}, 5], quantity=0, **{"a~b/c": 1})
    document = problem(await api.post("/demands", body, actor=OWNER_ACTOR), 400)
    assert document["error_count"] == len(document["errors"]) == 5
    pointers = [one["pointer"] for one in document["errors"]]
    assert pointers == ["/quantity", "/recusals/0/agency", "/recusals/0/reason", "/recusals/1", "/a~0b~1c"]


async def test_the_faults_of_terms_point_into_the_body(api: Api) -> None:
    document = problem(await api.post("/demands", demand({"mode": "lottery"}), actor=OWNER_ACTOR), 400)
    assert all(one["pointer"].startswith("/") for one in document["errors"]), document


async def test_of_many_faults_the_first_hundred_are_shown_and_all_are_counted(api: Api) -> None:
    body = filing(1, **{f"x{number}": 1 for number in range(250)})
    document = problem(await api.post("/agencies", body, actor=agency(1)), 400)
    assert document["error_count"] == 250
    assert len(document["errors"]) == 100


async def test_a_command_of_more_than_one_mebibyte_is_refused_before_it_is_read(api: Api) -> None:
    raw = json.dumps(filing(1, contact_name="长" * 1024 * 1024)).encode()
    assert problem(await api.post("/agencies", raw=raw, actor=agency(1)), 413)["code"] == "too_large"

    async def chunks() -> object:
        for _ in range(20):
            yield b" " * 65_536

    headers = {"content-type": "application/json", "x-development-actor": agency(1)}
    streamed = await api.client.post("/api/v1/agencies", content=chunks(), headers=headers)  # type: ignore[arg-type]  # async bytes
    assert problem(streamed, 413)["code"] == "too_large"


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=gbk", ""],
)
async def test_only_json_in_utf8_is_read(api: Api, kind: str) -> None:
    headers = {"content-type": kind, "x-development-actor": agency(1)}
    sent = await api.client.post("/api/v1/agencies", content=json.dumps(filing(1)), headers=headers)
    assert problem(sent, 415)["code"] == "media_type"


async def test_what_is_malformed_leaves_nothing_behind(api: Api, database: Database) -> None:
    await api.post("/agencies", raw=json.dumps(filing(1)).encode().replace(b'"company"', b'"firm"'), actor=agency(1))
    async with database.read() as connection:
        assert await connection.fetchval("SELECT count(*) FROM record_event") == 0
