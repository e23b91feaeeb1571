"""Records of earlier versions replay: the same hashes, the same fold, the same decisions to the byte."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bidding.engine import decide
from bidding.reading.case import parse_case
from commons.canonical import canonical
from commons.events import FIRST, private_hash
from tests.golden.reading import (
    LOGS,
    SUMS,
    as_known_then,
    folded,
    plain,
    read_log,
    rebuilt_case,
    recorded_of,
    sum_of,
)
from tests.golden.scenes import SCENES

NAMES = sorted(path.stem for path in LOGS.glob("*.json"))


def chain_faults(log: dict[str, Any]) -> list[str]:
    """Every event whose place, hash, predecessor, instant or private part does not fit."""
    faults, before = [], FIRST
    events = recorded_of(log)
    for place, (one, kept) in enumerate(zip(events, log["events"], strict=True), start=1):
        event = one.event
        if (event.seq, event.prev, event.digest) != (place, before, kept["digest"]):
            faults.append(f"event {place} is not in its chain")
        if place > 1 and event.at < events[place - 2].event.at:
            faults.append(f"event {place} lies before the one before it")
        hashed = private_hash(bytes.fromhex(kept["salt"]), canonical(one.private)) if one.private is not None else None
        if hashed != event.priv:
            faults.append(f"the private part of event {place} was altered")
        before = event.digest
    return faults


def ruling_faults(log: dict[str, Any]) -> list[str]:
    """Every ruling that the record, or its case, does not give any more."""
    faults = []
    for one in log["rulings"]:
        if canonical(rebuilt_case(log, one)) != canonical(one["case"]):
            faults.append(f"the record does not give the case of event {one['seq']}")
        decision = one["decision"] if one["case"] is None else decide(parse_case(one["case"])).as_json()
        now = as_known_then(decision, one["decision"])
        if canonical(now) != canonical(one["decision"]):
            faults.append(f"the case of event {one['seq']} gives another decision")
        told = log["events"][one["seq"] - 1]["envelope"]["data"]
        if (told["case"], told["decision"]) != (one["case"], one["decision"]):
            faults.append(f"event {one['seq']} says something else")
    return faults


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_log_keeps_its_hashes_and_its_chain(name: str) -> None:
    assert chain_faults(read_log(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_log_folds_to_what_it_folded_to(name: str) -> None:
    log = read_log(name)
    assert canonical(as_known_then(plain(folded(log)), log["fold"])) == canonical(log["fold"])


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_log_gives_the_same_decision_to_the_byte(name: str) -> None:
    log = read_log(name)
    assert log["rulings"] or log["fold"]["cancelled_at"]
    assert ruling_faults(log) == []


def test_golden_logs_are_only_ever_added() -> None:
    listed = {line.split("  ")[1]: line.split("  ")[0] for line in SUMS.read_text("utf-8").splitlines()}
    assert {f"{name}.json": sum_of(LOGS / f"{name}.json") for name in NAMES} == listed
    assert set(SCENES) == set(NAMES)


def test_the_golden_logs_tell_of_every_way_a_selection_goes() -> None:
    types = {one["envelope"]["type"] for name in NAMES for one in read_log(name)["events"]}
    assert types >= {
        "bidder.refused", "round.closed", "selection.evaluated", "selection.decided", "award.proposed",
        "award.confirmed", "draw.announced", "explanation.asked", "explanation.given", "explanation.accepted",
        "explanation.rejected", "award.abandoned", "selection.cancelled", "selection.suspended", "selection.resumed",
        "selection.unsuccessful", "choice.asked", "choice.made",
    }  # fmt: skip
    decisions = [one["decision"] for name in NAMES for one in read_log(name)["rulings"]]
    assert {one["outcome"] for one in decisions} == {"award", "unsuccessful", "awaiting_explanation", "owner_choice"}
    modes = {read_log(name)["fold"]["mode"] for name in NAMES}
    assert modes >= {"comprehensive", "multi_round", "instant", "mean_price", "random_draw", "credit_draw", "direct"}
    assert {read_log(name)["fold"].get("publication", 1) for name in NAMES} == {1, 2, 3}
    reasons = {line["reason"] for one in decisions for line in one.get("offers", []) if not line["accepted"]}
    assert reasons >= {"round_not_open", "step_not_met", "eliminated", "not_admitted"}
    passed_on = read_log("sealed_award_passed_on")
    assert passed_on["fold"]["proposed"] != passed_on["rulings"][0]["decision"]["winner"]
    extended = read_log("rounds_extension_and_elimination")
    assert extended["rulings"][0]["decision"]["rounds"][-1]["closes_at"] > extended["fold"]["closes_at"]
    assert any("draw" in (one["case"] or {}) for name in NAMES for one in read_log(name)["rulings"])


@pytest.mark.parametrize("name", NAMES)
def test_an_altered_golden_log_is_noticed(name: str) -> None:
    log = read_log(name)
    for place, one in enumerate(log["events"]):
        moved, erased = copy.deepcopy(log), copy.deepcopy(log)
        moved["events"][place]["envelope"]["at"] = "2026-11-23T00:00:00Z"
        assert chain_faults(moved)
        del erased["events"][place]
        assert chain_faults(erased) or place == len(log["events"]) - 1
        if one["private"] is not None:
            told = copy.deepcopy(log)
            told["events"][place]["private"]["bidder"] = "somebody"
            assert chain_faults(told)
    other = copy.deepcopy(log)
    if not other["rulings"]:
        return
    other["rulings"][-1]["decision"]["winner"] = "somebody"
    assert ruling_faults(other)
