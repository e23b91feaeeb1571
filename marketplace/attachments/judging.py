"""May this file be added? Its kind by its content, its size, its structure, and what its actor added today.

Invariants: the name and the declared type decide nothing; what opens as one kind and carries another (macros, an
encrypted file, a plain archive) is refused; nothing is unpacked beyond ``MAX_UNPACKED_BYTES``. Source: ADR 0025.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from types import MappingProxyType
from zipfile import BadZipFile, ZipFile

from commons.sources import Source
from commons.verdicts import Reason, Refused, Verdict, verdict
from marketplace.attachments.attachment import (
    MAX_BYTES_A_DAY,
    MAX_FILE_BYTES,
    MAX_FILES_A_DAY,
    MAX_PARTS,
    MAX_UNPACKED_BYTES,
    FileKind,
)
from marketplace.attachments.pictures import BrokenPictureError, strip_jpeg, strip_png

SOURCE = Source("附件规则（docs/adr/0025-papers-by-typst.md）", "yes")
_PDF_START, _PDF_END, _TAIL = (b"%PDF-1.", b"%PDF-2."), b"%%EOF", 2048
_PNG, _JPEG, _ZIP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04"
CONTENT_TYPES = "[Content_Types].xml"
OFFICE: Mapping[str, FileKind] = MappingProxyType({"word/document.xml": "docx", "xl/workbook.xml": "xlsx"})
"""The part that makes an archive an Office file of a kind."""
_ACTIVE = ("vbaproject.bin", "vbadata.xml", "activex/", "embeddings/", "macrosheets/", "externallinks/")
"""Parts (in small letters) that carry programs or other files."""
_ENCRYPTED = 0x1


def judge_file(data: bytes) -> FileKind | Refused:
    """The kind of a file, or why it may not be added: one reason, the first that holds."""
    if not data:
        return _refused("file_empty")
    if len(data) > MAX_FILE_BYTES:
        return _refused("file_too_large", most=MAX_FILE_BYTES, bytes=len(data))
    return _by_content(data)


def judge_quota(*, files: int, size: int, adding: int) -> Verdict:
    """Whether one more file fits into the actor's day: ``files`` and ``size`` bytes so far, ``adding`` bytes more."""
    reasons = []
    if files + 1 > MAX_FILES_A_DAY:
        reasons.append(Reason("file_quota_count", SOURCE, {"most": MAX_FILES_A_DAY}))
    if size + adding > MAX_BYTES_A_DAY:
        reasons.append(Reason("file_quota_bytes", SOURCE, {"most": MAX_BYTES_A_DAY, "used": size}))
    return verdict(tuple(reasons))


def unreadable(kind: FileKind) -> Refused:
    """What is said of a file of which no public copy can be made (encrypted, or broken inside)."""
    return _refused("file_unreadable", kind=kind)


def _refused(code: str, **params: str | int) -> Refused:
    return Refused((Reason(code, SOURCE, params),))


def _by_content(data: bytes) -> FileKind | Refused:
    if data.startswith(_PDF_START):
        return "pdf" if _PDF_END in data[-_TAIL:] else _refused("file_broken", kind="pdf")
    if data.startswith(_PNG):
        return _picture("png", strip_png, data)
    if data.startswith(_JPEG):
        return _picture("jpeg", strip_jpeg, data)
    return _office(data) if data.startswith(_ZIP) else _refused("file_kind")


def _picture(kind: FileKind, strip: Callable[[bytes], bytes], data: bytes) -> FileKind | Refused:
    try:
        strip(data)
    except BrokenPictureError:
        return _refused("file_broken", kind=kind)
    return kind


def _office(data: bytes) -> FileKind | Refused:
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _parts(archive)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        return _refused("file_broken", kind="zip")


def _parts(archive: ZipFile) -> FileKind | Refused:
    """The kind by the archive's parts, each unpacked no further than it says it goes."""
    entries = archive.infolist()
    kinds = {OFFICE[one.filename] for one in entries if one.filename in OFFICE}
    if CONTENT_TYPES not in {one.filename for one in entries} or len(kinds) != 1:
        return _refused("file_kind")
    if len(entries) > MAX_PARTS or sum(one.file_size for one in entries) > MAX_UNPACKED_BYTES:
        return _refused("file_unpacks_too_large", most=MAX_UNPACKED_BYTES, parts=MAX_PARTS)
    if any(one.flag_bits & _ENCRYPTED for one in entries):
        return _refused("file_unreadable", kind="zip")
    small = [one.filename.lower() for one in entries]
    if any(part in name for name in small for part in _ACTIVE) or b"macroEnabled" in archive.read(CONTENT_TYPES):
        return _refused("file_has_active_content")
    return kinds.pop() if _is_whole(archive, small) else _refused("file_broken", kind="zip")


def _is_whole(archive: ZipFile, names: list[str]) -> bool:
    """Whether every part has a name of its own, inside, and the content that its sum says."""
    if len(set(names)) != len(names) or any(name.startswith("/") or ".." in name.split("/") for name in names):
        return False
    return archive.testzip() is None  # reads every part, no further than its file_size
