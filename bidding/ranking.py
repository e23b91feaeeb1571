"""One total order: the mode's own key, then the declared ties, then the draw.

Invariants: equal keys are never told apart by the order of a list; a draw is used only among bidders whom everything
before it leaves equal; without inputs a needed draw is said, never invented. Source: selection.md section 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bidding.offers import Bid, Entry
from bidding.terms import Tie
from commons.draws import Draw


@dataclass(frozen=True, slots=True)
class DrawNeeded:
    """Somebody has to be drawn and there are no inputs."""


@dataclass(frozen=True, slots=True)
class Order:
    """Positions of the bidders, best first, and the key of each position that put them so.

    ``drawn`` are the groups of positions that only the draw told apart.
    """

    positions: tuple[int, ...]
    keys: Sequence[tuple[int, ...]]
    drawn: tuple[tuple[int, ...], ...] = ()


def days_of(bids: Sequence[Bid]) -> list[int]:
    """The days (whole days) of all bids; that terms which ask for days have them is an invariant of the reading."""
    days = [bid.days for bid in bids if bid.days is not None]
    assert len(days) == len(bids), "terms that rank by days ask for days"
    return days


def credits_of(bids: Sequence[Bid] | Sequence[Entry]) -> list[int]:
    """The credit of all bids, hundredths; that terms which ask for credit have it is an invariant of the reading."""
    credit = [bid.credit for bid in bids if bid.credit is not None]
    assert len(credit) == len(bids), "terms that rank by credit ask for credit"
    return credit


def tie_columns(ties: Sequence[Tie], bids: Sequence[Bid], received: Sequence[int] = ()) -> list[list[int]]:
    """One column of ascending keys for each tie rule before the draw: fen, days, minus hundredths of credit, or seq.

    Source: selection.md section 7.
    """
    return [_column(tie, bids, received) for tie in takewhile(lambda tie: tie != "draw", ties)]


def _column(tie: Tie, bids: Sequence[Bid], received: Sequence[int]) -> list[int]:
    match tie:
        case "price":
            return [bid.price_fen for bid in bids]
        case "days":
            return days_of(bids)
        case "credit":
            return [-credit for credit in credits_of(bids)]
        case _:
            return list(received)


def order(ids: Sequence[str], columns: Sequence[Sequence[int]], draw: Draw | None) -> Order | DrawNeeded:
    """Bidders by the columns, ascending, the first one first; equals by their rank in the draw: selection.md section 7.

    Columns are as long as ``ids``; without draw inputs equals in every column give ``DrawNeeded``.
    """
    keys = list(zip(*columns, strict=True))
    positions = sorted(range(len(ids)), key=keys.__getitem__)
    if len(set(keys)) == len(keys):
        return Order(tuple(positions), keys)
    if draw is None:
        return DrawNeeded()
    drawn: list[tuple[int, ...]] = []
    for start, end in _equals(positions, keys):
        group = sorted(positions[start:end], key=lambda position: (draw.rank(ids[position]), ids[position]))
        positions[start:end] = group
        drawn.append(tuple(group))
    return Order(tuple(positions), keys, tuple(drawn))


def order_by_draw(ids: Sequence[str], draw: Draw | None) -> Order | DrawNeeded:
    """Bidders by their rank in the draw alone; needs inputs even for one bidder (selection.md sections 7 and 10)."""
    if draw is None:
        return DrawNeeded()
    positions = sorted(range(len(ids)), key=lambda position: (draw.rank(ids[position]), ids[position]))
    return Order(tuple(positions), [()] * len(ids), (tuple(positions),))


def _equals(positions: Sequence[int], keys: Sequence[tuple[int, ...]]) -> list[tuple[int, int]]:
    """Half-open runs of two or more sorted positions with the same key."""
    groups: list[tuple[int, int]] = []
    start = 0
    for index in range(1, len(positions) + 1):
        if index < len(positions) and keys[positions[index]] == keys[positions[start]]:
            continue
        if index - start > 1:
            groups.append((start, index))
        start = index
    return groups
