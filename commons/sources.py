"""Where a rule or a number comes from, and whether anybody here has read the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TextSeen = Literal["yes", "title", "partial", "no"]
"""yes: the text was read; partial: parts of it; title: only its title; no: general knowledge."""


@dataclass(frozen=True, slots=True)
class Source:
    """A law, rule, list or own default: its title, an optional place in it, and how far it was read."""

    title: str
    text_seen: TextSeen
    place: str = ""
