"""Attachments over HTTP: judged by content, bounded by quota, read by whom they concern; no row points at nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from commons.errors import Forbidden, Malformed, NotFound
from commons.events import Actor
from marketplace.app import create_app
from marketplace.attachments import judging
from marketplace.database import Database
from marketplace.files.disk import DiskFiles
from marketplace.files.opened import FOLDER
from marketplace.files.port import place_of
from marketplace.identity.permissions import Badge
from marketplace.settings import Settings
from marketplace.usecases import attach_file as attaching
from marketplace.usecases.act import Caller
from marketplace.usecases.attach_file import AttachFile, FileAttached, attach_file
from marketplace.usecases.attached import attached, refer_to
from marketplace.usecases.read_attachment import read_attachment
from marketplace.usecases.sweep_files import sweep_files
from tests.unit.file_samples import SECRET, office, pdf
from tests.usecases.market import PROFILE, agency, code
from tests.web_api.caller import agency as agency_header
from tests.web_api.caller import problem

NAME = "报告.docx"


@pytest.fixture
def files(tmp_path: Path) -> DiskFiles:
    return DiskFiles(tmp_path / FOLDER)


@pytest_asyncio.fixture
async def client(database: Database, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The site with a data folder of its own."""
    app = create_app(Settings(profile=PROFILE, data_dir=tmp_path), database)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as one:
        yield one


async def send(client: httpx.AsyncClient, body: bytes, actor: str, **headers: str) -> httpx.Response:
    return await client.post(
        "/api/v1/attachments",
        params={"name": NAME},
        content=body,
        headers={"X-Development-Actor": actor, "Content-Type": "application/octet-stream", **headers},
    )


async def read(client: httpx.AsyncClient, identifier: str, actor: str | None = None, **query: Any) -> httpx.Response:
    headers = {} if actor is None else {"X-Development-Actor": actor}
    return await client.get(f"/api/v1/attachments/{identifier}", headers=headers, params=query)


async def add(database: Database, files: DiskFiles, body: bytes, number: int = 1) -> FileAttached:
    command = AttachFile(name=NAME, sha256=sha256(body).hexdigest())
    done = await attach_file(database, files, agency(number), command, body)
    assert isinstance(done, FileAttached)
    return done


async def test_a_file_is_kept_and_read_by_whom_it_concerns(client: httpx.AsyncClient, database: Database) -> None:
    body, mine = office(), agency_header(1)
    sent = await send(client, body, mine)
    assert sent.status_code == 201, sent.text
    made = sent.json()
    assert (made["kind"], made["name"], made["size"]) == ("docx", NAME, len(body))
    assert made["sha256"] == sha256(body).hexdigest()
    own = await read(client, made["attachment"], mine)
    assert own.content == body
    assert own.headers["content-type"].startswith("application/vnd.openxmlformats-officedocument.wordprocessingml")
    assert own.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E6%8A%A5")
    assert own.headers["x-content-type-options"] == "nosniff"
    assert own.headers["content-security-policy"] == "sandbox; default-src 'none'"
    for actor in (None, agency_header(2), "regulator:R1", "operator:O1"):
        problem(await read(client, made["attachment"], actor), 404)
    assert (await read(client, made["attachment"], "auditor:A1")).content == body
    await refer(database, made["attachment"], parties=(f"agency:{code(2)}",))
    assert (await read(client, made["attachment"], agency_header(2))).content == body
    problem(await read(client, made["attachment"]), 404)
    await refer(database, made["attachment"], is_public=True, subject="demand/D2")
    public = await read(client, made["attachment"])
    assert sha256(public.content).hexdigest() == made["public_sha256"] != made["sha256"]
    assert SECRET.encode() not in public.content
    assert (await read(client, made["attachment"], mine, copy="true")).content == public.content


async def refer(database: Database, identifier: str, subject: str = "contract/C1", **how: Any) -> None:
    async with database.transaction() as connection:
        found = await attached(connection, agency(1), [identifier])
        await refer_to(connection, found, subject=subject, at=datetime.now(UTC), **how)


async def test_what_is_no_file_of_these_is_refused_and_nothing_is_kept(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    for body, expected in (
        (b"hello", "file_kind"), (b"", "file_empty"), (pdf(password="x"), "file_unreadable"),
    ):  # fmt: skip
        refused = problem(await send(client, body, agency_header(1)), 422)
        assert [one["code"] for one in refused["reasons"]] == [expected]
        assert refused["reasons"][0]["words"] != expected
    problem(await send(client, b"a", "public:P1"), 403)
    problem(await send(client, pdf(), agency_header(1), **{"Content-Type": "text/plain"}), 415)
    problem(await send(client, bytes(21 * 1024 * 1024), agency_header(1)), 413)
    assert not (tmp_path / FOLDER).exists()


async def test_the_same_upload_under_one_key_has_one_effect(client: httpx.AsyncClient, database: Database) -> None:
    key = {"Idempotency-Key": "one"}
    first, again = [await send(client, pdf(), agency_header(1), **key) for _ in range(2)]
    assert first.json() == again.json()
    problem(await send(client, pdf(pages=2), agency_header(1), **key), 422)
    async with database.borrow() as connection:
        assert await connection.fetchval("SELECT count(*) FROM attachment") == 1
        told = await connection.fetchrow("SELECT data, private FROM record_event WHERE type = 'file.attached'")
    assert told is not None
    assert set(told["data"]) == {"sha256", "public_sha256", "kind", "size"}
    assert told["private"] == {"name": "报告.docx.pdf"}


async def test_a_day_has_room_for_so_much_and_two_at_once_gain_nothing(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = attaching.store.insert

    async def slow(*given: Any) -> None:
        await asyncio.sleep(0.1)
        await real(*given)

    monkeypatch.setattr(attaching.store, "insert", slow)
    monkeypatch.setattr(judging, "MAX_FILES_A_DAY", 1)
    sent = await asyncio.gather(*(send(client, pdf(pages=one), agency_header(1)) for one in range(1, 5)))
    assert sorted(one.status_code for one in sent) == [201, 422, 422, 422]
    assert (await send(client, pdf(), agency_header(2))).status_code == 201


async def test_an_act_refers_to_files_of_its_own_caller_alone(database: Database, files: DiskFiles) -> None:
    one, two = await add(database, files, pdf()), await add(database, files, pdf(pages=2))
    async with database.transaction() as connection:
        found = await attached(connection, agency(1), [two.attachment, one.attachment])
        assert [each.id for each in found] == [two.attachment, one.attachment]
        with pytest.raises(Forbidden):
            await attached(connection, agency(2), [one.attachment])
        with pytest.raises(NotFound):
            await attached(connection, agency(1), ["F0"])
        with pytest.raises(Malformed):
            await attached(connection, agency(1), [one.attachment] * 2)


async def test_regulators_read_originals_in_their_region_alone(database: Database, files: DiskFiles) -> None:
    one = await add(database, files, pdf())
    await refer(database, one.attachment, region="330304")

    def regulator(region: str) -> Caller:
        return Caller(Actor("regulator", "R1"), badge=Badge("P1", region=region))

    assert (await read_attachment(database, files, regulator("330300"), one.attachment)).is_original
    with pytest.raises(NotFound):
        await read_attachment(database, files, regulator("330100"), one.attachment)


async def test_a_sweep_takes_what_no_row_points_at_and_nothing_else(
    database: Database, files: DiskFiles, tmp_path: Path
) -> None:
    kept = await add(database, files, pdf())
    orphan = b"left behind"
    await files.put(sha256(orphan).hexdigest(), orphan)
    assert await sweep_files(database, files) == 0, "younger than the grace"
    assert await sweep_files(database, files, grace=timedelta(days=-1)) == 1
    assert not (tmp_path / FOLDER / place_of(sha256(orphan).hexdigest())).exists()
    assert await files.holds(kept.sha256)
    assert await files.holds(kept.public_sha256)


async def test_a_sweep_between_the_file_and_its_row_leaves_no_row_that_points_at_nothing(
    database: Database, files: DiskFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[int] = []

    async def perform(*given: Any) -> Any:
        if not swept:
            swept.append(await sweep_files(database, files, grace=timedelta(days=-1)))
        return await real(*given)

    real = attaching.perform
    monkeypatch.setattr(attaching, "perform", perform)
    made = await add(database, files, pdf())
    assert swept == [2], "both forms were taken before the row"
    assert await files.holds(made.sha256)
    assert await files.holds(made.public_sha256)


async def test_an_upload_that_stops_before_its_row_leaves_no_row_and_can_be_sent_again(
    database: Database, files: DiskFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stop(*_: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched, pytest.raises(asyncio.CancelledError):
        patched.setattr(attaching, "perform", stop)
        await add(database, files, pdf())
    async with database.borrow() as connection:
        assert await connection.fetchval("SELECT count(*) FROM attachment") == 0
    assert await files.holds(sha256(pdf()).hexdigest())
    assert (await add(database, files, pdf())).sha256 == sha256(pdf()).hexdigest()
