"""Joint purchase (合并采购): several items under one price; a bidder may show how its price splits over them.

Invariants: the price decides, the split only shows; a split names every item once and sums to the price exactly, in
fen, or it is refused with all that is wrong with it. Source: selection.md section 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from bidding.rules import rule
from commons.verdicts import Reason, Verdict, verdict

SPLIT_ITEM_UNKNOWN = "split_item_unknown"
SPLIT_ITEM_REPEATED = "split_item_repeated"
SPLIT_ITEM_MISSING = "split_item_missing"
SPLIT_PART_NEGATIVE = "split_part_negative"
SPLIT_SUM_DIFFERS = "split_sum_differs"


class Part(NamedTuple):
    """What of the price, in fen, belongs to one item; 0 for an item that costs nothing extra."""

    item: str
    fen: int


def check_split(items: Sequence[str], price_fen: int, split: Sequence[Part] | None) -> Verdict:
    """A price for all items and its split, both fen: allowed without one, else refused with every fault of it."""
    if split is None:
        return verdict(())
    reasons: list[Reason] = []
    times = Counter(part.item for part in split)
    for item in times:
        if item not in items:
            reasons.append(Reason(SPLIT_ITEM_UNKNOWN, rule("1"), {"item": item}))
        elif times[item] > 1:
            reasons.append(Reason(SPLIT_ITEM_REPEATED, rule("1"), {"item": item, "count": times[item]}))
    reasons.extend(Reason(SPLIT_ITEM_MISSING, rule("1"), {"item": item}) for item in items if item not in times)
    reasons.extend(
        Reason(SPLIT_PART_NEGATIVE, rule("1"), {"item": part.item, "part_fen": part.fen})
        for part in split
        if part.fen < 0
    )
    total = sum(part.fen for part in split)
    if total != price_fen:
        reasons.append(Reason(SPLIT_SUM_DIFFERS, rule("1"), {"sum_fen": total, "price_fen": price_fen}))
    return verdict(tuple(reasons))
