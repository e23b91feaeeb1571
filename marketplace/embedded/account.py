"""Under which account the server's processes run, and what that account can reach.

PostgreSQL refuses to run as root. Started as root we drop: to the owner of an existing cluster, else to ``nobody``
(``initdb`` wants a name in the password file, so a free number will not do). Started as anybody else the server runs
as ourselves. Whether an account reaches a path is tried by a child process under that account, never guessed from
permission bits.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commons.errors import Unavailable

UNPRIVILEGED = "nobody"
"""The account a server started by root runs under when it has no cluster yet."""

CHILD_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""All that a server process inherits: no secret of ours, no locale of the caller."""


@dataclass(frozen=True, slots=True)
class Account:
    """The uid and gid to drop to; both None when the server runs as the calling account."""

    uid: int | None
    gid: int | None

    @property
    def owner(self) -> tuple[int, int] | None:
        """Uid and gid that files made for the server are handed to, or None when they are ours anyway."""
        return None if self.uid is None or self.gid is None else (self.uid, self.gid)

    def child_options(self) -> dict[str, Any]:
        """Keyword arguments for subprocess: the account without further groups, a bare environment, no folder held."""
        options: dict[str, Any] = {"cwd": "/", "env": CHILD_ENVIRONMENT, "umask": 0o077, "stdin": subprocess.DEVNULL}
        if self.owner is not None:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def hand_over(self, path: Path) -> None:
        """Give something we have just made to the account; never call it on what was there before."""
        if self.owner is not None:
            os.chown(path, *self.owner)

    def reaches(self, folder: Path) -> bool:
        """Say whether the account can enter this folder, by entering it."""
        return self.runs(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])

    def runs(self, command: list[str]) -> bool:
        """Say whether the command ends well under this account; an unreachable program does not."""
        try:
            done = subprocess.run(  # noqa: S603 - our own programs and paths, no shell line is built
                command, check=False, capture_output=True, timeout=30, **self.child_options()
            )
        except OSError:
            return False
        return done.returncode == 0


OURSELVES = Account(None, None)


def account_for(cluster: Path) -> Account:
    """Choose the account for a cluster folder that may not exist yet; refuses a system without ``nobody``."""
    if os.geteuid() != 0:
        return OURSELVES
    try:
        present = cluster.stat()
    except FileNotFoundError:
        present = None
    if present is not None and present.st_uid != 0:
        return Account(present.st_uid, present.st_gid)
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        message = f"started as root, but there is no account {UNPRIVILEGED!r} to run PostgreSQL under"
        raise Unavailable(message) from None
    return Account(entry.pw_uid, entry.pw_gid)
