"""A cap on lots: who has reached it moves nothing, and never wins."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from bidding.engine import decide
from bidding.lots import Lot, bidders_of, decide_lots, lots_won
from bidding.reading.case import parse_case
from commons.errors import Malformed
from tests.properties.engine_cases import Raw, any_case, lottery, nearest, sealed, shelf

CAPPED = ["lot_cap_reached"]


def ruled(raw: Raw) -> dict[str, Any] | str:
    """The decision, or that the case cannot be decided (a benchmark of 0 fen)."""
    try:
        return decide(parse_case(raw)).as_json()
    except Malformed:
        return "malformed"


@given(sealed() | shelf() | nearest() | lottery(), st.data())
def test_a_case_with_the_capped_marked_is_decided_like_the_case_without_them(raw: Raw, data: st.DataObject) -> None:
    key = "offers" if "offers" in raw else "bids"
    ids = [entry["bidder"] for entry in raw[key] if "voided_at" not in entry]
    capped = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    marked = deepcopy(raw)
    marked["terms"]["lot_cap"] = 2
    for entry in marked[key]:
        if entry["bidder"] in capped:
            entry["lots_won"] = data.draw(st.integers(2, 5))
    without = raw | {key: [entry for entry in raw[key] if entry["bidder"] not in capped]}
    one, other = ruled(marked), ruled(without)
    event("someone is capped" if capped else "nobody is capped")
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return
    listed = {row["bidder"]: row["reasons"] for row in one["rejected"]}
    assert {bidder for bidder, reasons in listed.items() if reasons == CAPPED} == capped
    kept = [row for row in one["rejected"] if row["reasons"] != CAPPED]
    assert one | {"rejected": kept} == other


@given(st.lists(any_case(), min_size=2, max_size=4), st.integers(1, 3))
def test_nobody_wins_more_lots_than_the_cap(raws: list[Raw], cap: int) -> None:
    try:
        results = decide_lots([Lot(str(place), parse_case(raw)) for place, raw in enumerate(raws)], cap=cap)
    except Malformed:
        return
    assert max(lots_won(results).values(), default=0) <= cap
    for result in results:
        if result.waits_for is None:
            assert result.decision is not None
            assert result.case is not None
            assert decide(result.case).as_json() == result.decision.as_json()
        else:
            assert set(bidders_of(parse_case(raws[int(result.lot)])))
