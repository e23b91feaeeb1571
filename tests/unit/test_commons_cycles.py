"""A life-cycle as a table: every cell is allowed or refused with what would be possible."""

from __future__ import annotations

from typing import get_args

import pytest

from commons.cycles import Cycle, Step, judge_step
from commons.events import Role
from commons.verdicts import Allowed, Refused

LAMP = Cycle(
    "lamp",
    (
        Step("dark", "light", frozenset({"owner", "agency"}), "lit"),
        Step("lit", "burn_out", frozenset(), "dark", within="burning", by_clock=True),
        Step("lit", "blow_out", frozenset({"owner"}), "dark"),
        Step("dark", "throw_away", frozenset({"owner"}), "gone"),
    ),
)


def test_states_and_actions_come_in_the_order_of_the_table() -> None:
    assert LAMP.states == ("dark", "lit", "gone")
    assert LAMP.actions == ("light", "burn_out", "blow_out", "throw_away")


def test_every_cell_is_allowed_exactly_where_a_row_names_it() -> None:
    for state in LAMP.states:
        for action in LAMP.actions:
            for role in get_args(Role):
                named = any(one.state == state and one.action == action and role in one.roles for one in LAMP.steps)
                assert (judge_step(LAMP, state, action, role) == Allowed()) is named


def test_a_state_that_does_not_know_the_action_says_where_it_is_possible_and_what_is_possible_here() -> None:
    ruling = judge_step(LAMP, "lit", "light", "owner")
    assert isinstance(ruling, Refused)
    assert ruling.codes == ("not_in_this_state",)
    assert dict(ruling.reasons[0].params) == {
        "action": "light", "state": "lit", "possible": "blow_out", "allowed_in": "dark",
    }  # fmt: skip


def test_a_role_that_no_row_names_is_told_who_may() -> None:
    ruling = judge_step(LAMP, "dark", "light", "public")
    assert isinstance(ruling, Refused)
    assert ruling.codes == ("role_not_allowed",)
    assert ruling.reasons[0].params["roles"] == "agency,owner"


def test_what_the_clock_does_is_nobodys_act() -> None:
    ruling = judge_step(LAMP, "lit", "burn_out", "system")
    assert isinstance(ruling, Refused)
    assert ruling.codes == ("not_in_this_state",)
    assert ruling.reasons[0].params["allowed_in"] == ""


def test_a_row_belongs_to_somebody_or_to_the_clock() -> None:
    with pytest.raises(AssertionError, match="by roles or by the clock"):
        Step("lit", "burn_out", frozenset({"owner"}), "dark", by_clock=True)
    with pytest.raises(AssertionError, match="by roles or by the clock"):
        Step("lit", "burn_out", frozenset(), "dark")
