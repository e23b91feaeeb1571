"""``contract``: what the OpenAPI document says, and what the API answers, asked by everybody with whatever fits or not.

schemathesis makes the cases out of the document that the site itself serves: bodies, addresses and queries that fit,
and ones that do not; in most of them the address (and what the body names) is of a real matter, as nobody would find
it by chance. ``size`` is how many cases each of seven kinds of people, and nobody, sends over HTTP. Counted: answers of
the 5xx, of a status, header or content type that the document does not tell, of a body that is not of the schema told,
and 2xx for what cannot fit. Control: a site that trips over what does not exist, and has a status of its own for what
it will not take; both are found.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import httpx
import pytest
import uvicorn

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.serving import listen
from marketplace.settings import Settings
from marketplace.web import errors
from marketplace.web.errors import Trouble, trouble_of
from tests.faults.contract_cases import Asker, Wrong
from tests.faults.contract_scenes import SLOW, Scenes, living
from tests.faults.figures import Figure, progress
from tests.faults.ground import own_market
from tests.faults.matters import PROFILE
from tests.faults.personas import PEOPLE, Visitor, admit, again
from tests.usecases.contracted import shorten

NAME = "contract"
DEFAULT_SIZE = 10_000
ROLES = ("nobody", "stranger", "auditor", "delegate", "owner-admin", "agency-admin", "regulator-near", "operator")
"""Who asks; last those who change most of what the others ask about."""
ONE_MARKET = 200
"""Up to this size all of them ask one market; above it each has its own."""
FEW = 60
"""Cases of the control."""
OF_ITS_OWN = {404: 500, 400: 418, 403: 418}
"""Statuses of the control."""
AT_ONCE = 20
"""Cases of one operation under one session at most."""
MOST_ROUNDS = 400
EVERY_S = 15.0
SHOWN = 2
"""Cases of a kind that are shown."""


@dataclass
class Tally:
    """What was answered: how often each status, which operations were let through, and what was wrong, by kind."""

    cases: int = 0
    wrong: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)
    kinds: Counter[tuple[str, int, str]] = field(default_factory=Counter)

    def saw(self, operation: str, status: int, wrong: list[Wrong]) -> None:
        """One case more; what is wrong for the first times is shown."""
        self.cases += 1
        self.wrong += bool(wrong)
        self.statuses[status] += 1
        if status in range(200, 300):
            self.reached.add(operation)
        for one in wrong:
            kind = (one.operation, one.status, one.what)
            self.kinds[kind] += 1
            if self.kinds[kind] <= SHOWN:
                progress(f"{NAME}: {one.operation} {one.status} {one.what}: {one.words}")

    def add(self, other: Tally) -> None:
        """What another one saw."""
        self.cases += other.cases
        self.wrong += other.wrong
        self.statuses.update(other.statuses)
        self.reached |= other.reached
        self.kinds.update(other.kinds)


@contextlib.asynccontextmanager
async def served(database: Database) -> AsyncIterator[str]:
    """The real application on a free port of loopback; its address."""
    socket = listen("127.0.0.1", 0)
    app = create_app(Settings(profile=PROFILE), database)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on"))
    serving = asyncio.create_task(server.serve(sockets=[socket]))
    try:
        while not server.started:
            assert not serving.done(), "the site did not start"
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


async def asker_of(database: Database, address: str) -> Asker:
    """Make one matter of every kind, contracts at every stage, and read the document that the site serves."""
    matters = Scenes(database)
    await matters.make()
    async with httpx.AsyncClient(base_url=address) as client:
        document = (await client.get("/api/v1/openapi.json")).raise_for_status().json()
    return Asker(document, address, matters.names, matters.special)


async def ask_as(database: Database, asker: Asker, visitor: Visitor | None, size: int, seed: int) -> Tally:
    """So many cases of one visitor, spread evenly over all operations; each batch under a session of its own."""
    tally, told = Tally(), time.monotonic()
    first = seed % len(asker.operations)
    places = [*range(first, len(asker.operations)), *range(first)]
    for number in range(MOST_ROUNDS):
        asker.living = await living(database, number)
        most = max(1, min(AT_ONCE, (size - tally.cases) // max(1, len(places))))
        for place in tuple(places):
            if tally.cases >= size:
                return tally
            headers = {}
            if visitor is not None:
                visitor = await again(database, visitor)
                headers = {**visitor.headers, "origin": asker.address}
            sent = await asyncio.to_thread(asker.ask, place, most, seed + number, headers, tally.saw)
            if sent < most:
                places.remove(place)  # no other case can be made of it
            if time.monotonic() - told > EVERY_S:
                told = time.monotonic()
                who = visitor.who.name if visitor else "nobody"
                progress(f"{NAME}: {who} {tally.cases} of {size}, wrong {tally.wrong}")
    return tally


async def ask_all(size: int, seed: int, roles: Sequence[str] = ROLES) -> Tally:
    """Everybody asks; all of them one market, or each their own."""
    whole = Tally()
    groups = [roles] if size <= ONE_MARKET else [[one] for one in roles]
    people = {one.name: one for one in PEOPLE}
    for group in groups:
        async with own_market(maximum=8) as database, served(database) as address:
            asker = await asker_of(database, address)
            for role in group:
                visitor = await admit(database, people[role]) if role in people else None
                step = len(asker.operations) // len(roles) * roles.index(role)
                tally = await ask_as(database, asker, visitor, size, seed + step)
                answers = dict(sorted(tally.statuses.items()))
                progress(f"{NAME}: {role} {tally.cases} cases, wrong {tally.wrong}, answers {answers}")
                whole.add(tally)
            progress(f"{NAME}: {len(whole.reached)} of {len(asker.operations)} operations answered 2xx")
    return whole


def careless(error: Exception) -> Trouble:
    """The control's table of answers: what does not exist trips it up, what it will not take has its own status."""
    trouble = trouble_of(error)
    return replace(trouble, status=OF_ITS_OWN.get(trouble.status, trouble.status))


async def run(size: int, seed: int) -> Figure:
    """Ask so many cases a role; the control is asked a few by one."""
    began = time.monotonic()
    with pytest.MonkeyPatch.context() as planted:
        shorten(planted, **SLOW)
        whole = await ask_all(size, seed)
        for (operation, status, what), count in whole.kinds.most_common():
            progress(f"{NAME}: {count} times {operation} {status} {what}")
        planted.setattr(errors, "trouble_of", careless)
        control = await ask_all(FEW, seed, ("owner-admin",))
    found = {status for _, status, _ in control.kinds}
    bar = "0 answers of the 5xx or beyond the document; a site that trips and improvises is found out"
    is_ok = whole.wrong == 0 and {500, 418} <= found and whole.cases == size * len(ROLES)
    return Figure(NAME, size, whole.wrong, control.wrong, bar, is_ok, round(time.monotonic() - began, 1))
