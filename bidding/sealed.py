"""What an offer in a sealed selection is told at once: the clock, its admission, its own price and days.

Nothing here looks at any other offer. Source: selection.md sections 2 and 3.
"""

from __future__ import annotations

from datetime import datetime

from bidding.offers import own_refusals, voided
from bidding.rules import rule
from bidding.selection import Selection
from bidding.terms import SealedTerms
from commons.instants import format_instant
from commons.verdicts import Reason, Verdict, verdict


def judge_sealed_offer(
    state: Selection, terms: SealedTerms, *, bidder: str, price_fen: int, days: int | None, at: datetime,
    discount_bp: int | None = None,
) -> Verdict:  # fmt: skip
    """Allowed, or refused: closed (its only reason), else not admitted or voided, then the offer's own faults."""
    if state.closes_at is None or at >= state.closes_at:
        params = {"closed_at": format_instant(state.closes_at) if state.closes_at else "", "at": format_instant(at)}
        return verdict((Reason("selection_closed", rule("3"), params),))
    reasons: list[Reason] = []
    participant = state.participants.get(bidder)
    if participant is None:
        reasons.append(Reason("not_admitted", rule("2")))
    elif participant.voided_at is not None and participant.voided_at <= at:
        reasons.append(voided(participant.voided_at))
    own = own_refusals(price_fen, days, ceiling_fen=terms.ceiling_fen, max_days=terms.max_days, discount_bp=discount_bp)
    reasons.extend(own)
    return verdict(tuple(reasons))
