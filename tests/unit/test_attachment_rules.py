"""Which files are taken is told by their content; names are cleaned; the public copy tells nothing of its maker."""

from __future__ import annotations

from io import BytesIO
from unicodedata import normalize
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.verdicts import Allowed, Refused
from marketplace.attachments import judging
from marketplace.attachments.attachment import MAX_BYTES_A_DAY, MAX_FILE_BYTES, MAX_FILES_A_DAY
from marketplace.attachments.judging import judge_file, judge_quota
from marketplace.attachments.names import MAX_NAME, clean_name
from marketplace.files.public_copy import public_copy, stripped
from tests.unit.file_samples import CONTENT_TYPES, SECRET, archive, jpeg, office, pdf, png

SAMPLES = {
    "pdf": pdf(), "png": png(), "jpeg": jpeg(), "docx": office(), "xlsx": office("xl/workbook.xml"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_file_is_told_by_its_content(kind: str) -> None:
    assert judge_file(SAMPLES[kind]) == kind


REFUSED = {
    "nothing": (b"", "file_empty"),
    "text": (b"hello", "file_kind"),
    "program": (b"MZ" + bytes(100), "file_kind"),
    "script as pdf": (b"<script>%PDF-1.7 %%EOF", "file_kind"),
    "half a pdf": (pdf()[:-40], "file_broken"),
    "half a png": (png()[:60], "file_broken"),
    "altered png": (png().replace(b"Author", b"Auther"), "file_broken"),
    "half a jpeg": (jpeg()[:120], "file_broken"),
    "plain archive": (archive(**{"a.txt": b"a"}), "file_kind"),
    "archive with one part of Word": (archive(**{"word/document.xml": b"a"}), "file_kind"),
    "both kinds": (office(**{"xl/workbook.xml": b"a"}), "file_kind"),
    "macros": (office(**{"word/vbaProject.bin": b"a"}), "file_has_active_content"),
    "macros by type": (
        office(**{"[Content_Types].xml": CONTENT_TYPES + b"application/vnd.ms-word.document.macroEnabled"}),
        "file_has_active_content",
    ),
    "files inside": (office(**{"word/embeddings/oleObject1.bin": b"a"}), "file_has_active_content"),
    "outward path": (office(**{"../../evil.xml": b"a"}), "file_broken"),
    "altered archive": (office().replace(b"kept text", b"cept text"), "file_broken"),
    "cut archive": (office()[:-10], "file_broken"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_file_of_these_is_refused_with_its_reason(name: str) -> None:
    data, code = REFUSED[name]
    ruling = judge_file(data)
    assert isinstance(ruling, Refused)
    assert ruling.codes == (code,)


def test_size_and_unpacked_size_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    large = judge_file(b"%PDF-1.7" + bytes(MAX_FILE_BYTES) + b"%%EOF")
    assert isinstance(large, Refused)
    assert large.codes == ("file_too_large",)
    monkeypatch.setattr(judging, "MAX_UNPACKED_BYTES", 100)
    bomb = judge_file(office())
    assert isinstance(bomb, Refused)
    assert bomb.codes == ("file_unpacks_too_large",)


def test_a_day_has_room_for_so_many_files_and_bytes() -> None:
    assert isinstance(judge_quota(files=MAX_FILES_A_DAY - 1, size=0, adding=1), Allowed)
    assert isinstance(judge_quota(files=0, size=MAX_BYTES_A_DAY - 5, adding=5), Allowed)
    over = judge_quota(files=MAX_FILES_A_DAY, size=MAX_BYTES_A_DAY, adding=1)
    assert isinstance(over, Refused)
    assert over.codes == ("file_quota_count", "file_quota_bytes")


NAMES = (
    ("报告.pdf", "pdf", "报告.pdf"),
    ("C:\\Users\\x\\报告.PDF", "pdf", "报告.pdf"),
    ("../../etc/passwd", "pdf", "passwd.pdf"),
    ("report.exe", "pdf", "report.exe.pdf"),
    ("photo.jpeg", "jpeg", "photo.jpeg"),
    ("photo", "jpeg", "photo.jpg"),
    ("", "png", "附件.png"),
    ("  .. ", "png", "附件.png"),
    ("a\r\nb\x00c\u202ed.docx", "docx", "a bcd.docx"),
    ('q<>:"|?*.xlsx', "xlsx", "q_______.xlsx"),
    ("CON.pdf", "pdf", "_CON.pdf"),
    ("e\u0301.pdf", "pdf", "é.pdf"),
)


@pytest.mark.parametrize(("given_name", "kind", "clean"), NAMES)
def test_a_name_is_made_plain(given_name: str, kind: str, clean: str) -> None:
    assert clean_name(given_name, kind) == clean  # type: ignore[arg-type]  # a row's kind is a plain str


@given(st.text(max_size=300), st.sampled_from(["pdf", "jpeg", "xlsx"]))
def test_a_clean_name_stays_as_it_is(typed: str, kind: str) -> None:
    clean = clean_name(typed, kind)  # type: ignore[arg-type]  # a row's kind is a plain str
    assert clean_name(clean, kind) == clean  # type: ignore[arg-type]  # a row's kind is a plain str
    assert 0 < len(clean) <= MAX_NAME
    assert not set(clean) & set('/\\<>:"|?*\r\n\x00')
    assert clean == normalize("NFC", clean)


def unpacked(kind: str, data: bytes) -> bytes:
    """A file's bytes, those of its parts for an archive."""
    if kind not in {"docx", "xlsx"}:
        return data
    with ZipFile(BytesIO(data)) as one:
        return b"".join(one.read(name) for name in one.namelist())


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_public_copy_tells_nothing_and_is_the_same_each_time(kind: str) -> None:
    copy = stripped(kind, SAMPLES[kind])  # type: ignore[arg-type]  # a row's kind is a plain str
    assert judge_file(copy) == kind
    before, after = unpacked(kind, SAMPLES[kind]), unpacked(kind, copy)
    assert SECRET.encode() in before
    assert SECRET.encode() not in after
    assert stripped(kind, SAMPLES[kind]) == copy  # type: ignore[arg-type]  # a row's kind is a plain str
    assert stripped(kind, copy) == copy or kind == "pdf"  # type: ignore[arg-type]  # a row's kind is a plain str


def test_what_the_reader_sees_stays() -> None:
    with ZipFile(BytesIO(stripped("docx", office()))) as one:
        assert b'w:author="-">kept text' in one.read("word/document.xml")
    assert b"\x11\xff\x00\x22\xff\xd0\x33\xff\xd9" in stripped("jpeg", jpeg())


async def test_a_file_that_cannot_be_copied_gives_none_and_ends_nobody() -> None:
    assert await public_copy("pdf", pdf(password="secret")) is None
    assert await public_copy("pdf", b"%PDF-1.7\n%%EOF") is None
    made = await public_copy("pdf", pdf())
    assert made is not None
    assert made.startswith(b"%PDF-")
