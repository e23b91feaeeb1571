"""The reference of the rules shows the rows that the tests run, and has every section that a reason cites."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bidding.rules import TITLE
from tests.rules.selection_document import PATH, document, names, tables

ROOT = Path(__file__).parents[2]
TEXT = PATH.read_text(encoding="utf-8")
SECTIONS = re.split(r"^## (\d+)\. ", TEXT, flags=re.MULTILINE)


def test_the_reference_shows_what_the_rows_print() -> None:
    assert document(TEXT) == TEXT, "run: python -m tests.rules.selection_document"


def test_every_table_has_its_place_once() -> None:
    assert names(TEXT) == list(tables())


def test_a_changed_row_is_noticed() -> None:
    changed = TEXT.replace("| 1,000.00 | 3,000.00 | 20.00 |", "| 1,000.00 | 3,000.00 | 21.00 |")
    assert changed != TEXT == document(changed)


def test_every_section_that_a_reason_cites_is_in_the_reference() -> None:
    cited = set()
    for path in (*(ROOT / "bidding").rglob("*.py"), *(ROOT / "marketplace").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_rule = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "rule"
            if is_rule and node.args and isinstance(node.args[0], ast.Constant):
                cited.add(node.args[0].value)
    assert SECTIONS[1::2] == [str(number) for number in range(1, 11)]
    assert {"1", "2", "3", "4", "5", "6", "7", "8"} <= cited <= set(SECTIONS[1::2])
    assert str(PATH.relative_to(ROOT)) in TITLE


def test_every_section_has_its_example_rows_but_that_of_the_laws() -> None:
    assert [number for number, text in zip(SECTIONS[1::2], SECTIONS[2::2], strict=True) if not names(text)] == ["9"]


@pytest.mark.parametrize("number", range(1, 10))
def test_every_law_names_a_test_that_exists(number: int) -> None:
    (line,) = re.findall(rf"^{number}\. (.*)$", SECTIONS[18], re.MULTILINE)
    (name,) = re.findall(r"`(test_\w+)`", line)
    files = (ROOT / "tests" / "properties").glob("test_engine_*.py")
    assert any(f"def {name}(" in path.read_text(encoding="utf-8") for path in files)
