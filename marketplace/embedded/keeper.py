"""The keeper: a small process of its own that holds one PostgreSQL server up while anybody uses it.

Run as ``python -I -S keeper.py ORDER`` with a JSON order; standard library only, no import of ours. It starts the
postmaster, starts it again when it dies under its users (kill -9 of the database), and stops it when the last user is
gone: it waits for the exclusive hold on ``users.lock``, which the kernel grants when every shared hold has ended, by a
clean stop or by kill -9. When the keeper itself is killed, Linux sends the postmaster the same interrupt
(PR_SET_PDEATHSIG); elsewhere the next start finds and stops it (leftovers.py).
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

PATIENCE = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
"""How a server is told to stop (fast, at once, by force) and the seconds it is given each time."""
TRIES = 6
"""Starts in a row that may end before the server is ready, once it has been; then the keeper gives up."""
FIRST_TRIES = 2
"""The same for a server that has never been ready: somebody waits to hear why it does not start."""
FIRST_PAUSE = 0.1
PR_SET_PDEATHSIG = 1


class Keeper:
    """One server's life: start, start again, stop."""

    def __init__(self, order: dict[str, Any]) -> None:
        """Take the order: command, owner, folder, socket."""
        self._order = order
        self._folder = Path(order["folder"])
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._turn = threading.Lock()
        self._watch: threading.Thread | None = None
        self._libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def run(self) -> int:
        """Hold the server up until nobody uses it; the exit code is 0 when it ended in order."""
        lock = os.open(self._folder / "keeper.lock", os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 3  # another keeper lives
        signal.signal(signal.SIGTERM, lambda *_: self._stop_soon())
        failures, tries = 0, FIRST_TRIES
        while not self._stopping.is_set():
            if not self._launch():
                break
            if self._watch is None:
                self._watch = threading.Thread(target=self._wait_for_last_user, daemon=True)
                self._watch.start()
            assert self._child is not None
            code = self._child.wait()
            failures, tries = (1, TRIES) if self._was_ready() else (failures + 1, tries)
            if self._stopping.is_set():
                break
            self._say(f"the server ended with {code} while in use")
            if failures >= tries:
                self._tidy()
                return 1
            self._stopping.wait(FIRST_PAUSE * 2 ** (failures - 1))
        self._tidy()
        return 0

    def _was_ready(self) -> bool:
        """Say whether the server that has just died had come up: its pid file, left behind, tells."""
        assert self._child is not None
        try:
            lines = (self._folder / "cluster" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        return lines[0].strip() == str(self._child.pid) and lines[-1].strip() == "ready"

    def _launch(self) -> bool:
        with self._turn:
            if self._stopping.is_set():
                return False
            owner = self._order["owner"]
            account = {"user": owner[0], "group": owner[1], "extra_groups": []} if owner else {}
            with (self._folder / "server.log").open("ab") as output:
                self._child = subprocess.Popen(  # noqa: S603 - the order comes from our own server.py
                    self._order["command"],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd="/",
                    env=self._order["environment"],
                    umask=0o077,
                    process_group=0,
                    preexec_fn=self._die_with_keeper,  # noqa: PLW1509 - the only way to ask the kernel; nothing else runs in the child
                    **account,
                )
            state = {"keeper": os.getpid(), "postmaster": self._child.pid, "socket": self._order["socket"]}
            draft = self._folder / "keeper.json.new"
            draft.write_text(json.dumps(state), encoding="utf-8")
            if owner:
                os.chown(draft, *owner)
            draft.replace(self._folder / "keeper.json")
            return True

    def _die_with_keeper(self) -> None:
        if self._libc is not None:
            self._libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)

    def _wait_for_last_user(self) -> None:
        users = os.open(self._folder / "users.lock", os.O_RDWR | os.O_CLOEXEC)
        fcntl.flock(users, fcntl.LOCK_EX)  # kept until this process ends: nobody comes in while the server stops
        self._stop()

    def _stop_soon(self) -> None:
        threading.Thread(target=self._stop, daemon=True).start()

    def _stop(self) -> None:
        self._stopping.set()
        with self._turn:
            child = self._child
        if child is None:
            return
        for order, seconds in PATIENCE:
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(order)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(seconds)
                return

    def _tidy(self) -> None:
        socket = Path(self._order["socket"])
        if socket.parent != self._folder:
            shutil.rmtree(socket, ignore_errors=True)
        (self._folder / "keeper.json").unlink(missing_ok=True)

    def _say(self, words: str) -> None:
        with (self._folder / "server.log").open("a", encoding="utf-8") as output:
            output.write(f"keeper: {words}\n")


def main() -> int:
    """Detach from everything of the caller, then keep."""
    os.closerange(3, 4096)
    os.umask(0o077)
    os.chdir("/")
    return Keeper(json.loads(sys.argv[1])).run()


if __name__ == "__main__":
    sys.exit(main())
