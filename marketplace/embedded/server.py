"""The embedded PostgreSQL server: one folder in, one DSN out.

Any number of processes may use one folder at once; the last one out stops the server, and one that is killed counts
as out. Nothing listens on the network: the only way in is a Unix socket in a folder that only the server's account
and root may enter, which is why the server trusts whoever gets there. Acknowledged writes are durable: checksums,
fsync and full page writes are on, on the command line, where no file in the folder can turn them off.
Source: design, performance.md, "Embedded PostgreSQL"; docs/adr/0003.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import asyncpg

from commons.errors import Conflict, Unavailable
from marketplace.embedded import keeper, leftovers
from marketplace.embedded.account import CHILD_ENVIRONMENT
from marketplace.embedded.binaries import CACHE, Binaries, binaries_for
from marketplace.embedded.locks import FileLock, is_held
from marketplace.embedded.place import ELSEWHERE, Place, has_cluster, make_socket_folder, settle
from marketplace.uninterrupted import uninterrupted

DATABASE = "marketplace"
ROLE = "postgres"
WAIT_FOR_OTHERS = 120.0
"""Seconds to wait for another process that starts or stops the same server."""
WAIT_FOR_ANSWER = 120.0
"""Seconds for the server to answer; replaying the log after a kill takes its time."""
LONGEST_LOG_SHOWN = 2_000

SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_permissions": "0700",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "max_connections": "100",
        "max_locks_per_transaction": "320",  # an import of 5,000 rows holds three a row until it ends
        "log_statement": "none",
        "log_min_error_statement": "panic",  # a failing statement may carry a price: it is not logged
        "log_error_verbosity": "terse",  # the DETAIL line of a violated constraint shows the row
    }
)
"""Settings every embedded server runs with, given on its command line."""


class EmbeddedPostgres:
    """One user's hold on the server of one folder; ``start`` takes it, ``stop`` gives it up."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, str] | None = None,
        checksums: bool = True,
        elsewhere: Path = ELSEWHERE,
        cache: Path = CACHE,
    ) -> None:
        """Name the folder; only tests differ from the durable settings, and from where root places what is shut in."""
        self._wanted = folder
        self._settings = {**SETTINGS, **(settings or {})}
        self._checksums = checksums
        self._elsewhere = elsewhere
        self._cache = cache
        self._place: Place | None = None
        self._users: FileLock | None = None
        self._keeper: int | None = None
        self.dsn: str | None = None

    @property
    def place(self) -> Place:
        """Where the server's folder really lies; known once start was called."""
        assert self._place is not None, "start() settles the place"
        return self._place

    async def start(self) -> str:
        """Bring the server up, or join the one that is; the DSN names the application's database on its socket."""
        assert self._users is None, "started twice"
        self._place = await uninterrupted(asyncio.to_thread(settle, self._wanted, self._elsewhere))
        gate = FileLock(self.place.lock("start"), self.place.account.owner)
        try:
            await gate.exclusive(WAIT_FOR_OTHERS)
            self._users = FileLock(self.place.lock("users"), self.place.account.owner)
            await self._users.shared(WAIT_FOR_OTHERS)
            if not is_held(self.place.lock("keeper")):
                await uninterrupted(asyncio.to_thread(self._launch))
            await self._answer()
            socket = leftovers.recorded_socket(self.place)
            assert socket is not None, "a server that answers has its socket written down"
            self.dsn = dsn_of(socket)
        except BaseException:
            self._leave()
            raise
        finally:
            gate.close()
        return self.dsn

    async def stop(self) -> None:
        """Give up the hold; returns when the server has ended, or at once while somebody else uses it."""
        if self._users is None:
            return
        await uninterrupted(self._stop())

    async def erase(self) -> None:
        """Delete the server's folder with all its data; refuses while anybody uses it."""
        await self.stop()
        place = await uninterrupted(asyncio.to_thread(settle, self._wanted, self._elsewhere))
        gate = FileLock(place.lock("start"), place.account.owner)
        users = FileLock(place.lock("users"), place.account.owner)
        try:
            if not (gate.try_exclusive() and users.try_exclusive()):
                code, detail = "database-in-use", f"the database in {place.folder} is in use"
                raise Conflict(code, detail)
            await uninterrupted(asyncio.to_thread(_erase, place))
        finally:
            users.close()
            gate.close()

    async def _stop(self) -> None:
        assert self._users is not None, "only a user can leave"
        gate = FileLock(self.place.lock("start"), self.place.account.owner)
        try:
            await gate.exclusive(WAIT_FOR_OTHERS)
            # Nobody comes in now. Alone, or outrun by the keeper that found nobody: the server is about to end.
            last = self._users.try_exclusive() or not self._users.try_shared()
            self._leave()
            if last:
                ended = FileLock(self.place.lock("keeper"), self.place.account.owner)
                try:
                    await ended.exclusive(WAIT_FOR_OTHERS)
                    await asyncio.to_thread(leftovers.clear, self.place)
                finally:
                    ended.close()
            self._reap(wait=last)
        finally:
            self._leave()
            gate.close()

    def _leave(self) -> None:
        if self._users is not None:
            self._users.close()
        self._users, self.dsn = None, None

    def _reap(self, *, wait: bool = False) -> bool:
        """Take note of the end of a keeper we started; say whether it has ended."""
        if self._keeper is None:
            return False
        try:
            ended = os.waitpid(self._keeper, 0 if wait else os.WNOHANG)[0] != 0
        except ChildProcessError:  # somebody else waited for it
            ended = True
        if ended:
            self._keeper = None
        return ended

    def _launch(self) -> None:
        place = self.place
        leftovers.clear(place)
        binaries = binaries_for(place.account, self._cache)
        if not has_cluster(place.folder):
            make_cluster(place, binaries, checksums=self._checksums, sync=self._settings["fsync"] == "on")
        socket = make_socket_folder(place)
        FileLock(place.lock("keeper"), place.account.owner).close()  # made by us, with the right owner
        settings = {**self._settings, "unix_socket_directories": str(socket)}
        command = [str(binaries.postgres), "-D", str(place.cluster)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        order = {
            "command": command,
            "environment": CHILD_ENVIRONMENT,
            "owner": place.account.owner,
            "folder": str(place.folder),
            "socket": str(socket),
        }
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            self._keeper = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-S", str(Path(keeper.__file__)), json.dumps(order)],
                {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH", "LANG") if key in os.environ},
                file_actions=[(os.POSIX_SPAWN_DUP2, nothing, number) for number in (0, 1, 2)],
                setsid=True,
            )
        finally:
            os.close(nothing)

    async def _answer(self) -> None:
        """Wait until the server answers a query, and make the application's database when it is new."""
        try:
            async with asyncio.timeout(WAIT_FOR_ANSWER):
                while True:
                    connection = await self._connect()
                    if connection is not None:
                        break
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise Unavailable(self._last_words("does not answer")) from None
        try:
            known = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE)
            if known is None:
                await connection.execute("CREATE DATABASE marketplace")
        finally:
            await connection.close(timeout=5)

    async def _connect(self) -> asyncpg.Connection[asyncpg.Record] | None:
        socket = leftovers.recorded_socket(self.place)
        if socket is not None:
            with contextlib.suppress(OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
                return await asyncpg.connect(dsn_of(socket, "postgres"), timeout=10, ssl=False)
        if self._reap():
            raise Unavailable(self._last_words("did not start"))
        if self._keeper is None and not is_held(self.place.lock("keeper")):
            raise Unavailable(self._last_words("has just ended"))
        return None

    def _last_words(self, what: str) -> str:
        words = ""
        with contextlib.suppress(FileNotFoundError):
            words = self.place.log.read_text(encoding="utf-8", errors="replace")[-LONGEST_LOG_SHOWN:]
        return f"the embedded PostgreSQL in {self.place.folder} {what}\n{words}".rstrip()


@contextlib.asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[str]:
    """Use the server of a folder for the length of the block; gives its DSN."""
    server = EmbeddedPostgres(folder)
    dsn = await server.start()
    try:
        yield dsn
    finally:
        await server.stop()


def dsn_of(socket: Path, database: str = DATABASE) -> str:
    """Write the DSN of a database behind a socket folder (any characters in its path are escaped)."""
    return f"postgresql://{ROLE}@/{quote(database, safe='')}?host={quote(str(socket), safe='')}&port=5432"


def make_cluster(place: Place, binaries: Binaries, *, checksums: bool, sync: bool) -> None:
    """Make the cluster: UTF-8, the builtin C.UTF-8 order on every machine, checksums; complete or absent."""
    draft = place.folder / f"cluster.new-{os.getpid()}"
    draft.mkdir(mode=0o700)
    place.account.hand_over(draft)
    command = [
        *(str(binaries.initdb), "-D", str(draft), "-U", ROLE, "--auth=trust", "--encoding=UTF8"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
        "--data-checksums" if checksums else "--no-data-checksums",
        *(() if sync else ("--no-sync",)),
    ]
    done = subprocess.run(  # noqa: S603 - our own program and paths
        command, check=False, capture_output=True, timeout=120, **place.account.child_options()
    )
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        message = f"initdb failed in {place.folder}: {done.stderr.decode(errors='replace')[-LONGEST_LOG_SHOWN:]}"
        raise Unavailable(message)
    draft.rename(place.cluster)


def _erase(place: Place) -> None:
    """Remove what we made, lock files last; the folder itself goes when nothing of others is in it."""
    leftovers.clear(place)
    shutil.rmtree(place.cluster, ignore_errors=True)
    shutil.rmtree(place.folder / "socket", ignore_errors=True)
    names = ("server.log", "server.log.1", "keeper.lock", "users.lock", "start.lock")
    for name in names:
        (place.folder / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        place.folder.rmdir()
