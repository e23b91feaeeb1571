"""Pictures and Office files piece by piece: every way in which one is broken, and what of each piece stays."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from commons.verdicts import Refused
from marketplace.attachments import pictures
from marketplace.attachments.judging import judge_file, unreadable
from marketplace.attachments.office import strip_office
from marketplace.attachments.pictures import BrokenPictureError, strip_jpeg, strip_png
from tests.unit.file_samples import SECRET, chunk, jpeg, office, png, segment

START, END = b"\xff\xd8", b"\xff\xd9"
SCAN = segment(0xDA, bytes(6)) + b"\x11"
HEAD = chunk(b"IHDR", bytes(13))


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a",
        png()[:8],
        png()[:8] + chunk(b"tEXt", b"") + chunk(b"IEND", b""),
        png()[:8] + HEAD + chunk(b"IEND", b""),
        png()[:8] + HEAD + chunk(b"IDAT", b""),
        png()[:-len(SECRET)][:-1],
    ],
    ids=["another kind", "nothing behind", "no head", "no picture", "no end", "half an end"],
)  # fmt: skip
def test_a_broken_png_is_none(data: bytes) -> None:
    with pytest.raises(BrokenPictureError):
        strip_png(data)


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a",
        START + END,
        START + b"\x00\xdb",
        START + b"\xff",
        START + b"\xff\x00",
        START + b"\xff\xdb\x00\x01",
        START + b"\xff\xdb\x00\x09",
        START + SCAN,
        START + SCAN + b"\xff",
    ],
    ids=[
        "another kind", "nothing drawn", "no mark", "a mark cut off", "no such mark", "shorter than its length",
        "longer than the file", "no end", "an end cut off",
    ],
)  # fmt: skip
def test_a_broken_jpeg_is_none(data: bytes) -> None:
    with pytest.raises(BrokenPictureError):
        strip_jpeg(data)


@pytest.mark.parametrize("made", [png, jpeg])
def test_a_picture_has_so_many_pieces_at_most(made: object, monkeypatch: pytest.MonkeyPatch) -> None:
    data, strip = (png(), strip_png) if made is png else (jpeg(), strip_jpeg)
    monkeypatch.setattr(pictures, "MAX_PARTS", 2)
    with pytest.raises(BrokenPictureError):
        strip(data)


def test_what_a_jpeg_is_drawn_by_stays_fill_bytes_restarts_and_scans_too() -> None:
    profile, adobe = segment(0xE2, b"ICC_PROFILE\0\x01"), segment(0xEE, b"Adobe\0")
    told = segment(0xE2, b"MPF\0") + segment(0xEE, b"Other") + segment(0xE0, b"JFXX\0") + segment(0xFE, b"told")
    drawn = START + profile + adobe + b"\xff\x01" + SCAN + b"\xff\xff\xd0\x00\xff\x00" + segment(0xDB, bytes(2)) + SCAN
    given = START + profile + told + adobe + drawn[len(START + profile + adobe) :] + END + b"behind"
    assert strip_jpeg(given) == drawn + END


def parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as one:
        return {name: one.read(name) for name in one.namelist()}


def test_parts_of_an_office_file_lose_their_makers_and_the_rest_stays_as_it_is() -> None:
    given = office(**{
        "docProps/thumbnail.jpeg": b"thumbnail", "word/comments.xml": b'<w:comment w:author="Wang" w:initials="W"/>',
        "word/media/a.png": png(), "word/media/b.jpg": jpeg(), "word/media/c.png": b"broken",
        "word/media/d.emf": b"emf", "word/media/": b"",
    })  # fmt: skip
    found = parts(strip_office(given))
    assert "word/media/" not in found
    assert found["docProps/thumbnail.jpeg"].startswith(b"\x89PNG")
    assert found["word/comments.xml"] == b'<w:comment w:author="-" w:initials="-"/>'
    assert (found["word/media/a.png"], found["word/media/b.jpg"]) == (strip_png(png()), strip_jpeg(jpeg()))
    assert (found["word/media/c.png"], found["word/media/d.emf"]) == (b"broken", b"emf")


def test_an_encrypted_part_is_unreadable() -> None:
    data = bytearray(office())
    with ZipFile(BytesIO(bytes(data))) as one:
        places = [entry.header_offset for entry in one.infolist()]
        directory = one.start_dir
    data[places[0] + 6] |= 1  # the flag in the part's own head, and in the directory
    data[directory + 8] |= 1
    ruling = judge_file(bytes(data))
    assert isinstance(ruling, Refused)
    assert ruling.codes == ("file_unreadable",) == unreadable("docx").codes
