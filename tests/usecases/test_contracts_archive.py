"""The archive package: everything of a contract in one file, the same each time, and any change to it is found."""

from __future__ import annotations

import asyncio
import io
import json
import sys
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from commons.canonical import canonical
from commons.errors import Forbidden, NotFound
from commons.events import Actor
from marketplace.contracts.archive import INDEX, index_of
from marketplace.database import Database
from marketplace.files.disk import DiskFiles
from marketplace.publication.check_archive import NO_PACKAGE, WRONG, check, main
from marketplace.publication.packing import pack
from marketplace.usecases.act import Caller
from marketplace.usecases.archive_contract import ArchiveContract, archive_contract
from marketplace.usecases.attach_file import AttachFile, FileAttached, attach_file
from marketplace.usecases.contract_desk import ContractMoved
from marketplace.usecases.hand_in_result import HandInResult, hand_in_result
from marketplace.usecases.read_attachment import read_attachment
from marketplace.usecases.read_contract_archive import Package, read_contract_archive
from tests.unit.file_samples import pdf
from tests.usecases.contracted import AGENCY, OWNER_CALLER, STRANGER, Deal, awarded, codes, shorten
from tests.usecases.market import REGULATOR, Market

AUDITOR = Caller(Actor("auditor", "A1"))


async def archive(deal: Deal) -> Any:
    return await archive_contract(deal.database, OWNER_CALLER, ArchiveContract(contract=deal.id))


async def read(deal: Deal, caller: Caller = OWNER_CALLER) -> Package:
    return await read_contract_archive(deal.database, None, caller, deal.id)


@pytest.fixture
async def deal(database: Database) -> Deal:
    made = Deal(database, await awarded(Market(database)))
    await made.sign()
    await made.visit()
    await made.hand_in()
    await made.accept()
    await made.rate()
    return made


async def test_a_contract_is_archived_once_nobody_can_say_anything_more(deal: Deal) -> None:
    with pytest.raises(NotFound):
        await read(deal)
    assert codes(await archive(deal)) == ("rating_answer_is_awaited",)
    await deal.reply()
    done = await archive(deal)
    assert isinstance(done, ContractMoved)
    assert done.state == "archived"
    assert codes(await archive(deal)) == ("not_in_this_state",)
    other = Deal(deal.database, await awarded(Market(deal.database), file=False))
    await other.sign()
    await other.hand_in()
    await other.accept()
    assert codes(await archive(other)) == ("rating_is_awaited",)


async def test_the_package_is_the_same_each_time_and_everything_in_it_is_right(deal: Deal, tmp_path: Path) -> None:
    await deal.reply()
    await archive(deal)
    first, again = [pack((await read(deal, caller)).members) for caller in (OWNER_CALLER, AGENCY)]
    assert first == again
    assert pack((await read(deal, REGULATOR)).members) == pack((await read(deal, AUDITOR)).members) == first
    with pytest.raises(Forbidden):
        await read(deal, STRANGER)
    path = tmp_path / "package.zip"
    path.write_bytes(first)
    asked = "import sys; from marketplace.__main__ import main; status = main(sys.argv[1:]); "
    loaded = "print([one for one in ('litestar', 'asyncpg', 'piccolo') if one in sys.modules]); sys.exit(status)"
    given = [sys.executable, "-c", asked + loaded, "check-archive", str(path)]
    done = await asyncio.create_subprocess_exec(*given, stdout=asyncio.subprocess.PIPE)
    told, _ = await done.communicate()
    line, modules = told.decode().splitlines()
    assert done.returncode == 0, line
    assert json.loads(line)["ok"]
    assert modules == "[]"
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        notes = json.loads(packed.read("private/notes.json"))
        record = json.loads(packed.read("record.json"))
    assert any("words" in one for one in notes.values())
    assert "张三" not in json.dumps(record, ensure_ascii=False), "nobody is named in what is public"
    kinds = {one["event"]["type"].partition(".")[0] for one in record}
    assert {"demand", "selection", "contract", "award"} <= kinds


Change = Callable[[dict[str, bytes]], None]


def edited(name: str, change: Callable[[Any], None], *, reindexed: bool = True) -> Change:
    """Alter one member; with the index made anew, as somebody who means it would."""

    def alter(members: dict[str, bytes]) -> None:
        document = json.loads(members[name])
        change(document)
        members[name] = canonical(document)
        if reindexed:
            kept = {one: body for one, body in members.items() if one != INDEX}
            members[INDEX] = index_of(json.loads(members[INDEX])["contract"], kept)

    return alter


def without(name: str) -> Change:
    return lambda members: members.__delitem__(name)


def price(document: Any) -> None:
    document["case"]["offers"][0]["unit_price_fen"] += 1


def rank(document: Any) -> None:
    document["decision"]["ranking"][0]["price_fen"] += 1


def signed(document: Any) -> None:
    event = next(one["event"] for one in document if one["event"]["type"] == "contract.uploaded")
    event["data"]["amount_fen"] += 1


def dropped(document: Any) -> None:
    del document[next(place for place, one in enumerate(document) if one["event"]["type"] == "contract.uploaded")]


def forged(members: dict[str, bytes]) -> None:
    """A whole record written anew, in which another price was decided: every hash is right, the decision is not."""
    record = json.loads(members["record.json"])
    tips: dict[str, str] = {}
    for one in record:
        event = one["event"]
        if event["type"] == "selection.decided":
            rank(event["data"])
            members["case.json"] = canonical({"case": event["data"]["case"], "decision": event["data"]["decision"]})
        event["prev"] = tips.get(event["subject"], event["prev"])
        one["digest"] = tips[event["subject"]] = sha256(canonical(event)).hexdigest()
    members["record.json"] = canonical(record)
    kept = {one: body for one, body in members.items() if one != INDEX}
    members[INDEX] = index_of(json.loads(members[INDEX])["contract"], kept)


async def test_a_record_written_anew_around_another_decision_is_found_by_computing_it(deal: Deal) -> None:
    await deal.reply()
    await archive(deal)
    members = (await read(deal)).members
    forged(members)
    assert wrong(members) == {"decision"}


@pytest.mark.parametrize(
    ("change", "check_name"),
    [
        (edited("demand.json", lambda one: one.update(title="另一个"), reindexed=False), "members"),
        (without("terms.json"), "members"),
        (lambda members: members.update({"more.json": b"{}"}), "members"),
        (edited("record.json", signed), "chains"),
        (edited("record.json", dropped), "chains"),
        (edited("record.json", lambda one: one.insert(0, one[0])), "chains"),
        (edited("case.json", price), "decision"),
        (edited("case.json", rank), "decision"),
        (edited("record.json", lambda one: one.clear()), "decision"),
        (edited("record.json", lambda one: one.clear()), "contract"),
        (without("case.json"), "decision"),
    ],
)
async def test_any_change_to_a_package_is_found(deal: Deal, change: Change, check_name: str) -> None:
    await deal.reply()
    await archive(deal)
    members = (await read(deal)).members
    assert wrong(members) == set()
    change(members)
    assert check_name in wrong(members)


def wrong(members: Mapping[str, bytes]) -> set[str]:
    return {one.check for one in check(members) if one.wrong is not None}


def test_what_is_no_package_is_said_so(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nothing.zip"
    path.write_bytes(b"nothing")
    assert main([str(path)]) == NO_PACKAGE
    assert main([str(tmp_path / "absent.zip")]) == NO_PACKAGE
    assert main([]) == NO_PACKAGE
    path.write_bytes(pack({"a": b""}))
    assert main([str(path)]) == WRONG
    assert "用法" in capfd.readouterr().out


async def test_what_was_ended_without_a_signature_is_archived_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch)
    ended = Deal(database, await awarded(Market(database)))
    await ended.end(REGULATOR)
    assert isinstance(await archive(ended), ContractMoved)
    assert wrong((await read(ended)).members) == set()


async def test_files_of_a_contract_are_for_both_sides_and_in_its_package(database: Database, tmp_path: Path) -> None:
    deal, files = Deal(database, await awarded(Market(database))), DiskFiles(tmp_path)
    scan, result = [await attached_by(database, files, AGENCY, pages=pages) for pages in (1, 2)]
    with pytest.raises(Forbidden):
        await deal.upload(OWNER_CALLER, attachments=[scan])  # somebody else's file
    assert isinstance(await deal.upload(attachments=[scan]), ContractMoved)
    with pytest.raises(NotFound):
        await read_attachment(database, files, OWNER_CALLER, result)  # no act refers to it yet
    await deal.confirm()
    command = HandInResult(contract=deal.id, note="成果（示例）", attachments=[result])
    assert isinstance(await hand_in_result(database, AGENCY, command), ContractMoved)
    for caller in (OWNER_CALLER, AGENCY, REGULATOR):
        for one in (scan, result):
            assert (await read_attachment(database, files, caller, one)).is_original
    await deal.accept()
    await deal.rate()
    await deal.reply()
    await archive(deal)
    members = (await read_contract_archive(database, files, OWNER_CALLER, deal.id)).members
    assert {f"private/files/{one}" for one in (scan, result)} <= members.keys()
    assert wrong(members) == set()
    members[f"private/files/{scan}"] += b" "
    assert wrong(members) == {"members"}
    assert {one["id"] for one in json.loads(members["attachments.json"])} == {scan, result}


async def attached_by(database: Database, files: DiskFiles, caller: Caller, *, pages: int) -> str:
    """The id of a file that somebody has added."""
    body = pdf(pages=pages)
    command = AttachFile(name=f"{pages}.pdf", sha256=sha256(body).hexdigest())
    done = await attach_file(database, files, caller, command, body)
    assert isinstance(done, FileAttached), done
    return done.attachment
