"""The page that says in English what this place is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from marketplace.web.views.parts import Mode


@dataclass(frozen=True, slots=True)
class EnglishView:
    """Modes as (code, name, rule in a sentence) and terms as (Chinese, English)."""

    template: ClassVar[str] = "english.html"

    modes: tuple[tuple[Mode, str, str], ...]
    terms: tuple[tuple[str, str], ...]
