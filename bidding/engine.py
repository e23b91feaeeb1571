"""The engine: a pure function from recorded facts to a decision, one closed union of cases, one mode a file.

Source: selection.md; the live site, the award, the explanation and the offline verifier all call this.
"""

from __future__ import annotations

from typing import assert_never

from bidding.case import (
    Case,
    ComprehensiveCase,
    CreditDrawCase,
    InstantCase,
    MeanPriceCase,
    MultiRoundCase,
    RandomDrawCase,
)
from bidding.decision import Decision
from bidding.modes import comprehensive, draws, instant, mean_price, multi_round


def decide(case: Case) -> Decision:
    """The decision of a case, in fen, basis points and hundredths of points: selection.md sections 1 to 8.

    A benchmark that rounds to 0 fen is ``Malformed`` (section 10); nothing else is refused here.
    """
    match case:
        case ComprehensiveCase():
            return comprehensive.decide(case)
        case MultiRoundCase():
            return multi_round.decide(case)
        case InstantCase():
            return instant.decide(case)
        case MeanPriceCase():
            return mean_price.decide(case)
        case RandomDrawCase() | CreditDrawCase():
            return draws.decide(case)
        case _:
            assert_never(case)
