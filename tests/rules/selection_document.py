"""The example rows of ``docs/reference/selection.md``, printed from the very rows that the tests run.

The words stand in the document itself; between ``<!-- rows: name -->`` and ``<!-- end of rows -->`` stands what is
printed here. ``python -m tests.rules.selection_document`` writes the rows anew; a test holds the document to them.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.rules import selection_document_early as early
from tests.rules import selection_document_late as late

PATH = Path(__file__).parents[2] / "docs" / "reference" / "selection.md"

_ROWS = re.compile(r"<!-- rows: (\w+) -->\n.*?<!-- end of rows -->\n", re.DOTALL)


def tables() -> dict[str, str]:
    """Every table by its name, in the order of the sections."""
    return dict([*early.tables(), *late.tables()])


def names(text: str) -> list[str]:
    """The names of the tables that a document has places for, in order."""
    return _ROWS.findall(text)


def document(text: str) -> str:
    """The document with its rows printed anew; a place for a table that nobody prints is a ``KeyError``."""
    printed = tables()
    return _ROWS.sub(lambda found: f"<!-- rows: {found[1]} -->\n{printed[found[1]]}\n<!-- end of rows -->\n", text)


if __name__ == "__main__":
    PATH.write_text(document(PATH.read_text(encoding="utf-8")), encoding="utf-8")
