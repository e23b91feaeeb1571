"""Importing by sheet over the API: check says every wrong cell, import loads all of it or nothing.

A sheet of more than ``LARGE`` rows is kept and becomes a job (docs/adr/0035); the answer names it at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal

from litestar.handlers import HTTPRouteHandler

from commons.errors import Fault, Malformed
from commons.verdicts import Reason, Refused
from marketplace.attachments.attachment import MEDIA_TYPES
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.sheets.answers import SheetFault
from marketplace.sheets.workbook import MAX_BYTES, count_rows
from marketplace.usecases.act import Message, require
from marketplace.usecases.attach_file import AttachFile, attach_file
from marketplace.usecases.import_agencies import AgenciesImported, filed_already, import_agencies
from marketplace.usecases.import_demands import DemandsImported, import_demands, refused_drafts
from marketplace.usecases.joined import RowsRefusedError
from marketplace.usecases.start_job import JobStarted, StartImport, start_import
from marketplace.web.api.tags import FILES
from marketplace.web.api.uploads import ANY, Sent, Upload, upload_of
from marketplace.web.imports.checking import Checked, check_agencies, check_demands

ImportJob = Literal["import_agencies", "import_demands"]
Refusals = tuple[tuple[int, tuple[str, Reason | str]], ...]
LARGE, HEADS = 200, 3
"""Rows that are imported at once; those of a sheet that hold no data, at most. More rows are long work."""
MAX_NAMED = 1_000
"""Wrong cells that one answer names; all are counted."""
TAKES = (MEDIA_TYPES["xlsx"], ANY)


class WrongCell(Message):
    """One thing wrong: sheet, its row as Excel counts (null: not one row), column, the cell's address, code, words."""

    sheet: str
    row: int | None
    column: str
    cell: str
    code: str
    words: str


class SheetChecked(Message):
    """What a sheet would load, or why it would not: nothing at all is loaded while ``wrong_total`` is above 0."""

    sha256: str
    rows: int
    wrong_total: int
    wrong: tuple[WrongCell, ...]
    remarks: tuple[str, ...]


async def checked_agencies(
    sent: Sent, known: Callable[[Database, list[str]], Awaitable[frozenset[str]]] = filed_already
) -> tuple[Checked[Any], tuple[SheetFault, ...]]:
    """A sheet of agencies with all its faults, those of the market too."""
    checked = await check_agencies(sent.body, at=datetime.now(UTC))
    if checked.command is None:
        return checked, checked.faults
    codes = [one.uscc for one in checked.command.agencies]
    filed = await known(sent.database, codes)
    already = [(place, ("already_filed", "已经备案")) for place, code in enumerate(codes) if code in filed]
    return checked, checked.refused(already)


async def checked_demands(
    sent: Sent, judged: Callable[..., Awaitable[Refusals]] = refused_drafts
) -> tuple[Checked[Any], tuple[SheetFault, ...]]:
    """A sheet of demands with all its faults, those of the rules too."""
    checked = await check_demands(sent.body, at=datetime.now(UTC))
    if checked.command is None:
        return checked, checked.faults
    refused = await judged(sent.database, checked.command.demands, profile=_settings(sent).profile)
    return checked, checked.refused(refused)


def document_of(checked: Checked[Any], faults: tuple[SheetFault, ...]) -> SheetChecked:
    """What a check answers."""
    return SheetChecked(
        sha256=checked.digest,
        rows=checked.rows,
        wrong_total=len(faults),
        wrong=tuple(wrong_cell(one) for one in faults[:MAX_NAMED]),
        remarks=checked.remarks,
    )


def wrong_cell(one: SheetFault) -> WrongCell:
    """A fault as the API names it."""
    return WrongCell(sheet=one.sheet, row=one.row, column=one.column, cell=one.cell, code=one.code, words=one.reason)


async def _told(checked: Awaitable[tuple[Checked[Any], tuple[SheetFault, ...]]]) -> SheetChecked:
    return document_of(*await checked)


async def is_large(body: bytes) -> bool:
    """Whether a sheet is long work."""
    return await asyncio.to_thread(count_rows, body) > LARGE + HEADS


async def start_sheet(sent: Sent, kind: ImportJob) -> JobStarted | Refused:
    """Keep the sheet and ask for its import; under one key it is kept once and imported once."""
    key = sent.caller.key
    keeping = replace(sent.caller, key=None if key is None else "sheet/" + sha256(key.encode()).hexdigest())
    digest = sha256(sent.body).hexdigest()
    kept = await attach_file(
        sent.database, sent.files, keeping, AttachFile(name=sent.name[:300], sha256=digest), sent.body
    )
    if isinstance(kept, Refused):
        return kept
    asked = StartImport(kind=kind, attachment=kept.attachment, name=kept.name, sha256=digest)
    return await start_import(sent.database, sent.caller, asked)


async def load_agencies(
    sent: Sent, load: Callable[..., Awaitable[AgenciesImported | Refused]] = import_agencies
) -> AgenciesImported | JobStarted | Refused:
    """File every agency of the sheet, or ``Malformed`` with every wrong cell and nothing loaded; a job for many."""
    require(sent.caller, "import_agencies")
    if await is_large(sent.body):
        return await start_sheet(sent, "import_agencies")
    checked = await check_agencies(sent.body, at=datetime.now(UTC))
    _require_right(checked.faults)
    assert checked.command is not None, "a sheet without faults loads something"
    profile, identifiers = _settings(sent).profile, sent.request.app.state.identifiers
    try:
        return await load(sent.database, sent.caller, checked.command, profile=profile, identifiers=identifiers)
    except RowsRefusedError as refused:
        _require_right(checked.refused(refused.rows))
        raise


async def load_demands(
    sent: Sent, load: Callable[..., Awaitable[DemandsImported | Refused]] = import_demands
) -> DemandsImported | JobStarted | Refused:
    """Keep a draft for every row of the sheet, or ``Malformed`` with every wrong cell and nothing kept; or a job."""
    require(sent.caller, "import_demands")
    if await is_large(sent.body):
        return await start_sheet(sent, "import_demands")
    checked = await check_demands(sent.body, at=datetime.now(UTC))
    _require_right(checked.faults)
    assert checked.command is not None, "a sheet without faults loads something"
    try:
        return await load(sent.database, sent.caller, checked.command, profile=_settings(sent).profile)
    except RowsRefusedError as refused:
        _require_right(checked.refused(refused.rows))
        raise


def _require_right(faults: tuple[SheetFault, ...]) -> None:
    """``Malformed`` with each wrong cell at ``/sheet/cell`` (or row, or column)."""
    if faults:
        raise Malformed(tuple(Fault(_pointer(one), one.code, str(one)) for one in faults))


def faults_of(malformed: Malformed) -> Iterator[SheetFault]:
    """The faults of a load as a page lists them: each says its place in its words."""
    for one in malformed.faults:
        yield SheetFault("", None, "", one.detail, one.code)


def _pointer(one: SheetFault) -> str:
    place = one.cell or (str(one.row) if one.row is not None else one.column)
    parts = [part.replace("~", "~0").replace("/", "~1") for part in (one.sheet, place) if part]
    return "".join(f"/{part}" for part in parts)


def _settings(sent: Sent) -> Settings:
    settings: Settings = sent.request.app.state.settings
    return settings


IMPORT_WRITES: tuple[HTTPRouteHandler, ...] = (
    upload_of(Upload(
        "/imports/agencies/check", "checkAgenciesSheet", FILES, "检查机构表格 / Check a sheet of agencies",
        SheetChecked, lambda sent: _told(checked_agencies(sent, filed_already)), TAKES, MAX_BYTES, 200,
    )),
    upload_of(Upload(
        "/imports/demands/check", "checkDemandsSheet", FILES, "检查需求表格 / Check a sheet of demands",
        SheetChecked, lambda sent: _told(checked_demands(sent, refused_drafts)), TAKES, MAX_BYTES, 200,
    )),
    upload_of(Upload(
        "/imports/agencies", "importAgencies", FILES, "批量备案 / Import agencies by sheet",
        AgenciesImported, lambda sent: load_agencies(sent, import_agencies), TAKES, MAX_BYTES,
        later=JobStarted,
    )),
    upload_of(Upload(
        "/imports/demands", "importDemands", FILES, "批量起草需求 / Import demands by sheet",
        DemandsImported, lambda sent: load_demands(sent, import_demands), TAKES, MAX_BYTES,
        later=JobStarted,
    )),
)  # fmt: skip
"""A check keeps nothing; an import is one transaction, or a job."""
