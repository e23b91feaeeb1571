"""Every kind of failure as the outside sees it: RFC 9457 under /api/, a page elsewhere, never more than it should."""

from __future__ import annotations

import logging

import httpx
import pytest
from litestar import get
from litestar.exceptions import HTTPException

from commons.errors import Conflict, Fault, Forbidden, Malformed, NotFound, Unavailable
from marketplace.app import create_app
from marketplace.database import Database, OutcomeUnknown
from marketplace.web.errors import BY_STATUS, Trouble, trouble_of
from marketplace.web.errors import problem as document_of
from marketplace.web.locale.trouble_words import KINDS
from tests.usecases.market import Market, code, sealed_terms
from tests.web_api.caller import OWNER_ACTOR, REGULATOR, SETTINGS, Api, agency, filing, problem

TABLE = [
    (Malformed((Fault("/a", "b", "c"),)), 400, "malformed", "malformed"),
    (NotFound("agency", "9"), 404, "not_found", "not_found"),
    (Conflict("already_published", "it is"), 409, "conflict", "already_published"),
    (Conflict("idempotency_key_reused", "it is"), 422, "idempotency_key_reused", "idempotency_key_reused"),
    (Forbidden("not_yours", "no"), 403, "forbidden", "not_yours"),
    (Unavailable("database at 10.0.0.7 is gone"), 503, "unavailable", "unavailable"),
    (OutcomeUnknown("lost"), 503, "unavailable", "outcome_unknown"),
    (ZeroDivisionError("secret"), 500, "unexpected", "unexpected"),
    (HTTPException("teapot", status_code=418), 500, "unexpected", "unexpected"),
    *[(HTTPException("x", status_code=status), status, kind, kind) for status, kind in BY_STATUS.items()],
]


@pytest.mark.parametrize(("error", "status", "kind", "code_"), TABLE, ids=[f"{row[1]}-{row[3]}" for row in TABLE])
def test_every_kind_of_failure_has_its_status_and_code(error: Exception, status: int, kind: str, code_: str) -> None:
    trouble = trouble_of(error)
    assert (trouble.status, trouble.kind, trouble.code) == (status, kind, code_)
    assert document_of(trouble)["title"] == KINDS[kind].zh
    assert document_of(trouble, "en")["title"] == KINDS[kind].en
    assert "secret" not in str(document_of(trouble))
    assert "10.0.0.7" not in str(document_of(trouble))


async def test_an_unknown_address_is_a_problem_under_the_api_and_a_page_elsewhere(api: Api) -> None:
    problem(await api.client.get("/api/v1/nothing"), 404)
    problem(await api.client.post("/api/v2/agencies"), 404)
    page = await api.client.get("/nothing")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "没有这个页面" in page.text


async def test_a_wrong_method_says_which_ones_there_are(api: Api) -> None:
    answered = await api.client.delete("/api/v1/agencies")
    problem(answered, 405)
    assert "POST" in answered.headers["allow"]


async def test_who_does_not_say_who_he_is_hears_401(api: Api) -> None:
    answered = await api.post("/agencies", filing(1))
    assert problem(answered, 401)["code"] == "actor_missing"
    assert answered.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "actor", ["", "agency", "agency:", ":1", "system:settling", "king:1", "agency:1 2", "agency:" + "1" * 65]
)
async def test_an_actor_that_cannot_be_read_is_401(api: Api, actor: str) -> None:
    assert problem(await api.post("/agencies", filing(1), actor=actor), 401)["code"] == "actor_malformed"


async def test_two_actors_in_one_request_are_401(api: Api) -> None:
    headers = [("x-development-actor", agency(1)), ("x-development-actor", agency(2))]
    assert problem(await api.client.post("/api/v1/agencies", json=filing(1), headers=headers), 401)


async def test_another_role_and_another_agency_are_403(api: Api, market: Market) -> None:
    assert problem(await api.post("/agencies", filing(1), actor=REGULATOR), 403)["code"] == "role_not_allowed"
    assert problem(await api.post("/agencies", filing(1), actor=agency(2)), 403)["code"] == "not_yours"
    published = await market.publish(sealed_terms())
    other = await api.post(f"/demands/{published.demand}/award", actor="owner:11990000MA0000009X")
    assert problem(other, 403)["code"] == "not_yours"


@pytest.mark.parametrize(
    ("path", "body", "actor"),
    [
        (f"/agencies/{code(9)}/credit-facts", {"code": "award_abandoned", "basis": "示例"}, REGULATOR),
        ("/agencies/not-a-code/credit-facts", {"code": "award_abandoned", "basis": "示例"}, REGULATOR),
        ("/agencies/%00/credit-facts", {"code": "award_abandoned", "basis": "示例"}, REGULATOR),
        ("/demands/D261123-00000000/publication", {}, OWNER_ACTOR),
        ("/demands/D261123-%00/publication", {}, OWNER_ACTOR),
        ("/demands/D261123-00000000/award", {}, OWNER_ACTOR),
        ("/selections/S261123-00000000/settlement", {}, "public:anybody"),
        (f"/selections/{'S' * 99}/settlement", {}, "public:anybody"),
        ("/selections/S26%2F1/settlement", {}, "public:anybody"),
        ("/selections/S261123-00000000/offers", {"agency": code(1), "price_fen": 1}, agency(1)),
    ],
)
async def test_what_is_not_kept_is_404(api: Api, path: str, body: object, actor: str) -> None:
    problem(await api.post(path, body, actor=actor), 404)


async def test_what_contradicts_the_record_is_409(api: Api, market: Market) -> None:
    published = await market.publish(sealed_terms())
    again = await api.post(f"/demands/{published.demand}/publication", actor=OWNER_ACTOR)
    assert problem(again, 409)["code"] == "already_published"


class Down(Database):
    """A database that does not answer."""

    def __init__(self, kind: type[Unavailable]) -> None:
        self.kind = kind

    async def retrying(self, work: object) -> object:  # type: ignore[override]  # a fake answers nothing
        message = f"the database at db.internal does not do {work}"
        raise self.kind(message)


@pytest.mark.parametrize(("kind", "code_"), [(Unavailable, "unavailable"), (OutcomeUnknown, "outcome_unknown")])
async def test_a_database_that_does_not_answer_is_503_with_retry_after(kind: type[Unavailable], code_: str) -> None:
    transport = httpx.ASGITransport(app=create_app(SETTINGS, Down(kind)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answered = await Api(client).post("/agencies", filing(1), actor=agency(1))
    assert problem(answered, 503)["code"] == code_
    assert answered.headers["retry-after"] == "2"
    assert "db.internal" not in answered.text


async def test_a_bug_is_500_with_an_identifier_and_the_log_holds_no_more_than_kind_and_place(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    @get("/api/v1/broken")
    async def broken() -> None:
        message = "price_fen=123456789"
        raise ZeroDivisionError(message)

    app = create_app(SETTINGS, database)  # one of its own: the others share one
    app.register(broken)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    with caplog.at_level(logging.DEBUG):
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answered = await client.get("/api/v1/broken")
    document = problem(answered, 500)
    assert "123456789" not in answered.text
    assert "Zero" not in answered.text
    assert "Traceback" not in answered.text
    assert document["instance"] in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "test_api_problems.py" in caplog.text
    assert "123456789" not in caplog.text


def test_a_trouble_without_faults_or_reasons_has_no_empty_lists() -> None:
    assert set(document_of(Trouble(404, "not_found", "not_found", "x"))) == {
        "type", "title", "status", "detail", "code", "instance",
    }  # fmt: skip
