"""Instant selection (立等可取): one of the binding shelf offers, picked at once.

Invariants: price is what the shelf says, for the quantity asked; one valid offer is enough whatever ``min_bidders``
says; everybody refused is listed with all reasons. Source: selection.md section 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bidding.case import InstantCase
from bidding.decision import PriceRow, RankedDecision, Rejection, draw_needed, ranked, rejections, unsuccessful
from bidding.offers import Bid, ShelfOffer, ended, own_refusals
from bidding.ranking import DrawNeeded, Order, order, order_by_draw, tie_columns
from bidding.rules import rule
from bidding.scoring import Scoring, score
from bidding.terms import InstantTerms
from commons.draws import Draw
from commons.instants import format_instant
from commons.verdicts import Reason


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything a decision was made of: the decision and its explanation are both read from here."""

    bids: tuple[Bid, ...]
    rejected: tuple[Rejection, ...]
    scoring: Scoring | None
    order: Order | None
    decision: RankedDecision


def decide(case: InstantCase) -> RankedDecision:
    """The decision of an instant case: selection.md section 6."""
    return evaluate(case).decision


def evaluate(case: InstantCase) -> Evaluation:
    """The decision with its working, prices in fen, points in hundredths: selection.md section 6."""
    terms = case.terms
    bids: list[Bid] = []
    out: list[Rejection] = []
    for offer in case.offers:
        if reasons := refusals(offer, terms, at=case.at):
            out.append(Rejection(offer.bidder, reasons))
        else:
            bids.append(_bid(offer, terms.quantity))
    rejected, valid = rejections(out), tuple(bids)
    if not valid:
        return Evaluation(valid, rejected, None, None, unsuccessful(rejected))
    scoring, placed = _place(terms, valid, case.draw)
    if isinstance(placed, DrawNeeded):
        return Evaluation(valid, rejected, scoring, None, draw_needed(rejected))
    rows = tuple(
        PriceRow(valid[position].bidder, rank, valid[position].price_fen)
        for rank, position in enumerate(placed.positions, 1)
    )
    return Evaluation(valid, rejected, scoring, placed, ranked(rows, rejected, frozenset()))


def refusals(offer: ShelfOffer, terms: InstantTerms, *, at: datetime) -> tuple[Reason, ...]:
    """All refusals of a shelf offer, in the order of sections 2 and 6; voided or capped is the only reason then."""
    if over := ended(offer.voided_at, offer.capped, offer.unfit):
        return over
    price = offer.price_fen(terms.quantity)
    reasons = own_refusals(price, offer.days, ceiling_fen=terms.ceiling_fen, max_days=terms.max_days)
    if offer.capacity <= 0:
        reasons += (Reason("no_capacity", rule("6"), {"capacity": offer.capacity}),)
    if not offer.valid_from <= at < offer.valid_until:
        span = {"valid_from": format_instant(offer.valid_from), "valid_until": format_instant(offer.valid_until)}
        reasons += (Reason("offer_not_valid", rule("6"), {"at": format_instant(at), **span}),)
    return reasons


def _place(terms: InstantTerms, bids: tuple[Bid, ...], draw: Draw | None) -> tuple[Scoring | None, Order | DrawNeeded]:
    ids = [bid.bidder for bid in bids]
    ties = tie_columns(terms.ties, bids)
    if terms.rule == "draw":
        return None, order_by_draw(ids, draw)
    if terms.rule == "cheapest":
        return None, order(ids, [[bid.price_fen for bid in bids], *ties], draw)
    scoring = score(terms.criteria, bids, draw)
    if isinstance(scoring, DrawNeeded):
        return None, scoring
    return scoring, order(ids, [[-total for total in scoring.totals], *ties], draw)


def _bid(offer: ShelfOffer, quantity: int) -> Bid:
    return Bid(
        offer.bidder,
        offer.price_fen(quantity),
        days=offer.days,
        credit=offer.credit,
        grade=offer.grade,
        experience=offer.experience,
        marks=offer.marks,
    )
