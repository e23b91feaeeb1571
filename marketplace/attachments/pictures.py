"""Pictures without what they tell about who made them: PNG and JPEG, filtered piece by piece.

Invariants: not one pixel changes; only pieces that are needed to draw the picture stay (for JPEG its colour profile
too), so camera, place, owner, comments and thumbnails go, and so does whatever was put behind the picture's end.
Source: W3C PNG 3rd edition, section 11; ITU-T T.81, annex B.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from marketplace.attachments.attachment import MAX_PARTS

PNG = b"\x89PNG\r\n\x1a\n"
_DRAWN = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs"})
"""Pieces of a PNG that bear on how it looks."""
_FILL, _SOI, _EOI, _SOS = 0xFF, 0xD8, 0xD9, 0xDA
_APP0, _APP2, _APP14, _COM = 0xE0, 0xE2, 0xEE, 0xFE
_LAST_APP = 0xEF
_ALONE = frozenset(range(0xD0, 0xD8)) | {0x01}
"""Marks without a length: restarts, and TEM."""
_WORD, _CHUNK = 2, 12


class BrokenPictureError(ValueError):
    """The bytes are no whole picture of their kind."""


def strip_png(data: bytes) -> bytes:
    """The PNG with the pieces that draw it; ``BrokenPictureError`` for a broken one."""
    kept = [PNG]
    names = []
    for name, whole in _chunks(data):
        names.append(name)
        if name in _DRAWN:
            kept.append(whole)
    if not names or names[0] != b"IHDR" or names[-1] != b"IEND" or b"IDAT" not in names:
        raise BrokenPictureError
    return b"".join(kept)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each piece up to the end, its sum checked."""
    if not data.startswith(PNG):
        raise BrokenPictureError
    place = len(PNG)
    for _ in range(MAX_PARTS):
        size = int.from_bytes(data[place : place + 4], "big")
        whole = data[place : place + _CHUNK + size]
        if len(whole) != _CHUNK + size or crc32(whole[4:-4]) != int.from_bytes(whole[-4:], "big"):
            raise BrokenPictureError
        yield whole[4:8], whole
        if whole[4:8] == b"IEND":
            return
        place += len(whole)
    raise BrokenPictureError


def strip_jpeg(data: bytes) -> bytes:
    """The JPEG without comments and application data (JFIF, colour profile and Adobe's transform stay)."""
    if data[:2] != bytes((0xFF, _SOI)):
        raise BrokenPictureError
    kept = [data[:2]]
    place, drawn = 2, False
    for _ in range(MAX_PARTS):
        mark, place = _mark(data, place)
        if mark == _EOI:
            if not drawn:
                raise BrokenPictureError
            return b"".join([*kept, bytes((0xFF, _EOI))])
        if mark in _ALONE:
            kept.append(bytes((0xFF, mark)))
            continue
        size = int.from_bytes(data[place : place + _WORD], "big")
        end = place + size
        if size < _WORD or end > len(data):
            raise BrokenPictureError
        if _bears(mark, data[place + _WORD : end]):
            kept.append(bytes((0xFF, mark)) + data[place:end])
        place = end
        if mark == _SOS:
            drawn = True
            place = _scan_end(data, end)
            kept.append(data[end:place])
    raise BrokenPictureError


def _mark(data: bytes, place: int) -> tuple[int, int]:
    """The mark at a place, behind any fill bytes, and where it ends."""
    if data[place : place + 1] != b"\xff":
        raise BrokenPictureError
    while data[place : place + 1] == b"\xff":
        place += 1
    if place >= len(data) or data[place] in {0x00, _SOI}:
        raise BrokenPictureError
    return data[place], place + 1


def _bears(mark: int, body: bytes) -> bool:
    """Whether a segment bears on how the picture looks."""
    if mark == _COM:
        return False
    if not _APP0 <= mark <= _LAST_APP:
        return True
    if mark == _APP0:
        return body.startswith(b"JFIF\0")
    return (mark == _APP2 and body.startswith(b"ICC_PROFILE\0")) or (mark == _APP14 and body.startswith(b"Adobe"))


def _scan_end(data: bytes, place: int) -> int:
    """Where the drawn data end: at the next mark that is no stuffed byte and no restart."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            raise BrokenPictureError
        if data[place + 1] == 0x00 or data[place + 1] in _ALONE:
            place += 2
        elif data[place + 1] == _FILL:
            place += 1
        else:
            return place
