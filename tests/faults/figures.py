"""The shape of a promise's figure: one JSON line that a machine compares and a person reads."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from marketplace.embedded.server import EmbeddedPostgres
from tests.bench.measuring import machine

FOLDER = Path("build") / "faults"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured on our code and on its control; ``ok`` when ours meets the bar and the control does not."""

    name: str
    size: int
    figure: int
    control: int
    bar: str
    ok: bool
    seconds: float

    def line(self) -> str:
        """Write the figure as its one line."""
        return json.dumps(asdict(self), ensure_ascii=False)


def keep(figure: Figure, folder: Path = FOLDER) -> None:
    """Leave the figure under ``build/faults`` with the day and the machine it was taken on."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = {**asdict(figure), "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine()}
    (folder / f"{figure.name}.json").write_text(json.dumps(whole, ensure_ascii=False) + "\n", encoding="utf-8")


def kept(names: Sequence[str], folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The figures last taken, in the order of the names; none for what was never run."""
    paths = (folder / f"{name}.json" for name in names)
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.exists()]


def table(figures: Sequence[dict[str, Any]]) -> str:
    """Figures as the table of docs/promises.md."""
    head = ("command", "size", "figure", "control", "what must hold", "holds", "seconds", "date", "machine")
    rows = [
        (
            f"`{one['name']}`", f"{one['size']:,}", one["figure"], one["control"], one["bar"],
            "yes" if one["ok"] else "NO", one["seconds"], one["date"], one["machine"],
        )
        for one in figures
    ]  # fmt: skip
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def progress(words: str) -> None:
    """Tell on standard error how far it is."""
    print(words, file=sys.stderr, flush=True)


@contextlib.asynccontextmanager
async def own_database() -> AsyncIterator[str]:
    """Give the DSN of a durable server of this run alone, erased afterwards."""
    server = EmbeddedPostgres(Path(tempfile.gettempdir()) / f"shepi-faults-{os.getpid()}")
    try:
        yield await server.start()
    finally:
        await server.erase()
