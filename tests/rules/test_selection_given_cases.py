from __future__ import annotations

import json
from pathlib import Path

import pytest

from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.reading.terms import AHEAD, COMPUTED
from commons.errors import Malformed

FOLDER = Path(__file__).parents[1] / "cases" / "decide"
FILES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
BUILT = [name for name, file in FILES.items() if file["case"]["terms"]["mode"] in COMPUTED]
NOT_YET_BUILT = [name for name in FILES if name not in BUILT]


@pytest.mark.parametrize("name", BUILT)
def test_a_given_case_is_decided_as_given_on_every_stable_key_in_its_order(name: str) -> None:
    decision = decide(parse_case(FILES[name]["case"])).as_json()
    assert json.dumps(decision) == json.dumps(FILES[name]["decision"])


@pytest.mark.parametrize("name", NOT_YET_BUILT)
def test_a_given_case_of_a_mode_not_yet_built_is_refused_by_name(name: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse_case(FILES[name]["case"])
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/terms/mode", "mode_not_available")]
    assert FILES[name]["case"]["terms"]["mode"] in AHEAD


def test_the_given_cases_are_all_there_and_counted() -> None:
    assert (len(BUILT), len(NOT_YET_BUILT)) == (100, 33)
