"""Own work (自己编制、自己评审): who did one item for a project may not do the item that judges it.

Invariants: pairs are data with their source; only an award counts, never an offer; the earlier award is named.
Source: market.md section 4 (recusal).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commons.sources import Source
from commons.verdicts import Reason


@dataclass(frozen=True, slots=True)
class OwnWork:
    """Two items that one agency may not both do for a project, whichever it did first; and what says so."""

    one: str
    other: str
    source: Source

    def meets(self, earlier: str, later: str) -> bool:
        """Whether the two items are this pair, in either order."""
        return {earlier, later} == {self.one, self.other}


@dataclass(frozen=True, slots=True)
class EarlierAward:
    """What an agency won for a project before: the demand and its items."""

    demand: str
    title: str
    items: tuple[str, ...]


def own_work(earlier: Iterable[EarlierAward], items: Sequence[str], pairs: Iterable[OwnWork]) -> tuple[Reason, ...]:
    """A reason for each earlier award that the items would judge, or be judged by; each award is named once."""
    known = tuple(pairs)
    reasons: list[Reason] = []
    for award in earlier:
        met = ((pair, mine, item) for item in items for mine in award.items for pair in known if pair.meets(mine, item))
        if (first := next(met, None)) is not None:
            pair, mine, item = first
            params = {"item": item, "earlier_item": mine, "demand": award.demand, "title": award.title}
            reasons.append(Reason("own_work", pair.source, params))
    return tuple(reasons)
