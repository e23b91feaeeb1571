"""``import agencies|demands FILE``: a sheet from the machine itself, through the use cases that the API imports by.

Invariants: every wrong cell is said, and with one of them nothing is loaded; the same sheet again changes nothing.
Agencies are filed by the operator (``operator:command-line``); demands become drafts of their owners by a delegate
(``delegate:command-line``), which is shown: nothing is published, the owner does that himself. Source: ADR 0025.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commons.events import Actor
from commons.verdicts import Refused
from marketplace.command_line import WRONG, Parser, say
from marketplace.commands.acting import allowed, run
from marketplace.database import Database
from marketplace.identity.identifiers import Identifiers
from marketplace.importing_file import OPERATOR
from marketplace.opening import open_database
from marketplace.settings import Settings
from marketplace.sheets.answers import SheetFault
from marketplace.sheets.workbook import MAX_BYTES
from marketplace.usecases.act import Caller
from marketplace.usecases.import_agencies import AgenciesImported, filed_already, import_agencies
from marketplace.usecases.import_demands import DemandsImported, import_demands, refused_drafts
from marketplace.usecases.joined import RowsRefusedError
from marketplace.web.imports.checking import Checked, check_agencies, check_demands

SHOWN = 200
"""Wrong cells that are said; all are counted."""
HELP = """\
按 Excel 表格导入：先检查每一格，全部正确才一次性写入，否则一行也不写。--check 只检查。
  agencies  机构备案及其资质（由运营人员代录书面备案）
  demands   业主的需求草稿（记为代办；不发布，由业主自己核对后发布）"""
DELEGATE = Actor("delegate", "command-line")
"""Acts for owners and is named as doing so; without a badge no mandate is asked, for it is the machine's own hand."""


def main(arguments: list[str]) -> int:
    """``./run import``; the exit status."""
    given = _parser().parse_args(arguments)

    async def work(settings: Settings) -> int:
        body = _read(given.file)
        async with open_database(settings) as database:
            if given.what == "agencies":
                return await _agencies(database, settings, body, is_check=given.check)
            return await _demands(database, settings, body, is_check=given.check)

    return run(work)


async def _agencies(database: Database, settings: Settings, body: bytes, *, is_check: bool) -> int:
    checked = await check_agencies(body, at=datetime.now(UTC))
    if checked.command is None:
        return _wrong(checked.faults)
    codes = [one.uscc for one in checked.command.agencies]
    if not is_check:
        caller = Caller(OPERATOR, f"sheet/{checked.digest}")
        identifiers = Identifiers.from_settings(settings)
        try:
            done = await import_agencies(
                database, caller, checked.command, profile=settings.profile, identifiers=identifiers
            )
        except RowsRefusedError as refused:
            return _wrong(checked.refused(refused.rows))
        return _done(done)
    filed = await filed_already(database, codes)
    known = [(place, ("already_filed", "已经备案")) for place, code in enumerate(codes) if code in filed]
    return _checked(checked, checked.refused(known))


async def _demands(database: Database, settings: Settings, body: bytes, *, is_check: bool) -> int:
    checked = await check_demands(body, at=datetime.now(UTC))
    if checked.command is None:
        return _wrong(checked.faults)
    if is_check:
        refused = await refused_drafts(database, checked.command.demands, profile=settings.profile)
        return _checked(checked, checked.refused(refused))
    caller = Caller(DELEGATE, f"sheet/{checked.digest}")
    try:
        done = await import_demands(database, caller, checked.command, profile=settings.profile)
    except RowsRefusedError as said:
        return _wrong(checked.refused(said.rows))
    return _done(done)


def _done(answer: AgenciesImported | DemandsImported | Refused) -> int:
    match allowed(answer):
        case None:
            return WRONG
        case AgenciesImported() as done:
            print(f"已导入 {done.agencies} 家机构、{done.qualifications} 项资质。")
        case DemandsImported() as done:
            print(f"已导入 {len(done.demands)} 条需求草稿：{'、'.join(done.demands)}。")
    return 0


def _checked(checked: Checked[Any], faults: Sequence[SheetFault]) -> int:
    if faults:
        return _wrong(faults)
    for remark in checked.remarks:
        say(remark)
    print(f"检查通过：{checked.rows} 行。什么都没有写入。")
    return 0


def _wrong(faults: Sequence[SheetFault]) -> int:
    """Every wrong cell, and that nothing was loaded."""
    for one in faults[:SHOWN]:
        say(str(one))
    say(f"表格有 {len(faults)} 处错误，没有导入任何一行")
    return WRONG


def _read(path: Path) -> bytes:
    """The file's bytes, one more than allowed at most (which the reader of sheets refuses)."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _parser() -> Parser:
    parser = Parser(prog="./run import", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("agencies", "demands"), metavar="agencies|demands", help="表格的种类")
    parser.add_argument("file", type=Path, metavar="文件.xlsx")
    parser.add_argument("--check", action="store_true", help="只检查，不写入")
    return parser
