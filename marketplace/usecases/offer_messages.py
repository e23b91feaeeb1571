"""What an offer (报价响应) is asked with and answered with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from commons.money import MAX_FEN
from marketplace.demands.demand import MAX_ITEMS
from marketplace.usecases.act import Identifier, Message, Nonce, UsccText

MAX_RATE_BP = 100_000
"""Rates beyond it are typing errors; those from 10000 on are refused by the rules, with their reason."""
MAX_ROUND = 1_000


TermsDigest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of terms in canonical form, in hex, as the demand publishes it."""


class PartText(Message):
    """What of the price, in fen, belongs to one item."""

    item: Identifier
    fen: Annotated[int, Field(ge=-MAX_FEN, le=MAX_FEN)]


class PlaceOffer(Message):
    """Raw price in fen, or the rate in basis points where the terms ask for one; working days where they ask for them.

    ``terms_digest`` says which terms were looked at; it is needed once they were changed.
    ``nonce`` (64 hex digits) where a draw may be needed; ``split`` shows what of the price belongs to each item of a
    joint purchase, in fen. ``round`` is the round that the offer is meant for: it is refused in every other one.
    """

    selection: Identifier
    agency: UsccText
    price_fen: Annotated[int, Field(ge=-MAX_FEN, le=MAX_FEN)] | None = None
    discount_bp: Annotated[int, Field(ge=-MAX_RATE_BP, le=MAX_RATE_BP)] | None = None
    days: Annotated[int, Field(ge=-36_500, le=36_500)] | None = None
    nonce: Nonce | None = None
    terms_digest: TermsDigest | None = None
    split: Annotated[list[PartText], Field(min_length=1, max_length=MAX_ITEMS)] | None = None
    round: Annotated[int, Field(ge=1, le=MAX_ROUND)] | None = None


class OfferPlaced(Message):
    """Accepted: its number among the agency's own offers, the instant that counts, and the hash of its event.

    ``price_fen`` is the price that counts: the one named, or what the rate means.
    """

    selection: str
    agency: str
    seq: int
    at: datetime
    price_fen: int
    digest: str
