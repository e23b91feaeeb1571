"""Discount rates are another way to write prices: the decision is that of the prices they mean."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bidding.discount import discounted_fen, is_in_range, least_discount_bp
from bidding.engine import decide
from bidding.reading.case import parse_case
from tests.properties.engine_cases import Raw, nearest, rounds, sealed


def with_rates(raw: Raw, ceiling: int, rates: list[int]) -> tuple[Raw, Raw]:
    """The case with rates instead of its prices, and the case with the prices that those rates mean."""
    discounted, priced = deepcopy(raw), deepcopy(raw)
    for one in (discounted, priced):
        one["terms"]["ceiling_fen"] = ceiling
    discounted["terms"]["price_basis"] = "discount_rate"
    key = "offers" if "offers" in raw else "bids"
    for index, offer in enumerate(discounted[key]):
        del offer["price_fen"]
        offer["discount_bp"] = rates[index % len(rates)]
        priced[key][index]["price_fen"] = discounted_fen(ceiling, offer["discount_bp"])
    return discounted, priced


RATES = st.lists(st.integers(0, 9999) | st.sampled_from([0, 100, 1000, 1000, 5000]), min_size=1, max_size=9)


@given(sealed() | nearest() | rounds(), st.sampled_from([100, 7777, 1_000_000]), RATES)
def test_a_case_with_rates_is_decided_like_the_case_with_the_prices_they_mean(
    raw: Raw, ceiling: int, rates: list[int]
) -> None:
    discounted, priced = with_rates(raw, ceiling, rates)
    got, expected = (decide(parse_case(one)).as_json() for one in (discounted, priced))
    rows: Any = got["ranking"]
    for row in rows:
        assert discounted_fen(ceiling, row.pop("discount_bp")) == row["price_fen"]
        if "effective" not in row:
            del row["price_fen"]
    assert got == expected


@given(st.integers(1, 10**12), st.data())
def test_the_least_rate_is_the_first_whose_price_is_low_enough(ceiling: int, data: st.DataObject) -> None:
    most = data.draw(st.integers(0, ceiling))
    rate = least_discount_bp(ceiling, most)
    if rate is None:
        assert discounted_fen(ceiling, 9999) > most or discounted_fen(ceiling, 9999) == 0 or most == 0
        return
    assert is_in_range(rate)
    assert 0 < discounted_fen(ceiling, rate) <= most
    assert rate == 0 or discounted_fen(ceiling, rate - 1) > most
