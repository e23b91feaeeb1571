"""What bidders put in, and the refusals an offer earns by itself.

Invariants: credit is already clipped to 0…10000 hundredths; facts a term asks for are present; instants are UTC.
A price or a number of days that is not positive is a fact here, and refused by the rule, not malformed.
Source: selection.md sections 2, 6 and 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar, Literal, NamedTuple

from bidding.discount import DISCOUNT_OUT_OF_RANGE, is_in_range
from bidding.rules import rule
from commons.instants import format_instant
from commons.verdicts import Reason


class Capped(NamedTuple):
    """Who has won as many lots (标段) of the notice as one bidder may: how many, and the cap."""

    lots_won: int
    cap: int


LOT_CAP_REACHED = "lot_cap_reached"

Unfit = Literal["own_work_since", "qualification_lost"]
"""Why whoever was admitted may not be awarded as of the close (自己编制自己评审、法定资质失效): the refusal's code."""

Explanation = Literal["missing", "accepted", "rejected"]
"""What became of the explanation of an abnormally low price (异常低价说明)."""


@dataclass(frozen=True, slots=True)
class Bid:
    """报价响应: one sealed offer with the facts about its bidder; credit and marks in hundredths.

    ``discount_bp`` is the rate (下浮率) that gave ``price_fen``, None where the offer named the price itself.
    """

    bidder: str
    price_fen: int
    days: int | None = None
    credit: int | None = None
    grade: str | None = None
    experience: int | None = None
    marks: tuple[int, ...] | None = None
    explanation: Explanation = "missing"
    voided_at: datetime | None = None
    discount_bp: int | None = None
    capped: Capped | None = None
    unfit: Unfit | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """报名: somebody who takes part in a draw; a price or days that it names are held to the terms."""

    bidder: str
    price_fen: int | None = None
    days: int | None = None
    credit: int | None = None
    voided_at: datetime | None = None
    capped: Capped | None = None
    unfit: Unfit | None = None
    discount_bp: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class Bidder:
    """参选人: somebody admitted to the rounds; ``preferences`` are basis points by code."""

    bidder: str
    credit: int | None = None
    explanation: Explanation = "missing"
    preferences: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    voided_at: datetime | None = None
    capped: Capped | None = None
    unfit: Unfit | None = None


@dataclass(frozen=True, slots=True)
class RoundOffer:
    """竞价报价: one offer at one instant, by anybody; ``discount_bp`` as in a bid."""

    bidder: str
    at: datetime
    price_fen: int
    days: int | None = None
    discount_bp: int | None = None


@dataclass(frozen=True, slots=True)
class ShelfOffer:
    """上架报价: a binding price list entry; valid when ``valid_from ≤ at < valid_until``."""

    bidder: str
    unit_price_fen: int
    minimum_fee_fen: int
    capacity: int
    valid_from: datetime
    valid_until: datetime
    days: int | None = None
    credit: int | None = None
    grade: str | None = None
    experience: int | None = None
    marks: tuple[int, ...] | None = None
    voided_at: datetime | None = None
    capped: Capped | None = None
    unfit: Unfit | None = None

    def price_fen(self, quantity: int) -> int:
        """Price in fen of so many units: the minimum fee or unit price times quantity, whichever is more."""
        return max(self.minimum_fee_fen, self.unit_price_fen * quantity)


def own_refusals(
    price_fen: int | None,
    days: int | None,
    *,
    ceiling_fen: int,
    max_days: int | None,
    discount_bp: int | None = None,
) -> tuple[Reason, ...]:
    """All refusals an offer earns by its price and days alone, in the order of selection.md section 2.

    A price or days that are None are not part of the offer (a draw) and earn none. A discount rate out of range
    stands for whatever would be wrong with the price it means.
    """
    if (
        (price_fen is None or 0 < price_fen <= ceiling_fen)
        and (days is None or (days > 0 and (max_days is None or days <= max_days)))
        and (discount_bp is None or is_in_range(discount_bp))
    ):
        return ()
    reasons: list[Reason] = []
    if discount_bp is not None and not is_in_range(discount_bp):
        reasons.append(Reason(DISCOUNT_OUT_OF_RANGE, rule("2"), {"discount_bp": discount_bp}))
    elif price_fen is not None and price_fen <= 0:
        reasons.append(Reason("price_not_positive", rule("2"), {"price_fen": price_fen}))
    elif price_fen is not None and price_fen > ceiling_fen:
        reasons.append(Reason("ceiling_exceeded", rule("2"), {"price_fen": price_fen, "ceiling_fen": ceiling_fen}))
    if days is not None and days <= 0:
        reasons.append(Reason("days_not_positive", rule("2"), {"days": days}))
    if days is not None and max_days is not None and days > max_days:
        reasons.append(Reason("days_exceeded", rule("2"), {"days": days, "max_days": max_days}))
    return tuple(reasons)


def ended(voided_at: datetime | None, capped: Capped | None, unfit: Unfit | None) -> tuple[Reason, ...]:
    """Why somebody is out whatever was offered, its only reason: voided, else ``barred``; or nothing."""
    return barred(capped, unfit) if voided_at is None else (voided(voided_at),)


def barred(capped: Capped | None, unfit: Unfit | None) -> tuple[Reason, ...]:
    """Why somebody whose admission stands may not win: unfit as of the close, else the cap of lots; or nothing."""
    if unfit is not None:
        return (Reason(unfit, rule("2")),)
    return () if capped is None else (cap_reached(capped),)


def cap_reached(capped: Capped) -> Reason:
    """The refusal of a bidder who has won as many lots of the notice as one may: selection.md section 1."""
    return Reason(LOT_CAP_REACHED, rule("1"), {"lots_won": capped.lots_won, "cap": capped.cap})


def voided(at: datetime) -> Reason:
    """The refusal of a bidder whose admission ended while the selection ran: selection.md section 2."""
    return Reason("voided", rule("2"), {"voided_at": format_instant(at)})
