"""The site under kill -9: of itself, of its database, of two at once; what was acknowledged is there afterwards."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from commons.codes import Uscc
from marketplace.embedded.server import embedded
from tests.journeys.runs import Run, data_folder, keeper_of, nothing_runs, running

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


async def test_two_sites_share_one_data_folder_and_the_last_one_out_stops_the_database(folder: Path) -> None:
    async with running(folder, "serve", "--port", "0") as one, running(folder, "serve", "--port", "0") as other:
        addresses = [await ready(one), await ready(other)]
        bodies = [filing(), filing()]
        for address, body in zip(addresses, bodies, strict=True):
            async with httpx.AsyncClient(base_url=address) as client:
                assert await post(client, body) == CREATED
        one.signal(signal.SIGTERM)
        assert await one.end() == 0
        async with httpx.AsyncClient(base_url=addresses[1]) as client:
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
        async with embedded(fresh / "postgresql") as dsn:
            connection = await asyncpg.connect(dsn)
            assert await connection.fetchval("SELECT count(*) FROM agency") == FILLED
            assert await connection.fetchval("SELECT count(DISTINCT title) = count(*) FROM demand")
            await connection.close()
        again.signal(signal.SIGTERM)
        assert await again.end() == 0
    assert await nothing_runs(fresh / "postgresql")
