"""``export FOLDER``: the public lists as CSV and JSON lines, each with its hash; what the API shows, and nothing else.

Invariants: the columns are those of the API's own documents; one instant for all lists; the folder is whole or absent.
CSV is for tables: before a cell that a table would compute stands an apostrophe; JSON lines hold every value as it is.
"""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from io import StringIO
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from commons.instants import format_instant
from credit.joint import ListName
from marketplace.backups.folder import new_folder
from marketplace.command_line import Parser
from marketplace.commands.acting import market, run
from marketplace.settings import Settings
from marketplace.usecases.read_open_data import OpenData, open_data
from marketplace.web.api import agency_models, credit_models, read_models
from marketplace.web.api import read_documents as documents

MARK = "\ufeff"
"""By which tables know that a CSV is UTF-8."""
COMPUTED = ("=", "+", "-", "@", "\t", "\r")
"""First characters of a cell that a table computes."""
HELP = """\
把公开的名录导出到一个新的文件夹：需求、结果、机构、限制、信用名单，各有 CSV 和 JSON 行两种，
index.json 写明各文件的行数与 SHA-256。只有接口公开的内容，没有个人信息。"""

Rows = AsyncIterator[BaseModel]


@dataclass(frozen=True, slots=True)
class Written:
    """One list that was written."""

    name: str
    rows: int


def main(arguments: list[str]) -> int:
    """``./run export``; the exit status."""
    parser = Parser(prog="./run export", description=HELP)
    parser.add_argument("folder", type=Path, metavar="文件夹", help="新文件夹的名字")
    folder: Path = parser.parse_args(arguments).folder.absolute()

    async def work(settings: Settings) -> int:
        async with market(settings) as database, open_data(database) as lists:
            with new_folder(folder) as draft:
                written = [
                    await _write(draft, name, shape, rows(lists)) for name, shape, rows in _lists(settings.profile)
                ]
                _write_index(draft, written, at=format_instant(lists.now))
        told = "，".join(f"{one.name} {one.rows} 行" for one in written)
        print(f"已导出到 {folder}：{told}。")
        return 0

    return run(work)


async def _demands(lists: OpenData) -> Rows:
    async for one in lists.demands():
        yield documents.summary(one)


async def _awards(lists: OpenData) -> Rows:
    async for one in lists.awards():
        yield documents.summary(one)


async def _agencies(lists: OpenData) -> Rows:
    async for one in lists.agencies():
        yield documents.agency(one, now=lists.now)


async def _restrictions(lists: OpenData) -> Rows:
    async for one in lists.restrictions():
        yield documents.restriction(one.restriction, one.name, now=lists.now, is_disputed=one.is_disputed)


def _credit_list(name: ListName, profile: str) -> Callable[[OpenData], Rows]:
    async def entries(lists: OpenData) -> Rows:
        every, names = await lists.credit_list(name, profile=profile)
        for one in every:
            yield documents.list_entry(one, names)

    return entries


def _lists(profile: str) -> list[tuple[str, type[BaseModel], Callable[[OpenData], Rows]]]:
    """Every list: its name, the API's document of a row, its rows."""
    entry = credit_models.ListEntryDocument
    return [
        ("demands", read_models.DemandSummary, _demands),
        ("awards", read_models.DemandSummary, _awards),
        ("agencies", agency_models.AgencySummary, _agencies),
        ("restrictions", agency_models.RestrictionDocument, _restrictions),
        *((f"credit-{name}", entry, _credit_list(name, profile)) for name in get_args(ListName)),
    ]


async def _write(folder: Path, name: str, shape: type[BaseModel], rows: Rows) -> Written:
    """One list in both forms."""
    columns, count = list(shape.model_fields), 0
    with (
        (folder / f"{name}.jsonl").open("x", encoding="utf-8", newline="") as lines,
        (folder / f"{name}.csv").open("x", encoding="utf-8", newline="") as table,
    ):
        table.write(MARK + _csv_line(columns))
        async for one in rows:
            values = json.loads(one.model_dump_json())
            lines.write(json.dumps(values, ensure_ascii=False) + "\n")
            table.write(_csv_line([_cell(values[column]) for column in columns]))
            count += 1
    return Written(name, count)


def _write_index(folder: Path, written: list[Written], *, at: str) -> None:
    """What lies in the folder; the hashes stand in ``SHA256SUMS`` beside it, of this file too."""
    rows = {one.name: one.rows for one in written}
    files: list[Mapping[str, Any]] = [
        {"name": path.name, "rows": rows[path.stem], "bytes": path.stat().st_size, "sha256": _digest(path)}
        for path in sorted(folder.iterdir())
    ]
    body = {"format": "shepi-export-v1", "as_of": at, "files": files}
    (folder / "index.json").write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _cell(value: object) -> str:
    """A value as a cell: nothing for null, what is made of parts as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(COMPUTED) else text


def _csv_line(cells: list[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
