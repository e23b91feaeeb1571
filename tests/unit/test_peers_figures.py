"""Figures that a peer's own tests assert, derived again by the engine exactly: coefficients, effective prices, bounds.

Source: ``cases/peers`` of the public reading matter, read where it lies and never copied; amounts there are in yuan.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from commons.errors import Malformed
from marketplace.publication.decide import answer
from tests.rules.selections import minute, multi_round, offer, round_

Raw = dict[str, Any]
Figures = dict[str, Raw]
CLOSE = Fraction(1, 10**9)
"""How near the peer's binary numbers come to the exact ones."""


def figures(folder: Path, name: str) -> Figures:
    document = json.loads((folder / "cases" / "peers" / f"{name}.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in document["cases"]}


@pytest.fixture(scope="module")
def meat(public_reading: Path) -> Figures:
    return figures(public_reading, "meat")


@pytest.fixture(scope="module")
def costs(public_reading: Path) -> Figures:
    return figures(public_reading, "lcc_mixed")


@pytest.fixture(scope="module")
def bounds(public_reading: Path) -> Figures:
    return figures(public_reading, "bid_bounds")


def hundredths(yuan: str) -> int:
    """Yuan as written, in whole fen; a part in ten thousand of one, for shares."""
    fen = Fraction(yuan) * 100
    assert fen.denominator == 1
    return int(fen)


def weighed(price: str, most: list[str], own: list[str], *, cost: str = "0", bidder: str = "A") -> Raw:
    """A case with one offer, its shares as preferences and its costs beside the price as days."""
    shares = [f"p{place}" for place in range(len(most))]
    terms: Raw = {"ceiling_fen": 10**12, "day_value_fen": hundredths(cost), "step_fen": 1, "max_days": 9}
    terms["preferences"] = [
        {"code": code, "max_bp": 100 * hundredths(each)} for code, each in zip(shares, most, strict=True)
    ]
    person = {
        "bidder": bidder,
        "preferences": {code: 100 * hundredths(each) for code, each in zip(shares, own, strict=True)},
    }
    return multi_round([offer(bidder, 1, hundredths(price), days=1)], bidders=[person], **terms)


def decide(case: Raw) -> Raw:
    """The decision of the command's own reading of the bytes."""
    return answer(json.dumps(case).encode())


def effective(case: Raw) -> Fraction:
    """The effective price of the first, in yuan."""
    numerator, denominator = decide(case)["ranking"][0]["effective"]
    return Fraction(numerator, denominator) / 100


def coefficient(case: Raw) -> Fraction:
    """What the engine divided the first one's offered price by."""
    return Fraction(decide(case)["ranking"][0]["price_fen"], 100) / effective(case)


def shares(figure: Raw, price: str) -> Raw:
    return weighed(price, figure["feature_max"], figure["parameters"])


@pytest.mark.parametrize("id", ["meat-1", "meat-2", "meat-3", "meat-4", "meat-5"])
def test_the_coefficient_is_the_exact_one_where_the_peer_has_a_binary_neighbour(meat: Figures, id: str) -> None:
    figure = meat[id]
    ours = coefficient(shares(figure, "469"))
    assert ours == Fraction(figure["exact_decimal"]["coefficient"])
    asserted = figure["asserted"]
    if "coefficient_exact" in asserted:
        assert ours == Fraction(asserted["coefficient_exact"])
    else:
        assert 0 < abs(ours - Fraction(asserted["coefficient_float_fraction"])) < CLOSE


@pytest.mark.parametrize("id", ["meat-2", "meat-4", "meat-5"])
def test_the_effective_price_is_the_exact_one(meat: Figures, id: str) -> None:
    figure = meat[id]
    ours = effective(shares(figure, figure["price"]))
    assert ours == Fraction(figure["exact_decimal"]["effective"])
    assert abs(ours - Fraction(figure["asserted"]["effective_float_fraction"])) < CLOSE
    assert abs(ours - Fraction(figure["asserted"]["effective_approx"])) < CLOSE


def test_a_value_to_be_raised_is_multiplied_by_the_same_coefficient(meat: Figures) -> None:
    figure = meat["meat-3"]
    assert Fraction(figure["npv"]) * coefficient(shares(figure, "469")) == Fraction(
        figure["exact_decimal"]["effective"]
    )


def test_the_dearer_bid_with_the_lower_effective_price_is_first(meat: Figures) -> None:
    both = [
        weighed(meat[id]["price"], meat[id]["feature_max"], meat[id]["parameters"], bidder=id)
        for id in ("meat-4", "meat-5")
    ]
    case = both[0] | {key: both[0][key] + both[1][key] for key in ("bidders", "offers")}
    assert [row["bidder"] for row in decide(case)["ranking"]] == ["meat-5", "meat-4"]


def test_the_price_a_peer_displayed_without_a_word_is_a_ratio_of_two_coefficients(meat: Figures) -> None:
    viewer, other = (coefficient(weighed("100000", ["0.28"], [own])) for own in ("0.13", "0"))
    assert viewer / other == Fraction(85, 72)
    shown = Fraction(meat["meat-6"]["price"]) * viewer / other
    assert round(shown * 100) == hundredths(meat["meat-6"]["asserted"]["displayed"])


def test_costs_beside_the_price_are_added_to_it(costs: Figures) -> None:
    figure = costs["lcc-1"]
    cost = str(sum(Fraction(each) for each in figure["non_price_costs"]))
    assert cost == figure["asserted"]["non_price_cost"]
    assert effective(weighed(figure["price"], [], [], cost=cost)) == Fraction(figure["asserted"]["weighted"])


@pytest.mark.parametrize(("price", "answered"), [("80.0", "accept"), ("80.01", "Too high value")])
def test_the_bound_of_a_price_with_costs_is_exact(costs: Figures, price: str, answered: str) -> None:
    figure = costs["lcc-2"]
    first = Fraction(figure["stage_weighted"]) - Fraction(figure["own_non_price_cost"])
    case = weighed(str(first), [], [], cost=figure["own_non_price_cost"])
    case["terms"]["step_fen"] = hundredths(figure["minimal_step"])
    case["offers"].append(offer("A", 2, hundredths(price), days=1))
    assert figure["observed_by_running"][price] == answered
    assert decide(case)["offers"][1]["accepted"] is (answered == "accept")


@pytest.mark.parametrize(("id", "share"), [("mixed-1", "0.2"), ("mixed-2", "0.3")])
def test_a_share_and_an_addition_go_together_exactly(costs: Figures, id: str, share: str) -> None:
    figure = costs[id]
    case = weighed(figure["price"], [share], [share], cost=figure["addition"])
    assert effective(case) == Fraction(figure["asserted"]["weighted"])
    whole = weighed(figure["price"], [share], [share])
    assert abs(coefficient(whole) - Fraction(figure["denominator"])) < CLOSE


def test_whoever_has_every_share_in_full_gets_the_denominator_of_the_fixtures(costs: Figures) -> None:
    figure = costs["mixed-3"]
    case = weighed("469", figure["parameters"], figure["parameters"])
    assert coefficient(case) == Fraction(figure["asserted"]["denominator"])


BOUNDS = {
    "bound-1": "accepted",
    "bound-2": "price_not_positive",
    "bound-3": "step_not_met",
    "bound-4": "price_not_positive",  # nothing can be withdrawn, and no amount means it
    "bound-11": "accepted",
}
NO_AMOUNT = ["bound-8", "bound-9", "bound-10", "bound-12", "bound-13", "bound-14"]
OTHERWISE = ["bound-5", "bound-6", "bound-7"]


@pytest.mark.parametrize("id", BOUNDS)
def test_the_bound_of_a_turn_is_exact(bounds: Figures, id: str) -> None:
    figure = bounds[id]
    own, step = figure.get("own_stage_amount", "100.1"), figure.get("minimal_step", "10.2")
    offers = [offer("A", 1, hundredths(own)), offer("A", 2, hundredths(figure["bid"]))]
    told = decide(multi_round(offers, bidders="A", step_fen=hundredths(step)))["offers"][1]
    assert told.get("reason", "accepted") == BOUNDS[id]
    assert figure.get("expected_exact", "accept") == "accept"


@pytest.mark.parametrize("id", NO_AMOUNT)
def test_what_is_no_whole_number_of_fen_is_no_amount(bounds: Figures, id: str) -> None:
    written = bounds[id]["bid"].split()[0]
    case = json.dumps(multi_round([offer("A", 1, 77_777)])).replace("77777", written)
    with pytest.raises(Malformed) as refusal:
        answer(case.encode())
    assert refusal.value.faults[0].pointer == "/offers/0/price_fen"


def test_an_offer_outside_a_round_or_by_a_stranger_is_refused(bounds: Figures) -> None:
    assert [bounds[id]["asserted"] for id in OTHERWISE[:2]] == ["Stage not for bidding", "Not valid bidder"]
    offers = [offer("A", 1, 5), offer("stranger", 11, 5), offer("stranger", 12, 5)]
    told = decide(multi_round(offers, bidders="A", rounds=[round_(0, 10), round_(12, 20)]))["offers"]
    assert [row.get("reason") for row in told] == [None, "round_not_open", "not_admitted"]
    assert minute(12) == offers[2]["at"]


def test_every_figure_of_the_peers_has_its_place_here(meat: Figures, costs: Figures, bounds: Figures) -> None:
    assert set(meat) == {f"meat-{number}" for number in range(1, 7)}
    assert set(costs) == {"lcc-1", "lcc-2", "mixed-1", "mixed-2", "mixed-3"}
    # bound-7, a wrong key at the door, is refused before any engine is asked: the tests of the API hold it
    assert set(bounds) == {*BOUNDS, *NO_AMOUNT, *OTHERWISE}
