"""Debarment, public record, commendation as a table: what is shown, from when until when; and the joint measures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from commons.errors import NotFound
from commons.instants import start_of_day
from credit.clocks import credit_clocks
from credit.facts import CreditFact, Decision, Followed, FollowedKind, Severity
from credit.joint import LIST_NAMES, joint_measures, parse_joint_measures, receivers_of
from credit.lists import ListEntry, entries, list_of
from credit.restrictions import Restriction, restricted
from credit.rulebook import rulebook

BOOK, CLOCKS = rulebook("generic-v1"), credit_clocks("generic-v1")
DECIDED = start_of_day(date(2026, 4, 1))
TICK = timedelta(microseconds=1)


def statutory(severity: Severity, *followed: Followed) -> CreditFact:
    decision = Decision("示例局", "示罚1号", date(2026, 4, 1), severity, "示例法")
    return CreditFact("F1", "A", "penalty", "示例", DECIDED, DECIDED, "statutory", decision=decision, followed=followed)


def market(code: str) -> CreditFact:
    return CreditFact("F2", "A", code, "示例", DECIDED, DECIDED)


def then(kind: FollowedKind, at: datetime, **changes: Severity) -> Followed:
    return Followed("N1", "F1", 1, kind, "R1", "示例", at, at, **changes)


def shown(fact: CreditFact, at: datetime) -> tuple[ListEntry, ...]:
    return entries([fact], (), BOOK, CLOCKS, at=at)


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (statutory("severe"), "debarment"),
        (statutory("general"), "public_record"),
        (statutory("minor"), None),
        (market("material_false"), "debarment"),
        (market("complaint_upheld"), "public_record"),
        (market("result_late"), None),
        (market("commendation"), "commendation"),
        (market("inspection_passed"), None),
    ],
)
def test_a_fact_belongs_to_the_list_of_its_class(fact: CreditFact, expected: str | None) -> None:
    assert list_of(fact, BOOK) == expected
    assert [one.list_name for one in shown(fact, DECIDED)] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("fact", "until"),
    [
        (statutory("severe"), date(2029, 4, 1)),
        (statutory("general"), date(2027, 4, 1)),
        (market("commendation"), date(2027, 4, 1)),
    ],
)
def test_what_is_published_ends_with_the_shorter_clock(fact: CreditFact, until: date) -> None:
    end = start_of_day(until)
    assert [one.until for one in shown(fact, end - TICK)] == [end]
    assert shown(fact, end) == ()
    assert shown(fact, DECIDED - TICK) == ()


def test_keeping_shorter_than_publishing_ends_the_publication() -> None:
    kept = replace(CLOCKS.values["kept"], value=6)
    short = replace(CLOCKS, values={**CLOCKS.values, "kept": kept})
    (entry,) = entries([statutory("severe")], (), BOOK, short, at=DECIDED)
    assert entry.until == start_of_day(date(2026, 10, 1))


@pytest.mark.parametrize("kind", ["repaired", "revoked", "expired"])
def test_a_repair_or_revocation_ends_it_at_once(kind: FollowedKind) -> None:
    at = DECIDED + timedelta(days=200)
    fact = statutory("severe", then(kind, at))
    assert len(shown(fact, at - TICK)) == 1
    assert shown(fact, at) == ()


def test_a_corrected_class_moves_it_to_the_other_list_and_a_dispute_is_marked() -> None:
    at = DECIDED + timedelta(days=9)
    corrected = statutory("severe", then("corrected", at, severity="general"))
    assert [one.list_name for one in shown(corrected, at)] == ["public_record"]
    disputed = statutory("severe", then("objected", at))
    assert [(one.list_name, one.is_disputed) for one in shown(disputed, at)] == [("debarment", True)]
    assert [one.severity for one in corrected.followed] == ["general"]
    assert list_of(replace(market("result_late"), followed=corrected.followed), BOOK) is None


def test_who_is_restricted_is_debarred_for_as_long_and_a_commendation_weighs_nothing_against_it() -> None:
    end = DECIDED + timedelta(days=30)
    bound = Restriction("R9", "A", "market", "示例", "330302", DECIDED, end)
    commended = market("commendation")
    found = entries([commended, statutory("severe")], [bound], BOOK, CLOCKS, at=DECIDED)
    assert [(one.list_name, one.ground, one.until) for one in found] == [
        ("debarment", "R9", end), ("commendation", "F2", start_of_day(date(2027, 4, 1))),
        ("debarment", "F1", start_of_day(date(2029, 4, 1))),
    ]  # fmt: skip
    assert entries((), [bound], BOOK, CLOCKS, at=end) == ()
    assert restricted([bound], at=DECIDED), "listed or not, commended or not"


def test_a_commendation_that_no_rulebook_ends_stays() -> None:
    rule = replace(BOOK.rules["commendation"], valid_months=None)
    open_ended = replace(BOOK, rules={**BOOK.rules, "commendation": rule})
    (entry,) = entries([market("commendation")], (), open_ended, CLOCKS, at=DECIDED)
    assert entry.until is None
    without = replace(BOOK, rules={code: one for code, one in BOOK.rules.items() if code != "commendation"})
    assert entries([market("commendation")], (), without, CLOCKS, at=DECIDED)[0].until is None


def test_the_table_of_joint_measures_has_a_source_in_each_row_and_incentives_only_for_commendations() -> None:
    rows = joint_measures()
    assert {one.list_name for one in rows} == set(LIST_NAMES)
    assert all(one.source.title and one.department and one.words for one in rows)
    incentives = {one.measure for one in rows if one.kind == "incentive"}
    assert incentives == {"publication", "fewer_inspections", "bonus_points"}
    assert {one.list_name for one in rows if one.kind == "incentive"} == {"commendation"}
    with pytest.raises(NotFound):
        joint_measures("unheard")


def test_who_is_told_is_named_once_each_and_of_no_list_nobody_is() -> None:
    assert receivers_of("public_record") == ("credit-platform",)
    assert receivers_of("debarment") == (
        "credit-platform", "line-authorities", "purchase-supervision", "tender-supervision",
    )  # fmt: skip
    assert receivers_of(None) == ()


@pytest.mark.parametrize("row", ["x,局,debarment,incentive,m,w,r,s,no", "x,局,nonsense,sanction,m,w,r,s,no"])
def test_a_row_that_would_reward_a_breach_or_knows_no_list_is_a_bug_of_the_data(row: str) -> None:
    head = "version,department,list,kind,measure,words,receiver,source,text_seen\n"
    with pytest.raises(AssertionError):
        parse_joint_measures(head + row)
