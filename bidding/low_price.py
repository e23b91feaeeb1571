"""Abnormally low prices (异常低价): who is flagged, and who leaves because the explanation was rejected.

Invariants: all flagged and rejected offers leave together, then the lines are drawn again, until nothing changes; a
price exactly on a line is not flagged; integers are compared, nothing is rounded. Source: selection.md section 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Literal

from bidding.offers import Bid
from bidding.rules import rule
from bidding.terms import LowPrice
from commons.money import BASIS
from commons.verdicts import Param, Reason

Trigger = Literal["below_mean", "below_second", "below_ceiling"]


@dataclass(frozen=True, slots=True)
class Line:
    """What flags a price: it lies below ``bp``/10000 of the mean of ``count`` prices that sum to ``total_fen``."""

    trigger: Trigger
    total_fen: int
    count: int
    bp: int

    @property
    def highest_flagged_fen(self) -> int:
        """The highest price that the line flags, fen; 0 or less when none; ``below_second`` flags a single lowest."""
        below = -(-self.total_fen * self.bp // (self.count * BASIS)) - 1
        return min(below, self.total_fen - 1) if self.trigger == "below_second" else below

    @property
    def params(self) -> dict[str, Param]:
        """The numbers of the line, for the words about it."""
        return {"trigger": self.trigger, "total_fen": self.total_fen, "count": self.count, "bp": self.bp}


@dataclass(frozen=True, slots=True)
class Departure:
    """A bid that left: flagged by these lines, its explanation rejected."""

    bid: Bid
    lines: tuple[Line, ...]

    @property
    def reason(self) -> Reason:
        """The refusal, with the numbers of the first line."""
        return Reason("abnormally_low", rule("4"), {"price_fen": self.bid.price_fen, **self.lines[0].params})


@dataclass(frozen=True, slots=True)
class Sifted:
    """Bids that stay, bids that left, and the lines that flag some of those that stay."""

    kept: tuple[Bid, ...]
    left: tuple[Departure, ...]
    flags: Mapping[str, tuple[Line, ...]]
    unexplained: frozenset[str]


def sift(bids: Sequence[Bid], low_price: LowPrice | None, *, ceiling_fen: int) -> Sifted:
    """Valid bids → those that stay and those that leave; without the rule all stay, unflagged.

    Prices and ceiling are fen, the lines basis points of theirs; selection.md section 4.
    """
    kept, left = tuple(bids), list[Departure]()
    if low_price is None:
        return Sifted(kept, (), {}, frozenset())
    while True:
        flags = _flags(kept, low_price, ceiling_fen)
        leaving = [bid for bid in kept if bid.bidder in flags and bid.explanation == "rejected"]
        if not leaving:
            unexplained = frozenset(b.bidder for b in kept if b.bidder in flags and b.explanation != "accepted")
            return Sifted(kept, tuple(left), flags, unexplained)
        left.extend(Departure(bid, flags[bid.bidder]) for bid in leaving)
        gone = {bid.bidder for bid in leaving}
        kept = tuple(bid for bid in kept if bid.bidder not in gone)


def _flags(bids: Sequence[Bid], low_price: LowPrice, ceiling_fen: int) -> dict[str, tuple[Line, ...]]:
    lines = _lines([bid.price_fen for bid in bids], low_price, ceiling_fen)
    highest = max((line.highest_flagged_fen for line in lines), default=0)
    return {
        bid.bidder: tuple(line for line in lines if bid.price_fen <= line.highest_flagged_fen)
        for bid in bids
        if bid.price_fen <= highest
    }


def _lines(prices: Sequence[int], low_price: LowPrice, ceiling_fen: int) -> list[Line]:
    """The lines that these prices draw; two of them need two or more prices."""
    lines: list[Line] = []
    lowest = nsmallest(2, prices)
    if len(lowest) == 2:  # noqa: PLR2004 - two or more offers, as the rule says
        if low_price.below_mean_bp is not None:
            lines.append(Line("below_mean", sum(prices), len(prices), low_price.below_mean_bp))
        if low_price.below_second_bp is not None:
            lines.append(Line("below_second", lowest[1], 1, low_price.below_second_bp))
    if low_price.below_ceiling_bp is not None:
        lines.append(Line("below_ceiling", ceiling_fen, 1, low_price.below_ceiling_bp))
    return lines
