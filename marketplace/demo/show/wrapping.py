"""Wrap running text that mixes Chinese and numbers: by display cells, never inside a number or a code.

Rich breaks at spaces alone, which tears Chinese lines early; here a line may end after any Chinese character, but not
before a closing mark nor after an opening one. Source: the usual line-breaking rules of Chinese typesetting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

_NOT_FIRST = "，。；：、！？）〕」』”’》%‰"
_NOT_LAST = "（〔「『“‘《"
_PIECE = re.compile(r"[\x21-\x7e]*[0-9] [\u4e00-\u9fff]|\s+|[\x21-\x7e÷×−—…]+|.", re.DOTALL)


def wrapped(text: str, width: int, *, indent: int = 0) -> list[str]:
    """Lines of at most ``width`` cells, all but the first with ``indent`` spaces in front."""
    lines, line = [], ""
    for piece in _pieces(text):
        if cell_len(line + piece.rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
            line = " " * indent
        line += piece.lstrip() if line.strip() == "" else piece
        while cell_len(line) > width:
            head = _head(line, width)
            lines.append(head)
            line = " " * indent + line[len(head) :]
    if line.strip():
        lines.append(line.rstrip())
    return lines or [""]


def _pieces(text: str) -> Iterator[str]:
    """What must not be torn apart: words and numbers whole, marks with what they belong to."""
    held = ""
    for piece in _PIECE.findall(text):
        joins = not held or held[-1] in _NOT_LAST or piece[0] in _NOT_FIRST
        if joins:
            held += piece
            continue
        yield held
        held = piece
    if held:
        yield held


def _head(line: str, width: int) -> str:
    """The longest beginning of a piece that is too long for any line."""
    end = len(line)
    while cell_len(line[:end]) > width:
        end -= 1
    return line[:end]
