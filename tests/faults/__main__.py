"""``python -m tests.faults NAME|all [--size N] [--seed S]``: a promise, measured; exit 0 when it holds."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.faults import (
    capacity,
    deadline_race,
    history,
    idempotency,
    kill_database,
    kill_worker,
    pool,
    restriction_race,
)

FAULTS = (restriction_race, deadline_race, capacity, idempotency, kill_database, kill_worker, history, pool)
"""Every fault: a module with NAME, DEFAULT_SIZE and ``run(size, seed) -> Figure``."""


def main() -> int:
    """Run the named faults one after another, a JSON line each."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("name", choices=["all", *(fault.NAME for fault in FAULTS)])
    parser.add_argument("--size", type=int, help="how many; each fault has its own default")
    parser.add_argument("--seed", type=int, default=20_250_101)
    chosen = parser.parse_args()
    every_ok = True
    for fault in FAULTS:
        if chosen.name in ("all", fault.NAME):
            figure = asyncio.run(fault.run(chosen.size or fault.DEFAULT_SIZE, chosen.seed))
            print(figure.line(), flush=True)
            every_ok = every_ok and figure.ok
    return 0 if every_ok else 1


if __name__ == "__main__":
    sys.exit(main())
