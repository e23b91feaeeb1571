"""``python -m tests.bench NAME|all [--smoke]``: figures against targets; exit 0 when all are met, 2 for no such."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.bench import decide, eligible, instant, offers, pages, read, restrict, room, rounds
from tests.bench.measuring import FOLDER, report

BENCHES = (decide, rounds, offers, restrict, instant, eligible, room, pages, read)
"""Every bench: a module with NAME and ``run(smoke) -> rows``."""
NAMES = [bench.NAME for bench in BENCHES]


def main(arguments: list[str] | None = None) -> int:
    """Run the named benches one after another; a table and a JSON file each."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", nargs="+", metavar="NAME", help=f"all, or of: {', '.join(NAMES)}")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes, no targets: does it still run?")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the JSON goes (default build/bench)")
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.name if name not in {*NAMES, "all"}]
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; there are: all, {', '.join(NAMES)}", file=sys.stderr)
        return 2
    every_ok = True
    for bench in BENCHES:
        if {"all", bench.NAME} & set(chosen.name):
            rows = bench.run(smoke=chosen.smoke)
            print(report(bench.NAME, rows, smoke=chosen.smoke, folder=chosen.out))
            every_ok = every_ok and all(row.ok for row in rows)
    return 0 if every_ok else 1


if __name__ == "__main__":
    sys.exit(main())
