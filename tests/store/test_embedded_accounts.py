from __future__ import annotations

import os
import pwd
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from commons.errors import Unavailable
from marketplace.embedded import binaries
from marketplace.embedded import server as server_module
from marketplace.embedded.account import Account, account_for
from marketplace.embedded.binaries import Binaries, binaries_for, wheel_binaries
from marketplace.embedded.place import elsewhere, settle
from marketplace.embedded.server import EmbeddedPostgres
from tests.store.fixtures import HASTY
from tests.store.processes import AS_ROOT, gone, hold, mode_of, nothing_left, owner_of, root

__all__ = ["root"]

needs_root = pytest.mark.skipif(not AS_ROOT, reason="only root drops to another account")
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def locked(root: Path) -> Path:
    """A folder that only root may enter, as a home is."""
    folder = root / "home"
    folder.mkdir(mode=0o700)
    return folder


@needs_root
async def test_data_below_a_closed_parent_are_placed_elsewhere_and_nothing_is_opened(
    root: Path, locked: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = locked / "checkout" / ".data"
    made = EmbeddedPostgres(wanted, settings=HASTY, elsewhere=root / "elsewhere", cache=root / "cache")
    await made.start()
    there = elsewhere(wanted, root / "elsewhere")
    assert made.place.folder == there
    assert str(there) in caplog.text
    assert mode_of(there) == 0o700
    assert owner_of(there) != 0
    assert (mode_of(locked), owner_of(locked)) == (0o700, 0)
    neighbour = EmbeddedPostgres(wanted, settings=HASTY, elsewhere=root / "elsewhere", cache=root / "cache")
    await neighbour.start()
    assert neighbour.place == made.place
    await neighbour.stop()
    await made.stop()
    assert await nothing_left(made)
    await made.erase()
    assert not there.exists()


@pytest.mark.parametrize("closed", [False, True])
def test_starts_at_the_same_moment_settle_on_one_place(root: Path, locked: Path, closed: bool) -> None:
    for number in range(10):
        wanted = (locked if closed else root) / f"data-{number}"
        with ThreadPoolExecutor(8) as pool:
            places = set(pool.map(settle, [wanted] * 8, [root / "elsewhere"] * 8))
        (place,) = places
        assert (place.folder == wanted) != (closed and AS_ROOT)
        assert mode_of(place.folder) == 0o700
        assert owner_of(place.folder) == (os.geteuid() if place.account.uid is None else place.account.uid)
    assert not list(root.glob("**/.shepi-*"))


@needs_root
async def test_a_place_once_chosen_stays_when_the_parent_is_opened_later(root: Path, locked: Path) -> None:
    made = EmbeddedPostgres(locked / "data", settings=HASTY, elsewhere=root / "elsewhere")
    await made.start()
    await made.stop()
    open_to_all(locked)
    assert settle(locked / "data", root / "elsewhere").folder == elsewhere(locked / "data", root / "elsewhere")


@needs_root
async def test_data_whose_parent_was_closed_later_are_an_error_and_not_an_empty_database(root: Path) -> None:
    home = root / "home"
    home.mkdir(mode=0o755)
    made = EmbeddedPostgres(home / "data", settings=HASTY, elsewhere=root / "elsewhere")
    await made.start()
    await made.stop()
    home.chmod(0o700)
    with pytest.raises(Unavailable, match="can no longer reach"):
        await made.start()


@needs_root
async def test_binaries_below_a_closed_parent_are_copied_once_and_run(
    root: Path, locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = wheel_binaries()
    site = wheel.folder.parents[1]
    for name in (binaries.PACKAGE, f"{binaries.PACKAGE}.libs"):
        (locked / name).symlink_to(site / name)
    closed = Binaries(locked / binaries.PACKAGE / binaries.INSTALLATION, wheel.version)
    monkeypatch.setattr(binaries, "wheel_binaries", lambda: closed)
    account = account_for(root / "none")
    copy = binaries_for(account, root / "cache")
    assert root / "cache" in copy.folder.parents
    first = copy.postgres.stat().st_ino
    assert binaries_for(account, root / "cache").postgres.stat().st_ino == first
    assert owner_of(copy.postgres) == 0
    assert mode_of(copy.postgres) == 0o755
    assert (mode_of(locked), owner_of(locked)) == (0o700, 0)
    assert server_module.binaries_for is binaries_for
    made = EmbeddedPostgres(root / "data", settings=HASTY, cache=root / "cache")
    await made.start()
    assert program_of(made) == copy.postgres
    await made.stop()


def program_of(made: EmbeddedPostgres) -> Path:
    pid = int((made.place.cluster / "postmaster.pid").read_text().splitlines()[0])
    return Path(f"/proc/{pid}/exe").readlink()


def open_to_all(folder: Path) -> None:
    folder.chmod(0o755)


@needs_root
def test_a_cache_that_others_may_write_is_refused(root: Path, locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = wheel_binaries()
    (locked / binaries.PACKAGE).symlink_to(wheel.folder.parent)
    monkeypatch.setattr(
        binaries, "wheel_binaries", lambda: Binaries(locked / binaries.PACKAGE / wheel.folder.name, wheel.version)
    )
    cache = root / "cache"
    cache.mkdir()
    cache.chmod(0o777)
    with pytest.raises(Unavailable, match="root alone"):
        binaries_for(account_for(root / "none"), cache)


@needs_root
def test_root_runs_an_existing_cluster_as_its_owner(root: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    assert account_for(root / "cluster") == Account(nobody.pw_uid, nobody.pw_gid)
    cluster = root / "cluster"
    cluster.mkdir()
    os.chown(cluster, 12345, 12346)
    assert account_for(cluster) == Account(12345, 12346)


@needs_root
async def test_a_plain_user_runs_the_server_as_itself_and_root_may_join(root: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    account = Account(nobody.pw_uid, nobody.pw_gid)
    python = interpreter_for(account)
    mine = root / "mine"
    mine.mkdir(mode=0o700)
    os.chown(mine, nobody.pw_uid, nobody.pw_gid)
    site = wheel_binaries().folder.parents[1]
    options = {**account.child_options(), "env": {"PYTHONPATH": f"{PROJECT}:{site}", "PATH": os.defpath}}
    del options["stdin"]
    holder = await hold(mine / "data", python=python, **options)
    assert owner_of(Path(f"/proc/{holder.process.pid}")) == nobody.pw_uid
    assert owner_of(Path(f"/proc/{holder.said['keeper']}")) == nobody.pw_uid
    assert owner_of(Path(f"/proc/{holder.said['postmaster']}")) == nobody.pw_uid
    joined = EmbeddedPostgres(mine / "data")
    assert await joined.start() == holder.said["dsn"]
    await holder.leave()
    await joined.stop()
    assert await gone(holder.said["keeper"], holder.said["postmaster"], within=0)
    again = await hold(mine / "data", python=python, **options)  # nothing that root made stands in the user's way
    await again.leave()
    assert again.process.returncode == 0


def interpreter_for(account: Account) -> str:
    """Find a Python of our version that the account can run with this checkout, or skip."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = wheel_binaries().folder.parents[1]
    for candidate in (sys.executable, shutil.which(version, path="/usr/local/bin:/usr/bin")):
        program = f"import sys; sys.path[:0] = [{str(PROJECT)!r}, {str(site)!r}]; import asyncpg, marketplace.database"
        if candidate and account.runs([candidate, "-c", program]):
            return candidate
    pytest.skip("no Python of this version with this checkout can be run by another account here")
