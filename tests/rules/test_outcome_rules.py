"""Who may do what after an outcome: one row for each standing of a selection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commons.events import Role
from commons.verdicts import Refused, Verdict
from marketplace.demands.demand import Mode
from marketplace.demands.outcomes import (
    AwardNow,
    ChoiceNow,
    ExplanationNow,
    Standing,
    judge_abandonment,
    judge_cancellation,
    judge_choice,
    judge_explanation,
    judge_publishing_again,
    judge_resumption,
    judge_ruling,
    judge_suspension,
    stopped,
)


def codes(ruling: Verdict) -> tuple[str, ...]:
    """The reasons' codes; none when allowed."""
    return ruling.codes if isinstance(ruling, Refused) else ()


@pytest.mark.parametrize(
    ("award", "expected"),
    [
        (AwardNow(False, "A", False, frozenset()), ()),
        (AwardNow(False, "A", True, frozenset()), ("award_is_confirmed",)),
        (AwardNow(False, "B", False, frozenset()), ("award_is_not_yours",)),
        (AwardNow(False, None, False, frozenset()), ("no_award_proposed",)),
        (AwardNow(False, "B", False, frozenset("A")), ("already_abandoned",)),
        (AwardNow(False, "B", True, frozenset("A")), ("already_abandoned",)),
        (AwardNow(True, "A", False, frozenset()), ("instant_award_binds",)),
        (AwardNow(True, None, False, frozenset()), ("instant_award_binds", "no_award_proposed")),
    ],
)
def test_an_award_is_given_up_by_whoever_is_proposed_before_it_is_confirmed(
    award: AwardNow, expected: tuple[str, ...]
) -> None:
    ruling = judge_abandonment(award, "A")
    assert codes(ruling) == expected
    if isinstance(ruling, Refused):
        assert all(reason.source.title for reason in ruling.reasons)


UNTIL = datetime(2026, 11, 25, 16, tzinfo=UTC)
BEFORE = UNTIL - timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "at", "expected"),
    [
        (ExplanationNow("A", UNTIL), BEFORE, ()),
        (ExplanationNow("B", UNTIL), BEFORE, ()),  # asked before; another is first for now
        (ExplanationNow("A", UNTIL), UNTIL, ("explanation_too_late",)),
        (ExplanationNow(None, None), BEFORE, ("explanation_not_asked",)),
        (ExplanationNow("B", None), BEFORE, ("explanation_not_asked",)),
        (ExplanationNow("A", UNTIL, is_given=True), BEFORE, ("explanation_given_before",)),
        (ExplanationNow("A", UNTIL, is_given=True), UNTIL, ("explanation_given_before",)),
        (ExplanationNow(None, UNTIL, is_ruled=True), UNTIL, ("explanation_too_late",)),
        (ExplanationNow(None, UNTIL), BEFORE, ("selection_is_decided",)),
    ],
)
def test_a_price_is_explained_once_and_before_its_deadline(
    now: ExplanationNow, at: datetime, expected: tuple[str, ...]
) -> None:
    assert codes(judge_explanation(now, at=at)) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (ExplanationNow("A", UNTIL, is_given=True), ()),
        (ExplanationNow("A", UNTIL), ("explanation_not_given",)),
        (ExplanationNow("B", UNTIL, is_given=True), ("another_explanation_awaited",)),
        (ExplanationNow("B", None), ("another_explanation_awaited",)),
        (ExplanationNow(None, None), ("no_explanation_awaited",)),
        (ExplanationNow(None, UNTIL, is_given=True), ("no_explanation_awaited",)),
        (ExplanationNow("B", UNTIL, is_given=True, is_ruled=True), ("explanation_is_decided",)),
        (ExplanationNow(None, UNTIL, is_ruled=True), ("explanation_is_decided",)),
    ],
)
def test_the_owner_rules_once_on_the_explanation_that_is_awaited_and_given(
    now: ExplanationNow, expected: tuple[str, ...]
) -> None:
    assert codes(judge_ruling(now, "A")) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (ChoiceNow(is_made=False, is_awaited=True, shortlist=("A", "B")), ()),
        (ChoiceNow(is_made=False, is_awaited=True, shortlist=("B",)), ("not_on_the_shortlist",)),
        (ChoiceNow(is_made=False, is_awaited=True), ("not_on_the_shortlist",)),
        (ChoiceNow(is_made=False, is_awaited=False, shortlist=("A",)), ("no_choice_awaited",)),
        (ChoiceNow(is_made=True, is_awaited=False, shortlist=("A",)), ("choice_is_made",)),
        (ChoiceNow(is_made=True, is_awaited=True, shortlist=("A",)), ("choice_is_made",)),
    ],
)
def test_the_owner_picks_once_out_of_the_short_list_as_it_stands(now: ChoiceNow, expected: tuple[str, ...]) -> None:
    assert codes(judge_choice(now, "A")) == expected


SUSPENDED = Standing(suspended_at=BEFORE, suspended_by="owner")
STRICTLY_SUSPENDED = Standing(suspended_at=BEFORE, suspended_by="regulator")


@pytest.mark.parametrize(
    ("now", "cancelled", "suspended"),
    [
        (Standing(), (), ()),
        (Standing(has_ruling=True), (), ()),
        (Standing(is_instant=True), (), ()),
        (Standing(is_instant=True, has_ruling=True), ("instant_award_binds",), ("instant_award_binds",)),
        (Standing(has_ruling=True, is_confirmed=True), ("award_is_confirmed",), ("award_is_confirmed",)),
        (Standing(has_ruling=True, is_unsuccessful=True), ("selection_is_over",), ("selection_is_over",)),
        (Standing(cancelled_at=BEFORE), ("selection_cancelled",), ("selection_cancelled",)),
        (SUSPENDED, (), ("selection_suspended",)),
        (Standing(first_round_at=UNTIL + timedelta(microseconds=1)), (), ()),
        (Standing(first_round_at=UNTIL), (), ("rounds_have_begun",)),
        (Standing(first_round_at=BEFORE, has_ruling=True), (), ()),
        (Standing(is_drawn=True), ("drawn_needs_approver",), ("drawn_not_suspended_by_owner",)),
    ],
)
def test_a_selection_is_cancelled_or_suspended_until_it_is_over(
    now: Standing, cancelled: tuple[str, ...], suspended: tuple[str, ...]
) -> None:
    assert codes(judge_cancellation(now)) == cancelled
    assert codes(judge_suspension(now, at=UNTIL, by="owner")) == suspended


def test_what_is_drawn_a_second_person_lets_go_and_a_regulator_suspends() -> None:
    drawn = Standing(has_ruling=True, is_drawn=True)
    assert codes(judge_cancellation(drawn, approver="R1")) == ()
    assert codes(judge_suspension(drawn, at=UNTIL, by="regulator")) == ()
    assert codes(judge_suspension(drawn, at=UNTIL, by="delegate")) == ("drawn_not_suspended_by_owner",)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (Standing(), ()),
        (Standing(has_ruling=True), ()),
        (SUSPENDED, ("selection_suspended",)),
        (Standing(cancelled_at=BEFORE), ("selection_cancelled",)),
        (Standing(cancelled_at=UNTIL, suspended_at=BEFORE, suspended_by="owner"), ("selection_cancelled",)),
    ],
)
def test_nothing_is_accepted_of_anybody_while_a_selection_is_stopped(now: Standing, expected: tuple[str, ...]) -> None:
    assert tuple(one.code for one in stopped(now)) == expected


@pytest.mark.parametrize(
    ("now", "role", "expected"),
    [
        (SUSPENDED, "owner", ()),
        (SUSPENDED, "regulator", ()),
        (STRICTLY_SUSPENDED, "regulator", ()),
        (STRICTLY_SUSPENDED, "owner", ("suspended_by_regulator",)),
        (STRICTLY_SUSPENDED, "delegate", ("suspended_by_regulator",)),
        (Standing(), "owner", ("not_suspended",)),
    ],
)
def test_what_a_regulator_suspended_only_a_regulator_resumes(
    now: Standing, role: Role, expected: tuple[str, ...]
) -> None:
    assert codes(judge_resumption(now, role)) == expected


@pytest.mark.parametrize(
    ("lacked_bidders", "publications", "new_mode", "expected"),
    [
        (True, 1, None, ()),
        (True, 1, "multi_round", ("mode_change_too_early",)),
        (True, 2, "multi_round", ()),
        (True, 2, None, ("mode_must_change",)),
        (True, 2, "comprehensive", ("mode_must_change",)),
        (True, 3, None, ("published_too_often",)),
        (True, 3, "multi_round", ("published_too_often",)),
        (False, 1, None, ("no_lack_of_bidders",)),
    ],
)
def test_a_demand_comes_again_once_as_it_was_and_once_in_another_mode(
    lacked_bidders: bool,
    publications: int,
    new_mode: Mode | None,
    expected: tuple[str, ...],
) -> None:
    reasons = judge_publishing_again(
        lacked_bidders=lacked_bidders, publications=publications, mode="comprehensive", new_mode=new_mode
    )
    assert tuple(one.code for one in reasons) == expected
