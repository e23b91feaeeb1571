"""The neighbours' door, and what people see of it over the API: cases in, results out, the work list, dead letters."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from commons.instants import format_instant
from marketplace.app import create_app
from marketplace.database import Database
from marketplace.identity.identifiers import DEVELOPMENT
from marketplace.neighbours import store as neighbours
from marketplace.neighbours.port import Inbound
from marketplace.neighbours.signing import signed_headers
from marketplace.settings import Settings
from marketplace.usecases.address_notes import address_next
from marketplace.usecases.deliver_letters import Post, deliver_letter
from marketplace.usecases.look_up_project import look_up_waiting, note_project, read_project
from marketplace.usecases.take_inbound import catch_up
from tests.neighbours.reference_server import KEY, Neighbour, running
from tests.neighbours.test_neighbour_outages import happen
from tests.neighbours.test_neighbour_ports import CODE, PROJECT
from tests.usecases.market import OWNER, PROFILE, Market, code, sealed_terms
from tests.web_api.caller import Api, problem

NOW = "2026-11-23T00:00:00Z"
REGULATOR = "regulator:R-1"


def case(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"c-{number}", "sequence": number, "type": "complaint.case", "about": "demand/D1", "at": NOW,
        "region": "330304", "data": {"words": "来件（示例）"}, **changes,
    }  # fmt: skip


@pytest_asyncio.fixture
async def complaints() -> AsyncIterator[Neighbour]:
    async with running() as one:
        yield one


@pytest_asyncio.fixture
async def app(database: Database, complaints: Neighbour) -> AsyncIterator[Litestar]:
    """The application as it is served, with two neighbours."""
    names = ("complaints", "investment-platform", "data-sharing")
    settings = Settings(
        profile=PROFILE,
        neighbours=dict.fromkeys(names, complaints.address),
        neighbour_keys=dict.fromkeys(names, KEY),
    )
    made = create_app(settings, database)
    yield made
    await made.state.neighbours.close()


@pytest_asyncio.fixture
async def api(app: Litestar) -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield Api(client)


async def push(api: Api, document: dict[str, Any], *, key: bytes = KEY, name: str = "complaints") -> httpx.Response:
    """A message as the neighbour sends it."""
    target, body = f"/api/v1/neighbours/{name}/messages", json.dumps(document).encode()
    headers = signed_headers(key, "POST", target, document["id"], body, at=datetime.now(UTC))
    return await api.client.post(target, content=body, headers={**headers, "Content-Type": "application/json"})


async def get(api: Api, path: str, actor: str | None = None, **headers: str) -> httpx.Response:
    given = {**headers, **({} if actor is None else {"X-Development-Actor": actor})}
    return await api.client.get(f"/api/v1{path}", headers=given)


async def test_a_case_comes_in_once_stands_on_the_work_list_and_its_result_goes_out(
    api: Api, app: Litestar, database: Database, complaints: Neighbour
) -> None:
    first = await push(api, case(1))
    assert (first.status_code, first.json()) == (200, {"receipt": "c-1", "is_repeated": False})
    assert (await push(api, case(1))).json()["is_repeated"]
    (task,) = (await get(api, "/work-list", REGULATOR)).json()["tasks"]
    assert (task["act"], task["is_overdue"]) == ("answer_case", False)
    number = task["subject"].partition("/")[2]
    answered = await api.post(f"/cases/{number}/result", {"result": "已核实（示例）"}, actor=REGULATOR)
    assert answered.status_code == 201, answered.text
    assert (await get(api, "/work-list", REGULATOR)).json()["tasks"] == []
    again = await api.post(f"/cases/{number}/result", {"result": "再办（示例）"}, actor=REGULATOR)
    assert problem(again, 409)["code"] == "case_answered"
    post = Post(app.state.neighbours, DEVELOPMENT, "http://localhost:8000")
    assert await deliver_letter(database, post, "complaints")
    ((sent),) = complaints.handed.values()
    assert (sent["type"], sent["data"]["case"], sent["data"]["result"]) == ("case.answered", "c-1", "已核实（示例）")


async def test_whoever_has_not_signed_a_message_is_refused_whatever_it_says(api: Api) -> None:
    for answered in (
        await push(api, case(1), key=b"\x08" * 32),
        await push(api, case(1), name="e-archive"),
        await push(api, case(1), name="nobody"),
        await api.client.post("/api/v1/neighbours/complaints/messages", json=case(1)),
        await get(api, "/neighbours/complaints/messages"),
    ):
        assert problem(answered, 401)["code"] in {"signature_wrong", "signature_missing"}
    for wrong in ({"sequence": 0}, {"at": "soon"}, {"type": "x"}, {"region": "999999"}, {"data": 1}):
        assert problem(await push(api, case(1, **wrong)), 400)
    assert (await get(api, "/work-list", REGULATOR)).json()["tasks"] == []


async def test_what_was_missed_is_fetched_from_the_last_number_that_nothing_is_missing_before(
    api: Api, app: Litestar, database: Database, complaints: Neighbour
) -> None:
    complaints.outgoing = [case(number) for number in (3, 1, 2, 4)]
    await push(api, case(1))
    await push(api, case(3))
    async with database.read() as connection:
        assert await neighbours.whole_until(connection, "complaints") == 1
    correspondent = app.state.neighbours.correspondents["complaints"]
    assert await catch_up(database, "complaints", correspondent)
    assert await catch_up(database, "complaints", correspondent) is None
    async with database.read() as connection:
        assert await neighbours.whole_until(connection, "complaints") == 4
    assert len((await get(api, "/work-list", REGULATOR)).json()["tasks"]) == 4
    complaints.mood = "garbage"
    assert await catch_up(database, "complaints", correspondent) is None


async def test_a_neighbour_reads_again_what_it_was_sent_from_a_number(
    api: Api, app: Litestar, database: Database
) -> None:
    market = Market(database)
    demand = await market.publish(sealed_terms())
    for type in ("complaint.lodged", "complaint.accepted"):
        await happen(database, f"selection/{demand.selection}", type)
    while await address_next(database):
        pass
    post = Post(app.state.neighbours, DEVELOPMENT, "http://localhost:8000")
    while await deliver_letter(database, post, "complaints"):
        pass
    target = "/api/v1/neighbours/complaints/messages?after=1"
    headers = signed_headers(KEY, "GET", target, "replay-1", b"", at=datetime.now(UTC))
    found = (await api.client.get(target, headers=headers)).json()["messages"]
    assert [(one["sequence"], one["letter"]["type"]) for one in found] == [(2, "complaint.accepted")]
    assert found[0]["letter"]["matter"]["demand"] == demand.demand


async def test_a_project_is_unverified_until_the_platform_has_answered_and_nobody_waits(
    api: Api, app: Litestar, database: Database, complaints: Neighbour
) -> None:
    around = app.state.neighbours
    complaints.projects[CODE] = PROJECT
    assert (await get(api, f"/projects/{CODE}")).json()["check"] == "unverified"
    assert await look_up_waiting(database, around) is None, "nobody asked"
    async with database.transaction() as connection:
        at = datetime.now(UTC)
        assert await note_project(connection, CODE, at=at) == "unverified"
    complaints.mood = "failing"
    assert await look_up_waiting(database, around) is None
    complaints.mood = "well"
    assert await look_up_waiting(database, around)
    assert await look_up_waiting(database, around) is None, "it is known now"
    told = (await get(api, f"/projects/{CODE}")).json()
    assert (told["check"], told["name"]) == ("verified", "项目（示例）")
    async with database.transaction() as connection:
        assert await note_project(connection, CODE, at=at) == "verified"
        assert await note_project(connection, CODE[:-6] + "104271", at=at) == "unverified"
    assert await look_up_waiting(database, around)
    assert (await read_project(database, CODE[:-6] + "104271")).check == "unknown"
    assert problem(await get(api, "/projects/none"), 400)


async def test_what_data_sharing_knows_is_filled_in_and_its_silence_stops_nobody(
    api: Api, complaints: Neighbour
) -> None:
    mine = code(1)
    licence = {
        "uscc": mine,
        "name": "测绘（示例）",
        "kind": "company",
        "region": "330302",
        "legal_representative": "示例",
    }
    complaints.organisations[mine] = {"licence": licence}
    path, actor = f"/agencies/{mine}/prefill", f"agency:{mine}"
    assert (await get(api, path, actor)).json()["licence"]["name"] == "测绘（示例）"
    complaints.mood = "garbage"
    assert (await get(api, path, actor)).json() == {
        "agency": mine, "is_available": False, "licence": None, "qualifications": [], "practitioners": [],
    }  # fmt: skip
    assert problem(await get(api, path, f"agency:{code(2)}"), 403)["code"] == "not_yours"


async def test_a_seal_is_asked_for_once_and_told_when_it_has_come(api: Api, database: Database) -> None:
    demand = await Market(database).publish(sealed_terms())
    path, body = f"/demands/{demand.demand}/seals", {"paper": "award-notice", "digest": "ab" * 32}
    for _ in range(2):
        told = (await api.post(path, body, actor=f"owner:{OWNER}")).json()
        assert (told["is_sealed"], told["signature"]) == (False, None)
    async with database.transaction() as connection:
        assert await connection.fetchval("SELECT count(*) FROM outbox_delivery WHERE receiver = 'e-seal'") == 1
        await connection.execute(
            "UPDATE outbox_delivery SET delivered_at = now(), receipt = 'cd' WHERE receiver = 'e-seal'"
        )
    assert (await api.post(path, body, actor=f"owner:{OWNER}")).json()["signature"] == "cd"
    assert problem(await api.post(path, body, actor=f"owner:{code(3)}"), 403)


async def test_the_operator_sees_dead_letters_and_tries_them_again(api: Api, database: Database) -> None:
    await happen(database, "contract/S1", "contract.paid")
    await address_next(database)
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE outbox_delivery SET dead_at = now(), attempts = 8, reason = 'status-422' "
            "WHERE receiver = 'unified-payment'"
        )
    (dead,) = (await get(api, "/letters", "operator:O-1")).json()["dead"]
    assert (dead["receiver"], dead["reason"]) == ("unified-payment", "status-422")
    path = f"/letters/{dead['letter']}/requeue"
    assert problem(await api.post(path, {}, actor="auditor:A-1"), 403)
    assert (await api.post(path, {}, actor="operator:O-1")).status_code == 201
    assert problem(await api.post(path, {}, actor="operator:O-1"), 404)
    assert (await get(api, "/letters", "operator:O-1")).json()["dead"] == []


async def test_everybody_has_a_work_list_with_the_soonest_first_and_what_is_late_marked(
    api: Api, database: Database
) -> None:
    for actor in (f"owner:{OWNER}", f"agency:{code(1)}", "operator:O-1", "auditor:A-1", "delegate:D-1"):
        assert (await get(api, "/work-list", actor)).json()["tasks"] == []
    at = datetime.now(UTC)
    async with database.transaction() as connection:
        for number, days in ((1, 3), (2, -1), (3, 1)):
            one = Inbound(f"c-{number}", number, "complaint.case", "demand/D1", at, {}, "330304")
            await neighbours.keep_inbound(
                connection, f"N{number}", "complaints", one, at=at, due_at=at + timedelta(days=days)
            )
    told = (await get(api, "/work-list", REGULATOR)).json()
    assert [(one["subject"], one["is_overdue"]) for one in told["tasks"]] == [
        ("case/N2", True), ("case/N3", False), ("case/N1", False),
    ]  # fmt: skip
    assert told["overdue"] == 1
    assert told["tasks"][0]["due_at"] == format_instant(at - timedelta(days=1))
    assert {one["since"] for one in told["tasks"]} == {format_instant(at)}


@pytest.mark.parametrize("actor", [None, "nobody"])
async def test_nobody_reads_without_saying_who_he_is(api: Api, actor: str | None) -> None:
    for path in ("/notifications", "/preferences", "/work-list", "/webhooks", "/letters"):
        assert (await get(api, path, actor)).status_code == 401
