"""How a backup lies on disk: complete under its name or not there at all, each file with its hash in ``SHA256SUMS``.

Invariants: nothing is overwritten; a name appears by one rename, after every byte below it was synced; everybody but
the owner is kept out. ``sha256sum --check SHA256SUMS`` says the same as ``damages`` without a line of ours.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from hashlib import file_digest
from pathlib import Path

from commons.errors import Conflict

SUMS = "SHA256SUMS"
ROWS, FILES = "rows", "files"
CHUNK = 1 << 18
COMPRESSION = 6


@contextlib.contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill, which takes the target's name when the block ends well; ``Conflict`` for a taken name."""
    if target.exists() or target.is_symlink():
        raise Conflict("backup_exists", str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.partial-", dir=target.parent))  # 0700
    try:
        yield draft
        _seal(draft)
        draft.rename(target)
        _sync(target.parent)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


@contextlib.contextmanager
def rows_to_write(folder: Path, table: str) -> Iterator[gzip.GzipFile]:
    """A table's rows, packed as they are written; the same rows give the same file."""
    place = folder / ROWS
    place.mkdir(exist_ok=True)
    with (
        (place / f"{table}.copy.gz").open("xb") as file,
        gzip.GzipFile("", "wb", COMPRESSION, file, mtime=0) as packed,
    ):
        yield packed


async def rows_to_read(folder: Path, table: str) -> AsyncIterator[bytes]:
    """A table's rows as they were written; ``Conflict`` for bytes that cannot be unpacked."""
    try:
        with gzip.open(folder / ROWS / f"{table}.copy.gz") as packed:
            while chunk := packed.read(CHUNK):
                yield chunk
    except (OSError, EOFError, ValueError) as error:
        raise Conflict("backup_damaged", f"{table}: {error}") from None


def file_place(folder: Path, digest: str) -> Path:
    """Where the bytes of an attachment lie."""
    return folder / FILES / digest[:2] / digest


def damages(folder: Path) -> tuple[str, ...]:
    """What is altered, missing or too many, by the hashes in ``SHA256SUMS``; empty for a whole backup."""
    try:
        given = (folder / SUMS).read_bytes()
    except OSError as error:
        return (f"{SUMS}: {type(error).__name__}",)
    present = {str(path.relative_to(folder)): _digest(path) for path in _files(folder)}
    if given == _list(present):
        return ()
    lines = given.decode(errors="replace").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = [f"{name}: missing" for name in listed.keys() - present.keys()]
    found += [f"{name}: not of this backup" for name in present.keys() - listed.keys()]
    found += [f"{name}: altered" for name in listed.keys() & present.keys() if present[name] != listed[name]]
    return tuple(sorted(found)) or (f"{SUMS}: altered",)


def size_of(folder: Path) -> int:
    """Bytes of all files of a backup."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _files(folder: Path) -> Iterator[Path]:
    """Every file but the list itself, in a total order."""
    yield from sorted(path for path in folder.rglob("*") if not path.is_dir() and path != folder / SUMS)


def _list(digests: Mapping[str, str]) -> bytes:
    """Hashes by name as ``sha256sum`` writes them."""
    return "".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode()


def _seal(draft: Path) -> None:
    """Write the list of hashes, and sync everything."""
    (draft / SUMS).write_bytes(_list({str(one.relative_to(draft)): _digest(one, sync=True) for one in _files(draft)}))
    _digest(draft / SUMS, sync=True)
    for folder in (*(path for path in draft.rglob("*") if path.is_dir()), draft):
        _sync(folder)


def _digest(path: Path, *, sync: bool = False) -> str:
    with path.open("rb") as file:
        found = file_digest(file, "sha256").hexdigest()
        if sync:
            path.chmod(0o600)
            os.fsync(file.fileno())
    return found


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
