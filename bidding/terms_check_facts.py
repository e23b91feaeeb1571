"""Terms looked at beside offers, past or invented: points that told nobody apart, a step wider than all the offers lie.

Source: selection.md sections 3 and 5; the numbers are those that the decision weighs.
"""

from __future__ import annotations

from collections.abc import Iterator

from bidding.case import Case, ComprehensiveCase, InstantCase, MultiRoundCase
from bidding.modes import comprehensive, instant
from bidding.rules import rule
from bidding.scoring import Scoring
from bidding.terms import Criterion
from bidding.terms_warning import TermsWarning
from commons.verdicts import Param

FEWEST = 2
"""Offers that can be compared at all."""


def check_facts(case: Case) -> Iterator[TermsWarning]:
    """Warnings that only offers can give rise to; amounts in fen, points in hundredths; none of a case without them."""
    match case:
        case ComprehensiveCase():
            yield from _columns(case.terms.criteria, comprehensive.evaluate(case).scoring)
        case InstantCase():
            yield from _columns(case.terms.criteria, instant.evaluate(case).scoring)
        case MultiRoundCase():
            yield from _step(case)
        case _:
            return


def _columns(criteria: tuple[Criterion, ...], scoring: Scoring | None) -> Iterator[TermsWarning]:
    """Criteria of which everybody who is valid got the same."""
    if scoring is None or len(scoring.points) < FEWEST:
        return
    for index, (criterion, column) in enumerate(zip(criteria, zip(*scoring.points, strict=True), strict=True)):
        if len(set(column)) == 1:
            numbers: dict[str, Param] = {"points": criterion.points, "got": column[0], "bidders": len(column)}
            yield TermsWarning("criterion_tells_nobody_apart", rule("3"), f"/criteria/{index}", numbers)


def _step(case: MultiRoundCase) -> Iterator[TermsWarning]:
    """A step wider than the highest offer lies above the lowest one: nobody could have gone down by it."""
    prices = [offer.price_fen for offer in case.offers]
    if len(prices) < FEWEST:
        return
    spread_fen = max(prices) - min(prices)
    if case.terms.step_fen > spread_fen:
        numbers: dict[str, Param] = {"step_fen": case.terms.step_fen, "spread_fen": spread_fen}
        yield TermsWarning("step_exceeds_spread", rule("5"), "/step_fen", numbers)
