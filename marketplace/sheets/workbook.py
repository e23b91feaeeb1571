"""The bytes of an ``.xlsx`` file → the cells of its sheets, within bounds and before anything is believed.

Invariants: every part is unpacked here once, under bounds, and only what was checked reaches calamine (in a fresh
archive), so that no archive trick, far-away cell or document type can make it allocate more; a formula or an error
cell keeps its place, because calamine reads the one as its last result and the other as empty. Source: ECMA-376.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from marketplace.sheets.answers import SheetFault

MAX_BYTES = 10 * 2**20
"""Largest file, in bytes."""

MAX_UNPACKED_BYTES = 32 * 2**20
"""Most bytes of all parts together once unpacked."""

MAX_INDEX_BYTES = 2**20
"""Most bytes of a part that only lists sheets or relations."""

MAX_DEPTH = 32
"""Deepest nesting of a sheet's tags."""

MAX_PARTS = 200
MAX_SHEETS = 20
MAX_ROWS = 5_100
"""Last row of a sheet that may hold anything: 5,000 of data, heads and examples."""

MAX_COLUMNS = 100
_CHUNK = 2**16
_ENCODING = "UTF-8"
"""Whatever a part declares: calamine reads it so too."""

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_SHEETS = "xl/worksheets/"
_ROW = re.compile(rb"<(?:[A-Za-z]+:)?row[\s/>]")

_DAMAGED = "文件内容损坏，无法读取"

Cell = str | int | float | bool | date | datetime | time | timedelta
Place = tuple[int, int]
"""Row and column, counted from 1."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """The cells of one sheet from A1 on, with the places of formulas and of error values."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    formulas: frozenset[Place] = frozenset()
    errors: frozenset[Place] = frozenset()


class UnreadableWorkbook(Exception):
    """The file is no workbook that may be read; carries the one fault."""

    def __init__(self, reason: str, sheet: str = "") -> None:
        """Keep the reason in the users' language."""
        self.fault = SheetFault(sheet, None, "", reason)
        super().__init__(reason)


def read_workbook(data: bytes) -> Mapping[str, RawSheet]:
    """Bytes → sheets by name in their order; ``UnreadableWorkbook`` for anything but an ``.xlsx`` within the bounds."""
    if not data:
        reason = "文件是空的"
        raise UnreadableWorkbook(reason)
    if len(data) > MAX_BYTES:
        reason = f"文件超过 {MAX_BYTES // 2**20} MB"
        raise UnreadableWorkbook(reason)
    parts = _unpacked(data)
    scans = {name: _scan(name, parts[path]) for name, path in _sheet_paths(parts).items()}
    try:
        with CalamineWorkbook.from_filelike(BytesIO(_packed(parts))) as book:
            return {name: _raw_sheet(book, name, scan) for name, scan in scans.items()}
    except CalamineError:
        raise UnreadableWorkbook(_DAMAGED) from None


def count_rows(data: bytes) -> int:
    """About how many rows the longest sheet has, heads and examples too, by its tags alone; 0 for what is unreadable.

    A tenth of the time of reading it: enough to say whether reading is long work.
    """
    try:
        parts = _unpacked(data) if data and len(data) <= MAX_BYTES else {}
    except UnreadableWorkbook:
        return 0
    return max((len(_ROW.findall(part)) for path, part in parts.items() if path.startswith(_SHEETS)), default=0)


def _raw_sheet(book: CalamineWorkbook, name: str, scan: _Scan) -> RawSheet:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return RawSheet(name, tuple(tuple(row) for row in rows), frozenset(scan.formulas), frozenset(scan.errors))


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The XML parts by path, unpacked under the bounds; pictures and the like are left behind."""
    not_xlsx = "不是 .xlsx 文件（旧版 .xls、加密或损坏的文件请另存为 .xlsx）"
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_PARTS or len({entry.filename.casefold() for entry in entries}) != len(entries):
                raise UnreadableWorkbook(not_xlsx)
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    parts[entry.filename] = content = _unpacked_part(archive, entry, left)
                    left -= len(content)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError):
        # RuntimeError and its kind: an encrypted entry, a compression method nobody knows
        raise UnreadableWorkbook(not_xlsx) from None
    if _WORKBOOK not in parts or _RELATIONS not in parts:
        raise UnreadableWorkbook(not_xlsx)
    return parts


def _unpacked_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """One part, at most ``left`` bytes; what is declared about its size is not believed."""
    chunks: list[bytes] = []
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                reason = f"解压后超过 {MAX_UNPACKED_BYTES // 2**20} MB"
                raise UnreadableWorkbook(reason)
            chunks.append(chunk)
    content = b"".join(chunks)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        reason = "文件里有工作簿不该有的文档类型声明"
        raise UnreadableWorkbook(reason)
    return content


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """The checked parts as an archive without compression."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return out.getvalue()


def _sheet_paths(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Sheet name → path of its part, by the workbook and its relations."""
    targets = {
        _attribute(relation, "Id"): _attribute(relation, "Target").removeprefix("/").removeprefix("xl/")
        for relation in _elements(parts[_RELATIONS], "Relationship")
    }
    sheets = [
        (_attribute(s, "name"), targets.get(_attribute(s, "id"), "")) for s in _elements(parts[_WORKBOOK], "sheet")
    ]
    paths = {name: f"xl/{target}" for name, target in sheets}
    if not paths or len(paths) != len(sheets) or len(sheets) > MAX_SHEETS or not set(paths.values()) <= set(parts):
        reason = f"工作表缺失、重名或超过 {MAX_SHEETS} 张"
        raise UnreadableWorkbook(reason)
    return paths


def _elements(content: bytes, name: str) -> list[ET.Element]:
    """All elements of this local name, in document order; refuses a part too large to be such a list."""
    if len(content) > MAX_INDEX_BYTES:
        raise UnreadableWorkbook(_DAMAGED)
    try:
        root = ET.fromstring(content, ET.XMLParser(encoding=_ENCODING))  # noqa: S314 - bounded, and refused above when it declares a document type
    except ET.ParseError:
        raise UnreadableWorkbook(_DAMAGED) from None
    return [element for element in root.iter() if element.tag.rpartition("}")[2] == name]


def _attribute(element: ET.Element, name: str) -> str:
    """The attribute of this local name, with or without a namespace; empty when absent."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


@dataclass(slots=True)
class _Scan:
    """Where a sheet's values, formulas and errors stand, without their content."""

    depth: int = 0
    row: int = 0
    column: int = 0
    is_error: bool = False
    far: Place | None = None
    formulas: set[Place] = field(default_factory=set)
    errors: set[Place] = field(default_factory=set)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """One opening tag of the sheet, in document order; ``ValueError`` when it lies too deep or nowhere."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ValueError(tag)
        match tag.rpartition(":")[2]:
            case "row":
                self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
                self.column = 0
            case "c":
                self.row, self.column = _place(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
                self.is_error = attributes.get("t") == "e"
            case "f":
                self._value(self.formulas)
            case "v" | "is":
                self._value(self.errors if self.is_error else None)

    def end(self, _tag: str) -> None:
        """One closing tag."""
        self.depth -= 1

    def _value(self, places: set[Place] | None) -> None:
        """The cell holds something; beyond the bounds only the first place is kept."""
        if self.row > MAX_ROWS or self.column > MAX_COLUMNS:
            self.far = self.far or (self.row, self.column)
        elif places is not None:
            places.add((self.row, self.column))


def _place(reference: str) -> Place:
    """``B12`` → (12, 2); ``ValueError`` for anything else."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(reference)
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]), column


def _scan(name: str, content: bytes) -> _Scan:
    """Read a sheet's tags once; refuses what lies beyond the bounds and what is no XML."""
    scan = _Scan()
    parser = expat.ParserCreate(_ENCODING)
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError):
        reason = "工作表内容损坏，无法读取"
        raise UnreadableWorkbook(reason, name) from None
    if scan.far is not None:
        reason = f"第 {scan.far[0]} 行第 {scan.far[1]} 列有内容，超出 {MAX_ROWS} 行、{MAX_COLUMNS} 列的范围"
        raise UnreadableWorkbook(reason, name)
    return scan
