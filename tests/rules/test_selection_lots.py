"""Section 1: lots of one notice in declared order under a cap, and the split of a joint price."""

from __future__ import annotations

from typing import Any

import pytest

from bidding.engine import decide
from bidding.explain import explain
from bidding.joint_purchase import Part, check_split
from bidding.lots import Lot, LotResult, bidders_of, decide_lots, lots_won
from bidding.reading.case import parse_case
from bidding.wording import WORDS, render
from commons.errors import Malformed
from commons.verdicts import Allowed, Refused
from tests.rules.selections import (
    AT,
    DRAW,
    bids,
    comprehensive,
    credit_draw,
    instant,
    mean_price,
    multi_round,
    offer,
    random_draw,
    shelf,
)


def priced(**prices: int) -> dict[str, Any]:
    return comprehensive(bids(prices))


def decided(*raws: dict[str, Any], cap: int | None = None, **picked: str) -> tuple[LotResult, ...]:
    lots = [Lot(str(index), parse_case(raw), picked.get(f"lot_{index}")) for index, raw in enumerate(raws, 1)]
    return decide_lots(lots, cap=cap)


# prices in each lot, cap → winners in order
WINNERS: list[tuple[list[dict[str, int]], int | None, str]] = [
    ([{"A": 1, "B": 2}, {"A": 1, "B": 2}], None, "AA"),
    ([{"A": 1, "B": 2}, {"A": 1, "B": 2}], 1, "AB"),
    ([{"A": 1, "B": 2}, {"A": 1, "B": 2}], 2, "AA"),
    ([{"A": 1, "B": 2}, {"A": 1, "B": 2}, {"A": 1, "B": 2, "C": 3}], 1, "ABC"),
    ([{"A": 1, "B": 2}, {"A": 1, "B": 2}, {"A": 1, "B": 2}], 2, "AAB"),
    ([{"A": 1, "B": 2}, {"A": 1}], 1, "A-"),  # nobody is left in the second
    ([{"B": 1, "C": 2}, {"A": 1, "B": 2}], 1, "BA"),
]


@pytest.mark.parametrize(("prices", "cap", "expected"), WINNERS)
def test_lots_are_decided_in_declared_order_under_the_cap(
    prices: list[dict[str, int]], cap: int | None, expected: str
) -> None:
    results = decided(*(priced(**one) for one in prices), cap=cap)
    assert "".join(result.winner or "-" for result in results) == expected


def test_who_reached_the_cap_is_listed_and_moves_nothing() -> None:
    mean = [{"kind": "price", "points": 100, "formula": "mean", "above": 100, "below": 50}]
    second = comprehensive(bids({"A": 1, "B": 2000, "C": 2020}), criteria=mean)
    _, result = decided(priced(A=1, B=2), second, cap=1)
    assert result.decision is not None
    assert result.as_json()["decision"] == decided(comprehensive(bids({"B": 2000, "C": 2020}), criteria=mean))[
        0
    ].decision.as_json() | {"rejected": [{"bidder": "A", "reasons": ["lot_cap_reached"]}]}
    reason = result.decision.rejected[0].reasons[0]
    assert render(WORDS[reason.code].zh, reason.params) == "已中选 1 个标段，达到每家最多 1 个的上限"


SECOND_LOTS = [
    mean_price(bids({"A": 1, "B": 2})),
    random_draw("AB", draw=DRAW),
    instant([shelf("A", 1), shelf("B", 2)]),
    multi_round([offer("A", 1, 5), offer("B", 2, 900_000)]),
]


@pytest.mark.parametrize("raw", SECOND_LOTS, ids=lambda raw: str(raw["terms"]["mode"]))
def test_the_cap_holds_in_every_mode(raw: dict[str, Any]) -> None:
    _, result = decided(priced(A=1, B=2), raw, cap=1)
    assert result.decision is not None
    assert (result.winner, [row.as_json() for row in result.decision.rejected]) == (
        "B",
        [{"bidder": "A", "reasons": ["lot_cap_reached"]}],
    )
    assert result.case is not None
    assert [note.subject for note in explain(result.case).cells if note.cell == "rank"] == ["B"]


LISTED = credit_draw({"A": 1, "B": 2}, big_list=2, small_list=2, draw=DRAW)


@pytest.mark.parametrize(
    "raw", [priced(A=1, B=2, C=3), *SECOND_LOTS, LISTED], ids=lambda raw: str(raw["terms"]["mode"])
)
def test_a_case_says_by_itself_who_has_reached_the_cap(raw: dict[str, Any]) -> None:
    key = {"instant": "offers", "multi_round": "bidders"}.get(raw["terms"]["mode"], "bids")

    def told(won: int, cap: int | None) -> list[dict[str, Any]]:
        terms = raw["terms"] if cap is None else raw["terms"] | {"lot_cap": cap}
        facts = [one | {"lots_won": won} if one["bidder"] == "A" else one for one in raw[key]]
        return [row.as_json() for row in decide(parse_case({**raw, "terms": terms, key: facts})).rejected]

    assert told(1, 1) == told(3, 2) == [{"bidder": "A", "reasons": ["lot_cap_reached"]}]
    assert told(1, 2) == told(0, 1) == told(9, None) == []


def test_in_rounds_the_capped_bidder_goes_at_the_end_and_its_offers_stay_told() -> None:
    offers = [offer("A", 1, 800_000), offer("B", 2, 900_000), offer("B", 3, 790_000)]
    _, result = decided(priced(A=1, B=2), multi_round(offers, step_basis="leader"), cap=1)
    assert result.decision is not None
    assert [row["accepted"] for row in result.decision.as_json()["offers"]] == [True, False, True]
    assert result.winner == "B"


def test_a_voided_bidder_stays_listed_as_voided() -> None:
    second = comprehensive([{"bidder": "A", "price_fen": 1, "voided_at": AT}, {"bidder": "B", "price_fen": 2}])
    rounds = multi_round([offer("B", 1, 5)], bidders=[{"bidder": "A", "voided_at": AT}, "B"])
    for raw in (second, rounds):
        _, result = decided(priced(A=1, B=2), raw, cap=1)
        assert result.decision is not None
        assert result.decision.rejected[0].as_json() == {"bidder": "A", "reasons": ["voided"]}


OPEN = credit_draw({"A": 9000, "B": 9000}, big_list=2, small_list=2, draw=DRAW)


def test_a_lot_waits_only_where_an_open_one_could_make_the_cap_bind() -> None:
    results = decided(OPEN, priced(A=1, B=2), priced(C=1, D=2), cap=1)
    assert [(result.waits_for, result.winner) for result in results] == [(None, None), ("1", None), (None, "C")]
    assert results[1].as_json() == {"lot": "2", "winner": None, "waits_for": "1"}
    assert [result.waits_for for result in decided(OPEN, priced(A=1, B=2), cap=2)] == [None, None]
    assert [result.waits_for for result in decided(OPEN, priced(A=1, B=2))] == [None, None]
    waiting = decided(OPEN, priced(A=1, B=2), priced(A=1, B=2), cap=2)
    assert [result.waits_for for result in waiting] == [None, None, "1"]  # A has one already, B may yet have two


def test_the_owner_s_pick_counts_as_a_lot_won() -> None:
    results = decided(OPEN, priced(A=1, B=2), cap=1, lot_1="A")
    assert [result.winner for result in results] == ["A", "B"]
    assert lots_won(results) == {"A": 1, "B": 1}


def test_what_makes_no_sense_is_refused() -> None:
    lot = Lot("1", parse_case(priced(A=1)))
    for lots, cap in (([lot], 0), ([lot, lot], None), ([Lot("1", lot.case, "A")], None)):
        with pytest.raises(ValueError, match=r"lot"):
            decide_lots(lots, cap=cap)
    with pytest.raises(ValueError, match=r"small list"):
        decided(OPEN, lot_1="C")


def test_a_malformed_lot_is_named_by_its_place() -> None:
    zero = mean_price(bids({"A": 1}), factor_bp=[1])
    with pytest.raises(Malformed) as refusal:
        decided(priced(A=1), zero)
    assert [fault.pointer for fault in refusal.value.faults] == ["/lots/1/case/terms/factor_bp"]


def test_everybody_in_a_case_is_named_in_its_order() -> None:
    raws = [priced(B=1, A=2), *SECOND_LOTS[1:], OPEN]
    assert ["".join(bidders_of(parse_case(raw))) for raw in raws] == ["BA", "AB", "AB", "ABC", "AB"]


# price, split → reasons
SPLITS: list[tuple[int, list[tuple[str, int]] | None, list[str]]] = [
    (500, None, []),
    (500, [("环评", 300), ("能评", 200)], []),
    (500, [("能评", 500), ("环评", 0)], []),
    (500, [("环评", 300), ("能评", 199)], ["split_sum_differs"]),
    (500, [("环评", 500)], ["split_item_missing"]),
    (500, [], ["split_item_missing", "split_item_missing", "split_sum_differs"]),
    (500, [("环评", 300), ("能评", 100), ("安评", 100)], ["split_item_unknown"]),
    (500, [("环评", 300), ("能评", 100), ("能评", 100)], ["split_item_repeated"]),
    (500, [("环评", 600), ("能评", -100)], ["split_part_negative"]),
]


@pytest.mark.parametrize(("price", "split", "reasons"), SPLITS)
def test_a_split_names_every_item_once_and_sums_to_the_price(
    price: int, split: list[tuple[str, int]] | None, reasons: list[str]
) -> None:
    verdict = check_split(["环评", "能评"], price, None if split is None else [Part(*part) for part in split])
    if not reasons:
        assert verdict == Allowed()
        return
    assert isinstance(verdict, Refused)
    assert list(verdict.codes) == reasons
    for reason in verdict.reasons:
        assert "{" not in render(WORDS[reason.code].zh, reason.params) + render(WORDS[reason.code].en, reason.params)
