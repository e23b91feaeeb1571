"""A case: the recorded facts a decision is a function of, nothing else: a closed union over the modes.

Invariants: bidder ids are unique in ``bids``, ``bidders`` and instant ``offers``; offers of a multi-round case are in
the order received and their instants never run backwards. Source: selection.md sections 8 and 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bidding.offers import Bid, Bidder, Entry, RoundOffer, ShelfOffer
from bidding.terms import (
    ComprehensiveTerms,
    CreditDrawTerms,
    InstantTerms,
    MeanPriceTerms,
    MultiRoundTerms,
    RandomDrawTerms,
)
from commons.draws import Draw


@dataclass(frozen=True, slots=True)
class ComprehensiveCase:
    """Sealed offers under comprehensive terms."""

    terms: ComprehensiveTerms
    bids: tuple[Bid, ...]
    draw: Draw | None = None


@dataclass(frozen=True, slots=True)
class MultiRoundCase:
    """Admitted bidders and every offer made, accepted or not, in the order received."""

    terms: MultiRoundTerms
    bidders: tuple[Bidder, ...]
    offers: tuple[RoundOffer, ...]
    draw: Draw | None = None


@dataclass(frozen=True, slots=True)
class InstantCase:
    """The shelf offers looked at, and the instant of looking."""

    terms: InstantTerms
    offers: tuple[ShelfOffer, ...]
    at: datetime
    draw: Draw | None = None


@dataclass(frozen=True, slots=True)
class MeanPriceCase:
    """Sealed offers under mean-price terms."""

    terms: MeanPriceTerms
    bids: tuple[Bid, ...]
    draw: Draw | None = None


@dataclass(frozen=True, slots=True)
class RandomDrawCase:
    """Those signed up for a random draw."""

    terms: RandomDrawTerms
    bids: tuple[Entry, ...]
    draw: Draw | None = None


@dataclass(frozen=True, slots=True)
class CreditDrawCase:
    """Those signed up for a credit draw, each with its credit."""

    terms: CreditDrawTerms
    bids: tuple[Entry, ...]
    draw: Draw | None = None


DrawCase = RandomDrawCase | CreditDrawCase

Case = ComprehensiveCase | MultiRoundCase | InstantCase | MeanPriceCase | DrawCase
"""Cases of every mode that the engine computes."""
