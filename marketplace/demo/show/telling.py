"""Tell one selection in the tables of its mode."""

from __future__ import annotations

from typing import assert_never

from bidding.reading.terms import parse_demand_terms
from bidding.terms import (
    ComprehensiveTerms,
    CreditDrawTerms,
    DirectTerms,
    InstantTerms,
    MeanPriceTerms,
    MultiRoundTerms,
    RandomDrawTerms,
)
from marketplace.demo.show.direct import show_direct
from marketplace.demo.show.drawn import show_drawn
from marketplace.demo.show.frame import Paper
from marketplace.demo.show.instant import show_instant
from marketplace.demo.show.near import show_near
from marketplace.demo.show.rounds import show_rounds
from marketplace.demo.show.sealed import Agencies, show_sealed
from marketplace.demo.stage import Played


def show_played(paper: Paper, played: Played, agencies: Agencies) -> None:
    """From the demand to the award, or why there is none."""
    terms = parse_demand_terms(dict(played.scene.plan.terms))
    match terms:
        case ComprehensiveTerms():
            show_sealed(paper, played, agencies)
        case MultiRoundTerms():
            show_rounds(paper, played, agencies)
        case InstantTerms():
            show_instant(paper, played, agencies)
        case MeanPriceTerms():
            show_near(paper, played, agencies)
        case RandomDrawTerms() | CreditDrawTerms():
            show_drawn(paper, played, agencies)
        case DirectTerms():
            show_direct(paper, played, agencies)
        case _:
            assert_never(terms)
