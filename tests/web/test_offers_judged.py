"""What stands between an offer's form and 请核对: the refusals that it earns by itself, and no others."""

from __future__ import annotations

from typing import Any

import pytest

from bidding.reading.terms import parse_demand_terms
from bidding.terms import ComprehensiveTerms
from marketplace.usecases.offer_messages import PlaceOffer
from marketplace.web.pages.agency_part_acts import offer_judge, offer_sums
from tests.usecases.market import ITEM, code, sealed_terms

BY_RATE = {"price_basis": "discount_rate"}
PARTS = [{"item": ITEM, "fen": 6_000_000}, {"item": "SV23", "fen": 4_000_000}]


def judged(terms: dict[str, Any], **offered: Any) -> list[str]:
    """The codes of what is wrong with an offer under sealed terms over two items."""
    read = parse_demand_terms(sealed_terms(**terms))
    assert isinstance(read, ComprehensiveTerms)
    command = PlaceOffer(selection="S1", agency=code(1), **offered)
    return [one.code for one in offer_judge(read, (ITEM, "SV23"))(command)]


@pytest.mark.parametrize(
    ("terms", "offered", "codes"),
    [
        ({}, {"price_fen": 20_000_000, "days": 60}, []),
        ({}, {"price_fen": 20_000_001, "days": 60}, ["ceiling_exceeded"]),
        ({}, {"price_fen": 0, "days": 61}, ["price_not_positive", "days_exceeded"]),
        ({}, {"price_fen": 1, "days": 0}, ["days_not_positive"]),
        (BY_RATE, {"discount_bp": 500, "days": 30}, []),
        (BY_RATE, {"discount_bp": 10_000, "days": 30}, ["discount_out_of_range"]),
        (BY_RATE, {"discount_bp": 5_000, "days": 30, "split": PARTS}, []),
        (BY_RATE, {"discount_bp": 5_001, "days": 30, "split": PARTS}, ["split_sum_differs"]),
        ({}, {"price_fen": 10_000_000, "days": 30, "split": PARTS}, []),
        ({}, {"price_fen": 10_000_001, "days": 61, "split": PARTS}, ["days_exceeded", "split_sum_differs"]),
        ({}, {"price_fen": 6_000_000, "days": 30, "split": PARTS[:1]}, ["split_item_missing"]),
    ],
)
def test_nobody_confirms_what_its_price_days_and_split_alone_would_have_refused(
    terms: dict[str, Any], offered: dict[str, Any], codes: list[str]
) -> None:
    assert judged(terms, **offered) == codes


def test_what_an_offer_by_rate_adds_up_to_is_said_before_it_is_confirmed() -> None:
    read = parse_demand_terms(sealed_terms(**BY_RATE))
    assert isinstance(read, ComprehensiveTerms)
    command = PlaceOffer(selection="S1", agency=code(1), discount_bp=500, days=30)
    assert offer_sums(read)(command) == (
        ("最高限价", "200,000.00 元"),
        ("低于限价", "10,000.00 元（5.0%）"),
        ("报价合计", "190,000.00 元　壹拾玖万元整"),
    )
