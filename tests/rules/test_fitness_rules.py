"""What may have changed since a bidder signed up: judged as of the close and of each award, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agencies.own_work import OwnWork
from agencies.qualifications import Qualification, Requirement
from bidding.engine import decide
from bidding.reading.case import parse_case
from commons.instants import format_instant
from commons.sources import Source
from marketplace.demands.fitness import Fitness, HeldAward, held_awards
from tests.rules.selections import comprehensive, credit_draw, multi_round, offer

SOURCE = Source("规则（示例）", "no", "1")
ASKED = Requirement("测绘资质", ("甲级",), SOURCE, "SV22")
HELD = Qualification("测绘资质", "甲级", "№1", "某厅（示例）", date(2020, 1, 1), date(2027, 1, 1), id="q1")
CLOSE = datetime(2026, 11, 23, 1, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 31, 16, tzinfo=UTC)  # 2027-01-01 00:00 in Beijing
TICK = timedelta(microseconds=1)
PAIR = OwnWork("SV16", "SV19", SOURCE)
DESIGN = HeldAward("S1", "A", ("SV19",), CLOSE - timedelta(hours=1))


# certificates, instant of the close → whether A may not be awarded
@pytest.mark.parametrize(
    ("held", "at", "is_lost"),
    [
        ((HELD,), CLOSE, False),
        ((HELD,), MIDNIGHT - TICK, False),
        ((HELD,), MIDNIGHT, True),  # it expires by the clock
        ((replace(HELD, ended_at=CLOSE - TICK),), CLOSE, True),
        ((replace(HELD, ended_at=CLOSE),), CLOSE, True),
        ((replace(HELD, ended_at=CLOSE + TICK),), CLOSE, False),  # what ends later is looked at no more
        ((replace(HELD, ended_at=CLOSE), replace(HELD, id="q2", follows="q1")), CLOSE, False),  # corrected
        ((), CLOSE, True),
    ],
)
def test_a_certificate_is_judged_again_as_of_the_close(
    held: tuple[Qualification, ...], at: datetime, is_lost: bool
) -> None:
    fitness = Fitness(requirements=(None, ASKED), items=("SV22",), papers={"A": held})
    assert fitness.lost_by(["A", "B"], "S2", at=at) == ({"A": "qualification_lost"} if is_lost else {})


# awards of A in the project, items → whether A would judge its own work
@pytest.mark.parametrize(
    ("awards", "items", "is_own"),
    [
        ((DESIGN,), ("SV16",), True),
        ((DESIGN,), ("SV22", "SV16"), True),
        ((DESIGN,), ("SV22",), False),
        ((replace(DESIGN, bidder="B"),), ("SV16",), False),
        ((replace(DESIGN, since=CLOSE - TICK),), ("SV16",), True),
        ((replace(DESIGN, since=CLOSE + TICK),), ("SV16",), False),
        ((replace(DESIGN, since=CLOSE),), ("SV16",), True),  # at one instant the lower id comes first
        ((replace(DESIGN, since=CLOSE, selection="S3"),), ("SV16",), False),
        ((replace(DESIGN, until=CLOSE),), ("SV16",), False),  # given up by then
        ((replace(DESIGN, until=CLOSE + TICK),), ("SV16",), True),
    ],
)
def test_own_work_is_an_award_that_is_held_at_that_instant(
    awards: tuple[HeldAward, ...], items: tuple[str, ...], is_own: bool
) -> None:
    fitness = Fitness(items=items, pairs=(PAIR,), awards=awards)
    assert fitness.does_own_work("A", "S2", at=CLOSE) is is_own
    assert fitness.lost_by(["A"], "S2", at=CLOSE) == ({"A": "own_work_since"} if is_own else {})


def test_of_both_own_work_is_said() -> None:
    fitness = Fitness((ASKED,), "", ("SV16",), (PAIR,), {"A": ()}, (DESIGN,))
    assert fitness.lost_by(["A"], "S2", at=CLOSE) == {"A": "own_work_since"}


def test_who_held_an_award_is_read_from_the_record_in_its_order() -> None:
    def at(second: int) -> datetime:
        return CLOSE + timedelta(seconds=second)

    def proposed(bidder: str, second: int) -> tuple[str, Any, datetime]:
        return "award.proposed", {"bidder": bidder, "as_of": format_instant(at(second))}, at(second + 50)

    told = [
        ("selection.opened", {}, at(-9)), proposed("A", 0), ("award.abandoned", {"bidder": "A"}, at(3)),
        proposed("B", 3), proposed("C", 7), ("award.confirmed", {}, at(60)),
    ]  # fmt: skip
    held = [(one.bidder, one.since, one.until) for one in held_awards("S1", ("SV19",), told)]
    assert held == [("A", at(0), at(3)), ("B", at(3), at(7)), ("C", at(7), None)]
    for end, data in (("selection.unsuccessful", {"as_of": format_instant(at(9))}), ("selection.cancelled", {})):
        (*_, last) = held_awards("S1", ("SV19",), [*told, (end, data, at(9))])
        assert (last.bidder, last.until) == ("C", at(9))


ROUNDS = multi_round([offer("A", 1, 5), offer("B", 2, 9)], bidders=["A", "B"])
DRAWN = credit_draw({"A": 1, "B": 2}, big_list=2, small_list=1)
SEALED = comprehensive([{"bidder": "A", "price_fen": 1}, {"bidder": "B", "price_fen": 2}])


@pytest.mark.parametrize("raw", [SEALED, ROUNDS, DRAWN], ids=lambda raw: str(raw["terms"]["mode"]))
@pytest.mark.parametrize("code", ["own_work_since", "qualification_lost"])
def test_a_case_says_by_itself_who_is_not_fit_and_is_decided_without_it(raw: dict[str, Any], code: str) -> None:
    key = "bidders" if raw["terms"]["mode"] == "multi_round" else "bids"

    def told(**facts: Any) -> dict[str, Any]:
        entries = [one | facts if one["bidder"] == "A" else one for one in raw[key]]
        return decide(parse_case({**raw, "terms": raw["terms"] | {"lot_cap": 1}, key: entries})).as_json()

    for facts in ({"unfit": code}, {"unfit": code, "lots_won": 1}):
        ruled = told(**facts)
        assert ruled["rejected"] == [{"bidder": "A", "reasons": [code]}]
        assert [row["bidder"] for row in ruled["ranking"]] in (["B"], [])
    assert told()["rejected"] == []
    voided = told(unfit=code, voided_at="2026-11-23T01:00:00Z")
    assert voided["rejected"] == [{"bidder": "A", "reasons": ["voided"]}]
