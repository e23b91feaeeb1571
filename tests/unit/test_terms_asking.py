"""A fact that is not on record is told at every place of the terms that asks for it, once."""

from __future__ import annotations

from typing import Any

import pytest

from bidding.asking import asking, lacking
from bidding.reading.case import parse_case
from bidding.reading.terms import parse_terms
from commons.errors import Fault, Malformed
from tests.rules.selections import PRICE, bids, comprehensive, credit_draw, instant, multi_round, offer, random_draw

Raw = dict[str, Any]
REST = PRICE | {"points": 60}
BY_DAYS = comprehensive([], criteria=[REST, {"kind": "days", "points": 40}], max_days=9, ties=["price", "days", "draw"])

# case, fact → places
ROWS: list[tuple[Raw, str, list[str]]] = [
    (BY_DAYS, "days", ["/criteria/1", "/max_days", "/ties/1"]),
    (BY_DAYS, "credit", [""]),
    (BY_DAYS, "price_fen", ["/price_basis"]),
    (BY_DAYS, "discount_bp", ["/price_basis"]),
    (comprehensive([], criteria=[REST, {"kind": "credit", "points": 40}]), "credit", ["/criteria/1"]),
    (comprehensive([], criteria=[{"kind": "plan", "points": 40}, REST]), "marks", ["/criteria/0"]),
    (comprehensive([], ties=["credit", "draw"]), "credit", ["/ties/0"]),
    (instant([], rule="best_value", criteria=[REST, {"kind": "days", "points": 40}]), "days", ["/criteria/1"]),
    (multi_round([], day_value_fen=5), "days", ["/day_value_fen"]),
    (multi_round([], preferences=[{"code": "绿色", "max_bp": 9}]), "preferences", ["/preferences"]),
    (credit_draw({}), "credit", ["/mode"]),
    (random_draw([], max_days=9), "days", ["/max_days"]),
    (random_draw([]), "nonsense", [""]),
]


@pytest.mark.parametrize(("raw", "fact", "places"), ROWS)
def test_the_places_that_ask_for_a_fact_are_found(raw: Raw, fact: str, places: list[str]) -> None:
    assert list(asking(parse_terms(raw["terms"]), fact)) == places


def told(raw: Raw) -> tuple[Fault, ...]:
    with pytest.raises(Malformed) as caught:
        parse_case(raw)
    return lacking(parse_terms(raw["terms"]), caught.value.faults)


def test_faults_of_many_bids_are_one_for_each_fact_and_place() -> None:
    raw = BY_DAYS | {"bids": [*bids({"A": 5, "B": 6}), {"bidder": "C", "price_fen": 7, "days": 3}]}
    detail = "days: the terms ask for it; so for 2 of the bids on record"
    assert told(raw) == tuple(
        Fault(f"/terms{place}", "fact_not_on_record", detail) for place in ("/criteria/1", "/max_days", "/ties/1")
    )


def test_marks_above_the_points_and_preferences_above_their_most_keep_their_codes() -> None:
    plan = comprehensive([], criteria=[REST, {"kind": "plan", "points": 40}])
    raw = plan | {"bids": [{"bidder": "A", "price_fen": 5, "marks": [4001, 4002]}]}
    assert [(one.pointer, one.code) for one in told(raw)] == [("/terms/criteria/1", "out_of_range")]
    rounds = multi_round(
        [offer("A", 1, 5)],
        bidders=[{"bidder": "A", "preferences": {"绿色": 10}}],
        preferences=[{"code": "绿色", "max_bp": 9}],
    )
    (fault,) = told(rounds)
    assert (fault.pointer, fault.code) == ("/terms/preferences", "out_of_range")
    assert fault.detail.endswith("so for 1 of the bidders on record")


def test_faults_of_the_terms_stay_where_they_are() -> None:
    zero = Fault("/terms/criteria/0/factor_bp", "benchmark_zero", "…")
    assert lacking(parse_terms(BY_DAYS["terms"]), (zero,)) == (zero,)
