"""Lifting a restriction: one row for each ground that stands against it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commons.verdicts import Refused
from credit.facts import CreditFact, FactState, FactStatus
from credit.restrictions import Restriction, judge_lift

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
TICK = timedelta(microseconds=1)
BOUND = Restriction("R", "A", "market", "示例", "330302", AT, None)
ENDED = Restriction("R", "A", "market", "示例", "330302", AT - TICK, AT)


def cause(status: FactStatus) -> FactState:
    return FactState(CreditFact("F", "A", "collusion", "示例", AT, AT), status, is_disputed=False)


@pytest.mark.parametrize(
    ("bound", "approvers", "fact", "codes"),
    [
        (BOUND, ("R1", "R2"), None, ()),
        (BOUND, ("R1", "R2"), cause("repaired"), ()),
        (BOUND, ("R1", "R2"), cause("revoked"), ()),
        (BOUND, ("R1", "R2"), cause("counts"), ("fact_still_counts",)),
        (BOUND, ("R1",), None, ("two_approvers_needed",)),
        (BOUND, ("R1", "r1"), None, ("two_approvers_needed",)),
        (BOUND, ("R2", "R3"), None, ("caller_is_no_approver",)),
        (ENDED, ("R1", "R2"), None, ("restriction_is_over",)),
        (ENDED, ("R2",), cause("counts"),
         ("two_approvers_needed", "caller_is_no_approver", "restriction_is_over", "fact_still_counts")),
    ],
)  # fmt: skip
def test_what_stands_against_lifting_a_restriction(
    bound: Restriction, approvers: tuple[str, ...], fact: FactState | None, codes: tuple[str, ...]
) -> None:
    ruling = judge_lift(bound, approvers=approvers, decided_by="R1", cause=fact, at=AT)
    assert (ruling.codes if isinstance(ruling, Refused) else ()) == codes


def test_one_that_was_lifted_is_over() -> None:
    lifted = Restriction("R", "A", "market", "示例", "330302", AT - TICK, None, lifted_at=AT)
    ruling = judge_lift(lifted, approvers=("R1", "R2"), decided_by="R1", cause=None, at=AT)
    assert isinstance(ruling, Refused)
    assert [one.params["ends_at"] for one in ruling.reasons] == [""]
