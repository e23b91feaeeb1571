from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bidding.engine import decide
from bidding.explain import explain
from bidding.reading.case import parse_case
from bidding.reading.terms import COMPUTED

FOLDER = Path(__file__).parents[1] / "cases" / "decide"
FILES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}


@pytest.mark.parametrize("name", FILES)
def test_a_given_case_is_decided_as_given_on_every_stable_key_in_its_order(name: str) -> None:
    decision = decide(parse_case(FILES[name]["case"])).as_json()
    assert json.dumps(decision) == json.dumps(FILES[name]["decision"])


@pytest.mark.parametrize("name", FILES)
def test_a_given_case_is_explained_place_by_place(name: str) -> None:
    explanation = explain(parse_case(FILES[name]["case"]))
    ranked = [row["bidder"] for row in FILES[name]["decision"]["ranking"]]
    assert [note.subject for note in explanation.cells if note.cell == "rank"] == ranked
    for note in (*explanation.cells, *explanation.refusals, *explanation.rounds, explanation.outcome):
        assert "{" not in note.zh + note.en


def test_the_given_cases_are_all_there_and_of_every_mode() -> None:
    modes = Counter(file["case"]["terms"]["mode"] for file in FILES.values())
    assert (sum(modes.values()), set(modes)) == (133, set(COMPUTED))
