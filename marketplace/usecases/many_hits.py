"""Which searches find more than lists count: remembered, so that paging through them counts nothing again.

Invariant: what is remembered still holds. A search had so many hits more than are counted; of these at most as many
have gone as demands have moved since (a trigger counts them: state, outcome, mode, place, item, words; of agencies
another: words, place), and at most ``BY_THE_CLOCK`` by the clock alone. Only a reading that began while nothing was
being written may be remembered, so that nothing is lost that was counted before. Source: docs/adr/0032.
"""

from __future__ import annotations

from collections.abc import Hashable

from marketplace.database import Database

BY_THE_CLOCK = 100
"""Hits that may go without anything being written: demands that are due, of which lists fold so many."""
MOST_KEPT = 4_096
"""Searches that are remembered; the oldest makes way."""


class ManyHits:
    """Searches with more hits than are counted; a companion of the database pool."""

    def __init__(self, _database: Database, /) -> None:
        """Nothing was searched yet."""
        self._kept: dict[Hashable, int] = {}

    async def end(self) -> None:
        """Nothing is under way."""
        self._kept.clear()

    def note(self, asked: Hashable, moved: int, beyond: int) -> None:
        """So many hits ``beyond`` what is counted were found when demands (or agencies) had ``moved`` so often."""
        if asked is None or beyond <= BY_THE_CLOCK:
            return
        self._kept.pop(asked, None)
        if len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[asked] = moved + beyond - BY_THE_CLOCK

    def holds(self, asked: Hashable, moved: int) -> bool:
        """Whether there still are more than are counted, now that demands have ``moved`` so often."""
        until = self._kept.get(asked) if asked is not None else None
        return until is not None and moved < until
