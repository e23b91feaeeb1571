"""Writes the golden logs that are missing: ``python -m tests.golden``. A log that exists is never written again.

Each scene of scenes.py is played by the simulation on a real database, with its clock and its seed, so the same scene
gives the same log on every machine.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from typing import Any

from marketplace.database import Connection, Database
from marketplace.embedded.server import EmbeddedPostgres
from marketplace.migrate import migrate_forward
from tests.golden.reading import LOGS, SUMS, folded, plain, sum_of
from tests.golden.scenes import SCENES, script
from tests.simulation.clock import MovedClock
from tests.simulation.faults import WatchedDatabase, seeded_secrets
from tests.simulation.market_run import Market
from tests.simulation.record_rows import rows_of
from tests.store.fixtures import HASTY, administer, base_folder, dsn_for


async def log_of(dsn: str, name: str) -> dict[str, Any]:
    """Play the scene on an empty, migrated database and give its log."""
    clock = await MovedClock.install(dsn)
    database = await WatchedDatabase.open(dsn)
    assert isinstance(database, WatchedDatabase)
    try:
        market = Market(script(name), database, clock)
        with seeded_secrets():
            await market.play()
        async with database.read() as connection:
            return await _log(connection, name, market.addresses.publications[0][-1])
    finally:
        await database.close()
        await clock.close()


async def _log(connection: Connection, name: str, selection: str) -> dict[str, Any]:
    rows = await rows_of(connection, f"selection/{selection}")
    voids = await connection.fetch("SELECT agency, voided_at FROM selection_void WHERE selection = $1", selection)
    log: dict[str, Any] = {
        "about": name.replace("_", " "),
        "selection": selection,
        "voids": {one["agency"]: plain(one["voided_at"]) for one in sorted(voids, key=lambda one: str(one["agency"]))},
        "events": [
            {
                "envelope": dict(row.envelope),
                "digest": row.digest,
                "salt": None if row.salt is None else row.salt.hex(),
                "private": dict(row.private) if row.salt is not None else None,
            }
            for row in rows
        ],
        "rulings": [
            {"seq": row.seq, "at": plain(row.at), **{key: row.data[key] for key in ("as_of", "case", "decision")}}
            for row in rows
            if row.type in {"selection.evaluated", "selection.decided"}
        ],
    }
    return {**log, "fold": plain(folded(log))}


async def write_missing(server: str) -> list[str]:
    """Write every log that is not there yet; the names of those written."""
    written = []
    for number, name in enumerate(sorted(SCENES)):
        path = LOGS / f"{name}.json"
        if path.exists():
            continue
        await administer(server, f"CREATE DATABASE golden_{number}")
        dsn = dsn_for(server, f"golden_{number}")
        database = await Database.open(dsn)
        await migrate_forward(database)
        await database.close()
        text = json.dumps(await log_of(dsn, name), ensure_ascii=False, indent=1)
        path.write_text(f"{text}\n", encoding="utf-8")
        with SUMS.open("a", encoding="utf-8") as sums:
            sums.write(f"{sum_of(path)}  {path.name}\n")
        written.append(name)
    return written


async def main() -> None:
    """Start a server of its own, write, stop it."""
    folder = base_folder() / f"shepi-golden-{os.getpid()}"
    server = EmbeddedPostgres(folder, settings=HASTY)
    dsn = await server.start()
    try:
        written = await write_missing(dsn)
    finally:
        await server.stop()
        shutil.rmtree(folder)
    sys.stdout.write(f"written: {', '.join(written) or 'nothing, all logs are there'}\n")


if __name__ == "__main__":
    asyncio.run(main())
