"""The shape of a promise's figure: one JSON line that a machine compares and a person reads."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

from marketplace.embedded.server import EmbeddedPostgres


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
