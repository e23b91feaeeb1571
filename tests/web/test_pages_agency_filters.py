"""Filters of the directory: what is read gives the same address again; a page goes on from one code."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from commons.errors import Malformed
from marketplace.web.filters import query_of, read_agency_filter, read_turn
from marketplace.web.locale.names import FILTER_KEYS
from marketplace.web.views.agencies import AgencyFilter

FULL = {
    "q": "测绘", "item": "SV22", "offering": "SV23", "qualification": "测绘资质", "grade": "乙级", "city": "330300",
    "restricted": "1", "free": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, AgencyFilter()),
        ({"free": "1"}, AgencyFilter(free_only=True)),
        ({"offering": "SV22"}, AgencyFilter(offering="SV22")),
        ({"qualification": "测绘资质", "grade": "甲级"}, AgencyFilter(qualification="测绘资质", grade="甲级")),
    ],
)
def test_a_filter_of_agencies_is_read_from_the_address(query: Mapping[str, str], expected: AgencyFilter) -> None:
    assert read_agency_filter(query) == expected
    assert read_agency_filter(dict(query_of(expected))) == expected


def test_a_full_filter_of_agencies_gives_its_address_again_and_every_key_has_its_word() -> None:
    assert dict(query_of(read_agency_filter(FULL))) == FULL
    assert {*FULL, "after", "before"} <= set(FILTER_KEYS)


@pytest.mark.parametrize(
    ("query", "key"),
    [({"grade": "甲级"}, "/grade"), ({"free": "yes"}, "/free"), ({"offering": "甲"}, "/offering")],
)
def test_what_cannot_be_read_of_a_filter_is_said_with_its_key(query: Mapping[str, str], key: str) -> None:
    with pytest.raises(Malformed) as malformed:
        read_agency_filter(query)
    assert [one.pointer for one in malformed.value.faults] == [key]


def test_a_page_goes_on_from_one_code() -> None:
    assert read_turn({}) == ("", "")
    assert read_turn({"after": "91990000MA0000001B"}) == ("91990000MA0000001B", "")
    for query in ({"after": "A", "before": "B"}, {"after": "%"}):
        with pytest.raises(Malformed):
            read_turn(query)
