"""The public copy of a file, without metadata; made in a process of its own that a hostile file cannot outlive.

``python -m marketplace.files.public_copy KIND`` reads the file on standard input and writes the copy. It may use
``CPU_S`` seconds and ``MEMORY`` bytes, then the kernel ends it. Invariants: the same file gives the same copy; a file
of which none can be made gives None. Source: ISO 32000-2, 14.3 (metadata), 7.6 (encryption); pages.md.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from contextlib import suppress
from io import BytesIO
from typing import assert_never, cast
from weakref import WeakKeyDictionary

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, StreamObject

from marketplace.attachments.attachment import FileKind
from marketplace.attachments.office import strip_office
from marketplace.attachments.pictures import strip_jpeg, strip_png

CPU_S, MEMORY, PATIENCE_S = 30, 1024 * 1024 * 1024, 60
"""Seconds of work, bytes of memory, and seconds by the clock that making a copy may take."""
AT_ONCE = 2
"""Copies made at the same time; others wait."""
_TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/Author", "/T", "/CreationDate", "/M")
"""Entries of PDF objects that tell who made what when, or hold a picture of an earlier state."""
_ANNOTATION_ONLY = frozenset({"/Author", "/T", "/CreationDate", "/M"})
_ACTIVE = ("/OpenAction", "/AA", "/JavaScript", "/EmbeddedFiles", "/AF", "/JS")
"""Entries that run or carry something; a public copy has none."""
_ACTS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"})
"""Actions that a public copy has none of."""
FAILURES = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError)
"""What reading a broken file may raise."""

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def public_copy(kind: FileKind, data: bytes) -> bytes | None:
    """The file without metadata; None where none can be made (encrypted, broken, or too much to work through)."""
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, kind,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(PATIENCE_S):
                made, _ = await process.communicate(data)
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
    return made if process.returncode == 0 and made else None


def stripped(kind: FileKind, data: bytes) -> bytes:
    """The file without metadata, in this process; raises one of ``FAILURES`` or ``OSError`` where it cannot."""
    match kind:
        case "pdf":
            return _strip_pdf(data)
        case "png":
            return strip_png(data)
        case "jpeg":
            return strip_jpeg(data)
        case "docx" | "xlsx":
            return strip_office(data)
        case _:
            assert_never(kind)


def _strip_pdf(data: bytes) -> bytes:
    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted:
        message = "encrypted"
        raise ValueError(message)
    writer = PdfWriter(clone_from=reader)
    if not writer.pages:
        message = "no pages"
        raise ValueError(message)
    writer.metadata = None
    identity = ByteStringObject(b"\0" * 16)
    writer._ID = ArrayObject((identity, identity))  # noqa: SLF001 - the library has no public way to set it
    for one in writer._objects:  # noqa: SLF001 - nor to walk every object
        if isinstance(one, DictionaryObject):
            _forget(one)
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _forget(one: DictionaryObject) -> None:
    """Take out of one object, and of what is written inside it, whatever tells or runs."""
    is_mark = one.get("/Type") == "/Annot" or ("/Subtype" in one and "/Rect" in one)
    is_picture = isinstance(one, StreamObject) and one.get("/Filter") == NameObject("/DCTDecode")
    for name in (*_TELLING, *_ACTIVE):
        if name in one and (is_mark or name not in _ANNOTATION_ONLY):
            del one[name]
    if one.get("/S") in _ACTS:
        one.clear()
    if is_picture:
        with suppress(ValueError):
            one._data = strip_jpeg(one._data)  # type: ignore[attr-defined]  # noqa: SLF001 - the drawn bytes as stored
    for inner in one.values():
        if isinstance(inner, DictionaryObject):
            _forget(inner)


def main(kind: str) -> int:
    """Standard input → the copy on standard output; 1 where none can be made."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        made = stripped(cast("FileKind", kind), sys.stdin.buffer.read())
    except (*FAILURES, OSError, MemoryError):
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
