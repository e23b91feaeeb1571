"""``python -m tests.faults NAME|all [--size N] [--seed S]``: a promise, measured; exit 0 when it holds.

A name prints its JSON line; ``all`` prints the table of docs/promises.md, and ``table`` the same of the runs before, of
which each leaves its figure under ``build/faults``.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.faults import (
    capacity,
    contract,
    csrf,
    deadline_race,
    history,
    idempotency,
    kill_database,
    kill_worker,
    matrix,
    pool,
    re_registration,
    restriction_race,
    score_replay,
    session,
)
from tests.faults.figures import Figure, keep, kept, progress, table

FAULTS = (
    restriction_race,
    deadline_race,
    capacity,
    contract,
    csrf,
    idempotency,
    kill_database,
    kill_worker,
    history,
    matrix,
    score_replay,
    session,
    re_registration,
    pool,
)
"""Every fault: a module with NAME, DEFAULT_SIZE and ``run(size, seed) -> Figure``."""


def main() -> int:
    """Run the named faults one after another."""
    names = [fault.NAME for fault in FAULTS]
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("name", choices=["all", "table", *names])
    parser.add_argument("--size", type=int, help="how many; each fault has its own default")
    parser.add_argument("--seed", type=int, default=20_250_101)
    chosen = parser.parse_args()
    figures: list[Figure] = []
    for fault in FAULTS:
        if chosen.name in ("all", fault.NAME):
            figure = asyncio.run(fault.run(chosen.size or fault.DEFAULT_SIZE, chosen.seed))
            keep(figure)
            figures.append(figure)
            if chosen.name == "all":
                progress(figure.line())
            else:
                print(figure.line(), flush=True)
    if chosen.name in ("all", "table"):
        print(table(kept(names)))
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
