"""The engine against the reference: on the given cases, on random cases of every mode, and with faults planted."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.publication.decide import answer
from tests.reference import selection
from tests.reference.cases import MODES, case_of, cases

Raw = dict[str, Any]
FOLDER = Path(__file__).parents[1] / "cases" / "decide"
SHORT = 200
"""Seeded cases of a mode where no ``--size`` says more."""


def engine(case: Raw) -> Raw:
    """The answer of the command, read back from the bytes it writes."""
    read: Raw = json.loads(json.dumps(answer(json.dumps(case).encode())))
    return read


def differences(case: Raw, other: Callable[[Raw], Raw] = selection.decide) -> dict[str, tuple[Any, Any]]:
    """Every stable key on which the engine and the other one disagree: (engine, other)."""
    ours, theirs = engine(case), other(json.loads(json.dumps(case)))
    return {key: (ours.get(key), theirs.get(key)) for key in [*ours, *theirs] if ours.get(key) != theirs.get(key)}


def test_the_reference_decides_every_given_case_as_given() -> None:
    files = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
    assert len(files) == 133
    assert [name for name, file in files.items() if selection.decide(file["case"]) != file["decision"]] == []


def test_the_reference_stays_short_and_shares_no_code_with_the_engine() -> None:
    text = Path(selection.__file__).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250
    assert not [line for line in text.splitlines() if "import" in line and ("bidding" in line or "commons" in line)]


@pytest.mark.parametrize("mode", MODES)
@given(data=st.data())
def test_engine_and_reference_agree_on_any_case_of_the_mode(mode: str, data: st.DataObject) -> None:
    case = data.draw(cases(mode))
    assert differences(case) == {}


@pytest.mark.parametrize("mode", MODES)
def test_engine_and_reference_agree_on_seeded_cases(mode: str, seed: int, sized: Callable[[int], int]) -> None:
    for number in range(sized(SHORT)):
        case = case_of(random.Random(f"{seed}/{mode}/{number}"), mode)
        found = differences(case)
        assert found == {}, f"--seed {seed}, case {number} of {mode}:\n{json.dumps(case, ensure_ascii=False)}"


MEAN_DROP, STOOD = '>= rule.get("drop_from", 5)', "if each in self.standing and at < self.until[each]]"
PLANTED = {
    "rounds credit half down": ("comprehensive", 'bid["credit"], WHOLE) + HALF', 'bid["credit"] - 1, WHOLE) + HALF'),
    "keeps credit above the full": ("comprehensive", '"credit", 0), 0), WHOLE', '"credit", 0), 0), 2 * WHOLE'),
    "ranks by the lowest total": ("comprehensive", '[-bid["total"]', '[bid["total"]'),
    "flags at the line itself": ("comprehensive", 'bid["price_fen"] < below or', 'bid["price_fen"] <= below or'),
    "takes the low ones out once": ("comprehensive", "if not leaving:", "if not leaving or rejected:"),
    "drops one offer too late": ("mean_price", MEAN_DROP, MEAN_DROP.replace(">=", ">")),
    "takes another drawn factor": ("mean_price", "drawn % len(choices)]", "-1 - drawn % len(choices)]"),
    "lets the dropped win": ("mean_price", "    return inside\n", "    return bids\n"),
    "names the tickets from nought": ("credit_draw", "i + 1}", "i}"),
    "cuts the big list at a tie": ("credit_draw", '["credit"] >= edge]', '["credit"] > edge or bid is valid[0]]'),
    "draws another lot": ("random_draw", "[:length]", "[:length][::-1]"),
    "ends an offer an instant late": ("instant", '< instant(bid["valid_until"])', '<= instant(bid["valid_until"])'),
    "forgets the minimum fee": ("instant", 'max(bid["minimum_fee_fen"], ', "max(0, "),
    "hears the closing instant": ("multi_round", '["closes_at"] <= at', '["closes_at"] < at'),
    "asks for more than the step": ("multi_round", "effective(offer) > best", "effective(offer) >= best"),
    "extends inside the window only": ("multi_round", "- at <= window", "- at < window"),
    "keeps the first sealed offer": ("multi_round", ')[offer["bidder"]] = kept', ').setdefault(offer["bidder"], kept)'),
    "cuts the survivors at a tie": ("multi_round", "<= best[-1]", "< best[-1] or len(best) < 2"),
    "leaves a voided leader standing": ("multi_round", STOOD, "if each in self.standing]"),
    "cuts before it counts": ("multi_round", ": None if too_few else now", ": now"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_the_comparison_notices_a_planted_fault(fault: str) -> None:
    mode, right, wrong = PLANTED[fault]
    text = Path(selection.__file__).read_text(encoding="utf-8")
    assert text.count(right) == 1
    copy = ModuleType("copy_with_a_fault")
    exec(compile(text.replace(right, wrong), fault, "exec"), copy.__dict__)
    noticed = (bool(differences(case_of(random.Random(number), mode), copy.decide)) for number in range(3000))
    assert any(noticed)
