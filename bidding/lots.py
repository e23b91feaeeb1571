"""Lots (标段): several selections of one notice, decided in the order the notice declares.

Each lot has its own case and is decided by the engine alone; ``cap`` limits the lots one bidder may win. Invariants:
who has won ``cap`` earlier lots is ruled out of a later one with ``lot_cap_reached`` before it is decided, so that it
moves neither means nor ties; in rounds its offers stay as they were told live and it goes at the end; a lot waits where
an earlier, still open one could make the cap bind in it, and never otherwise. Source: selection.md sections 1 and 2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from bidding.case import Case, CreditDrawCase, InstantCase, MultiRoundCase, RandomDrawCase
from bidding.case import ComprehensiveCase as Comprehensive
from bidding.case import MeanPriceCase as MeanPrice
from bidding.decision import Decision, PlacedDecision
from bidding.engine import decide
from bidding.offers import Bid, Bidder, Capped, Entry, ShelfOffer
from commons.canonical import Json
from commons.errors import Malformed

_Bidder = TypeVar("_Bidder", Bid, Bidder, Entry, ShelfOffer)


@dataclass(frozen=True, slots=True)
class Lot:
    """标段: one selection of the notice; ``picked`` is the owner's pick out of a small list, once there is one."""

    id: str
    case: Case
    picked: str | None = None


@dataclass(frozen=True, slots=True)
class LotResult:
    """What became of a lot: its decision, or the earlier lot it waits for; ``winner`` includes the owner's pick.

    ``case`` is what was decided, the capped marked: whoever explains the lot explains that.
    """

    lot: str
    decision: Decision | None
    winner: str | None = None
    waits_for: str | None = None
    case: Case | None = None

    def as_json(self) -> dict[str, Json]:
        """The lot, who won it, and its decision with the decision's own stable keys."""
        row: dict[str, Json] = {"lot": self.lot, "winner": self.winner}
        if self.waits_for is not None:
            row["waits_for"] = self.waits_for
        if self.decision is not None:
            row["decision"] = self.decision.as_json()
        return row


def decide_lots(lots: Sequence[Lot], *, cap: int | None = None) -> tuple[LotResult, ...]:
    """Every lot in declared order; ``cap`` lots per winner at most (1 or more), None for none: selection.md section 1.

    Repeated lot ids, a cap below 1, or a pick outside the small list are ``ValueError``; a case that the engine refuses
    is ``Malformed`` with pointers below ``/lots/{index}/case``.
    """
    _check(lots, cap)
    won, may_win, results = Counter[str](), Counter[str](), list[LotResult]()
    first_open: str | None = None
    for index, lot in enumerate(lots):
        bidders = bidders_of(lot.case)
        if cap is not None and any(won[one] < cap <= won[one] + may_win[one] for one in bidders):
            results.append(LotResult(lot.id, None, waits_for=first_open))
            may_win.update(bidders)
            continue
        capped = {bidder: Capped(count, cap) for bidder, count in won.items() if cap is not None and count >= cap}
        case, decision = _decide(lot.case, capped, index)
        winner = _winner(lot, decision)
        results.append(LotResult(lot.id, decision, winner, case=case))
        if winner is not None:
            won[winner] += 1
        elif decision.outcome != "unsuccessful":
            may_win.update(bidders)
            first_open = first_open or lot.id
    return tuple(results)


def bidders_of(case: Case) -> tuple[str, ...]:
    """Everybody who takes part in a case, in the order given."""
    match case:
        case MultiRoundCase():
            return tuple(bidder.bidder for bidder in case.bidders)
        case InstantCase():
            return tuple(offer.bidder for offer in case.offers)
        case Comprehensive() | MeanPrice():
            return tuple(bid.bidder for bid in case.bids)
        case RandomDrawCase() | CreditDrawCase():
            return tuple(entry.bidder for entry in case.bids)
        case _:
            assert_never(case)


def _check(lots: Sequence[Lot], cap: int | None) -> None:
    if cap is not None and cap < 1:
        message = f"a cap of {cap} lots lets nobody win"
        raise ValueError(message)
    if len({lot.id for lot in lots}) < len(lots):
        message = "a lot stands once in a notice"
        raise ValueError(message)


def _winner(lot: Lot, decision: Decision) -> str | None:
    """The engine's winner, or the owner's pick where the engine leaves the choice to the owner."""
    if lot.picked is None:
        return decision.winner
    if not isinstance(decision, PlacedDecision) or lot.picked not in (decision.shortlist or ()):
        message = f"lot {lot.id!r}: {lot.picked!r} is not on a small list to pick from"
        raise ValueError(message)
    return lot.picked


def _decide(case: Case, capped: Mapping[str, Capped], index: int) -> tuple[Case, Decision]:
    """The case with the capped marked, and its decision; faults point below the lot."""
    marked = _marked(case, capped)
    try:
        return marked, decide(marked)
    except Malformed as error:
        place = f"/lots/{index}/case"
        raise Malformed(tuple(replace(fault, pointer=place + fault.pointer) for fault in error.faults)) from None


def _marked(case: Case, capped: Mapping[str, Capped]) -> Case:
    match case:
        case MultiRoundCase():
            return replace(case, bidders=_each(case.bidders, capped))
        case InstantCase():
            return replace(case, offers=_each(case.offers, capped))
        case Comprehensive() | MeanPrice():
            return replace(case, bids=_each(case.bids, capped))
        case RandomDrawCase() | CreditDrawCase():
            return replace(case, bids=_each(case.bids, capped))
        case _:
            assert_never(case)


def _each(given: Iterable[_Bidder], capped: Mapping[str, Capped]) -> tuple[_Bidder, ...]:
    return tuple(replace(one, capped=capped.get(one.bidder)) for one in given)


def lots_won(results: Iterable[LotResult]) -> Mapping[str, int]:
    """How many lots each winner has, by bidder."""
    return Counter(result.winner for result in results if result.winner is not None)
