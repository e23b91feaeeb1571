"""The laws of selection.md section 9 that speak of a decision as a whole."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

from bidding.criteria import LowestScale
from bidding.engine import decide
from bidding.explain import explain
from bidding.offers import Bid
from bidding.reading.case import parse_case
from tests.properties.engine_cases import CEILING, IDS, Raw, any_case, at, lottery, nearest, rounds, sealed, shelf


def decided(raw: Raw) -> dict[str, Any]:
    return decide(parse_case(raw)).as_json()


@given(sealed() | shelf() | nearest() | lottery(), st.randoms(use_true_random=False))
def test_law_2_a_sealed_decision_does_not_depend_on_the_order_of_arrival(raw: Raw, shuffler: random.Random) -> None:
    other = deepcopy(raw)
    shuffler.shuffle(other["bids"] if "bids" in other else other["offers"])
    assert decided(raw) == decided(other)


@given(sealed(mean_based=False, voids=False), st.data())
def test_law_3_a_losing_bid_leaves_the_winner_unless_a_minimum_moved(raw: Raw, data: st.DataObject) -> None:
    assume(len(raw["bids"]) >= 2)
    raw["draw"] = {"salt": "00", "ikm": "01"}
    index = data.draw(st.integers(0, len(raw["bids"]) - 1))
    loser = raw["bids"][index]
    fewer = raw | {"bids": [bid for bid in raw["bids"] if bid is not loser]}
    before, after = decided(fewer), decided(raw)
    assume(before["outcome"] == after["outcome"] == "award")
    valid = [bid for bid in fewer["bids"] if 0 < bid["price_fen"] <= CEILING and 0 < bid["days"] <= 10]
    assume(loser["price_fen"] <= 0 or loser["price_fen"] >= min(bid["price_fen"] for bid in valid))
    assume(loser["days"] <= 0 or loser["days"] >= min(bid["days"] for bid in valid))
    event("lost" if after["winner"] != loser["bidder"] else "won")
    assert after["winner"] in {before["winner"], loser["bidder"]}


@given(st.integers(1, 100), st.lists(st.integers(1, 10**12), max_size=5), st.integers(1, 10**12), st.data())
def test_law_4_lowering_ones_price_never_lowers_ones_price_points(
    pts: int, others: list[int], price: int, data: st.DataObject
) -> None:
    lower = data.draw(st.integers(1, price))

    def own_points(own: int) -> int:
        return LowestScale(pts * 100, min([own, *others])).column([Bid("A", own)])[0]

    assert own_points(lower) >= own_points(price)


@given(any_case())
def test_law_6_a_voided_bidder_is_never_a_winner_nor_ranked(raw: Raw) -> None:
    everybody = raw.get("bids") or raw.get("bidders") or raw.get("offers") or []
    voided = {one["bidder"] for one in everybody if "voided_at" in one}
    decision = decided(raw)
    assert voided.isdisjoint(row["bidder"] for row in decision["ranking"])
    assert voided <= {row["bidder"] for row in decision["rejected"]}
    assert decision["winner"] not in voided


@given(any_case())
def test_law_7_the_same_facts_give_the_same_bytes_whatever_the_order_of_their_keys(raw: Raw) -> None:
    def backwards(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: backwards(value[key]) for key in reversed(value)}
        return [backwards(item) for item in value] if isinstance(value, list) else value

    event(decided(raw)["outcome"])
    assert json.dumps(decided(raw)) == json.dumps(decided(backwards(raw)))


@given(any_case(), st.permutations(IDS))
def test_law_8_a_relabelling_permutes_the_result_draws_aside(raw: Raw, others: list[str]) -> None:
    raw.pop("draw", None)
    names = dict(zip(IDS, others, strict=True)) | {"GHOST": "GHOST"}

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: names[item] if key in NAMING else renamed(item) for key, item in value.items()}
        return [renamed(item) for item in value] if isinstance(value, list) else value

    expected = renamed({key: value for key, value in decided(raw).items() if value is not None})
    expected["rejected"].sort(key=lambda row: row["bidder"])
    for closed in expected.get("rounds", []):
        closed["alive"] = sorted(names[bidder] for bidder in closed["alive"])
    got = {key: value for key, value in decided(renamed(raw)).items() if value is not None}
    assert got == expected


NAMING = {"bidder", "winner", "flagged"}


@given(any_case())
def test_every_outcome_keeps_its_promises(raw: Raw) -> None:
    decision = decided(raw)
    outcome, ranking = decision["outcome"], decision["ranking"]
    assert (decision["winner"] is not None) == (outcome == "award")
    assert bool(ranking) == (outcome in {"award", "awaiting_explanation", "owner_choice"})
    assert ("shortlist" in decision) == (outcome == "owner_choice")
    assert ("benchmark_fen" in decision) == (outcome == "award" and raw["terms"]["mode"] == "mean_price")
    assert ("reason" in decision) == (outcome == "unsuccessful")
    assert ("flagged" in decision) == (outcome == "awaiting_explanation")
    assert [row["rank"] for row in ranking] == list(range(1, len(ranking) + 1))
    assert not {row["bidder"] for row in ranking} & {row["bidder"] for row in decision["rejected"]}


@given(rounds())
def test_the_explanation_speaks_of_every_ranked_bidder_and_every_refusal(raw: Raw) -> None:
    case, decision = parse_case(raw), decided(raw)
    explanation = explain(case)
    ranked = [note.subject for note in explanation.cells if note.cell == "effective"]
    assert ranked == [row["bidder"] for row in decision["ranking"]]
    told = [note.code for note in explanation.refusals if note.cell.startswith("offers/")]
    assert told == [ruling["reason"] for ruling in decision["offers"] if not ruling["accepted"]]
    assert all(note.zh and note.en for note in (*explanation.cells, *explanation.refusals, *explanation.rounds))


def test_the_start_of_random_cases_is_a_fixed_instant() -> None:
    assert at(0) == "2026-11-23T01:00:00Z"
