"""What a killed server may leave behind, and how the next start clears it.

Called only while no keeper lives and nobody else starts. Server processes of the same cluster are told to stop by
their own pids, and are known for certain: their program is ``postgres`` and they stand in the cluster's folder. Once
none lives, a pid file whose number is in use (by another program, or by a dead server that nobody has waited for) is
untrue and removed, as are the sockets with their locks; a plainly dead number is PostgreSQL's to judge.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import time
from pathlib import Path

from commons.errors import Unavailable
from marketplace.embedded.place import Place

PROCESSES = Path("/proc")
PATIENCE = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
"""How a left-over server is told to stop, and the seconds it is given each time."""
LARGEST_LOG = 5_000_000
"""Bytes after which a start sets the old log aside."""


def server_processes(cluster: Path) -> list[int]:
    """List the pids of PostgreSQL processes of this cluster; empty where the system has no /proc."""
    if not PROCESSES.is_dir():
        return []
    here = os.stat(cluster) if cluster.exists() else None  # noqa: PTH116 - the pair to os.path.samestat below
    found = []
    for entry in PROCESSES.iterdir():
        if here is None or not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            program = os.readlink(entry / "exe")  # noqa: PTH115 - a deleted program's link is not a path
            if "postgres" in Path(program).name and os.path.samestat(os.stat(entry / "cwd"), here):  # noqa: PTH116 - follows the link
                found.append(int(entry.name))
    return sorted(found)


def clear(place: Place) -> None:
    """Stop what is left of an earlier server, then remove its drafts, socket folder and untrue pid file."""
    _stop_processes(place.cluster)
    _remove_untrue_pid_file(place.cluster)
    for draft in place.folder.glob("cluster.new-*"):
        shutil.rmtree(draft, ignore_errors=True)
    socket = recorded_socket(place)
    for folder in {place.folder / "socket", socket or place.folder / "socket"}:
        _remove_socket_folder(folder, place)
    place.state.unlink(missing_ok=True)
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
        place.log.replace(place.log.with_suffix(".log.1"))


def recorded_socket(place: Place) -> Path | None:
    """Return the socket folder that the keeper wrote down, if any."""
    try:
        state = json.loads(place.state.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return Path(state["socket"])


def _stop_processes(cluster: Path) -> None:
    for order, seconds in PATIENCE:
        pids = server_processes(cluster)
        if not pids:
            return
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, order)
        until = time.monotonic() + seconds
        while server_processes(cluster) and time.monotonic() < until:
            time.sleep(0.05)
    if server_processes(cluster):
        message = f"an earlier server of {cluster} does not end"
        raise Unavailable(message)


def _remove_untrue_pid_file(cluster: Path) -> None:
    """Remove a pid file whose number another program has got meanwhile (no process of this cluster lives)."""
    if not PROCESSES.is_dir():
        return
    pid_file = cluster / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        pid = int(pid_file.read_text(encoding="ascii", errors="replace").splitlines()[0])
        if (PROCESSES / str(pid)).exists():
            pid_file.unlink()


def _remove_socket_folder(folder: Path, place: Place) -> None:
    """Remove a socket folder of ours: placed or named as ours, and holding nothing but sockets and their locks."""
    ours = folder.parent == place.folder or folder.name.startswith("shepi-pg-")
    if not ours or folder.is_symlink() or not folder.is_dir():
        return
    if all(entry.name.startswith(".s.PGSQL.") for entry in folder.iterdir()):
        shutil.rmtree(folder, ignore_errors=True)
