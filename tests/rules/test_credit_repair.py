"""Repair and objection: one row for each class and instant; clocks that end where their rows say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commons.errors import NotFound
from commons.verdicts import Refused, Verdict
from credit.clocks import credit_clocks
from credit.facts import CreditFact, Decision, FactState, Followed, FollowedKind, Severity, fact_state
from credit.objections import Answer, judge_answer, judge_objection, objection_clock, open_objection
from credit.repair import approvals, judge_application, judge_grant, judge_refusal, pending, repair_window, severity_of
from credit.restrictions import Measure, Notice, Restriction, judge_restriction, judge_statement, restricted
from credit.rulebook import rulebook

BOOK = rulebook("generic-v1")
CLOCKS = credit_clocks("generic-v1")
DECIDED = datetime(2026, 4, 30, 16, tzinfo=UTC)  # midnight of 1 May in Beijing
TICK = timedelta(microseconds=1)


def midnight(year: int, month: int, day: int) -> datetime:
    """Midnight in Beijing at the start of the day."""
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=8)


def fact(severity: Severity = "general", *followed: Followed) -> CreditFact:
    """A penalty of that class, decided on 1 May 2026."""
    decision = Decision("示例局", "示罚〔2026〕1号", date(2026, 5, 1), severity, "示例法第一条")
    return CreditFact(
        "f", "A", "penalty", "依据（示例）", DECIDED, DECIDED, "statutory", decision=decision, followed=followed
    )


def state(one: CreditFact, *, at: datetime = DECIDED) -> FactState:
    """The fact as everybody knows it at that instant."""
    found = fact_state(one, at=at, known_at=at)
    assert found is not None
    return found


def then(kind: FollowedKind, place: int, by: str = "A", **changes: Any) -> Followed:
    """What became of the fact at the instant it took effect."""
    return Followed(f"n{place}", "f", place, kind, by, "示例", DECIDED, DECIDED, **changes)


def codes(ruling: Verdict) -> tuple[str, ...]:
    """The reasons' codes; none when allowed."""
    return ruling.codes if isinstance(ruling, Refused) else ()


GENERAL_MINIMUM, GENERAL_MAXIMUM = midnight(2026, 8, 1), midnight(2027, 5, 1)
SEVERE_MINIMUM, SEVERE_MAXIMUM = midnight(2027, 5, 1), midnight(2029, 5, 1)
MINOR_MAXIMUM = midnight(2026, 8, 1)

# class, at, corrected → refused with, published
REPAIRS: list[tuple[Severity, datetime, bool, tuple[str, ...], bool]] = [
    ("minor", DECIDED, True, (), False),  # the minimum of a minor one is the decision itself
    ("minor", DECIDED, False, ("not_corrected",), False),
    ("minor", MINOR_MAXIMUM - TICK, True, (), False),
    ("minor", MINOR_MAXIMUM, True, (), False),
    ("minor", MINOR_MAXIMUM, False, ("not_corrected",), False),
    ("general", DECIDED, True, ("repair_too_early",), True),
    ("general", GENERAL_MINIMUM - TICK, True, ("repair_too_early",), True),
    ("general", GENERAL_MINIMUM - TICK, False, ("repair_too_early", "not_corrected"), True),
    ("general", GENERAL_MINIMUM, True, (), True),
    ("general", GENERAL_MINIMUM, False, ("not_corrected",), True),
    ("general", GENERAL_MAXIMUM - TICK, False, ("not_corrected",), True),
    ("general", GENERAL_MAXIMUM, True, (), False),
    ("general", GENERAL_MAXIMUM, False, ("not_corrected",), False),
    ("severe", SEVERE_MINIMUM - TICK, True, ("repair_too_early",), True),
    ("severe", SEVERE_MINIMUM, True, (), True),
    ("severe", SEVERE_MINIMUM, False, ("not_corrected",), True),
    ("severe", SEVERE_MAXIMUM - TICK, True, (), True),
    ("severe", SEVERE_MAXIMUM, True, (), False),
    ("severe", SEVERE_MAXIMUM, False, ("not_corrected",), False),
]


@pytest.mark.parametrize(("severity", "at", "corrected", "refused", "public"), REPAIRS)
def test_repair_is_open_from_the_minimum_on_once_corrected_and_publication_ends_with_the_maximum(
    severity: Severity, at: datetime, corrected: bool, refused: tuple[str, ...], public: bool
) -> None:
    ruling = judge_application(
        state(fact(severity), at=at), severity, CLOCKS, is_corrected=corrected, is_committed=True, at=at
    )
    assert codes(ruling) == refused
    assert repair_window(severity, CLOCKS, decided_at=DECIDED).is_public(at=at) == public


def test_a_repair_or_revocation_ends_publication_before_its_maximum() -> None:
    window = repair_window("severe", CLOCKS, decided_at=DECIDED)
    assert window.is_public(at=SEVERE_MINIMUM - TICK, ended_at=SEVERE_MINIMUM)
    assert not window.is_public(at=SEVERE_MINIMUM, ended_at=SEVERE_MINIMUM)
    assert not window.is_public(at=DECIDED - TICK)


def test_what_is_published_ends_with_the_shorter_of_publication_and_keeping() -> None:
    window = repair_window("severe", CLOCKS, decided_at=DECIDED)
    assert (window.public_until, window.kept_until) == (SEVERE_MAXIMUM, midnight(2031, 5, 1))
    kept = replace(CLOCKS.values["kept"], value=24)
    short = replace(CLOCKS, values={**CLOCKS.values, "kept": kept})
    assert repair_window("severe", short, decided_at=DECIDED).public_until == midnight(2028, 5, 1)


@pytest.mark.parametrize("severity", ["minor", "general", "severe"])
def test_the_demonstration_plays_the_same_order_of_clocks_in_seconds(severity: Severity) -> None:
    demo = repair_window(severity, credit_clocks("demo-v1"), decided_at=DECIDED)
    assert demo.public_from <= demo.repairable_from <= max(demo.public_until, demo.repairable_from) <= demo.kept_until
    assert demo.kept_until - DECIDED <= timedelta(minutes=1)
    assert demo.is_public(at=DECIDED) == (severity != "minor")


@pytest.mark.parametrize(
    ("followed", "committed", "severity", "refused"),
    [
        ((), False, "minor", ("commitment_not_signed",)),
        ((then("repair_applied", 1),), True, "minor", ("repair_pending",)),
        ((then("repair_applied", 1), then("repair_refused", 2)), True, "minor", ()),  # and may be asked for again
        ((then("revoked", 1),), True, "minor", ("fact_is_over",)),
        ((then("repair_applied", 1), then("repaired", 2)), True, "minor", ("fact_is_over",)),
        ((), True, None, ("nothing_to_repair",)),
    ],
)
def test_repair_is_asked_for_once_with_a_commitment_while_the_fact_counts(
    followed: tuple[Followed, ...], committed: bool, severity: Severity | None, refused: tuple[str, ...]
) -> None:
    ruling = judge_application(
        state(fact("minor", *followed)), severity, CLOCKS, is_corrected=True, is_committed=committed, at=DECIDED
    )
    assert codes(ruling) == refused


APPLIED = then("repair_applied", 1)


@pytest.mark.parametrize(
    ("followed", "by", "refused"),
    [
        ((), "R1", ("repair_not_applied_for",)),
        ((APPLIED,), "R1", ()),
        ((APPLIED, then("repair_approved", 2, "R1")), "R2", ()),
        ((APPLIED, then("repair_approved", 2, "R1")), "R1", ("two_approvers_needed",)),
        ((APPLIED, then("repair_approved", 2, "R1")), "r1", ("two_approvers_needed",)),
        ((then("repair_approved", 1, "R1"), then("repair_applied", 2)), "R1", ()),  # an approval of nothing is none
        ((APPLIED, then("repaired", 2, "R1")), "R2", ("fact_is_over", "repair_not_applied_for")),
        ((APPLIED, then("repair_refused", 2, "R1")), "R2", ("repair_not_applied_for",)),
    ],
)
def test_a_repair_is_granted_by_two_different_regulators(
    followed: tuple[Followed, ...], by: str, refused: tuple[str, ...]
) -> None:
    assert codes(judge_grant(state(fact("minor", *followed)), by=by)) == refused


@pytest.mark.parametrize(
    ("followed", "refused"),
    [
        ((), ("repair_not_applied_for",)),
        ((APPLIED,), ()),
        ((APPLIED, then("repair_approved", 2, "R1")), ()),  # one approval is not yet a repair
        ((APPLIED, then("repair_refused", 2, "R1")), ("repair_not_applied_for",)),
        ((APPLIED, then("repair_refused", 2, "R1"), then("repair_applied", 3)), ()),
        ((APPLIED, then("repaired", 2, "R1")), ("fact_is_over", "repair_not_applied_for")),
    ],
)
def test_a_repair_is_refused_while_it_is_applied_for(followed: tuple[Followed, ...], refused: tuple[str, ...]) -> None:
    assert codes(judge_refusal(state(fact("minor", *followed)))) == refused


def test_approvals_belong_to_the_pending_application() -> None:
    again = (APPLIED, then("repair_approved", 2, "R1"), then("repair_refused", 3, "R2"), then("repair_applied", 4))
    assert approvals(again) == (), "what was approved before a refusal is approved no more"
    followed = (APPLIED, then("repair_approved", 2, "R1"))
    assert (pending(()), pending(followed)) == (None, APPLIED)
    assert (approvals(()), approvals(followed)) == ((), ("R1",))


@pytest.mark.parametrize(
    ("followed", "refused"),
    [
        ((), ()),
        ((then("objected", 1),), ("objection_is_open",)),
        ((then("objected", 1), then("kept", 2)), ("objection_was_answered",)),
        ((then("repaired", 1),), ("fact_is_over",)),
    ],
)
def test_a_fact_is_objected_to_once(followed: tuple[Followed, ...], refused: tuple[str, ...]) -> None:
    assert codes(judge_objection(state(fact("minor", *followed)))) == refused


@pytest.mark.parametrize(
    ("answer", "code", "quantity", "refused"),
    [
        ("kept", None, None, ()),
        ("revoked", None, None, ()),
        ("corrected", "contract_late", None, ()),
        ("corrected", None, 6, ()),
        ("corrected", None, None, ("correction_changes_nothing",)),
        ("corrected", "penalty", 0, ("correction_changes_nothing",)),
        ("kept", "contract_late", None, ("not_a_correction",)),
        ("revoked", None, 1, ("not_a_correction",)),
    ],
)
def test_only_a_correction_says_what_the_fact_reads_from_now_on(
    answer: Answer, code: str | None, quantity: int | None, refused: tuple[str, ...]
) -> None:
    disputed = state(fact("minor", then("objected", 1)))
    assert codes(judge_answer(disputed, answer, code=code, quantity=quantity)) == refused
    assert open_objection(disputed).place == 1


def test_nothing_is_answered_that_nobody_objected_to() -> None:
    assert codes(judge_answer(state(fact()), "kept", code=None, quantity=None)) == ("no_objection_open",)


def test_an_objection_is_due_in_five_working_days_and_at_the_latest_in_twenty() -> None:
    friday = datetime(2026, 11, 20, 4, tzinfo=UTC)
    clock = objection_clock(CLOCKS, objected_at=friday)
    assert (clock.due.at, clock.limit.at) == (midnight(2026, 11, 28), midnight(2026, 12, 19))


def test_a_clock_without_length_ends_where_it_starts_and_an_answer_is_no_duration() -> None:
    assert CLOCKS.after("minor_minimum", DECIDED).at == DECIDED
    with pytest.raises(AssertionError, match="no duration"):
        CLOCKS.after("general_public", DECIDED)
    with pytest.raises(NotFound):
        credit_clocks("nobody-v1")


def test_a_fact_has_the_class_of_its_decision_else_of_its_rule() -> None:
    market = replace(fact(), decision=None, layer="market", code="result_late")
    assert severity_of(fact("severe"), BOOK) == "severe"
    assert severity_of(market, BOOK) == "minor"
    assert severity_of(replace(market, code="commendation"), BOOK) is None
    assert severity_of(replace(market, code="unheard"), BOOK) is None


def test_every_breach_of_a_score_has_a_class_and_no_merit_has_one() -> None:
    assert all((rule.severity is None) == (rule.rule_class == "merit") for rule in BOOK.rules.values())


AT = DECIDED


def bound(*measures: Measure, items: tuple[str, ...] = (), lifted_at: datetime | None = None) -> Restriction:
    """A restriction without end."""
    return Restriction("r", "A", "market", "示例", "330302", AT, None, measures, items, lifted_at=lifted_at)


@pytest.mark.parametrize(
    ("one", "measure", "items", "expected"),
    [
        (bound(), None, (), True),
        (bound(), "offer", ("SV22",), True),
        (bound("shelf"), None, (), True),
        (bound("shelf"), "shelf", (), True),
        (bound("shelf"), "offer", (), False),
        (bound(items=("SV22",)), "offer", ("SV01", "SV22"), True),
        (bound(items=("SV22",)), "offer", ("SV01",), False),
        (bound(items=("SV22",)), "offer", (), True),
        (bound("shelf", items=("SV22",)), "shelf", ("SV01",), False),
        (bound("sign_up"), "offer", (), False),
        (bound("sign_up"), "award", (), False),
        (bound("offer"), "sign_up", (), False),
        (bound("award"), "sign_up", (), True),
        (bound("award"), "offer", ("SV22",), True),
        (bound("award", items=("SV22",)), "offer", ("SV01",), False),
        (bound("award"), "shelf", (), False),
        (bound("award"), "new_item", (), False),
        (bound(lifted_at=AT + TICK), "offer", (), True),
        (bound(lifted_at=AT), "offer", (), False),
    ],
)
def test_a_restriction_bars_its_measures_for_its_items_until_it_is_lifted(
    one: Restriction, measure: Measure | None, items: tuple[str, ...], expected: bool
) -> None:
    assert bool(restricted([one], at=AT, measure=measure, items=items)) == expected


@pytest.mark.parametrize(("hearing_until", "refused"), [(AT, ()), (AT - TICK, ()), (AT + TICK, ("hearing_not_over",))])
def test_what_was_announced_is_decided_after_the_hearing(hearing_until: datetime, refused: tuple[str, ...]) -> None:
    notice = Notice("N", "A", hearing_until)
    ruling = judge_restriction(
        approvers=("R1", "R2"), decided_by="R1", basis="示例", ends_at=None, at=AT, notice=notice
    )
    assert codes(ruling) == refused


@pytest.mark.parametrize(
    ("statement", "answer", "refused"),
    [
        (None, None, ()),
        ("T1", "已核（示例）", ()),
        ("T1", None, ("statement_not_answered",)),
        (None, "已核（示例）", ("no_statement_made",)),
    ],
)
def test_what_was_stated_is_answered_and_nothing_else(
    statement: str | None, answer: str | None, refused: tuple[str, ...]
) -> None:
    ruling = judge_restriction(
        approvers=("R1", "R2"), decided_by="R1", basis="示例", ends_at=None, at=AT,
        notice=Notice("N", "A", AT, statement), statement_answer=answer,
    )  # fmt: skip
    assert codes(ruling) == refused


@pytest.mark.parametrize(
    ("statement", "hearing_until", "is_decided", "refused"),
    [
        (None, AT + TICK, False, ()),
        (None, AT, False, ("hearing_is_over",)),
        (None, AT + TICK, True, ("hearing_is_over",)),
        ("T1", AT + TICK, False, ("statement_was_made",)),
    ],
)
def test_the_case_is_stated_once_before_the_hearing_ends(
    statement: str | None, hearing_until: datetime, is_decided: bool, refused: tuple[str, ...]
) -> None:
    notice = Notice("N", "A", hearing_until, statement)
    assert codes(judge_statement(notice, is_decided=is_decided, at=AT)) == refused


@pytest.mark.parametrize(
    ("kind", "refused"),
    [("objected", ()), ("kept", ()), ("revoked", ("fact_is_over",)), ("repaired", ("fact_is_over",))],
)
def test_a_cause_that_is_over_restricts_nobody(kind: FollowedKind, refused: tuple[str, ...]) -> None:
    ruling = judge_restriction(
        approvers=("R1", "R2"),
        decided_by="R1",
        basis="示例",
        ends_at=None,
        at=AT,
        cause=state(fact("general", then(kind, 1))),
    )
    assert codes(ruling) == refused
