"""Shelf offers (上架报价): binding prices that instant selection picks from.

Invariants: a shelf offer is bound for its whole validity, unless its agency takes it down or renews
it; ``capacity`` counts awards, one each; what is taken stays bound and is never given back.
Source: selection.md section 6, market.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from commons.money import MAX_FEN
from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict

SHELF_RULE = Source("涉批中介网上超市上架规则（generic-v1）", "no", "selection.md 6")
MAX_DAYS = 3_650
MAX_CAPACITY = 100_000


@dataclass(frozen=True, slots=True)
class ShelfOffer:
    """Fen a unit, least fee in fen, working days promised, awards it can still give (``capacity − taken``).

    ``renews`` is the offer whose place it took.
    """

    id: str
    agency: str
    item: str
    unit_price_fen: int
    minimum_fee_fen: int
    days: int
    capacity: int
    taken: int
    valid_from: datetime
    valid_until: datetime
    nonce: str
    put_at: datetime
    renews: str | None = None

    @property
    def remaining(self) -> int:
        """Awards it can still give."""
        return self.capacity - self.taken


def latest_of_each(offers: Iterable[ShelfOffer]) -> tuple[ShelfOffer, ...]:
    """The offer each agency put up last, by agency: what stands on the shelf for one item."""
    latest: dict[str, ShelfOffer] = {}
    for offer in offers:
        before = latest.get(offer.agency)
        if before is None or (before.put_at, before.id) < (offer.put_at, offer.id):
            latest[offer.agency] = offer
    return tuple(latest[agency] for agency in sorted(latest))


def judge_shelf_offer(offer: ShelfOffer, standing: Iterable[ShelfOffer], *, at: datetime) -> Verdict:
    """Allowed when price, days, capacity and validity make sense and nothing of the agency's is bound for the item.

    But what it renews, which stands on the shelf for the same item.
    """
    reasons: list[Reason] = []
    there = [one for one in standing if one.item == offer.item]
    bound = [one for one in there if one.remaining and at < one.valid_until and one.id != offer.renews]
    if bound:
        reasons.append(Reason("already_on_shelf", SHELF_RULE, {"offer": bound[0].id}))
    if offer.renews is not None and offer.renews not in {one.id for one in there}:
        reasons.append(Reason("offer_not_on_shelf", SHELF_RULE, {"offer": offer.renews}))
    if not 0 < offer.unit_price_fen <= MAX_FEN or not 0 <= offer.minimum_fee_fen <= MAX_FEN:
        reasons.append(Reason("price_not_positive", SHELF_RULE))
    if not 0 < offer.days <= MAX_DAYS:
        reasons.append(Reason("days_not_positive", SHELF_RULE))
    if not 0 < offer.capacity <= MAX_CAPACITY:
        reasons.append(Reason("no_capacity", SHELF_RULE))
    if offer.valid_until <= offer.valid_from or offer.valid_until <= at:
        reasons.append(Reason("validity_is_over", SHELF_RULE))
    return verdict(tuple(reasons))


def judge_taking_down(identifier: str, standing: Iterable[ShelfOffer]) -> Verdict:
    """Allowed to the agency while the offer stands on the shelf; what it gave stays bound."""
    if identifier in {one.id for one in standing}:
        return verdict(())
    return verdict((Reason("offer_not_on_shelf", SHELF_RULE, {"offer": identifier}),))
