"""The whole of a list, as far as an export goes: the same readings as the pages, in one snapshot, without pages."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.usecases.read_listing import Slice

MAX_EXPORTED = 5_000
"""Rows of an exported list; of a longer one the first are taken, and the file says so."""


@dataclass(frozen=True, slots=True)
class Whole(Slice):
    """The first ``MAX_EXPORTED`` rows of a list as one page."""

    page: int = 1
    size: int = MAX_EXPORTED

    def __post_init__(self) -> None:
        """An export is no page: its bound is its own."""

    def within(self, total: int) -> Whole:
        """The same: there is one such page."""
        del total
        return self
