"""Small files of each kind, made here, with everything inside that a public copy must not tell."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile
from zlib import compress, crc32

from pypdf import PdfWriter

SECRET = "Wang Xiaoming 4711"
"""What every sample tells about who made it."""
_TOLD = SECRET.encode()


def pdf(*, secret: str = SECRET, pages: int = 1, password: str | None = None) -> bytes:
    """A PDF with document information and XMP metadata."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 100)
    writer.add_metadata({"/Author": secret, "/Creator": secret})
    writer.xmp_metadata = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{secret}</x:xmpmeta>".encode()
    if password is not None:
        writer.encrypt(password)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    """One piece of a PNG."""
    return len(body).to_bytes(4, "big") + name + body + crc32(name + body).to_bytes(4, "big")


def png(*more: bytes) -> bytes:
    """A PNG of one pixel with a text, an EXIF piece and something behind its end."""
    head = (1).to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 0))
    pieces = (
        chunk(b"IHDR", head), chunk(b"tEXt", b"Author\0" + _TOLD), chunk(b"eXIf", _TOLD), *more,
        chunk(b"IDAT", compress(b"\0\1\2\3")), chunk(b"IEND", b""),
    )  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(pieces) + _TOLD


def segment(mark: int, body: bytes) -> bytes:
    """One segment of a JPEG."""
    return bytes((0xFF, mark)) + (len(body) + 2).to_bytes(2, "big") + body


def jpeg() -> bytes:
    """The frame of a JPEG with EXIF, XMP, a comment, stuffed bytes, a restart, and something behind its end."""
    return b"".join(
        (
            b"\xff\xd8", segment(0xE0, b"JFIF\0" + bytes(9)), segment(0xE1, b"Exif\0\0" + _TOLD),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _TOLD), segment(0xFE, _TOLD), segment(0xDB, bytes(65)),
            segment(0xDA, bytes(6)), b"\x11\xff\x00\x22\xff\xd0\x33", b"\xff\xd9", _TOLD,
        )
    )  # fmt: skip


CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def office(part: str = "word/document.xml", **more: bytes) -> bytes:
    """A Word (or Excel) file with an author, a comment by name and a picture with EXIF."""
    made = BytesIO()
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        part: b'<w:document xmlns:w="w"><w:ins w:author="' + _TOLD + b'">kept text</w:ins></w:document>',
        "docProps/core.xml": b"<creator>" + _TOLD + b"</creator>",
        "docProps/app.xml": b"<Company>" + _TOLD + b"</Company>",
        "word/media/image1.jpg": jpeg(),
        **more,
    }
    with ZipFile(made, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return made.getvalue()


def archive(**parts: bytes) -> bytes:
    """A plain ZIP."""
    made = BytesIO()
    with ZipFile(made, "w") as one:
        for name, body in parts.items():
            one.writestr(name, body)
    return made.getvalue()
