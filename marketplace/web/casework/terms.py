"""The engine's terms as the page's terms."""

from __future__ import annotations

from typing import assert_never

from bidding import terms as engine
from marketplace.web.views.terms import (
    ComprehensiveTerms,
    Criterion,
    Extension,
    InstantTerms,
    LowPriceRule,
    ModeTerms,
    MultiRoundTerms,
    Preference,
    RoundPlan,
    TermsView,
)


def terms_view(terms: engine.Terms, *, digest: str | None = None) -> TermsView:
    """All of the terms; ``digest`` is the SHA-256 of their canonical form in hex."""
    rule = terms.low_price if isinstance(terms, engine.ComprehensiveTerms | engine.MultiRoundTerms) else None
    return TermsView(
        mode=terms.mode,
        ceiling_fen=terms.ceiling_fen,
        min_bidders=terms.min_bidders,
        ties=tuple(terms.ties),
        of_mode=_of_mode(terms),
        max_days=terms.max_days,
        low_price=LowPriceRule(rule.below_mean_bp, rule.below_second_bp, rule.below_ceiling_bp) if rule else None,
        digest=digest,
    )


def _of_mode(terms: engine.Terms) -> ModeTerms:
    match terms:
        case engine.ComprehensiveTerms():
            return ComprehensiveTerms(tuple(criterion_view(one) for one in terms.criteria))
        case engine.MultiRoundTerms():
            return _rounds(terms)
        case engine.InstantTerms():
            return InstantTerms(terms.rule, terms.quantity, tuple(criterion_view(one) for one in terms.criteria))
        case _:
            message = f"no page shows {terms.mode} yet"
            raise AssertionError(message)


def _rounds(terms: engine.MultiRoundTerms) -> MultiRoundTerms:
    longer = terms.extension
    return MultiRoundTerms(
        step_fen=terms.step_fen,
        step_basis=terms.step_basis,
        rounds=tuple(RoundPlan(one.kind, one.opens_at, one.closes_at, one.survivors) for one in terms.rounds),
        step_multiple=terms.step_multiple,
        extension=Extension(longer.window_s, longer.extend_s, longer.limit) if longer else None,
        day_value_fen=terms.day_value_fen or None,
        preferences=tuple(Preference(one.code, one.max_bp) for one in terms.preferences),
    )


def criterion_view(criterion: engine.Criterion) -> Criterion:
    """One criterion; points whole, everything else in its own unit."""
    made: Criterion
    match criterion:
        case engine.PriceLowest():
            made = Criterion("price", criterion.points, formula="lowest")
        case engine.PriceMean():
            made = _mean(criterion)
        case engine.Days():
            made = Criterion("days", criterion.points)
        case engine.Credit():
            made = Criterion("credit", criterion.points)
        case engine.Grade():
            made = Criterion("grade", criterion.points, table=tuple(criterion.table.items()))
        case engine.Experience():
            made = Criterion("experience", criterion.points, each=criterion.each)
        case engine.Plan():
            made = Criterion("plan", criterion.points)
        case _:
            assert_never(criterion)
    return made


def _mean(criterion: engine.PriceMean) -> Criterion:
    return Criterion(
        "price",
        criterion.points,
        formula="mean",
        above=criterion.above,
        below=criterion.below,
        above_max=criterion.above_max,
        below_max=criterion.below_max,
        whole_up=criterion.whole_up,
        drop_from=criterion.drop_from,
        factor_bp=tuple(criterion.factor_bp),
    )
