"""``import`` and ``export`` as they are typed: all of a sheet or nothing; public lists with their hashes alone."""

from __future__ import annotations

import csv
import json
from datetime import date
from hashlib import sha256
from pathlib import Path

from commons.codes import Uscc
from marketplace.backups.folder import damages
from marketplace.command_line import IN_THE_WAY, WRONG
from marketplace.commands.export import MARK, _cell
from marketplace.database import Database
from marketplace.web.api.agency_models import AgencySummary
from marketplace.web.api.credit_models import ListEntryDocument
from marketplace.web.api.read_models import DemandSummary
from tests.store.commanding import *  # noqa: F403 - pytest finds fixtures by their names here
from tests.store.commanding import Machine
from tests.unit.sheets_builder import AGENCY, COMPREHENSIVE, DEMAND, QUALIFICATION, book
from tests.usecases.market import Market, code, sealed_terms


def sheet(folder: Path, count: int, **changes: object) -> Path:
    """A sheet of so many agencies, the last one changed."""
    codes = [Uscc.completed(f"91990008MA{number:07d}").code for number in range(count)]
    rows = [{**AGENCY, "uscc": one, "name": f"批量{place}号（示例）"} for place, one in enumerate(codes)]
    papers = [{**QUALIFICATION, "uscc": one, "number": f"例{one}", "valid_from": date(2024, 1, 1)} for one in codes]
    rows[-1] |= changes
    path = folder / "agencies.xlsx"
    path.write_bytes(book({"机构": rows, "资质": papers, "业绩": [], "上架报价": []}))
    return path


def counted(machine: Machine) -> tuple[int, int]:
    """Agencies and demands on record."""

    async def work(database: Database) -> tuple[int, int]:
        async with database.borrow() as connection:
            agencies = await connection.fetchval("SELECT count(*) FROM agency")
            return agencies, await connection.fetchval("SELECT count(*) FROM demand")

    return machine.on(work)


def test_a_sheet_of_agencies_is_loaded_whole_or_not_at_all(machine: Machine, tmp_path: Path) -> None:
    wrong = sheet(tmp_path, 3, kind="火星", phone="abc")
    for more in ((), ("--check",)):
        status, said, complained = machine.run("import", "agencies", wrong, *more)
        assert (status, said) == (WRONG, "")
        assert "表格有 2 处错误，没有导入任何一行" in complained, complained
        assert "第 5 行" in complained
    right = sheet(tmp_path, 3)
    status, said, _ = machine.run("import", "agencies", right, "--check")
    assert (status, "检查通过：3 行" in said, counted(machine)) == (0, True, (0, 0))
    status, said, complained = machine.run("import", "agencies", right)
    assert (status, "已导入 3 家机构、3 项资质" in said) == (0, True), complained
    assert machine.run("import", "agencies", right)[0] == 0
    assert counted(machine) == (3, 0)
    status, _, complained = machine.run("import", "agencies", right, "--check")
    assert (status, complained.count("已经备案")) == (WRONG, 3)
    status, _, complained = machine.run("import", "agencies", sheet(tmp_path, 4))
    assert (status, "表格有 3 处错误" in complained, counted(machine)) == (WRONG, True, (3, 0)), complained
    status, _, complained = machine.run("import", "agencies", tmp_path / "none.xlsx")
    assert (status, "文件或网络出错" in complained) == (IN_THE_WAY, True)
    status, _, complained = machine.run("import", "people", right)
    assert (status, "参数有误" in complained) == (WRONG, True)


def test_demands_become_drafts_by_a_delegate_and_nothing_is_published(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / "demands.xlsx"
    path.write_bytes(book({"需求": [{**DEMAND, **COMPREHENSIVE}]}))
    status, said, complained = machine.run("import", "demands", path, "--check")
    assert (status, counted(machine)) == (0, (0, 0)), complained
    status, said, complained = machine.run("import", "demands", path)
    assert (status, "已导入 1 条需求草稿" in said) == (0, True), complained

    async def told(database: Database) -> tuple[str, str, bool]:
        async with database.borrow() as connection:
            row = await connection.fetchrow(
                "SELECT actor_role, actor_id, (SELECT bool_and(published_at IS NULL) FROM demand) AS drafts "
                "FROM record_event WHERE subject LIKE 'demand/%' ORDER BY seq LIMIT 1"
            )
        assert row is not None
        return tuple(row)

    assert machine.on(told) == ("delegate", "command-line", True)


async def fill(database: Database) -> None:
    """Agencies, one restricted; a published demand, and a draft that is nobody's business."""
    market = Market(database)
    for number in (1, 2, 3):
        await market.file(number)
    await market.restrict(3)
    await market.publish(sealed_terms())
    await market.post(sealed_terms())


def test_public_lists_are_written_with_their_hashes_and_nothing_else(machine: Machine, tmp_path: Path) -> None:
    machine.on(fill)
    folder = tmp_path / "open"
    status, said, complained = machine.run("export", folder)
    assert (status, complained) == (0, "")
    assert "demands 1 行" in said
    assert damages(folder) == ()
    index = json.loads((folder / "index.json").read_text("utf-8"))
    counts = {one["name"]: one["rows"] for one in index["files"] if one["name"].endswith(".jsonl")}
    assert counts == {
        "agencies.jsonl": 3, "awards.jsonl": 0, "demands.jsonl": 1, "restrictions.jsonl": 1,
        "credit-debarment.jsonl": counts["credit-debarment.jsonl"], "credit-public_record.jsonl": 0,
        "credit-commendation.jsonl": 0,
    }  # fmt: skip
    for one in index["files"]:
        body = (folder / one["name"]).read_bytes()
        assert (len(body), sha256(body).hexdigest()) == (one["bytes"], one["sha256"])
    for name, shape in (
        ("agencies", AgencySummary),
        ("demands", DemandSummary),
        ("credit-debarment", ListEntryDocument),
    ):
        table = list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").removeprefix(MARK).splitlines()))
        lines = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]
        assert len(table) == len(lines)
        for row, line in zip(table, lines, strict=True):
            assert list(row) == list(line) == list(shape.model_fields)
    rows = [json.loads(line) for line in (folder / "agencies.jsonl").read_text("utf-8").splitlines()]
    assert [one["uscc"] for one in rows] == sorted(code(one) for one in (1, 2, 3))
    everything = b"".join(path.read_bytes() for path in folder.iterdir())
    assert "法定代表人".encode() not in everything
    assert b"legal_representative" not in everything
    status, _, complained = machine.run("export", folder)
    assert (status, "目标文件夹已存在" in complained) == (WRONG, True)


def test_a_cell_that_a_table_would_compute_is_put_behind_an_apostrophe() -> None:
    rows = (("=1+1", "'=1+1"), ("@x", "'@x"), (-5, "-5"), (None, ""), (True, "true"), (["甲"], '["甲"]'), ("甲", "甲"))
    for value, cell in rows:
        assert _cell(value) == cell
