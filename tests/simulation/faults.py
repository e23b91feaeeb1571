"""Crashes between any two statements, and randomness that a seed decides.

A ``Plan`` belongs to the task of one message. Its fault strikes before the statement of its number (0: before COMMIT):
the caller is cancelled, or its connection is ended from outside; ``lost_answer`` lets COMMIT happen and loses what it
said. Pauses between statements let messages that were sent at once meet in every order.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import asyncpg
import pytest

from agencies import store as agencies
from marketplace.database import Connection, Database
from marketplace.record import store as record
from marketplace.usecases import act, publish_demand, put_shelf_offer
from tests.simulation.clock import MovedClock

FaultKind = Literal["cancel", "end_connection", "lost_answer"]
FAULTS: tuple[FaultKind, ...] = ("cancel", "end_connection", "lost_answer")


@dataclass
class Plan:
    """What happens to one sending of one message."""

    clock: MovedClock
    dice: random.Random
    task: asyncio.Task[Any] | None
    kind: FaultKind | None = None
    strikes_at: int = 0
    pauses: tuple[float, ...] = ()
    statements: int = 0
    struck: list[str] = field(default_factory=list)


PLAN: ContextVar[Plan | None] = ContextVar("plan", default=None)


class WatchedConnection:
    """A connection of the pool on which the plan of the task strikes."""

    def __init__(self, real: Connection) -> None:
        self.real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    async def _run(self, name: str, query: str, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        plan = PLAN.get()
        if plan is None:
            return await getattr(self.real, name)(query, *given, **named)
        plan.statements += 1
        if plan.pauses:
            await asyncio.sleep(plan.dice.choice(plan.pauses))
        strikes = plan.statements == plan.strikes_at or (plan.strikes_at == 0 and query == "COMMIT")
        if strikes and plan.kind == "cancel" and plan.task is not None:
            plan.struck.append(f"cancelled before {query.split(maxsplit=1)[0]}")
            plan.task.cancel()
            await asyncio.sleep(0)
        if strikes and plan.kind == "end_connection":
            plan.struck.append(f"connection ended before {query.split(maxsplit=1)[0]}")
            await plan.clock.end_backend(self.real.get_server_pid())
        answer = await getattr(self.real, name)(query, *given, **named)
        if plan.kind == "lost_answer" and query == "COMMIT":
            plan.kind = None
            plan.struck.append("the answer of COMMIT was lost")
            self.real.terminate()
            message = "connection was closed in the middle of operation"
            raise asyncpg.ConnectionDoesNotExistError(message)
        return answer

    async def execute(self, query: str, *given: Any, **named: Any) -> Any:
        return await self._run("execute", query, given, named)

    async def executemany(self, query: str, *given: Any, **named: Any) -> Any:
        return await self._run("executemany", query, given, named)

    async def fetch(self, query: str, *given: Any, **named: Any) -> Any:
        return await self._run("fetch", query, given, named)

    async def fetchrow(self, query: str, *given: Any, **named: Any) -> Any:
        return await self._run("fetchrow", query, given, named)

    async def fetchval(self, query: str, *given: Any, **named: Any) -> Any:
        return await self._run("fetchval", query, given, named)


class WatchedDatabase(Database):
    """The product's database, each lent connection of it watched."""

    async def _lend(self) -> Any:
        return WatchedConnection(await super()._lend())

    async def _take_back(self, connection: Any) -> None:
        await super()._take_back(connection.real)


def _dice() -> random.Random:
    plan = PLAN.get()
    assert plan is not None, "randomness outside of a message"
    return plan.dice


@contextmanager
def seeded_secrets() -> Iterator[None]:
    """Identifiers, salts and draw inputs come from the dice of each message: the same seed gives the same record."""

    def token_bytes(count: int) -> bytes:
        return _dice().randbytes(count)

    def uuid4() -> UUID:
        return UUID(int=_dice().getrandbits(128), version=4)

    def choice(letters: str) -> str:
        return _dice().choice(letters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record, "token_bytes", token_bytes)
        patch.setattr(publish_demand, "token_bytes", token_bytes)
        patch.setattr(record, "uuid4", uuid4)
        patch.setattr(put_shelf_offer, "uuid4", uuid4)
        patch.setattr(agencies, "uuid4", uuid4)
        patch.setattr(act, "choice", choice)
        yield
