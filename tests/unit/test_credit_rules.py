"""Credit: restrictions in force, what two regulators decide, the score line by line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from commons.errors import NotFound
from commons.verdicts import Refused
from credit.restrictions import Restriction, judge_restriction, restricted
from credit.rulebook import parse_rulebooks, rulebook
from credit.scoring import CreditFact, months_later, score

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def restriction(identifier: str, starts: datetime, ends: datetime | None) -> Restriction:
    """A restriction of one agency."""
    return Restriction(identifier, "A", "market", "串通（示例）", "440300", starts, ends)


def test_a_restriction_holds_from_its_first_instant_to_before_its_last() -> None:
    bounded, open_ended = restriction("r1", AT, AT + TICK), restriction("r0", AT, None)
    assert restricted([bounded, open_ended], at=AT - TICK) == ()
    assert [one.params["restriction"] for one in restricted([bounded, open_ended], at=AT)] == ["r0", "r1"]
    (left,) = restricted([bounded, open_ended], at=AT + TICK)
    assert (left.code, left.params["ends_at"]) == ("restricted", "")


@pytest.mark.parametrize(
    ("approvers", "decided_by", "basis", "ends_at", "expected"),
    [
        (("甲", "乙"), "乙", "串通", None, ()),
        (("甲", "乙"), "甲", "串通", AT + TICK, ()),
        (("甲",), "甲", "串通", None, ("two_approvers_needed",)),
        (("gd", "GD"), "gd", "串通", None, ("two_approvers_needed",)),
        (("甲", "乙", "丙"), "甲", "串通", None, ("two_approvers_needed",)),
        (("甲", "乙"), "丙", "串通", None, ("caller_is_no_approver",)),
        (("甲", "乙"), "甲", " ", None, ("basis_missing",)),
        (("甲", "乙"), "甲", "串通", AT, ("end_is_past",)),
        ((), "甲", "", AT, ("two_approvers_needed", "caller_is_no_approver", "basis_missing", "end_is_past")),
    ],
)
def test_two_different_regulators_restrict_with_a_basis_and_an_end_that_lies_ahead(
    approvers: tuple[str, ...], decided_by: str, basis: str, ends_at: datetime | None, expected: tuple[str, ...]
) -> None:
    ruling = judge_restriction(approvers=approvers, decided_by=decided_by, basis=basis, ends_at=ends_at, at=AT)
    assert (ruling.codes if isinstance(ruling, Refused) else ()) == expected


BOOK = parse_rulebooks(
    "rulebook,code,words,points,class,valid_months,cap,source,text_seen\n"
    "示例,start,起始分,8000,start,,,示例,no\n"
    "示例,late,逾期,-300,breach,12,,示例,no\n"
    "示例,praised,表扬,200,merit,12,300,示例,no\n"
    "示例,slow,迟缓,-400,breach,1,500,示例,no\n"
    "示例,collusion,串通,-9000,serious_breach,,,示例,no\n"
)["示例"]


def fact(code: str, effective: datetime, recorded: datetime | None = None, identifier: str = "f") -> CreditFact:
    """A fact about one agency, recorded when it took effect unless said otherwise."""
    return CreditFact(identifier, "A", code, "依据（示例）", effective, recorded or effective)


MONTH_AGO = datetime(2026, 10, 23, 1, tzinfo=UTC)

# facts → points of the lines, value
SCORES: list[tuple[list[CreditFact], list[int], int]] = [
    ([], [], 8000),
    ([fact("late", AT)], [-300], 7700),
    ([fact("late", AT + TICK)], [], 8000),  # not yet in effect
    ([fact("late", AT, AT + TICK)], [], 8000),  # not yet known
    ([fact("slow", MONTH_AGO)], [], 8000),  # its month is over with the Beijing day
    ([fact("slow", MONTH_AGO + timedelta(hours=16))], [-400], 7600),  # the next day in Beijing
    ([fact("praised", MONTH_AGO), fact("praised", AT)], [200, 100], 8300),
    ([fact("slow", AT), fact("slow", AT, identifier="g")], [-400, -100], 7500),
    ([fact("collusion", datetime(2020, 1, 1, tzinfo=UTC))], [-9000], 0),  # without months it counts for ever
]


@pytest.mark.parametrize(("facts", "points", "value"), SCORES)
def test_a_score_is_the_start_and_the_sum_of_its_lines_within_bounds(
    facts: list[CreditFact], points: list[int], value: int
) -> None:
    made = score(facts, BOOK, at=AT, known_at=AT)
    assert ([line.points for line in made.lines], made.value, made.start) == (points, value, 8000)
    assert made.is_new == (not points)


def test_a_fact_that_the_rulebook_does_not_know_is_a_bug() -> None:
    with pytest.raises(KeyError, match="unheard"):
        score([fact("unheard", AT)], BOOK, at=AT, known_at=AT)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


def test_a_shipped_rulebook_is_read_whole_and_another_name_is_not_found() -> None:
    book = rulebook("generic-v1")
    assert (book.start, book.rules["award_abandoned"].points) == (8000, -1000)
    assert book.rules["award_abandoned"].valid_months == 12
    with pytest.raises(NotFound):
        rulebook("nobody-v1")
