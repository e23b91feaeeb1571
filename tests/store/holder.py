"""A process that uses the server of a folder until its input ends: ``python holder.py FOLDER [TABLE]``.

With a table it writes one row after another and prints each number once COMMIT was answered.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from commons.errors import Unavailable
from marketplace.database import Database
from marketplace.embedded.server import EmbeddedPostgres


async def write(dsn: str) -> None:
    """Write numbers for ever, over lost connections too, and say which ones were acknowledged."""
    database = await Database.open(dsn, maximum=1)
    async with database.transaction() as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS written (number int)")
    number = 0
    while True:
        number += 1
        try:
            async with database.transaction() as connection:
                await connection.execute("INSERT INTO written VALUES ($1)", number)
        except Unavailable:
            await asyncio.sleep(0.02)
            continue
        print(number, flush=True)  # noqa: T201 - the acknowledgement itself


async def main() -> None:
    """Start, tell, wait or write, stop."""
    server = EmbeddedPostgres(Path(sys.argv[1]))
    dsn = await server.start()
    state = json.loads(server.place.state.read_text(encoding="utf-8"))
    print(json.dumps({"dsn": dsn, **state}), flush=True)  # noqa: T201 - what the test waits for
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    tasks = {ended, asyncio.create_task(write(dsn))} if sys.argv[2:] else {ended}
    done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    for task in done:
        task.result()
    await server.stop()


asyncio.run(main())
