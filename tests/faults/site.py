"""``python -m tests.faults.site DSN [--hasty]``: the application in a process of its own, to be killed.

It listens on a free port of loopback and writes the port as its one line. ``--hasty`` is the control of kill-worker:
offers are answered first and committed a moment later, as a write-behind cache would.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvicorn

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.serving import listen
from marketplace.settings import Settings
from marketplace.usecases import place_offer

BEHIND = 0.3
"""Seconds by which the control's commit comes after its answer."""


def answer_first() -> None:
    """Plant the write-behind: an answer is given as soon as it is known, its transaction commits later."""
    perform = place_offer.perform  # type: ignore[attr-defined]  # a name it imports
    running: set[asyncio.Task[Any]] = set()

    async def hasty(database: Database, caller: Any, command: Any, answer: Any, work: Any) -> Any:
        said: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        async def slow(connection: Any) -> Any:
            result = await work(connection)
            if not said.done():
                said.set_result(result)
            await asyncio.sleep(BEHIND)
            return result

        task = asyncio.create_task(perform(database, caller, command, answer, slow))
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.wait({said, task}, return_when=asyncio.FIRST_COMPLETED)
        return said.result() if said.done() else await task

    place_offer.perform = hasty  # type: ignore[attr-defined]  # planted


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
