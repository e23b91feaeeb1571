"""How a bench measures: competitors by turns in one run, medians, a row for each figure, a table and a JSON file."""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

FOLDER = Path("build") / "bench"
REPETITIONS = 7
SMOKE_REPETITIONS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: a value or a ratio, its target in words, whether it is met (always, where there is no target)."""

    what: str
    unit: str
    ok: bool
    value: float | None = None
    ratio: float | None = None
    target: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The keys a machine reads; of value and ratio the one there is."""
        return {key: each for key, each in asdict(self).items() if each is not None or key == "target"}


def most(what: str, value: float, unit: str, bound: float | None) -> Row:
    """A value that must not exceed its bound."""
    target = None if bound is None else f"≤ {bound:g} {unit}"
    return Row(what, unit, bound is None or value <= bound, value=round(value, 3), target=target)


def times(what: str, ratio: float, bound: float | None) -> Row:
    """How many times faster than the control, at least its bound."""
    target = None if bound is None else f"≥ {bound:g}"
    return Row(what, "×", bound is None or ratio >= bound, ratio=round(ratio, 2), target=target)


def medians(
    competitors: Mapping[str, Callable[[], Callable[[], object]]],
    *,
    smoke: bool,
    warm_up: bool = True,
    clock: Callable[[], int] = time.perf_counter_ns,
) -> dict[str, float]:
    """Milliseconds by competitor: each prepares afresh unmeasured, then all run by turns; the median of the turns.

    ``clock`` gives nanoseconds: ``time.process_time_ns`` for what only computes, so that others on the machine do not
    count.
    """
    taken: dict[str, list[float]] = {name: [] for name in competitors}
    for turn in range((SMOKE_REPETITIONS if smoke else REPETITIONS) + warm_up):
        for name, prepare in competitors.items():
            run = prepare()
            gc.collect()
            started = clock()
            run()
            if turn or not warm_up:
                taken[name].append((clock() - started) / 1e6)
    return {name: statistics.median(each) for name, each in taken.items()}


def machine() -> str:
    """The processor, how many of it, the system."""
    names = [line.split(":")[1].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, {platform.system()}"


def versions() -> dict[str, str]:
    """Of the language and of ourselves."""
    return {"python": platform.python_version(), "marketplace": metadata.version("shepi-marketplace")}


def report(name: str, rows: list[Row], *, smoke: bool, folder: Path) -> Path:
    """Print the table and write the JSON, a smoke run's beside the measured ones; the file."""
    table = Table("what", "median", "target", "ok", title=f"{name}{' (smoke: no targets)' if smoke else ''}")
    for row in rows:
        figure = f"{row.ratio:g} ×" if row.ratio is not None else f"{row.value:g} {row.unit}"
        table.add_row(row.what, figure, row.target or "–", "yes" if row.ok else "NO")
    Console().print(table)
    target = folder / ("smoke" if smoke else "") / f"{name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    document = {"name": name, "rows": [row.as_json() for row in rows], "machine": machine(), "versions": versions()}
    target.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return target


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
