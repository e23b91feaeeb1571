"""A paper as data: a title, facts, tables, paragraphs. What is written in it is text and never becomes markup.

Invariants: a paper says when it is of (``at``, from what it tells, never the clock), so the same paper gives the same
bytes; rows are bounded by ``MAX_ROWS``, and what was cut is said. Source: pages.md, ADR 0025.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from commons.canonical import Json

PaperKind = Literal["award_notice", "demand_notice", "contract_template", "credit_report", "archive_index"]
Align = Literal["left", "center", "right"]

MAX_ROWS = 500
"""Rows of one table."""
MAX_TEXT = 20_000
"""Characters of one text."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its share of the width (0: as wide as its content), its alignment.

    ``is_code``: hashes, set small in equal widths and broken in the middle.
    """

    head: str
    share: int = 1
    align: Align = "left"
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper; ``leads_to`` is the address behind its code, ``number`` what it is filed under."""

    kind: PaperKind
    title: str
    number: str
    at: datetime
    leads_to: str
    leads_words: str
    blocks: tuple[dict[str, Json], ...]
    subtitle: str = ""
    is_example: bool = False


def facts(rows: Iterable[tuple[str, str]]) -> dict[str, Json]:
    """Labels and values, one below the other."""
    return {"kind": "facts", "rows": [[label, _text(value)] for label, value in rows]}


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> dict[str, Json]:
    """A table; of more than ``MAX_ROWS`` rows the first are set, and how many there are is said."""
    kept: list[Json] = [
        [_code(cell) if one.is_code else _text(cell) for one, cell in zip(columns, row, strict=True)]
        for row in rows[:MAX_ROWS]
    ]
    return {
        "kind": "table",
        "heads": [one.head for one in columns],
        "shares": [one.share for one in columns],
        "aligns": [one.align for one in columns],
        "codes": [one.is_code for one in columns],
        "rows": kept,
        "more": f"共 {len(rows)} 行，此处列前 {MAX_ROWS} 行。" if len(rows) > MAX_ROWS else "",
    }


def heading(words: str) -> dict[str, Json]:
    """The heading of a section."""
    return {"kind": "heading", "text": words}


def text(words: str, *, is_quiet: bool = False) -> dict[str, Json]:
    """A paragraph."""
    return {"kind": "text", "text": _text(words), "quiet": is_quiet}


def note(words: str) -> dict[str, Json]:
    """A paragraph that nobody should miss, in a box."""
    return {"kind": "note", "text": _text(words)}


def outcome(label: str, main: str, *, figure: str = "", under: str = "") -> dict[str, Json]:
    """What a paper is about, large: a name or grade, and a figure beside it."""
    return {"kind": "outcome", "label": label, "main": main, "figure": figure, "under": under}


def clause(number: str, title: str, paragraphs: Sequence[str]) -> dict[str, Json]:
    """An article of a contract."""
    return {"kind": "clause", "number": number, "title": title, "paragraphs": [_text(one) for one in paragraphs]}


def signatures(parties: Sequence[tuple[str, str]]) -> dict[str, Json]:
    """Places to sign, side by side: who, and the name."""
    return {"kind": "signatures", "parties": [[role, _text(name)] for role, name in parties]}


def _code(digest: str) -> str:
    """A hash that may be broken in its middle (by a space that has no width)."""
    half = len(digest) // 2
    return f"{digest[:half]}\u200b{digest[half:]}"


def _text(words: str) -> str:
    return words if len(words) <= MAX_TEXT else f"{words[:MAX_TEXT]}……"
