"""Compute every award again, as anybody can: write the cases down, run ``decide`` on them, compare the bytes.

The comparison is between canonical bytes (RFC 8785): the record keeps a decision's content, not its spacing.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from commons.canonical import canonical
from marketplace.demo.stage import Played
from marketplace.settings import PROJECT

DIGITS = 16
PATIENCE = 60
"""Seconds that computing everything again may take."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case: its file, and the SHA-256 of the decision as recorded and as computed again (first digits)."""

    path: Path
    recorded: str
    computed: str

    @property
    def is_same(self) -> bool:
        """Whether both decisions are the same bytes."""
        return self.recorded == self.computed


@dataclass(frozen=True, slots=True)
class Recomputed:
    """All cases, in the order they were played."""

    folder: Path
    rows: tuple[CaseFile, ...]

    def shown(self, row: CaseFile) -> str:
        """The path as one would type it in the project's folder."""
        return shown(row.path)


def shown(path: Path) -> str:
    """Relative to the project's folder where it lies below it."""
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


async def recompute(played: Sequence[Played], folder: Path) -> Recomputed:
    """Write ``1.json`` … into the folder and decide them in a process of their own."""
    decided = [one for one in played if one.state.case is not None and one.state.decision is not None]
    paths = await asyncio.to_thread(_write, decided, folder)
    lines = await _decide(paths) if paths else []
    rows = [
        CaseFile(path, _digest(dict(one.state.decision or {})), _digest(json.loads(line)))
        for path, one, line in zip(paths, decided, lines, strict=True)
    ]
    return Recomputed(folder, tuple(rows))


def _write(decided: Sequence[Played], folder: Path) -> list[Path]:
    """One file a case, numbered from 1."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number}.json" for number in range(1, len(decided) + 1)]
    for path, one in zip(paths, decided, strict=True):
        document = {"why": one.scene.draft.title, "case": one.state.case, "decision": one.state.decision}
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return paths


async def _decide(paths: Sequence[Path]) -> list[bytes]:
    """What ``python -m marketplace decide`` prints, one line a file."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "marketplace", "decide", *(os.fspath(path.absolute()) for path in paths),
        stdout=asyncio.subprocess.PIPE, cwd=PROJECT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            out, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return out.splitlines()


def _digest(decision: dict[str, object]) -> str:
    return sha256(canonical(decision)).hexdigest()[:DIGITS]  # type: ignore[arg-type]  # JSON as it was read
