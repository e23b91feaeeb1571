"""Tables of the selection document: values as people read them, rows as Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bidding.wording import render

Table = tuple[str, str]
"""The name of a table and its Markdown."""


def yuan(fen: int) -> str:
    """Fen as yuan with both decimals."""
    return render("{fen:yuan}", {"fen": fen})


def hundredths(value: int) -> str:
    """Hundredths as a decimal."""
    return render("{value:points}", {"value": value})


def percent(bp: int) -> str:
    """Basis points as a rate in percent."""
    return render("{bp:percent}%", {"bp": bp})


def code(value: Any) -> str:
    """A value as compact JSON in code type; nothing for an empty object."""
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return "" if value in ({}, None) else f"`{text}`"


def codes(reasons: Iterable[str]) -> str:
    """Reason codes, or a check mark for none."""
    listed = "、".join(f"`{reason}`" for reason in reasons)
    return listed or "✓"


def prices(by_bidder: Mapping[str, int]) -> str:
    """``A 1.00，B 2.00``: bidders with their prices in yuan."""
    return "，".join(f"{bidder} {yuan(price)}" for bidder, price in by_bidder.items())


def table(name: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """The name of a table and its Markdown: title, heads, rows."""
    lines = [f"**{title}**", "", _row(heads), "|" + "---|" * len(heads)]
    return name, "\n".join([*lines, *(_row([str(cell) for cell in row]) for row in rows)])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
