"""Word and Excel files without what they tell about who wrote them: names of authors, company, times, thumbnails.

Invariants: what the reader sees stays; parts keep their names and order, times inside the archive are one fixed day,
so the same file always gives the same copy. The file was judged before (``judge_file``). Source: ECMA-376, part 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from marketplace.attachments.pictures import BrokenPictureError, strip_jpeg, strip_png

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_EMPTIED: Mapping[str, bytes] = MappingProxyType(
    {
        "docprops/core.xml": _HEAD + f'<cp:coreProperties xmlns:cp="{_CORE}"/>'.encode(),
        "docprops/app.xml": _HEAD + f'<Properties xmlns="{_OFFICE}/extended-properties"/>'.encode(),
        "docprops/custom.xml": _HEAD + f'<Properties xmlns="{_OFFICE}/custom-properties"/>'.encode(),
    }
)
"""Parts (in small letters) whose content goes; the part stays, since others refer to it."""
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
_AUTHORS = (
    (re.compile(rb'(\bw:(?:author|initials)=")[^"]*"'), rb'\1-"'),
    (re.compile(rb"(\bw:(?:author|initials)=')[^']*'"), rb"\1-'"),
    (re.compile(rb"(<(?:\w+:)?author>)[^<]*(</)"), rb"\1-\2"),
    (re.compile(rb'(\b(?:displayName|userId|providerId|lastModifiedBy|userName)=")[^"]*"'), rb'\1-"'),
    (re.compile(rb'(<w15:presenceInfo[^>]*\bw15:userId=")[^"]*"'), rb'\1-"'),
    (re.compile(rb'(\bw15:author=")[^"]*"'), rb'\1-"'),
)
"""Names of people in changes, comments and lists of persons."""
_PEOPLED = re.compile(r"(word/.*\.xml|xl/(comments|persons|threadedcomments|revisions|workbook).*\.xml)", re.IGNORECASE)
_DAY = (1980, 1, 1, 0, 0, 0)


def strip_office(data: bytes) -> bytes:
    """A judged Office file → the same without authors, properties, thumbnails and data about its pictures."""
    made = BytesIO()
    with ZipFile(BytesIO(data)) as archive, ZipFile(made, "w", ZIP_DEFLATED) as copy:
        for one in archive.infolist():
            if one.is_dir():
                continue
            entry = ZipInfo(one.filename, _DAY)
            entry.compress_type = ZIP_DEFLATED
            copy.writestr(entry, _stripped(one.filename, archive.read(one)))
    return made.getvalue()


def _stripped(name: str, body: bytes) -> bytes:
    small = name.lower()
    if small in _EMPTIED:
        return _EMPTIED[small]
    if small.startswith("docprops/thumbnail"):
        return _PIXEL
    if _PEOPLED.fullmatch(name):
        for pattern, plain in _AUTHORS:
            body = pattern.sub(plain, body)
        return body
    return _picture(small, body)


def _picture(name: str, body: bytes) -> bytes:
    """A picture inside without its data; what is broken or of another kind stays as the reader sees it."""
    try:
        if name.endswith(".png"):
            return strip_png(body)
        if name.endswith((".jpg", ".jpeg")):
            return strip_jpeg(body)
    except BrokenPictureError:
        return body
    return body
