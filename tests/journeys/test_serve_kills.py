"""The site under kill -9: of itself, of its database, of two at once; what was acknowledged is there afterwards."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from commons.codes import Uscc
from marketplace.demo.operating import DESK, FILLING
from marketplace.embedded.server import embedded
from marketplace.web.board import AGE_S, PATIENCE_S
from tests.journeys.runs import PATIENCE, Run, data_folder, keeper_of, nothing_runs, running

READY = "网站已就绪"
CLIENTS = 8
NUMBERS = itertools.count(1)
CREATED = 201


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One data folder for all tests here: seeded by the first start, taken up by the others."""
    with data_folder("serve") as made:
        yield made


async def ready(run: Run) -> str:
    """The address once the site says it is ready."""
    line = await run.line_with(READY)
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, line
    return found[0]


def filing() -> dict[str, Any]:
    """An agency that nobody has filed before."""
    code = Uscc.completed(f"91990099MA{next(NUMBERS):07d}").code
    return {
        "uscc": code, "name": f"投递{code}（示例）", "kind": "company", "region": "330302",
        "legal_representative": "示例", "commitment_signed": True, "is_example": True,
    }  # fmt: skip


async def post(client: httpx.AsyncClient, body: dict[str, Any]) -> int:
    """File it; the status, 0 without an answer."""
    headers = {"X-Development-Actor": f"agency:{body['uscc']}"}
    try:
        return (await client.post("/api/v1/agencies", json=body, headers=headers)).status_code
    except httpx.TransportError:
        return 0


async def pour(address: str, stop: asyncio.Event, acknowledged: list[str], failed: list[int]) -> None:
    """File agencies one after another, several clients at once, until told to stop."""

    async def one() -> None:
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            while not stop.is_set():
                body = filing()
                status = await post(client, body)
                if status == CREATED:
                    acknowledged.append(body["uscc"])
                else:
                    failed.append(status)
                    await asyncio.sleep(0.05)

    await asyncio.gather(*(one() for _ in range(CLIENTS)))


async def missing(folder: Path, acknowledged: list[str]) -> set[str]:
    """Those acknowledged that are not in the database."""
    async with embedded(folder / "postgresql") as dsn:
        connection = await asyncpg.connect(dsn)
        try:
            rows = await connection.fetch("SELECT uscc FROM agency WHERE uscc = ANY($1::text[])", acknowledged)
        finally:
            await connection.close()
    return set(acknowledged) - {row["uscc"] for row in rows}


async def enough(acknowledged: list[str], count: int) -> None:
    """Wait until so many were acknowledged."""
    async with asyncio.timeout(60):
        while len(acknowledged) < count:  # noqa: ASYNC110 - other clients fill the list
            await asyncio.sleep(0.01)


async def test_what_was_acknowledged_before_a_kill_of_the_server_is_there_afterwards(folder: Path) -> None:
    acknowledged: list[str] = []
    stop = asyncio.Event()
    async with running(folder, "serve", "--port", "0") as killed:
        task = asyncio.create_task(pour(await ready(killed), stop, acknowledged, []))
        await enough(acknowledged, 60)
        killed.process.kill()
        await killed.process.wait()
        stop.set()
        await task
    async with running(folder, "serve", "--port", "0") as again:
        address = await ready(again)
        assert "正在装入" not in again.text
        assert await missing(folder, acknowledged) == set()
        async with httpx.AsyncClient(base_url=address) as client:
            assert (await client.get("/")).status_code == 200
            shown = (await client.get("/awards")).text
        assert "乐清湾港区北区疏港道路地质灾害危险性评估" in shown, "the first start has played something to show"
        again.signal(signal.SIGTERM)
        assert await again.end() == 0
    assert "网站已停止" in again.text
    assert await nothing_runs(folder / "postgresql")


async def test_the_site_recovers_from_a_kill_of_its_database_under_load(folder: Path) -> None:
    acknowledged: list[str] = []
    failed: list[int] = []
    stop = asyncio.Event()
    async with running(folder, "serve", "--port", "0") as run:
        task = asyncio.create_task(pour(await ready(run), stop, acknowledged, failed))
        await enough(acknowledged, 40)
        os.kill(keeper_of(folder / "postgresql")["postmaster"], signal.SIGKILL)
        before = len(acknowledged)
        await enough(acknowledged, before + 100)
        stop.set()
        await task
        assert await missing(folder, acknowledged) == set()
        run.signal(signal.SIGINT)
        assert await run.end() == 0
    assert set(failed) <= {0, 503}, "an outage is said to be one"
    assert "Traceback" not in run.text
    assert await nothing_runs(folder / "postgresql")


TITLE = "周六夜间系统维护（示例）"
OPERATOR = {"X-Development-Actor": "operator:O-1"}


async def told(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> tuple[Any, float]:
    """What the operator's act was answered, and when on this machine's clock."""
    answer = await client.post(f"/api/v1/announcements{path}", json=body, headers=OPERATOR)
    assert answer.status_code in {200, CREATED}, answer.text
    return answer.json(), time.monotonic()


async def lateness(client: httpx.AsyncClient, *, stands: bool, since: float) -> float:
    """Read pages until the line over them stands, or is gone; how long after ``since`` the last one was still wrong.

    A page that took so long itself that the database cannot have answered in time says nothing of the promise.
    """
    late = 0.0
    while True:
        asked_at = time.monotonic()
        page = (await client.get("/help-desks")).text
        if (TITLE in page) is stands:
            return late
        if time.monotonic() - asked_at < PATIENCE_S:
            late = asked_at - since
        assert asked_at - since < PATIENCE, "it is not told at all"
        await asyncio.sleep(0.05)


async def announced_and_ended(first: str, second: str) -> float:
    """Announce on one site, wait until the other shows it, take it down on the first: when, by this machine's clock."""
    until = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    news = {"kind": "information", "title": TITLE, "text": "届时暂停报价（示例）。", "until": until, "is_example": True}
    async with httpx.AsyncClient(base_url=first) as here, httpx.AsyncClient(base_url=second) as there:
        for one in (here, there):
            assert TITLE not in (await one.get("/help-desks")).text, "both have looked, and know of none"
        made, at = await told(here, "", news)
        assert TITLE in (await here.get("/help-desks")).text, "the site that was told shows it at once"
        assert await lateness(there, stands=True, since=at) <= AGE_S + PATIENCE_S
        _, at = await told(here, f"/{made['announcement']}/end", {"reason": "维护取消（示例）"})
        assert TITLE not in (await here.get("/help-desks")).text
        return at


async def test_two_sites_share_one_data_folder_and_the_last_one_out_stops_the_database(folder: Path) -> None:
    async with running(folder, "serve", "--port", "0") as one, running(folder, "serve", "--port", "0") as other:
        addresses = [await ready(one), await ready(other)]
        bodies = [filing(), filing()]
        for address, body in zip(addresses, bodies, strict=True):
            async with httpx.AsyncClient(base_url=address) as client:
                assert await post(client, body) == CREATED
        taken_down = await announced_and_ended(*addresses)
        one.signal(signal.SIGTERM)
        assert await one.end() == 0
        async with httpx.AsyncClient(base_url=addresses[1]) as client:
            assert await lateness(client, stands=False, since=taken_down) <= AGE_S + PATIENCE_S
            assert await post(client, bodies[0]) != CREATED, "filed by the other site already"
            assert await post(client, filing()) == CREATED
        other.signal(signal.SIGTERM)
        assert await other.end() == 0
    assert await nothing_runs(folder / "postgresql")


async def test_a_request_under_way_is_answered_before_the_site_ends(folder: Path) -> None:
    async with running(folder, "serve", "--port", "0") as run:
        acknowledged: list[str] = []
        failed: list[int] = []
        stop = asyncio.Event()
        task = asyncio.create_task(pour(await ready(run), stop, acknowledged, failed))
        await enough(acknowledged, 20)
        run.signal(signal.SIGTERM)
        assert await run.end() == 0
        stop.set()
        await task
    assert await missing(folder, acknowledged) == set()
    assert set(failed) <= {0}, "after the end nobody answers; before it everybody is answered"


@pytest.fixture
async def taken() -> AsyncIterator[int]:
    """A port on which somebody else listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


async def test_a_busy_port_is_said_plainly_before_anything_is_started(folder: Path, taken: int) -> None:
    async with running(folder, "serve", "--port", str(taken)) as run:
        assert await run.end() == 3
    assert f"端口 {taken} 不能用" in run.text
    assert "Traceback" not in run.text
    assert await nothing_runs(folder / "postgresql")


async def test_an_address_that_others_could_reach_is_refused_with_the_reason(folder: Path) -> None:
    async with running(folder, "serve", "--host", "0.0.0.0") as run:
        assert await run.end() == 2
    assert "deploy/README.md" in run.text


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("demo",)])
async def test_a_rule_profile_that_is_not_shipped_is_said_plainly(folder: Path, command: tuple[str, ...]) -> None:
    fresh = folder / "profile"
    fresh.mkdir(exist_ok=True)
    fresh.chmod(0o755)
    async with running(fresh, *command, PROFILE="nowhere-v1") as run:
        assert await run.end() == 2
    assert "nowhere-v1" in run.text
    assert "Traceback" not in run.text


async def test_production_mode_is_refused_while_there_is_no_sign_in(folder: Path) -> None:
    async with running(folder, "serve", "--port", "0", MODE="production") as run:
        assert await run.end() in {2, 3}
    assert "Traceback" not in run.text


async def test_a_demo_that_is_being_shown_is_not_erased_by_another_one(folder: Path) -> None:
    async with running(folder, "serve", "--demo", "--port", "0") as shown:
        await ready(shown)
        async with running(folder, "demo") as refused:
            assert await refused.end() == 3
        assert "正在使用" in refused.text
        shown.signal(signal.SIGTERM)
        assert await shown.end() == 0
    assert await nothing_runs(folder / "demo")


FILLED = 69 + 3
"""Agencies of the seed, and those whom the scene of a comeback files."""


async def assert_shown(client: httpx.AsyncClient) -> None:
    """What the operator of a seeded site did: awards verified by a job and told so, a help desk, news that is over."""
    async with asyncio.timeout(PATIENCE):
        while True:
            (job,) = (await client.get("/api/v1/jobs", headers=OPERATOR)).json()["jobs"]
            if job["state"] not in {"queued", "running"}:
                break
            await asyncio.sleep(0.05)
    counts = job["state"], job["refused"], job["accepted"] > 0, job["errors_total"]
    assert counts == ("done", 0, True, 0), job
    inbox = (await client.get("/api/v1/notifications", headers=OPERATOR)).json()["notifications"]
    assert [(one["link"], one["type"]) for one in inbox] == [
        (f"/workbench/jobs/{job['job']}", "job.verify_awards.done")
    ]  # fmt: skip
    page = (await client.get("/help-desks")).text
    assert DESK.phone in page
    assert 'class="bulletin"' not in page
    assert FILLING in (await client.get("/announcements")).text
    (news,) = (await client.get("/api/v1/announcements")).json()["announcements"]
    assert (news["ended"]["kind"], news["is_in_force"]) == ("taken_down", False)


async def test_a_site_stopped_while_it_is_being_filled_goes_on_at_the_next_start(folder: Path) -> None:
    fresh = folder / "fresh"
    fresh.mkdir()
    fresh.chmod(0o755)
    async with running(fresh, "serve", "--port", "0") as stopped:
        await stopped.line_with("正在装入示例数据")
        stopped.process.kill()
        await stopped.process.wait()
    async with running(fresh, "serve", "--port", "0") as again:
        address = await ready(again)
        async with httpx.AsyncClient(base_url=address) as client:
            assert (await client.get("/")).status_code == 200
            await assert_shown(client)
        async with embedded(fresh / "postgresql") as dsn:
            connection = await asyncpg.connect(dsn)
            assert await connection.fetchval("SELECT count(*) FROM agency") == FILLED
            assert await connection.fetchval("SELECT count(DISTINCT title) = count(*) FROM demand")
            await connection.close()
        again.signal(signal.SIGTERM)
        assert await again.end() == 0
    assert await nothing_runs(fresh / "postgresql")
