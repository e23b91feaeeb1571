"""Filing, qualifications and the shelf: what each rule refuses, all reasons at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agencies.filing import Filing, judge_filing
from agencies.qualifications import Qualification, Requirement, best_grade, missing
from agencies.shelf import MAX_CAPACITY, MAX_DAYS, ShelfOffer, judge_shelf_offer, judge_taking_down, latest_of_each
from commons.money import MAX_FEN
from commons.sources import Source
from commons.verdicts import Refused, Verdict

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
DAY = date(2026, 11, 23)
SOURCE = Source("规则（示例）", "no", "1")


def codes(ruling: Verdict) -> tuple[str, ...]:
    """The reasons' codes; none when allowed."""
    return ruling.codes if isinstance(ruling, Refused) else ()


@pytest.mark.parametrize(
    ("signed", "filed", "expected"),
    [
        (True, False, ()),
        (False, False, ("commitment_not_signed",)),
        (True, True, ("already_filed",)),
        (False, True, ("commitment_not_signed", "already_filed")),
    ],
)
def test_only_the_commitment_and_an_earlier_filing_can_stop_a_filing(
    signed: bool, filed: bool, expected: tuple[str, ...]
) -> None:
    filing = Filing("91440300MA5XXXXX0A", "甲（示例）", "sole_trader", "440300", is_commitment_signed=signed)
    assert codes(judge_filing(filing, is_filed=filed)) == expected


def held(grade: str | None, since: date, until: date | None, kind: str = "survey") -> Qualification:
    """A certificate of a kind."""
    return Qualification(kind, grade, "№1", "某厅（示例）", since, until)


LONG_AGO, NEXT_DAY = date(2020, 1, 1), date(2026, 11, 24)
ASKED = Requirement("survey", ("甲级", "乙级"), SOURCE)

# certificates → what is missing, the best grade held
HELD: list[tuple[list[Qualification], list[str], str | None]] = [
    ([held("乙级", LONG_AGO, None)], [], "乙级"),
    ([held("乙级", LONG_AGO, None), held("甲级", LONG_AGO, NEXT_DAY)], [], "甲级"),
    ([held("甲级", DAY, None)], [], "甲级"),  # the first day counts
    ([held("甲级", NEXT_DAY, None)], ["qualification_not_yet_valid"], None),
    ([held("甲级", LONG_AGO, DAY)], ["qualification_expired_at_close"], None),  # the last day does not
    ([held("丙级", LONG_AGO, None)], ["qualification_below_grade"], None),
    ([held("甲级", LONG_AGO, None, kind="design")], ["qualification_missing"], None),
    ([], ["qualification_missing"], None),
]


@pytest.mark.parametrize(("certificates", "expected", "grade"), HELD)
def test_a_certificate_does_on_its_days_with_a_grade_that_is_accepted(
    certificates: list[Qualification], expected: list[str], grade: str | None
) -> None:
    assert [one.code for one in missing(certificates, ASKED, on=DAY)] == expected
    assert best_grade(certificates, ASKED, on=DAY) == grade


@pytest.mark.parametrize("requirement", [None, Requirement("survey", None, SOURCE)])
def test_an_item_without_grades_has_no_best_grade(requirement: Requirement | None) -> None:
    certificates = [held(None, LONG_AGO, None)]
    assert missing(certificates, requirement, on=DAY) == ()
    assert best_grade(certificates, requirement, on=DAY) is None


def test_an_item_that_asks_for_nothing_misses_nothing() -> None:
    assert missing([], None, on=DAY) == ()
    assert [one.params["asked"] for one in missing([], Requirement("survey", None, SOURCE), on=DAY)] == [""]


SOUND = ShelfOffer(
    "o2", "A", "env-report", 100, 0, days=5, capacity=2, taken=0, valid_from=AT, valid_until=AT + timedelta(days=9),
    nonce="00", put_at=AT,
)  # fmt: skip
EARLIER = replace(SOUND, id="o1", put_at=AT - timedelta(days=1), valid_until=AT + timedelta(days=1))

# what differs from a sound offer, what stands on the shelf → reasons
SHELF: list[tuple[dict[str, Any], list[ShelfOffer], tuple[str, ...]]] = [
    ({}, [], ()),
    ({}, [EARLIER], ("already_on_shelf",)),
    ({"item": "flood"}, [EARLIER], ()),
    ({}, [replace(EARLIER, taken=2)], ()),  # nothing of it is left
    ({}, [replace(EARLIER, valid_until=AT)], ()),  # over at this very instant
    ({"unit_price_fen": 0}, [], ("price_not_positive",)),
    ({"unit_price_fen": MAX_FEN + 1}, [], ("price_not_positive",)),
    ({"unit_price_fen": MAX_FEN, "minimum_fee_fen": MAX_FEN}, [], ()),
    ({"minimum_fee_fen": -1}, [], ("price_not_positive",)),
    ({"minimum_fee_fen": MAX_FEN + 1}, [], ("price_not_positive",)),
    ({"days": 0}, [], ("days_not_positive",)),
    ({"days": MAX_DAYS}, [], ()),
    ({"days": MAX_DAYS + 1}, [], ("days_not_positive",)),
    ({"capacity": 0}, [], ("no_capacity",)),
    ({"capacity": MAX_CAPACITY}, [], ()),
    ({"capacity": MAX_CAPACITY + 1}, [], ("no_capacity",)),
    ({"valid_from": AT + timedelta(days=9)}, [], ("validity_is_over",)),
    ({"valid_from": AT - timedelta(days=9), "valid_until": AT}, [], ("validity_is_over",)),
    ({"renews": "o1"}, [EARLIER], ()),  # what it renews is in nobody's way
    ({"renews": "o9"}, [], ("offer_not_on_shelf",)),
    ({"days": 0, "capacity": 0}, [EARLIER], ("already_on_shelf", "days_not_positive", "no_capacity")),
]


@pytest.mark.parametrize(("facts", "standing", "expected"), SHELF)
def test_a_shelf_offer_is_taken_when_it_makes_sense_and_none_of_the_agencys_is_bound(
    facts: dict[str, Any], standing: list[ShelfOffer], expected: tuple[str, ...]
) -> None:
    assert codes(judge_shelf_offer(replace(SOUND, **facts), standing, at=AT)) == expected


def test_what_stands_on_the_shelf_is_taken_down_and_nothing_else() -> None:
    assert codes(judge_taking_down("o1", [EARLIER])) == ()
    assert codes(judge_taking_down("o2", [EARLIER])) == ("offer_not_on_shelf",)


def test_what_stands_on_the_shelf_is_what_each_agency_put_up_last() -> None:
    other, twin = replace(SOUND, id="o9", agency="B"), replace(SOUND, id="o3")  # put up at one instant: the later id
    assert latest_of_each([other, twin, EARLIER, SOUND]) == (twin, other)
    assert (SOUND.remaining, replace(SOUND, taken=2).remaining) == (2, 0)
