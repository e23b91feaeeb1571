"""What the engine is given of a shelf offer is what it would read of the case that is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agencies.shelf import ShelfOffer
from bidding.case import InstantCase
from bidding.reading.case import parse_case
from commons.instants import format_instant
from marketplace.usecases.take_instant_award import _facts, _offered
from tests.usecases.market import code, instant_terms, nonce

AT = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.mark.parametrize("grade", [None, "甲级"])
@pytest.mark.parametrize("credit", [0, 8_000, 10_000])
@pytest.mark.parametrize("since", [AT, AT.replace(microsecond=0), AT - timedelta(days=4_000)])
def test_the_engine_is_given_what_it_would_read_of_the_case(grade: str | None, credit: int, since: datetime) -> None:
    offer = ShelfOffer(
        "5f6c", code(7), "SV22", 210_000, 1_000, 12, 9, 2, since, AT + timedelta(days=30), nonce("shelf"), AT
    )
    case = {"terms": instant_terms(), "at": format_instant(AT), "offers": [_facts(offer, grade, credit)]}
    read = parse_case(case)
    assert isinstance(read, InstantCase)
    assert read.offers == (_offered(offer, grade, credit),)
