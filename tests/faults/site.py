"""``python -m tests.faults.site DSN [--hasty]``: the application in a process of its own, to be killed.

It listens on a free port of loopback and writes the port as its one line. ``--hasty`` is the control of kill-worker:
offers are answered first and committed a moment later, as a write-behind cache would.
"""

from __future__ import annotations

import asyncio
import sys
from contextvars import ContextVar
from typing import Any

import uvicorn

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.serving import listen
from marketplace.settings import Settings
from marketplace.usecases import offer_writer
from marketplace.usecases.offer_writer import OfferWriter

BEHIND = 0.3
"""Seconds by which the control's commit comes after its answer."""


def answer_first() -> None:
    """Plant the write-behind: an answer is given as soon as it is known, its transaction commits later."""
    decide, carry = OfferWriter._decide, offer_writer.carry  # type: ignore[attr-defined]  # a name it imports
    deciding: ContextVar[Any] = ContextVar("deciding")

    async def hasty(self: OfferWriter, batch: Any) -> None:
        deciding.set(batch)
        await decide(self, batch)

    async def said_before(connection: Any, sheets: Any, **named: Any) -> Any:
        carried = await carry(connection, sheets, **named)
        for queue, requests in deciding.get().taken:
            offer_writer._told(queue, requests, carried)
        await asyncio.sleep(BEHIND)
        return carried

    OfferWriter._decide = hasty  # type: ignore[method-assign]  # planted
    offer_writer.carry = said_before  # type: ignore[attr-defined]  # planted


async def main() -> None:
    """Serve until killed."""
    if "--hasty" in sys.argv:
        answer_first()
    made = listen("127.0.0.1", 0)
    database = await Database.open(sys.argv[1], maximum=10)
    ENGINE.attach(database)
    bind(all_tables())
    app = create_app(Settings(), database)
    print(made.getsockname()[1], flush=True)
    await uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).serve(sockets=[made])


if __name__ == "__main__":
    asyncio.run(main())
