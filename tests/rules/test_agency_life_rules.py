"""An agency's own life, row by row: leaving and returning, objections, changes, items it serves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from agencies.changes import Particulars, changed, judge_change
from agencies.filing_objections import (
    MAX_OBJECTIONS,
    Answer,
    FilingObjection,
    judge_answer,
    judge_objection,
)
from agencies.life import ACTIVE, Life, dormant, judge_leaving, judge_return
from agencies.offered import OfferedItem, judge_offering, judge_stopping
from commons.events import Actor, Role
from commons.verdicts import Reason, Refused, Verdict

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
GONE = Life("withdrawn", AT, "agency")
RESTING = Life("suspended", AT, "agency")
STRUCK = Life("withdrawn", AT, "regulator")


def codes(ruling: Verdict | tuple[Reason, ...]) -> tuple[str, ...]:
    """The reasons' codes; none when allowed."""
    if isinstance(ruling, tuple):
        return tuple(one.code for one in ruling)
    return ruling.codes if isinstance(ruling, Refused) else ()


@pytest.mark.parametrize(
    ("life", "to", "expected"),
    [
        (ACTIVE, "suspended", ()),
        (ACTIVE, "withdrawn", ()),
        (RESTING, "withdrawn", ()),
        (RESTING, "suspended", ("already_suspended",)),
        (GONE, "withdrawn", ("already_withdrawn",)),
        (GONE, "suspended", ("already_withdrawn",)),  # who has left does not stand back as well
        (STRUCK, "withdrawn", ("already_withdrawn",)),
    ],
)
def test_who_stands_back_may_still_leave_and_nobody_leaves_twice(
    life: Life, to: Literal["suspended", "withdrawn"], expected: tuple[str, ...]
) -> None:
    assert codes(judge_leaving(life, to)) == expected


@pytest.mark.parametrize(
    ("life", "by", "expected"),
    [
        (ACTIVE, "agency", ("agency_is_active",)),
        (ACTIVE, "regulator", ("agency_is_active",)),
        (RESTING, "agency", ()),
        (GONE, "agency", ()),
        (GONE, "regulator", ("left_by_itself",)),
        (STRUCK, "agency", ("withdrawn_by_regulator",)),
        (STRUCK, "regulator", ()),
    ],
)
def test_who_withdrew_it_brings_it_back(life: Life, by: Role, expected: tuple[str, ...]) -> None:
    assert codes(judge_return(life, by=by)) == expected


def test_only_an_active_agency_begins_anything_new_and_the_reason_says_since_when() -> None:
    assert dormant(ACTIVE) == ()
    for life in (RESTING, GONE, STRUCK):
        (reason,) = dormant(life)
        assert (reason.code, dict(reason.params)) == (
            "agency_not_in_force",
            {"standing": life.standing, "since": "2026-11-23T01:00:00Z"},
        )


SOMEBODY, ANOTHER = Actor("public", "p1"), Actor("owner", "p1")
OPEN = FilingObjection("O1", "A", SOMEBODY, "地址不实（示例）", "0" * 64, AT, AT + timedelta(days=5))
ANSWERED = replace(OPEN, answer="rejected")
MANY = (replace(OPEN, objector=Actor("public", "p9"), answer="rejected"),) * MAX_OBJECTIONS
UNTIL = AT + timedelta(days=1)


@pytest.mark.parametrize(
    ("earlier", "at", "expected"),
    [
        ((), AT, ()),
        ((), UNTIL - MOMENT, ()),
        ((), UNTIL, ("objection_window_over",)),
        ((OPEN,), AT, ("objection_is_open",)),
        ((ANSWERED,), AT, ()),  # an answer leaves room for another ground
        ((replace(OPEN, objector=ANOTHER),), AT, ()),  # the same name in another role is somebody else
        (MANY[1:], AT, ()),
        (MANY, AT, ("too_many_objections",)),
        ((*MANY, OPEN), UNTIL, ("objection_window_over", "objection_is_open", "too_many_objections")),
    ],
)
def test_anybody_objects_once_at_a_time_within_the_window(
    earlier: tuple[FilingObjection, ...], at: datetime, expected: tuple[str, ...]
) -> None:
    assert codes(judge_objection(earlier, SOMEBODY, until=UNTIL, at=at)) == expected


@pytest.mark.parametrize(
    ("objection", "answer", "changes", "expected"),
    [
        (OPEN, "rejected", False, ()),
        (OPEN, "withdrawn", False, ()),
        (OPEN, "corrected", True, ()),
        (OPEN, "corrected", False, ("correction_changes_nothing",)),
        (OPEN, "rejected", True, ("not_a_correction",)),
        (OPEN, "withdrawn", True, ("not_a_correction",)),
        (ANSWERED, "rejected", False, ("objection_was_answered",)),
        (ANSWERED, "corrected", False, ("objection_was_answered", "correction_changes_nothing")),
    ],
)
def test_an_objection_is_answered_once_and_only_a_correction_changes_the_filing(
    objection: FilingObjection, answer: Answer, changes: bool, expected: tuple[str, ...]
) -> None:
    assert codes(judge_answer(objection, answer, changes_something=changes)) == expected


BEFORE = Particulars("甲（示例）", "company", "330302")


@pytest.mark.parametrize(
    ("after", "contact", "told", "expected"),
    [
        (BEFORE, False, [], ("change_changes_nothing",)),
        (BEFORE, True, [], ()),
        (replace(BEFORE, name="乙（示例）"), False, ["name"], ()),
        (replace(BEFORE, region="330102", kind="sole_trader"), False, ["kind", "region"], ()),
    ],
)
def test_a_change_changes_something_and_says_what(
    after: Particulars, contact: bool, told: list[str], expected: tuple[str, ...]
) -> None:
    assert codes(judge_change(BEFORE, after, has_contact=contact)) == expected
    assert [what for what, _, _ in changed(BEFORE, after)] == told
    assert all((was, now) == (getattr(BEFORE, what), getattr(after, what)) for what, was, now in changed(BEFORE, after))


SERVED = OfferedItem("A", "SV22", AT)
STOPPED = replace(SERVED, stopped_at=AT + timedelta(hours=1))


@pytest.mark.parametrize(
    ("earlier", "needs_commitment", "signed", "expected"),
    [
        ((), False, False, ()),
        ((), True, True, ()),
        ((), True, False, ("commitment_not_signed",)),
        ((SERVED,), False, False, ("already_offered",)),
        ((STOPPED,), False, False, ()),
        ((replace(SERVED, item="SV23"),), False, False, ()),
        ((SERVED,), True, False, ("already_offered", "commitment_not_signed")),
    ],
)
def test_an_item_is_stated_once_at_a_time_under_the_commitment_where_nothing_else_is_asked(
    earlier: tuple[OfferedItem, ...], needs_commitment: bool, signed: bool, expected: tuple[str, ...]
) -> None:
    ruling = judge_offering("SV22", earlier, needs_commitment=needs_commitment, commitment_signed=signed)
    assert codes(ruling) == expected


def test_an_item_is_stopped_while_it_is_stated_and_served_on_a_half_open_stretch() -> None:
    assert codes(judge_stopping("SV22", (STOPPED, SERVED))) == ()
    assert codes(judge_stopping("SV22", (STOPPED,))) == ("not_offered",)
    assert codes(judge_stopping("SV23", (SERVED,))) == ("not_offered",)
    assert STOPPED.stopped_at is not None
    ends = (AT - MOMENT, AT, STOPPED.stopped_at - MOMENT, STOPPED.stopped_at)
    assert [STOPPED.is_offered(at=at) for at in ends] == [False, True, True, False]
