"""The operator's look at the outbox: what waits for whom, what is dead, and trying a dead letter again.

Source: docs/adr/0026.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from commons.errors import NotFound
from marketplace.database import Connection, Database
from marketplace.record import outbox
from marketplace.usecases.act import Caller, Message, perform, require

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
MOST = 500
"""Dead letters listed at most."""


class DeadLetter(Message):
    """A letter that is tried no more; ``reason`` is what the last try came to."""

    letter: str
    receiver: str
    type: str
    about: str
    attempts: int
    status: int | None
    reason: str | None
    dead_at: datetime


class QueueLine(Message):
    """How a receiver stands."""

    receiver: str
    waiting: int
    dead: int
    delivered_at: datetime | None


class Letters(Message):
    """Dead letters, longest dead first, and every receiver's queue."""

    dead: list[DeadLetter]
    queues: list[QueueLine]


class RequeueLetter(Message):
    """A dead letter that is to be tried again."""

    letter: Annotated[str, StringConstraints(min_length=1, max_length=36)]


class LetterRequeued(Message):
    """It is due now, with as many tries as a new one."""

    letter: str
    receiver: str


async def read_letters(database: Database, caller: Caller) -> Letters:
    """What is dead and what waits."""
    require(caller, "read_letters")
    async with database.read() as connection:
        dead = await outbox.dead_letters(connection, limit=MOST)
        queues = await outbox.queues(connection)
    return Letters(
        dead=[
            DeadLetter(
                letter=str(one.id), receiver=one.receiver, type=one.type, about=one.about, attempts=one.attempts,
                status=one.status, reason=one.reason, dead_at=one.dead_at,
            )
            for one in dead
        ],
        queues=[
            QueueLine(receiver=one.receiver, waiting=one.waiting, dead=one.dead, delivered_at=one.delivered_at)
            for one in queues
        ],
    )  # fmt: skip


async def requeue_letter(database: Database, caller: Caller, command: RequeueLetter) -> LetterRequeued:
    """Try it again; ``NotFound`` for what is no dead letter."""
    require(caller, "requeue_letter")

    async def work(connection: Connection) -> LetterRequeued:
        identifier = command.letter if _ID.fullmatch(command.letter) else str(UUID(int=0))
        receiver = await outbox.requeue(connection, UUID(identifier))
        if receiver is None:
            raise NotFound("letter", command.letter)
        return LetterRequeued(letter=command.letter, receiver=receiver)

    done = await perform(database, caller, command, LetterRequeued, work)
    assert isinstance(done, LetterRequeued), "requeueing is never refused"
    return done
