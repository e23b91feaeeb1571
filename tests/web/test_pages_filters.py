"""Filters stand in the address: what is read gives the same address again, what cannot be read is said, all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.errors import Malformed
from commons.money import MAX_FEN
from marketplace.web.filters import (
    query_of,
    read_agency_filter,
    read_award_filter,
    read_demand_filter,
    read_page,
    read_restriction_filter,
    wan_text,
    with_value,
    without,
)
from marketplace.web.views.demands import DemandFilter


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, DemandFilter()),
        ({"q": " 水土 ", "item": "RA03"}, DemandFilter(q="水土", item="RA03")),
        ({"min": "5", "max": "12.5"}, DemandFilter(ceiling_min_fen=5_000_000, ceiling_max_fen=12_500_000)),
        (
            {"state": "open", "mode": "instant", "ra": "1"},
            DemandFilter(state="open", mode="instant", regional_only=True),
        ),
        ({"city": "330300", "unknown": "x"}, DemandFilter(city="330300")),
    ],
)  # fmt: skip
def test_a_filter_is_read_from_the_address(query: Mapping[str, str], expected: DemandFilter) -> None:
    assert read_demand_filter(query) == expected


@pytest.mark.parametrize("read", [read_demand_filter, read_award_filter, read_agency_filter, read_restriction_filter])
def test_an_address_without_values_narrows_nothing(read: Callable[[Mapping[str, str]], DemandFilter]) -> None:
    assert query_of(read({})) == ()


FULL = {
    "q": "水", "item": "RA03", "city": "330300", "min": "0.01", "max": "12.345678", "state": "failed", "ra": "1",
    "mode": "multi_round", "outcome": "unsuccessful", "qualification": "工程咨询资信", "restricted": "1",
    "layer": "market",
}  # fmt: skip


@pytest.mark.parametrize("read", [read_demand_filter, read_award_filter, read_agency_filter, read_restriction_filter])
def test_a_full_filter_gives_its_address_again(read: Callable[[Mapping[str, str]], DemandFilter]) -> None:
    chosen = read(FULL)
    pairs = query_of(chosen)
    assert read(dict(pairs)) == chosen
    assert set(pairs) <= set(FULL.items())


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"min": "abc", "max": "-1"}, ["not_an_amount", "not_an_amount"]),
        ({"min": "1e3"}, ["not_an_amount"]),
        ({"min": "٣"}, ["not_an_amount"]),
        ({"min": "NaN"}, ["not_an_amount"]),
        ({"min": "9" * 400}, ["not_an_amount"]),
        ({"min": "1000001"}, ["not_an_amount"]),
        ({"min": "5", "max": "4"}, ["range_reversed"]),
        (
            {"q": "长" * 101, "city": "<b>", "mode": "nobody", "state": "x"},
            ["too_long", "not_a_code", "not_a_choice", "not_a_choice"],
        ),
        ({"ra": "yes"}, ["not_a_choice"]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_all_at_once(query: Mapping[str, str], codes: list[str]) -> None:
    with pytest.raises(Malformed) as caught:
        read_demand_filter(query)
    assert [fault.code for fault in caught.value.faults] == codes


@pytest.mark.parametrize(("text", "number"), [("", 1), ("7", 7), ("10000", 10_000)])
def test_a_page_number_is_read(text: str, number: int) -> None:
    assert read_page({"page": text}) == number


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.0", "10001", "٣", "9" * 5_000, "+1", "0001000000"])
def test_a_page_number_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read_page({"page": text})


@given(st.integers(min_value=0, max_value=MAX_FEN))
def test_an_amount_in_the_address_comes_back_to_the_fen(fen: int) -> None:
    assert read_demand_filter({"min": wan_text(fen)}).ceiling_min_fen == fen


def test_one_value_is_set_or_taken_away_and_the_others_stay() -> None:
    pairs = (("q", "a"), ("mode", "instant"))
    assert with_value(pairs, "mode", "direct") == (("q", "a"), ("mode", "direct"))
    assert with_value(pairs, "mode", "") == (("q", "a"),)
    assert without(pairs, "q", "mode") == ()
