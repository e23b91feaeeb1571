"""Who is proposed: the first in the frozen ranking who is not gone; an award passes on, it is never decided again.

Where the owner has chosen, the chosen one stands before everybody else. Source: selection.md sections 2 and 6,
docs/adr/0007.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from bidding.assembling import DRAW_MODES
from bidding.pauses import counted
from bidding.selection import Selection
from commons.canonical import Json


@dataclass(frozen=True, slots=True)
class Award:
    """A proposed award (拟中选): the bidder, its rank, the price in fen, and since when."""

    bidder: str
    rank: int
    price_fen: int
    at: datetime


def gone(state: Selection) -> dict[str, datetime]:
    """Since when bidders give way to the next in the ranking: voided, the award abandoned or set aside, capped."""
    found = {bidder: one.voided_at for bidder, one in state.participants.items() if one.voided_at is not None}
    for bidder, at in (*state.abandoned.items(), *state.passed_over.items(), *state.set_aside.items()):
        found[bidder] = min(at, found.get(bidder, at))
    return found


def proposal(state: Selection, *, without: Mapping[str, datetime] | None = None) -> Award | None:
    """Who is proposed now: the first in the frozen ranking who is not gone; None without an award.

    ``without`` says who is gone since when, in place of everybody in ``gone``.
    """
    decision = state.decision
    if decision is None or state.decided_at is None:
        return None
    if decision["outcome"] != "award" and state.picked is None:
        return None
    left, since = gone(state) if without is None else without, state.decided_at
    rows = cast("list[dict[str, Json]]", decision["ranking"])
    first = state.picked.bidder if state.picked is not None else None
    for row in sorted(rows, key=lambda row: row["bidder"] != first):
        bidder = cast("str", row["bidder"])
        if bidder not in left:
            return Award(bidder, cast("int", row["rank"]), _price_fen(state, row), counted(since, state.pauses))
        since = max(since, left[bidder])
    return None


def _price_fen(state: Selection, row: Mapping[str, Json]) -> int:
    """The price of a ranked bidder: in the row where the mode shows it, else the bid's own; in draws the ceiling.

    Who signs up for a draw takes the job at the published amount.
    """
    if "price_fen" in row:
        return cast("int", row["price_fen"])
    if state.mode in DRAW_MODES:
        return cast("int", state.terms["ceiling_fen"])
    bids = cast("list[dict[str, Json]]", cast("Mapping[str, Json]", state.case)["bids"])
    return next(cast("int", bid["price_fen"]) for bid in bids if bid["bidder"] == row["bidder"])
