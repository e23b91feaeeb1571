"""Discount rates (下浮率): an offer in basis points off the ceiling, and the price in whole fen that it means.

Invariants: one rounding, half-up to whole fen; everything after it (points, steps, order, award) compares that price,
never the rate; a rate outside 0 … 9999 bp is a refusal of its own. Source: selection.md section 2, docs/adr/0008.
"""

from __future__ import annotations

from commons.money import BASIS

MAX_DISCOUNT_BP = BASIS - 1
"""The highest rate that leaves a price."""

DISCOUNT_OUT_OF_RANGE = "discount_out_of_range"


def discounted_fen(ceiling_fen: int, discount_bp: int) -> int:
    """Ceiling × (10000 − rate) ÷ 10000, half-up to whole fen; 0 or less where the rate leaves nothing."""
    return (2 * ceiling_fen * (BASIS - discount_bp) + BASIS) // (2 * BASIS)


def is_in_range(discount_bp: int) -> bool:
    """Whether a rate is one that may be offered: 0 … 9999 basis points."""
    return 0 <= discount_bp <= MAX_DISCOUNT_BP


def least_discount_bp(ceiling_fen: int, max_price_fen: int) -> int | None:
    """The lowest rate whose price is at most ``max_price_fen`` and above 0; None when there is none."""
    most = (2 * BASIS * max_price_fen + BASIS - 1) // (2 * ceiling_fen)
    discount_bp = max(0, BASIS - most)
    if not is_in_range(discount_bp) or discounted_fen(ceiling_fen, discount_bp) <= 0:
        return None
    return discount_bp
