"""Filters that somebody keeps, as links above their list."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SavedLink:
    """A filter that is kept: its name, and where it leads."""

    name: str
    path: str
    query: Pairs


@dataclass(frozen=True, slots=True)
class SavedLinks:
    """Those of one list, for above it; ``keep``: what the address has now, ready to be kept (): nothing is chosen."""

    links: tuple[SavedLink, ...]
    listed: str
    keep: Pairs = ()

    @property
    def keep_query(self) -> Pairs:
        """The query of the address at which the filter of now is kept."""
        return (("listed", self.listed), ("query", urlencode(self.keep)))
