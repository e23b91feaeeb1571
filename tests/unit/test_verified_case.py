"""A case file held against what was published: the engine's own word stands; a file that says otherwise is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bidding.comparing import Held, Published
from bidding.on_record import case_on_record
from bidding.selection import Selection
from commons.errors import Malformed
from marketplace.publication.case_file import CaseFile, read_case_file
from marketplace.publication.verify import Verified, verify
from tests.golden.reading import read_log

LOG = read_log("sealed_by_rate")
RULING = next(one for one in reversed(LOG["rulings"]) if one["case"])
CASE, DECISION = RULING["case"], RULING["decision"]


def verified(document: Any, published: Published | None = None) -> Verified:
    data = json.dumps(document, ensure_ascii=False).encode()
    return verify(data, read_case_file(data), published)


def test_a_file_that_agrees_differs_in_nothing_and_without_the_market_only_with_itself() -> None:
    alone = verified({"case": CASE, "decision": DECISION})
    assert (alone.is_known, alone.differing, alone.decision) == (False, (), DECISION)
    known = verified(CASE, Published(CASE, DECISION, Held(None, None)))
    assert known.is_known
    assert known.digests.case == alone.digests.case
    assert known.digests.file != alone.digests.file


def test_a_decision_that_the_engine_does_not_make_is_named() -> None:
    false = {**DECISION, "outcome": "unsuccessful", "winner": None}
    assert verified({"case": CASE, "decision": false}).differing


@pytest.mark.parametrize(
    ("document", "pointer", "code"),
    [
        ({"case": {**CASE, "terms": {}}}, "/case/terms", None),
        ({"case": CASE, "decision": []}, "/decision", "not_an_object"),
        ({"case": CASE, "extra": 1}, "/extra", None),
        ({"case": {**CASE, "bids": [{**one, "experience": 2**60} for one in CASE["bids"]]}}, "/case", None),
    ],
)
def test_a_file_that_cannot_be_read_is_faulted_at_its_place(document: Any, pointer: str, code: str | None) -> None:
    with pytest.raises(Malformed) as refused:
        verified(document)
    assert any(one.pointer.startswith(pointer) and code in {None, one.code} for one in refused.value.faults)


def test_what_has_no_canonical_form_has_no_digest_and_is_refused() -> None:
    half = [{**one, "grade": "\ud800"} for one in CASE["bids"]]
    with pytest.raises(Malformed) as refused:
        verify(b"", CaseFile({**CASE, "bids": half}, "/case"), None)
    assert [(one.pointer, one.code) for one in refused.value.faults] == [("/case", "not_canonical")]


def test_a_record_that_lacks_a_part_of_the_draw_has_no_inputs_of_its_own() -> None:
    """Nobody can say then what was drawn from: the case is left as it tells it."""
    drawn = {"salt": "00", "ikm": "01"}
    state = Selection("s1", mode="comprehensive", terms=CASE["terms"])
    assert case_on_record(state, {"bids": [], "draw": drawn})["draw"] == drawn
