"""The frame of everything printed: a hundred columns at most, hairlines, Chinese first, no colour where none belongs.

Meaning never lies in colour alone: every mark has its word. Source: the visual rules of the pages, kept for terminals.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import IO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from commons.verdicts import Reason
from marketplace.demo.show.wrapping import wrapped
from marketplace.demo.stage import TurnedAway
from marketplace.web import formatting
from marketplace.web.locale import names
from marketplace.web.locale.reasons import reason_text

WIDTH = 100
NARROWEST = 60
GOOD, BAD, QUIET, STRONG = "bold green", "red", "dim", "bold"
LABEL_WIDTH = 11
HANGING = 2
RULES_FILE = "docs/reference/selection.md"


def make_console(stream: IO[str] | None = None) -> Console:
    """A console for this stream (standard output): UTF-8, as wide as the terminal up to ``WIDTH``, plain when piped."""
    out = stream or sys.stdout
    reconfigure = getattr(out, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")
    console = Console(file=out, highlight=False, emoji=False, markup=False, soft_wrap=False)
    width = min(WIDTH, max(NARROWEST, console.width)) if console.is_terminal else WIDTH
    console.width = width
    return console


class Paper:
    """Where a scene is written down, line by line."""

    def __init__(self, console: Console) -> None:
        """Write on this console."""
        self.console = console

    def heading(self, words: str) -> None:
        """A part's heading over the whole width."""
        self.console.print()
        self.console.print(Rule(Text(words, style=STRONG), align="left", characters="━", style=QUIET))

    def line(self, words: str, style: str = "") -> None:
        """A sentence, wrapped; what follows the first line stands a little further in than it begins."""
        indent = len(words) - len(words.lstrip()) + HANGING
        self._write("\n".join(wrapped(words, self.console.width, indent=indent)), style)

    def lines(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Labels and sentences, the sentences in a column of their own."""
        for label, words in pairs:
            head = label + " " * (LABEL_WIDTH - cell_len(label))
            first, *rest = wrapped(words, self.console.width - LABEL_WIDTH - 1)
            text = Text.assemble(" ", (head, QUIET), first)
            for one in rest:
                text.append("\n" + " " * (LABEL_WIDTH + 1) + one)
            self._write(text)

    def table(self, columns: Sequence[str | tuple[str, str]], rows: Iterable[Sequence[str | Text]]) -> None:
        """A table; a column is a head, or a head with ``right`` or ``left``. Rows are texts."""
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style=STRONG, padding=(0, 1, 0, 0))
        for column in columns:
            head, side = column if isinstance(column, tuple) else (column, "left")
            table.add_column(head, justify="right" if side == "right" else "left", overflow="fold")
        for row in rows:
            table.add_row(*row)
        with self.console.capture() as captured:
            self.console.print(Padding(table, (0, 0, 0, 1)))
        for line in captured.get().splitlines():
            self.console.out(line.rstrip(), highlight=False)

    def refusals(self, rows: Iterable[tuple[str, str, Sequence[Reason]]]) -> None:
        """Who was refused what, every reason with its source; one that stands above already is named only."""
        written: set[str] = set()
        for who, act, reasons in rows:
            self.line(f" ✗ 拒绝 {who}：{act}", BAD)
            for reason in reasons:
                words = f"{reason_text(reason)}〔{source_words(reason)}〕"
                repeated = f"{words.split('：', maxsplit=1)[0]}（同上）"
                self.line(f"   理由：{repeated if words in written else words}")
                written.add(words)

    def _write(self, text: str | Text, style: str = "") -> None:
        written = Text(text, style=style) if isinstance(text, str) else text
        self.console.print(written, no_wrap=True, overflow="ignore", crop=False)


def source_words(reason: Reason) -> str:
    """Where a reason comes from: title and place, and how far the text was read where it is somebody else's.

    The file of our own rules is named once, where the telling begins.
    """
    source = reason.source
    title = source.title.replace(f"（{RULES_FILE}）", "")
    place = f"第 {source.place} 节" if source.place.isdigit() else source.place
    words = place if source.title.isascii() and place else f"{title} {place}".strip()
    seen = f"，{names.TEXT_SEEN[source.text_seen]}" if source.text_seen in {"partial", "title"} else ""
    return words + seen


def told(turned_away: Iterable[TurnedAway], known: dict[str, str]) -> list[tuple[str, str, Sequence[Reason]]]:
    """Refused acts as ``Paper.refusals`` takes them, with the names known."""
    return [(known.get(one.agency, one.agency), one.act, one.reasons) for one in turned_away]


def saving(price_fen: int, ceiling_fen: int) -> str:
    """What a price spares against the ceiling, in yuan; the summary has it in percent."""
    return f"比限价节约 {formatting.yuan(ceiling_fen - price_fen)}"


def chosen(words: str) -> Text:
    """A cell of the winner."""
    return Text(words, style=GOOD)
