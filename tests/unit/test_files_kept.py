"""Both storages keep the same promise: durable before they return, whole or nothing, swept by age."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from commons.errors import Unavailable
from marketplace.files.disk import NEW, DiskFiles
from marketplace.files.opened import open_files
from marketplace.files.place import read_bucket
from marketplace.files.port import Files, place_of
from marketplace.files.s3 import S3Files
from marketplace.settings import Settings
from tests.reference.s3 import Serving, s3

BODY = b"a file"
DIGEST = sha256(BODY).hexdigest()
SOON = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def serving() -> Iterator[Serving]:
    with s3() as one:
        yield one


@pytest.fixture(params=["disk", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path, serving: Serving) -> Files:
    """Each storage in turn, as the settings open it."""
    store = serving.address if request.param == "s3" else None
    return open_files(Settings(data_dir=tmp_path, file_store=store))


async def test_what_was_put_is_had_again(files: Files) -> None:
    assert not await files.holds(DIGEST)
    await files.put(DIGEST, BODY)
    await files.put(DIGEST, BODY)
    assert await files.holds(DIGEST)
    assert await files.get(DIGEST) == BODY
    await files.remove(DIGEST)
    await files.remove(DIGEST)
    assert not await files.holds(DIGEST)
    with pytest.raises(Unavailable):
        await files.get(DIGEST)


async def test_nothing_is_kept_under_a_hash_of_other_bytes(files: Files) -> None:
    with pytest.raises(Unavailable):
        await files.put("0" * 64, BODY)
    assert not await files.holds("0" * 64)


async def test_the_old_are_listed_in_pages_by_their_hash(files: Files) -> None:
    bodies = {sha256(body).hexdigest(): body for body in (bytes([one]) for one in range(7))}
    for digest, body in bodies.items():
        await files.put(digest, body)
    found: list[str] = []
    while page := await files.older(SOON, after=found[-1] if found else "", limit=3):
        assert len(page) <= 3
        found += page
    assert found == sorted(bodies)
    assert await files.older(datetime.now(UTC) - timedelta(hours=1), after="", limit=9) == ()


async def test_altered_bytes_are_never_handed_out(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path)
    await files.put(DIGEST, BODY)
    (tmp_path / place_of(DIGEST)).write_bytes(b"b file")
    with pytest.raises(Unavailable):
        await files.get(DIGEST)


async def test_a_storage_that_is_down_or_refuses_is_unavailable_and_says_no_secret(serving: Serving) -> None:
    files = open_files(Settings(file_store=serving.address))
    serving.storage.secret = "another"
    with pytest.raises(Unavailable) as refused:
        await files.put(DIGEST, BODY)
    assert "reference" not in str(refused.value)
    assert serving.storage.refused > 0
    assert not serving.storage.objects
    bucket = read_bucket(serving.address)
    assert "reference-secret" not in repr(bucket)
    assert "reference-secret" not in repr(Settings(file_store=serving.address))


@pytest.mark.parametrize(
    "address",
    ["", "s3://key@host/bucket", "s3+http://key:secret@elsewhere.example/bucket", "https://host/bucket",
     "s3://key:secret@host/B", "s3+http://a:b@127.0.0.1.evil.example/bucket"],
)  # fmt: skip
def test_what_is_no_bucket_is_not_read(address: str) -> None:
    assert read_bucket(address) is None


def test_a_bucket_elsewhere_is_reached_encrypted() -> None:
    bucket = read_bucket("s3://key:sec%2Fret@oss.example/bucket-1?region=cn-east")
    assert bucket is not None
    assert (bucket.endpoint, bucket.name, bucket.region) == ("https://oss.example", "bucket-1", "cn-east")
    assert bucket.secret_key == "sec/ret"
    assert isinstance(S3Files(bucket), S3Files)


WRITER = """
import asyncio, sys
from hashlib import sha256
from pathlib import Path
from marketplace.files.disk import DiskFiles

async def main():
    files, number = DiskFiles(Path(sys.argv[1])), 0
    while True:
        body = number.to_bytes(4, "big") * 50_000
        digest = sha256(body).hexdigest()
        await files.put(digest, body)
        print(digest, flush=True)
        number += 1

asyncio.run(main())
"""


def killed_while_writing(root: Path) -> list[str]:
    """Start a writer, kill it a moment later; every hash it said was kept."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(5)]
    os.kill(process.pid, signal.SIGKILL)
    said += process.stdout.read().splitlines(keepends=True)
    process.wait()
    return [line.strip() for line in said if line.endswith("\n")]


async def test_a_killed_writer_loses_nothing_it_acknowledged_and_leaves_nothing_half(tmp_path: Path) -> None:
    acknowledged = await asyncio.to_thread(killed_while_writing, tmp_path)
    files = DiskFiles(tmp_path)
    for digest in acknowledged:
        assert len(await files.get(digest)) == 200_000
    for digest in await files.older(SOON, after="", limit=10_000):
        await files.get(digest)
    assert not list((tmp_path / NEW).glob("*")), "the sweep took what was left behind"
