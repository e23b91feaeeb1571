"""Who may do what after an outcome: one row for each standing of a selection."""

from __future__ import annotations

import pytest

from commons.verdicts import Refused, Verdict
from marketplace.demands.outcomes import AwardNow, judge_abandonment


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
