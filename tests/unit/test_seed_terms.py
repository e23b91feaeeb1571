"""The seeded demands against the engine's own reading and the publication rules of the shipped profiles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from bidding.reading.terms import parse_demand_terms
from bidding.terms import DirectTerms, MultiRoundTerms, needs_draw
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.profiles import rule_profile
from marketplace.demands.demand import (
    Mode,
    RoundPlan,
    Schedule,
    judge_direct,
    judge_minimum,
    judge_publication,
    judge_schedule,
)
from marketplace.seed.loading import load_seed, resolve
from marketplace.seed.resolving import CALENDAR, DEMONSTRATION

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SEED = load_seed()
PLAYED = [
    (profile, plan)
    for profile, pace in (("generic-v1", CALENDAR), ("demo-v1", DEMONSTRATION))
    for plan in resolve(SEED, at=AT, pace=pace).demands
]


@pytest.mark.parametrize(("profile", "plan"), PLAYED, ids=lambda one: one if isinstance(one, str) else one.draft.key)
def test_the_engine_reads_the_terms_and_the_profile_lets_them_be_published(profile, plan):
    terms = parse_demand_terms(dict(plan.terms))
    item = load_catalogue().item(plan.draft.item)
    assert item is not None
    rules = rule_profile(profile)
    planned = terms.rounds if isinstance(terms, MultiRoundTerms) else ()
    rounds = tuple(RoundPlan(one.opens_at, one.closes_at) for one in planned)
    clocks = (
        *judge_minimum(rules, terms.mode, plan.draft.buyer_class, given=terms.min_bidders),
        *judge_schedule(rules, terms.mode, Schedule(plan.sign_up_closes_at, plan.closes_at), rounds, at=AT),
        *(judge_direct(rules, plan.draft.buyer_class) if isinstance(terms, DirectTerms) else ()),
    )
    assert clocks == ()
    ruling = judge_publication(
        is_regional_assessment=item.regional_assessment,
        buyer_class=plan.draft.buyer_class,
        clocks=clocks,
        needs_draw=needs_draw(terms),
        has_nonce=True,
    )
    assert getattr(ruling, "codes", ()) == ()
    if plan.draft.mode == "instant":
        assert plan.terms["quantity"] == plan.draft.quantity


def test_the_seed_shows_every_mode_and_kind_of_criterion():
    plans = resolve(SEED, at=AT).demands
    modes = [plan.draft.mode for plan in plans]
    assert min(modes.count(mode) for mode in ("comprehensive", "multi_round", "instant")) >= 3
    assert set(modes) == set(get_args(Mode))
    assert any(plan.draft.further_items for plan in plans)
    assert any(plan.terms.get("price_basis") == "discount_rate" for plan in plans)
    kinds = {one["kind"] for plan in plans for one in plan.terms.get("criteria", ())}
    assert kinds == {"price", "days", "credit", "experience", "grade"}
    assert {plan.terms["rule"] for plan in plans if plan.draft.mode == "instant"} == {"cheapest", "best_value", "draw"}
    assert any("low_price" in plan.terms for plan in plans)
    assert any("extension" in plan.terms for plan in plans)
    assert any("survivors" in one for plan in plans for one in plan.terms.get("rounds", ()))
