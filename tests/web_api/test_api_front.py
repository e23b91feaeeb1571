"""What every response carries, who is answered at all, and what the log may hold. Partly over a real socket."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256

import httpx
import pytest
import pytest_asyncio
import uvicorn
from litestar import Litestar

from marketplace.app import server_config
from marketplace.settings import Mode
from marketplace.web.addresses import static_path
from tests.web_api.caller import SETTINGS, Api, agency, filing, problem

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


SHEET = static_path("css/site.css")


@pytest_asyncio.fixture
async def socket(app: Litestar) -> AsyncIterator[str]:
    """The base address of the application behind uvicorn on a free port."""
    server = uvicorn.Server(server_config(app, replace(SETTINGS, port=0)))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await running


ADDRESSES = [
    ("GET", "/api/v1/openapi.json", 200),
    ("GET", SHEET, 200),
    ("GET", "/static/nothing.css", 404),
    ("GET", "/nothing", 404),
    ("GET", "/api/v1/nothing", 404),
    ("DELETE", "/api/v1/agencies", 405),
    ("GET", "/api/v1/agencies", 200),
    ("GET", "/api/v1/agencies/1", 404),
    ("GET", "/", 200),
    ("GET", "/demands", 200),
    ("GET", "/demands/1", 404),
    ("GET", "/demands?min=x", 400),
    ("POST", "/api/v1/agencies", 401),
    ("POST", "/api/v1/decide", 400),
    ("OPTIONS", "/api/v1/agencies", 204),
]


@pytest.mark.parametrize(("method", "path", "status"), ADDRESSES)
async def test_every_response_carries_the_headers(socket: str, method: str, path: str, status: int) -> None:
    async with httpx.AsyncClient(base_url=socket) as client:
        answered = await client.request(method, path)
    assert answered.status_code == status
    assert answered.headers.get_list("content-security-policy") == [CSP]
    assert answered.headers["x-content-type-options"] == "nosniff"
    assert answered.headers["referrer-policy"] == "same-origin"
    assert "server" not in answered.headers
    assert "x-powered-by" not in answered.headers


async def test_a_write_goes_through_a_real_socket(socket: str) -> None:
    async with httpx.AsyncClient(base_url=socket) as client:
        api = Api(client)
        assert (await api.post("/agencies", filing(1), actor=agency(1))).status_code == 201
        problem(await api.post("/agencies", filing(1), actor=agency(1)), 422)
        problem(await api.post("/agencies", raw=b"[" * 1_500_000, actor=agency(1)), 413)
        assert (await api.post("/agencies", filing(2), actor=agency(2))).status_code == 201


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:65535"])
async def test_a_loopback_host_name_is_answered(api: Api, host: str) -> None:
    answered = await api.client.get("/api/v1/openapi.json", headers={"host": host})
    assert answered.status_code == 200


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "0.0.0.0", "localhost:", "localhost:x"],
)
@pytest.mark.parametrize("path", ["/api/v1/openapi.json", SHEET])
async def test_any_other_host_name_is_403(api: Api, host: str, path: str) -> None:
    answered = await api.client.get(path, headers={"host": host})
    assert answered.status_code == 403
    write = await api.client.post(
        "/api/v1/agencies", json=filing(1), headers={"host": host, "x-development-actor": agency(1)}
    )
    assert problem(write, 403)["code"] == "host_not_loopback"


async def test_the_development_header_is_refused_outside_development(app: Litestar, api: Api) -> None:
    app.state.settings = replace(SETTINGS, mode=Mode.PRODUCTION, public_url="http://localhost:8000")
    refused = await api.post("/agencies", filing(1), actor=agency(1))
    assert problem(refused, 403)["code"] == "development_header"
    assert problem(await api.post("/agencies", filing(1)), 401)["code"] == "actor_missing"


async def test_the_log_holds_method_path_and_status_and_nothing_that_was_sent(
    socket: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sentinel = "SENTINEL-4711"
    headers = {
        "cookie": f"a={sentinel}",
        "x-secret": sentinel,
        "x-development-actor": agency(1),
        "user-agent": sentinel,
    }
    async with httpx.AsyncClient(base_url=socket) as client:
        for body in (filing(1, legal_representative=sentinel), {sentinel: sentinel}, [sentinel]):
            await client.post(f"/api/v1/agencies?q={sentinel}", json=body, headers=headers)
        await client.get("/nothing%0aFORGED 200", headers=headers)
    lines = [one.getMessage() for one in caplog.records if one.name.startswith("marketplace")]
    assert lines == [
        "POST /api/v1/agencies 201",
        "POST /api/v1/agencies 400",
        "POST /api/v1/agencies 400",
        "GET /nothing%0AFORGED%20200 404",
    ]
    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert sentinel not in "\n".join(one.getMessage() for one in ours)


async def test_static_files_are_kept_for_ever_under_the_name_that_holds_their_hash_and_have_no_other(api: Api) -> None:
    answered = await api.client.get(SHEET)
    assert answered.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answered.headers["content-type"] == "text/css; charset=utf-8"
    assert f".{sha256(answered.content).hexdigest()[:12]}.css" in SHEET
    for path in ("css/site.css", "css/base.css", "css/site.0123456789ab.css", "vendor/htmx/htmx.min.js"):
        refused = await api.client.get(f"/static/{path}")
        assert (refused.status_code, refused.headers["cache-control"]) == (404, "no-store"), path


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/errors.py", "/static/..%2ferrors.py", "/static/css/"]
)
async def test_nothing_but_our_own_files_is_served(api: Api, path: str) -> None:
    assert (await api.client.get(path)).status_code == 404


async def test_a_null_character_in_an_address_reaches_nobody(api: Api) -> None:
    problem(await api.client.get("/api/v1/openapi.json?q=%00"), 400)
    assert (await api.client.get("/static/%00.css")).status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [(address, status) for method, address, status in ADDRESSES if method == "GET"]
    + [("/api/v1/selections", 404), ("/api/v1/decide", 405)],
)
async def test_head_answers_as_get_does_without_the_body(socket: str, address: str, status: int) -> None:
    async with httpx.AsyncClient(base_url=socket) as client:
        head, got = await client.head(address), await client.get(address)
    assert head.status_code == got.status_code == status
    assert head.content == b""
    unlike = {"date", "content-length"} if "openapi" not in address else {"date"}
    assert {key: value for key, value in head.headers.items() if key not in unlike} == {
        key: value for key, value in got.headers.items() if key not in unlike
    }
    assert int(head.headers["content-length"]) > 0


async def test_head_on_an_address_without_reading_is_no_way_in(app: Litestar) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        refused = await client.head("/api/v1/decide")
    assert refused.status_code == 405
    assert refused.content == b""
