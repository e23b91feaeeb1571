"""Random draw (随机抽取) and credit draw (信用择优): a verifiable draw among those signed up.

Invariants: inputs are needed even with one bidder; a rank depends on the inputs and the bidder alone; in the credit
draw everybody at the edge of the big list is in it, and the engine never picks for the owner.
Source: selection.md sections 1, 7 and 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from bidding.case import CreditDrawCase, DrawCase, RandomDrawCase
from bidding.decision import TOO_FEW, PlacedDecision, PlaceRow, Rejection, rejections
from bidding.offers import Entry
from bidding.ranking import credits_of
from bidding.validity import valid_ones
from commons.draws import Draw, tickets


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn entry: its tickets (None where everybody has the same chance) and the rank that placed it, hex."""

    entry: Entry
    tickets: int | None
    rank: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything a decision was made of: those drawn, in order; those below the big list; the edge's credit."""

    valid: int
    drawn: tuple[Drawn, ...]
    below: tuple[Entry, ...]
    edge: int | None
    rejected: tuple[Rejection, ...]
    decision: PlacedDecision


def decide(case: DrawCase) -> PlacedDecision:
    """The decision of a draw: an award, or the owner's choice among the small list (selection.md section 1)."""
    return evaluate(case).decision


def evaluate(case: DrawCase) -> Evaluation:
    """The decision with its working, credit in hundredths, ranks in hex: selection.md sections 1 and 7."""
    terms = case.terms
    valid, out = valid_ones(case.bids, ceiling_fen=terms.ceiling_fen, max_days=terms.max_days)
    rejected = rejections(out)
    if len(valid) < terms.min_bidders:
        decision = PlacedDecision("unsuccessful", None, (), rejected, reason=TOO_FEW)
        return Evaluation(len(valid), (), (), None, rejected, decision)
    if case.draw is None:
        needed = PlacedDecision("draw_needed", None, (), rejected)
        return Evaluation(len(valid), (), (), None, rejected, needed)
    match case:
        case RandomDrawCase():
            rank = case.draw.rank
            drawn = _in_order(Drawn(one, None, rank(one.bidder).hex()) for one in valid)
            decision = PlacedDecision("award", drawn[0].entry.bidder, _rows(drawn), rejected)
            return Evaluation(len(valid), drawn, (), None, rejected, decision)
        case CreditDrawCase():
            return _credit_draw(case, valid, case.draw, rejected)
        case _:
            assert_never(case)


def _credit_draw(
    case: CreditDrawCase, valid: Sequence[Entry], draw: Draw, rejected: tuple[Rejection, ...]
) -> Evaluation:
    credit = credits_of(valid)
    edge = sorted(credit, reverse=True)[min(case.terms.big_list, len(valid)) - 1]
    big, below = list[Drawn](), list[Entry]()
    for entry, own in zip(valid, credit, strict=True):
        if own < edge:
            below.append(entry)
            continue
        held = tickets(own)
        big.append(Drawn(entry, held, draw.weighted_rank(entry.bidder, held).hex()))
    drawn = _in_order(big)
    shortlist = tuple(one.entry.bidder for one in drawn[: case.terms.small_list])
    decision = PlacedDecision("owner_choice", None, _rows(drawn), rejected, shortlist=shortlist)
    return Evaluation(len(valid), drawn, tuple(below), edge, rejected, decision)


def _in_order(drawn: Iterable[Drawn]) -> tuple[Drawn, ...]:
    """Smallest rank first; the id makes the order total."""
    return tuple(sorted(drawn, key=lambda one: (one.rank, one.entry.bidder)))


def _rows(drawn: Sequence[Drawn]) -> tuple[PlaceRow, ...]:
    return tuple(PlaceRow(one.entry.bidder, rank) for rank, one in enumerate(drawn, 1))
