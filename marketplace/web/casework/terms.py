"""The engine's terms as the page's terms."""

from __future__ import annotations

from typing import assert_never

from bidding import terms as engine
from marketplace.web.views.terms import (
    ComprehensiveTerms,
    CreditDrawTerms,
    Criterion,
    DirectTerms,
    Extension,
    InstantTerms,
    LowPriceRule,
    MeanPriceTerms,
    ModeTerms,
    MultiRoundTerms,
    Preference,
    RandomDrawTerms,
    RoundPlan,
    TermsView,
)


def terms_view(terms: engine.DemandTerms, *, digest: str | None = None) -> TermsView:
    """All of the terms; ``digest`` is the SHA-256 of their canonical form in hex."""
    rule = terms.low_price if isinstance(terms, engine.ComprehensiveTerms | engine.MultiRoundTerms) else None
    is_discount = isinstance(terms, engine.PricedTerms) and terms.price_basis == "discount_rate"
    return TermsView(
        mode=terms.mode,
        ceiling_fen=terms.ceiling_fen,
        min_bidders=terms.min_bidders,
        ties=tuple(terms.ties),
        of_mode=_of_mode(terms),
        max_days=terms.max_days,
        low_price=LowPriceRule(rule.below_mean_bp, rule.below_second_bp, rule.below_ceiling_bp) if rule else None,
        is_discount=is_discount,
        lot_cap=None if isinstance(terms, engine.DirectTerms) else terms.lot_cap,
        digest=digest,
    )


def _of_mode(terms: engine.DemandTerms) -> ModeTerms:
    made: ModeTerms
    match terms:
        case engine.ComprehensiveTerms():
            made = ComprehensiveTerms(tuple(criterion_view(one) for one in terms.criteria))
        case engine.MultiRoundTerms():
            made = _rounds(terms)
        case engine.InstantTerms():
            made = InstantTerms(terms.rule, terms.quantity, tuple(criterion_view(one) for one in terms.criteria))
        case engine.MeanPriceTerms():
            made = MeanPriceTerms(terms.drop_from, terms.dropped_may_win, tuple(sorted(terms.factor_bp)))
        case engine.RandomDrawTerms():
            made = RandomDrawTerms()
        case engine.CreditDrawTerms():
            made = CreditDrawTerms(terms.big_list, terms.small_list)
        case engine.DirectTerms():
            made = DirectTerms()
        case _:
            assert_never(terms)
    return made


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
