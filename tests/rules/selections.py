"""Small cases in the shape of ``decide``'s input: every rule table says only what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bidding.decision import Decision
from bidding.engine import decide
from bidding.reading.case import parse_case
from commons.errors import Malformed

Raw = dict[str, Any]
DRAW = {"salt": "00" * 16, "ikm": "01" * 32}
AT = "2026-11-23T01:00:00Z"
PRICE = {"kind": "price", "points": 100, "formula": "lowest"}


def minute(minutes: int, seconds: int = 0, fraction: str = "") -> str:
    """An instant so many minutes and seconds after one o'clock UTC."""
    return f"2026-11-23T{1 + minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{fraction}Z"


def comprehensive(bids: Sequence[Raw], *, draw: Raw | None = None, **terms: Any) -> Raw:
    """A comprehensive case; by default a ceiling of 1,000,000 fen and the price alone."""
    base: Raw = {"mode": "comprehensive", "ceiling_fen": 1_000_000, "criteria": [PRICE], "ties": ["price", "draw"]}
    return {"terms": base | terms, "bids": list(bids), **_draw(draw)}


def bids(prices: Mapping[str, int], **facts: Any) -> list[Raw]:
    """Bids by bidder and price, all with the same other facts."""
    return [{"bidder": bidder, "price_fen": price} | facts for bidder, price in prices.items()]


def instant(offers: Sequence[Raw], *, draw: Raw | None = None, **terms: Any) -> Raw:
    """An instant case at ``AT``; by default the cheapest of one unit."""
    base: Raw = {"mode": "instant", "ceiling_fen": 1_000_000, "rule": "cheapest", "quantity": 1, "ties": ["draw"]}
    return {"terms": base | terms, "offers": list(offers), "at": AT, **_draw(draw)}


def shelf(bidder: str, unit: int, **facts: Any) -> Raw:
    """A shelf offer that is valid at ``AT``."""
    base: Raw = {"bidder": bidder, "unit_price_fen": unit, "minimum_fee_fen": 0, "capacity": 1}
    return base | {"valid_from": AT, "valid_until": minute(1)} | facts


def mean_price(bids: Sequence[Raw], *, draw: Raw | None = None, **terms: Any) -> Raw:
    """A mean-price case; by default a ceiling of 1,000,000 fen, the price and then the draw as ties."""
    base: Raw = {"mode": "mean_price", "ceiling_fen": 1_000_000, "ties": ["price", "draw"]}
    return {"terms": base | terms, "bids": list(bids), **_draw(draw)}


def random_draw(bids: Sequence[Raw | str], *, draw: Raw | None = None, **terms: Any) -> Raw:
    """A random draw among bidders given by id or as objects."""
    base: Raw = {"mode": "random_draw", "ceiling_fen": 1_000_000, "ties": ["draw"]}
    known = [{"bidder": bid} if isinstance(bid, str) else bid for bid in bids]
    return {"terms": base | terms, "bids": known, **_draw(draw)}


def credit_draw(credits: Mapping[str, int], *, draw: Raw | None = None, **terms: Any) -> Raw:
    """A credit draw among bidders by credit; by default a big list of three and a small list of two."""
    base: Raw = {"mode": "credit_draw", "ceiling_fen": 1_000_000, "ties": ["draw"], "big_list": 3, "small_list": 2}
    known = [{"bidder": bidder, "credit": credit} for bidder, credit in credits.items()]
    return {"terms": base | terms, "bids": known, **_draw(draw)}


def round_(opens: int, closes: int, kind: str = "open", **facts: Any) -> Raw:
    """A round between two minutes."""
    return {"kind": kind, "opens_at": minute(opens), "closes_at": minute(closes)} | facts


def multi_round(
    offers: Sequence[Raw], *, bidders: Sequence[Raw | str] = "ABC", draw: Raw | None = None, **terms: Any
) -> Raw:
    """A multi-round case; by default one open round of ten minutes, steps of 10,000 fen on the own offer."""
    base: Raw = {"mode": "multi_round", "ceiling_fen": 1_000_000, "step_fen": 10_000, "step_basis": "own"}
    base |= {"rounds": [round_(0, 10)], "ties": ["draw"]}
    known = [{"bidder": bidder} if isinstance(bidder, str) else bidder for bidder in bidders]
    return {"terms": base | terms, "bidders": known, "offers": list(offers), **_draw(draw)}


def offer(bidder: str, minutes: int, price: int, seconds: int = 0, **facts: Any) -> Raw:
    """One offer at a minute."""
    return {"bidder": bidder, "at": minute(minutes, seconds), "price_fen": price} | facts


def decided(raw: Raw) -> Decision:
    """The decision of a raw case."""
    return decide(parse_case(raw))


def order_of(raw: Raw) -> list[str]:
    """The ranked bidders, first to last."""
    return [row.bidder for row in decided(raw).ranking]


def rejected(raw: Raw) -> dict[str, list[str]]:
    """Reasons by rejected bidder."""
    return {row.bidder: [reason.code for reason in row.reasons] for row in decided(raw).rejected}


def told(raw: Raw) -> list[str]:
    """What every offer of a multi-round case was told: a reason, or ``accepted``."""
    record = decided(raw).record
    assert record is not None
    return [ruling.reason.code if ruling.reason else "accepted" for ruling in record.rulings]


def points(raw: Raw) -> dict[str, tuple[int, ...]]:
    """Points by bidder, in the order of the criteria."""
    return {row.bidder: row.points for row in decided(raw).ranking if hasattr(row, "points")}


def faults(raw: Any) -> list[tuple[str, str]]:
    """Pointer and code of every fault of a malformed case; none for a good one."""
    try:
        decide(parse_case(raw))
    except Malformed as error:
        return [(fault.pointer, fault.code) for fault in error.faults]
    return []


def _draw(draw: Raw | None) -> Raw:
    return {} if draw is None else {"draw": draw}
