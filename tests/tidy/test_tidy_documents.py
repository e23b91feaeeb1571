"""Decision records keep their form, and no link inside the documents leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

from tests.tidy.tree import ROOT, project_files

RECORDS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
PARTS = ["Context.", "Decision.", "Consequences.", "Alternatives.", "Enforced by"]
ONE_SCREEN = 60
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")


def dead_links(folder: Path, path: PurePosixPath, text: str) -> list[str]:
    """Links of a document to files of the project that are not there."""
    targets = ((folder / path.parent / target).resolve() for target in _LINK.findall(text))
    return [f"{path}: {target.relative_to(folder.resolve())}" for target in targets if not target.exists()]


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.name)
def test_a_decision_record_keeps_its_form(record: Path):
    text = record.read_text(encoding="utf-8")
    assert re.findall(r"^\*\*(.+?)\*\*", text, re.MULTILINE) == PARTS
    assert text.startswith(f"# {record.name[:4]} ")
    assert len(text.splitlines()) <= ONE_SCREEN


def test_every_decision_record_stands_in_the_list():
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    assert [record.name for record in RECORDS if f"]({record.name})" not in listed] == []


def test_no_two_decision_records_share_a_number():
    numbers = [record.name[:4] for record in RECORDS]
    assert len(numbers) == len(set(numbers))


def test_no_link_in_a_document_leads_nowhere():
    documents = [path for path in project_files() if path.suffix == ".md"]
    dead = [link for path in documents for link in dead_links(ROOT, path, (ROOT / path).read_text(encoding="utf-8"))]
    assert dead == []


def test_a_planted_dead_link_is_found(tmp_path: Path):
    (tmp_path / "there.md").touch()
    text = "[a](there.md) [b](there.md#part) [c](https://example.invalid) [d](#part) [e](gone.md)"
    assert dead_links(tmp_path, PurePosixPath("README.md"), text) == ["README.md: gone.md"]
