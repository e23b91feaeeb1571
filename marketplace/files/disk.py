"""Files on disk: written beside their place, synced, then renamed into it, and the folders synced too.

Invariant: a file under its hash is whole, whatever stopped the process or the machine while it was written; what a
killed writer left lies in ``new`` and is removed by the sweeper. Source: trust.md section 1; rename(2), fsync(2).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from commons.errors import Unavailable
from marketplace.files.port import FOLDER, is_digest, place_of, require_whole

NEW = "new"
"""Folder of what is being written."""


class DiskFiles:
    """Files below a folder of this machine; it is made when the first one is kept."""

    def __init__(self, root: Path) -> None:
        """Keep files below ``root``."""
        self._root = root

    async def put(self, digest: str, body: bytes) -> None:
        """Keep the bytes; durable once it returns."""
        require_whole(digest, body)
        try:
            await asyncio.to_thread(self._write, self._root / place_of(digest), body)
        except OSError as error:
            message = f"a file could not be written: {error.strerror}"
            raise Unavailable(message) from error

    async def get(self, digest: str) -> bytes:
        """The bytes of that hash, compared with it."""
        try:
            body = await asyncio.to_thread((self._root / place_of(digest)).read_bytes)
        except OSError as error:
            message = f"the file {digest} cannot be read: {error.strerror}"
            raise Unavailable(message) from error
        return require_whole(digest, body)

    async def holds(self, digest: str) -> bool:
        """Whether there is such a file."""
        return await asyncio.to_thread((self._root / place_of(digest)).is_file)

    async def remove(self, digest: str) -> None:
        """Remove the file, if it is there."""
        await asyncio.to_thread((self._root / place_of(digest)).unlink, missing_ok=True)

    async def older(self, than: datetime, *, after: str, limit: int) -> tuple[str, ...]:
        """What was put before an instant; leftovers of killed writers that old are removed on the way."""
        return await asyncio.to_thread(self._older, than, after, limit)

    def _write(self, place: Path, body: bytes) -> None:
        new = self._folder(self._root / NEW) / token_hex(16)
        self._folder(place.parent)
        try:
            with new.open("xb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            new.replace(place)
        except OSError:
            new.unlink(missing_ok=True)
            raise
        _sync(place.parent)

    def _folder(self, folder: Path) -> Path:
        """The folder, made with what is above it; a new name is synced where it stands."""
        missing: list[Path] = []
        one = folder
        while not one.is_dir():
            missing.append(one)
            one = one.parent
        for one in reversed(missing):
            one.mkdir(mode=0o700, exist_ok=True)
            _sync(one.parent)
        return folder

    def _older(self, than: datetime, after: str, limit: int) -> tuple[str, ...]:
        for left in (self._root / NEW).glob("*"):
            if _changed(left) < than:
                left.unlink(missing_ok=True)
        found: list[str] = []
        for one in self._kept():
            if len(found) == limit:
                break
            if is_digest(one.name) and one.name > after and _changed(one) < than:
                found.append(one.name)
        return tuple(found)

    def _kept(self) -> Iterator[Path]:
        """Every kept file, in the order of the hashes."""
        for first in sorted((self._root / FOLDER).glob("??")):
            for second in sorted(first.glob("??")):
                yield from sorted(second.iterdir())


def _changed(path: Path) -> datetime:
    """When a file was put; the far future for one that is gone."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
