"""A market is backed up, restored into an empty database, and is the same one: counts, hashes, chains, acts."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import pytest_asyncio

from commons.errors import Conflict, Unavailable
from commons.events import Actor
from marketplace.backups.folder import SUMS, damages
from marketplace.database import Database
from marketplace.files.disk import DiskFiles
from marketplace.identity.identifiers import DEVELOPMENT, Identifiers
from marketplace.usecases.act import Caller
from marketplace.usecases.attach_file import AttachFile, FileAttached, attach_file
from marketplace.usecases.back_up import BackupMade, back_up
from marketplace.usecases.open_account import OpenAccount, open_account
from marketplace.usecases.restore_backup import Restored, restore_backup
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.signing_in import Device
from marketplace.usecases.verify_backup import Verified, verify_backup
from tests.store.fixtures import fresh
from tests.unit.file_samples import pdf
from tests.usecases.market import Market, agency, now, sealed_terms, until

SYSTEM = Caller(Actor("system", "cli"))


@dataclass
class Ground:
    """A filled market, another empty database, and a place for backups."""

    market: Market
    empty: Database
    folder: Path
    files: DiskFiles
    other_files: DiskFiles

    async def back_up(self) -> BackupMade:
        return await back_up(self.market.database, SYSTEM, self.folder, files=self.files, identifiers=DEVELOPMENT)

    async def restore(self, identifiers: Identifiers = DEVELOPMENT) -> Restored:
        return await restore_backup(self.empty, SYSTEM, self.folder, files=self.other_files, identifiers=identifiers)

    async def verify(self) -> Verified:
        return await verify_backup(self.empty, SYSTEM, self.folder, files=self.other_files)

    async def is_empty(self) -> bool:
        async with self.empty.borrow() as connection:
            return bool(await connection.fetchval("SELECT NOT EXISTS (SELECT FROM record_event)"))


async def fill(market: Market) -> str:
    """Agencies, a selection decided, a restriction, a shelf offer, an account; the selection."""
    published = await market.publish(sealed_terms(), close_s=2.2, sign_up_s=1.5)
    closed = now() + timedelta(seconds=2.2)
    for number in (1, 2, 3, 4):
        await market.file(number)
        await market.sign_up(published.selection, number)
        await market.offer(published.selection, number, 9_000_000 + number * 100_000)
    await market.shelve(2, 5_000)
    await market.restrict(4)
    account = OpenAccount(login="somebody", password="four different words", name="某人（示例）")
    await open_account(market.database, account, Device("192.0.2.1"), identifiers=DEVELOPMENT)
    await until(closed)
    await settle_selection(market.database, published.selection)
    return published.selection


@pytest_asyncio.fixture
async def ground(
    database: Database, database_server: str, migrated_template: str, tmp_path: Path
) -> AsyncIterator[Ground]:
    async with fresh(database_server, migrated_template) as dsn:
        empty = await Database.open(dsn)
        try:
            yield Ground(
                Market(database), empty, tmp_path / "backup", DiskFiles(tmp_path / "files"), DiskFiles(tmp_path / "new")
            )
        finally:
            await empty.close()


async def test_a_restored_market_is_the_same_and_goes_on(ground: Ground) -> None:
    await fill(ground.market)
    await attach(ground)
    made = await ground.back_up()
    assert made.manifest.rows > 50
    assert len(made.manifest.files) == 2
    restored = await ground.restore()
    assert (restored.manifest, restored.is_key_same) == (made.manifest, True)
    verified = await ground.verify()
    assert (verified.differing, verified.chains.broken) == ((), ())
    counts = {one.name: one.rows for one in made.manifest.tables}
    assert (verified.chains.events, counts["agency"], counts["account"]) == (counts["record_event"], 4, 1)
    assert "session" not in counts
    await ground.market.shelve(1, 6_000)
    again = Market(ground.empty)
    await again.file(5)
    await again.restrict(3)
    later = await ground.verify()
    assert not later.is_whole
    assert any(one.startswith("agency: 4 → 5") for one in later.differing), later.differing
    assert later.chains.broken == ()
    assert later.chains.events > verified.chains.events


async def test_only_an_empty_database_is_restored_into(ground: Ground) -> None:
    await ground.market.file(1)
    await ground.back_up()
    await Market(ground.empty).file(7)
    with pytest.raises(Conflict, match="rows in") as refused:
        await ground.restore()
    assert refused.value.code == "target_not_empty"


async def attach(ground: Ground) -> None:
    """A file of an agency's."""
    body = pdf()
    command = AttachFile(name="成果.pdf", sha256=sha256(body).hexdigest())
    done = await attach_file(ground.market.database, ground.files, agency(1), command, body)
    assert isinstance(done, FileAttached), done


async def test_a_backup_never_overwrites_and_leaves_nothing_half_made(ground: Ground) -> None:
    await ground.market.file(1)
    await attach(ground)
    for place in (ground.folder.parent / "files").rglob("*"):
        if place.is_file():
            await asyncio.to_thread(place.write_bytes, b"altered")
    with pytest.raises(Unavailable, match="altered"):
        await ground.back_up()
    assert sorted(one.name for one in ground.folder.parent.iterdir()) == ["files"]
    await asyncio.to_thread(ground.folder.mkdir)
    with pytest.raises(Conflict) as refused:
        await ground.back_up()
    assert refused.value.code == "backup_exists"


async def test_any_altered_byte_is_found_before_anything_is_written(ground: Ground) -> None:
    await ground.market.file(1)
    await attach(ground)
    await ground.back_up()
    done = await asyncio.create_subprocess_exec("sha256sum", "--check", "--quiet", SUMS, cwd=ground.folder)
    assert await done.wait() == 0
    paths = [path for path in ground.folder.rglob("*") if path.is_file()]
    for path in paths:
        kept = path.read_bytes()
        path.write_bytes(kept[:-1] + bytes((kept[-1] ^ 1,)))
        assert damages(ground.folder), f"{path} was altered"
        path.write_bytes(kept)
    first = next(path for path in paths if path.name == "agency.copy.gz")
    for harm in (first.unlink, lambda: (ground.folder / "more").write_bytes(b"")):
        kept = first.read_bytes()
        harm()
        with pytest.raises(Conflict) as refused:
            await ground.restore()
        assert refused.value.code == "backup_damaged"
        first.write_bytes(kept)
    assert await ground.is_empty()


def reseal(folder: Path) -> None:
    """Somebody clever writes the list of hashes anew."""
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != SUMS
    ]
    (folder / SUMS).write_text("".join(lines), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"sha256": "', '"sha256": "0', "backup_damaged"),
        ('"rows": 1,', '"rows": 2,', "backup_damaged"),
        ('"marketplace:', '"marketplace:0', "schema_differs"),
        ('"format": "shepi-backup-v1"', '"format": "shepi-backup-v9"', "backup_damaged"),
    ],
)
async def test_a_manifest_that_says_something_else_restores_nothing(
    ground: Ground, old: str, new: str, code: str
) -> None:
    await ground.market.file(1)
    await ground.back_up()
    path = ground.folder / "manifest.json"
    text = path.read_text("utf-8")
    assert old in text
    await asyncio.to_thread(path.write_text, text.replace(old, new, 1), "utf-8")
    reseal(ground.folder)
    with pytest.raises(Conflict) as refused:
        await ground.restore()
    assert refused.value.code == code
    assert await ground.is_empty()


async def test_another_key_is_noticed_and_an_altered_record_is_found(ground: Ground) -> None:
    await ground.market.file(1)
    await ground.market.restrict(1)
    await ground.back_up()
    assert not (await ground.restore(Identifiers.of("ab" * 32))).is_key_same
    async with ground.empty.transaction() as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(
            "UPDATE record_event SET data = data || '{\"name\": \"别人（示例）\"}' WHERE type = 'agency.filed'"
        )
        await connection.execute("DELETE FROM record_event WHERE subject LIKE 'restriction/%' AND seq = 1")
    verified = await ground.verify()
    assert any("altered" in one for one in verified.chains.broken), verified.chains
    assert any(one.startswith("record_event") for one in verified.differing)


async def test_what_a_backup_holds_is_told_by_its_manifest(ground: Ground) -> None:
    await ground.market.file(1)
    made = await ground.back_up()
    told = json.loads((ground.folder / "manifest.json").read_text("utf-8"))
    assert told["format"] == "shepi-backup-v1"
    assert {one["name"] for one in told["tables"]} >= {"agency", "record_event", "account", "access_entry"}
    assert dataclasses.asdict(made)["bytes"] > 0
    assert (ground.folder.stat().st_mode & 0o077) == 0
    async with ground.market.database.borrow() as connection:
        about = await connection.fetchrow("SELECT actor, what FROM access_entry ORDER BY place DESC LIMIT 1")
    assert tuple(about) == ("system:cli", "back-up")
