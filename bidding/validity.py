"""Which sealed offers and sign-ups take part: everybody else is listed with all reasons.

Invariants: voided, unfit as of the close, or the cap of lots reached is the only reason where it holds; nothing here
looks at any other offer. Source: selection.md sections 1 and 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from bidding.decision import Rejection
from bidding.offers import Bid, Entry, ended, own_refusals

_Offer = TypeVar("_Offer", Bid, Entry)


def valid_ones(
    offers: Iterable[_Offer], *, ceiling_fen: int, max_days: int | None
) -> tuple[list[_Offer], list[Rejection]]:
    """Offers → those that take part, in their order, and the refused ones with their reasons."""
    valid: list[_Offer] = []
    out: list[Rejection] = []
    for offer in offers:
        if over := ended(offer.voided_at, offer.capped, offer.unfit):
            out.append(Rejection(offer.bidder, over))
        elif reasons := own_refusals(
            offer.price_fen, offer.days, ceiling_fen=ceiling_fen, max_days=max_days, discount_bp=offer.discount_bp
        ):
            out.append(Rejection(offer.bidder, reasons))
        else:
            valid.append(offer)
    return valid, out
