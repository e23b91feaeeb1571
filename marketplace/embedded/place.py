"""Where a server's folder lies, and where its socket.

Everything a server keeps is in one folder. Started as root, an account without rights must reach it; where a parent
shuts it out (a checkout below a 0700 home), the folder is placed below ``/var/lib/shepi-marketplace`` under a name
derived from the wanted path, and that is said. No existing folder's mode or owner is changed. Data never seems to
vanish: a cluster that exists at the wanted place but cannot be reached is an error, not an empty new one.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from commons.errors import Unavailable
from marketplace.embedded.account import Account, account_for
from marketplace.embedded.binaries import private_root_folder

log = logging.getLogger(__name__)

ELSEWHERE = Path("/var/lib/shepi-marketplace")
"""Where root places a data folder whose wanted place the server's account cannot reach."""

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103
"""Bytes of a socket's path on every system we know: Linux gives 107, macOS 103."""


@dataclass(frozen=True, slots=True)
class Place:
    """One server's folder and the account that owns what is inside."""

    folder: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.folder / "cluster"

    @property
    def log(self) -> Path:
        """What the server and its keeper say."""
        return self.folder / "server.log"

    @property
    def state(self) -> Path:
        """JSON of the running keeper: its pid, the postmaster's, the socket folder."""
        return self.folder / "keeper.json"

    def lock(self, name: str) -> Path:
        """Path of one of the lock files that locks.py tells of."""
        return self.folder / f"{name}.lock"


def has_cluster(folder: Path) -> bool:
    """Say whether a finished cluster lies in this server folder."""
    return (folder / "cluster" / "PG_VERSION").is_file()


def elsewhere(wanted: Path, root: Path) -> Path:
    """Name the folder that stands in for ``wanted``: the same for the same path, different for any other."""
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
    return root / digest


def settle(wanted: Path, root: Path) -> Place:
    """Find or make the server's folder for a wanted path; refuses one whose data exist but cannot be reached."""
    wanted = Path(os.path.abspath(wanted))  # noqa: PTH100 - resolve() would follow links and change the derived name
    account = account_for(wanted / "cluster")
    if account.owner is None:
        wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Place(wanted, account)
    substitute = elsewhere(wanted, root)
    if has_cluster(substitute) and not has_cluster(wanted):
        return _there(wanted, substitute)
    if not wanted.exists():
        wanted.parent.mkdir(parents=True, exist_ok=True)
        if account.reaches(wanted.parent):
            _make_private(wanted, account)
    if wanted.exists() and account.reaches(wanted):
        return Place(wanted, account)
    if has_cluster(wanted):
        message = f"uid {account.uid}, under which PostgreSQL runs, can no longer reach the data in {wanted}"
        raise Unavailable(message)
    return _there(wanted, substitute)


def _there(wanted: Path, substitute: Path) -> Place:
    account = account_for(substitute / "cluster")
    private_root_folder(substitute.parent)
    if not substitute.exists():
        _make_private(substitute, account)
    _say_where(wanted, account.uid, substitute)
    return Place(substitute, account)


@cache
def _say_where(wanted: Path, uid: int | None, substitute: Path) -> None:
    """Once is enough, however often the place is looked for."""
    log.warning("%s cannot be reached by uid %s; its data lie in %s", wanted, uid, substitute)


def _make_private(folder: Path, account: Account) -> None:
    """Make a folder of the account's alone, whole at once: another start never sees it half handed over."""
    draft = Path(tempfile.mkdtemp(prefix=".shepi-", dir=folder.parent))  # 0700
    account.hand_over(draft)
    try:
        draft.rename(folder)  # takes the place of an empty one too
    except OSError:
        draft.rmdir()
        if not folder.is_dir():
            raise


def make_socket_folder(place: Place) -> Path:
    """Return a folder for the socket, entered by the account alone: in the server's folder, or short and temporary."""
    inside = place.folder / "socket"
    fits = len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    if fits and not {",", '"'} & set(str(inside)):  # both separate folders in PostgreSQL's setting
        inside.mkdir(mode=0o700, exist_ok=True)
        folder = inside
    else:
        folder = Path(tempfile.mkdtemp(prefix="shepi-pg-", dir="/tmp"))
    place.account.hand_over(folder)
    return folder
