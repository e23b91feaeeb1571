"""The case as the record has it: of every kept log the published case itself, whatever is changed in that case."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bidding.comparing import Computed, Held, Published, compare, first_difference
from bidding.on_record import case_on_record
from tests.golden.reading import LOGS, folded, read_log

NAMES = sorted(path.stem for path in LOGS.glob("*.json"))
RULED = [name for name in NAMES if any(one["case"] for one in read_log(name)["rulings"])]


def last_ruling(log: dict[str, Any]) -> dict[str, Any]:
    return [one for one in log["rulings"] if one["case"]][-1]  # type: ignore[no-any-return]  # a log is plain JSON


@pytest.mark.parametrize("name", RULED)
def test_the_case_of_a_record_is_the_case_that_was_published(name: str) -> None:
    log = read_log(name)
    ruling = last_ruling(log)
    assert case_on_record(folded(log), ruling["case"]) == ruling["case"]


@pytest.mark.parametrize("name", RULED)
def test_a_published_case_that_is_not_the_records_differs_from_it(name: str) -> None:
    log = read_log(name)
    ruling, state = last_ruling(log), folded(log)
    false = copy.deepcopy(ruling["case"])
    false["terms"]["ceiling_fen"] += 1
    places = [("terms", "", "/ceiling_fen")]
    key = "offers" if state.mode == "multi_round" else "bids"
    offered = [one for one in false.get(key, []) if "price_fen" in one]
    if offered and state.mode != "instant":
        offered[-1]["price_fen"] += 1
        places.append(("offers", f"#{len(false[key])}" if key == "offers" else offered[-1]["bidder"], "price_fen"))
    if "draw" in false and state.mode != "instant":
        false["draw"]["salt"] = "00"
        places.append(("draw", "", "salt"))
    published = Published(case_on_record(state, false), ruling["decision"], Held(None, None))
    steps = {one.code: one for one in compare(published, Computed(false, ruling["decision"]))}
    assert first_difference(steps.values()) is not None
    for code, subject, cell in places:
        assert (subject, cell) in [(one.subject, one.cell) for one in steps[code].differences], code
