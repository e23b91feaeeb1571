"""Which terms an offer, a sign-up to a draw or a confirmation is for: those it names, and they are in force."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bidding.selection import Selection
from commons.instants import format_instant
from marketplace.demands.terms_in_force import judge_digest

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "changed_at", "is_needed", "expected"),
    [
        (None, None, False, []), (None, None, True, [{"terms_digest": "aa"}]),
        (None, AT, False, [{"terms_digest": "aa", "changed_at": format_instant(AT)}]),
        ("aa", None, True, []), ("aa", AT, False, []), ("aa", AT, True, []),
        ("bb", None, False, [{"terms_digest": "aa"}]),
        ("bb", AT, True, [{"terms_digest": "aa", "changed_at": format_instant(AT)}]),
    ],
)  # fmt: skip
def test_whoever_offers_names_the_terms_in_force_once_they_were_changed_and_whoever_confirms_always(
    given: str | None, changed_at: datetime | None, is_needed: bool, expected: list[dict[str, str]]
) -> None:
    state = Selection("S", terms_digest="aa", terms_changed_at=changed_at)
    found = judge_digest(state, given, is_needed=is_needed)
    assert [one.params for one in found] == expected
    assert {one.code for one in found} <= {"terms_have_changed"}
