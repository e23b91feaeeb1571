"""What both kills share: sites over HTTP, clients that ask until they are answered, and the count afterwards.

A client sends one offer after another, each under a key of its own; without an answer, or told that the outcome is not
known, it asks again under the same key, at the next site. ``lost`` are acknowledged offers that the record lacks,
``duplicates`` offers in the record beyond those acknowledged, ``stuck`` offers never answered and transactions still
open.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx

from marketplace.database import Database
from tests.faults.figures import progress
from tests.faults.ground import file_many
from tests.usecases.market import Market, code, nonce, sealed_terms

PROJECT = Path(__file__).parents[2]
CLIENTS = 8
FIRST = 10
A_SELECTION = 40
"""Offers of each client in one selection before it goes on to the next."""
BETWEEN = 12
"""Offers acknowledged between two kills at least."""
PATIENCE = 60.0
"""Seconds until an offer that is not answered counts as stuck."""
STARTING = 60.0
CREATED = 201


class Site:
    """The application in a process of its own on a port of its own."""

    def __init__(self, dsn: str, *, hasty: bool = False) -> None:
        self._command = [sys.executable, "-m", "tests.faults.site", dsn, *(["--hasty"] if hasty else [])]
        self._process: asyncio.subprocess.Process | None = None
        self.address = ""

    async def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command, cwd=PROJECT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        assert self._process.stdout is not None, "a pipe"
        async with asyncio.timeout(STARTING):
            port = (await self._process.stdout.readline()).decode().strip()
        assert port.isdigit(), "the site did not start"
        self.address = f"http://127.0.0.1:{port}"

    async def kill(self) -> None:
        """Kill -9."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@contextlib.asynccontextmanager
async def sites(dsn: str, count: int, *, hasty: bool = False) -> AsyncIterator[list[Site]]:
    """Run so many sites on one database; killed at the end."""
    made = [Site(dsn, hasty=hasty) for _ in range(count)]
    try:
        await asyncio.gather(*(one.start() for one in made))
        yield made
    finally:
        await asyncio.gather(*(one.kill() for one in made))


@dataclass
class Ledger:
    """What clients were told: the digest of each acknowledged offer by key, and what was never answered."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    again: int = 0


async def prepared(database: Database, kills: int) -> list[str]:
    """File the clients' agencies and sign them up for enough selections."""
    numbers = range(FIRST, FIRST + CLIENTS)
    await file_many(database, numbers)
    market = Market(database)
    made = []
    for _ in range(3 + kills):
        published = await market.publish(sealed_terms(), sign_up_s=20_000, close_s=30_000)
        for number in numbers:
            await market.sign_up(published.selection, number)
        made.append(published.selection)
    return made


async def client(running: list[Site], selections: list[str], number: int, ledger: Ledger, stop: asyncio.Event) -> None:
    """Offer until told to stop; every offer is asked for until it is answered."""
    async with httpx.AsyncClient(timeout=20) as http:
        for sent in itertools.count():
            if stop.is_set():
                return
            selection = selections[(sent // A_SELECTION) % len(selections)]
            await one_offer(http, running, (selection, number, sent), ledger)


async def one_offer(http: httpx.AsyncClient, running: list[Site], which: tuple[str, int, int], ledger: Ledger) -> None:
    """Send one offer until it is answered."""
    selection, number, sent = which
    key = f"{number}-{sent}"
    body = {"price_fen": 9_000_000 + sent, "days": 20, "nonce": nonce(number), "agency": code(number)}
    headers = {"X-Development-Actor": f"agency:{code(number)}", "Idempotency-Key": key}
    ledger.unanswered.add(key)
    until = time.monotonic() + PATIENCE
    for attempt in itertools.count():
        site = running[(number + attempt) % len(running)]
        with contextlib.suppress(httpx.TransportError):
            answer = await http.post(f"{site.address}/api/v1/selections/{selection}/offers", json=body, headers=headers)
            if answer.status_code == CREATED:
                ledger.acknowledged[key] = answer.json()["digest"]
            elif answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                ledger.refused.append(answer.text)
            if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                ledger.unanswered.discard(key)
                return
        if time.monotonic() > until:
            return
        ledger.again += 1
        await asyncio.sleep(0.03)


@dataclass(frozen=True, slots=True)
class Count:
    """What was found after the kills."""

    lost: int
    duplicates: int
    stuck: int
    acknowledged: int
    again: int


async def under_load(
    running: list[Site], selections: list[str], kills: int, dice: random.Random, kill: Callable[[int], Awaitable[None]]
) -> Ledger:
    """Let the clients offer while ``kill`` strikes so many times."""
    ledger, stop = Ledger(), asyncio.Event()
    numbers = range(FIRST, FIRST + CLIENTS)
    tasks = [asyncio.create_task(client(running, selections, number, ledger, stop)) for number in numbers]
    for turn in range(kills):
        await further(ledger, tasks)
        await asyncio.sleep(dice.uniform(0, 0.2))
        await kill(turn)
        if (turn + 1) % 10 == 0:
            progress(
                f"{turn + 1} of {kills} kills, acknowledged {len(ledger.acknowledged)}, asked again {ledger.again}"
            )
    await further(ledger, tasks)
    stop.set()
    await asyncio.gather(*tasks)
    assert not ledger.refused, ledger.refused[0]
    return ledger


async def further(ledger: Ledger, tasks: list[asyncio.Task[None]]) -> None:
    """Wait until further offers were acknowledged."""
    enough = len(ledger.acknowledged) + BETWEEN
    async with asyncio.timeout(2 * PATIENCE):
        while len(ledger.acknowledged) < enough and not any(task.done() for task in tasks):  # noqa: ASYNC110 - clients fill it
            await asyncio.sleep(0.01)


async def counted(dsn: str, ledger: Ledger) -> Count:
    """Compare what was acknowledged with what the record holds."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("SELECT digest FROM record_event WHERE type = 'offer.placed'")
        await asyncio.sleep(0.5)  # what was under way last comes back
        still = await connection.fetchval(_OPEN)
    finally:
        await connection.close()
    kept = {row["digest"] for row in rows}
    told = set(ledger.acknowledged.values())
    twice = len(rows) - len(kept & told)
    return Count(len(told - kept), twice, len(ledger.unanswered) + int(still), len(ledger.acknowledged), ledger.again)


_OPEN = """
SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'
  AND state_change < clock_timestamp() - interval '400 milliseconds'
"""
