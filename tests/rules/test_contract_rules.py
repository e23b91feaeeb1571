"""Rows of the contract's rules: who may do what, every clock before, at and after, what becomes a credit fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, get_args

import pytest

from commons.cycles import judge_step
from commons.events import Role
from commons.instants import Deadline, Period
from commons.verdicts import Allowed, Refused
from marketplace.contracts.clocks import days_late, due_of, next_end, open_duties, overdue_duties, reminders
from marketplace.contracts.contract import DIMENSIONS, Contract, Happened
from marketplace.contracts.cycle import CONTRACT_CYCLE, State
from marketplace.contracts.folding import step
from marketplace.contracts.performing import (
    Planned,
    close_dispute,
    give_back,
    open_dispute,
    plan_milestones,
)
from marketplace.contracts.rating import Past, archivable, early_fact, rate, window_fact
from marketplace.contracts.settling import facts_due, settled
from marketplace.contracts.signing import terminate, upload
from tests.rules.contract_states import (
    AT,
    DAY,
    GENERIC,
    NEW,
    SIGNED,
    TICK,
    accepted,
    delivered,
    midnight,
    signed,
    then,
    uploaded,
)

TABLE = {(one.state, one.action, role) for one in CONTRACT_CYCLE.steps for role in one.roles}
CELLS = [(s, a, r) for s in get_args(State) for a in CONTRACT_CYCLE.actions for r in get_args(Role)]


@pytest.mark.parametrize(("state", "action"), sorted({cell[:2] for cell in CELLS}))
def test_a_cell_is_allowed_exactly_where_a_row_names_it(state: str, action: str) -> None:
    for role in get_args(Role):
        ruling = judge_step(CONTRACT_CYCLE, state, action, role)
        assert (ruling == Allowed()) is ((state, action, role) in TABLE)
        if isinstance(ruling, Refused):
            here = any(one[:2] == (state, action) for one in TABLE)
            assert ruling.codes == (("role_not_allowed",) if here else ("not_in_this_state",))


def test_an_end_is_left_by_nobody_and_every_state_is_reached() -> None:
    assert {one.state for one in CONTRACT_CYCLE.steps} == set(get_args(State)) - {"archived"}
    assert {one.leads_to for one in CONTRACT_CYCLE.steps} >= set(get_args(State)) - {"awarded"}


def test_the_clocks_are_those_of_the_profile() -> None:
    assert NEW.sign_until == Deadline(midnight(17), is_provisional=False)  # ten working days after the 2nd
    assert {one.within for one in CONTRACT_CYCLE.steps if one.within} <= GENERIC.values.keys()
    one = delivered(midnight(4) + TICK)
    assert one.delivery is not None
    assert one.delivery.accept_until.at == midnight(19)
    assert one.delivery.remind_at == midnight(14)
    assert accepted().rating_until == Deadline(midnight(20), is_provisional=False)


@pytest.mark.parametrize(
    ("days", "due"),
    [(1, midnight(5)), (3, midnight(7)), (4, midnight(10)), (20, midnight(1, 4))],
)
def test_agreed_days_are_working_days_after_the_confirmation(days: int, due: datetime) -> None:
    assert due_of(GENERIC, AT + DAY, days).at == due  # confirmed on Tuesday the 3rd


def test_more_working_days_than_are_counted_at_once_are_counted_on() -> None:
    far = due_of(GENERIC, AT, 5_000)
    assert far.is_provisional
    assert far.at == due_of(GENERIC, due_of(GENERIC, AT, 2_500).at - TICK, 2_500).at


@pytest.mark.parametrize(
    ("at", "late"),
    [(-TICK, 0), (0 * TICK, 1), (DAY - TICK, 1), (DAY, 2), (3 * DAY, 2), (4 * DAY, 3), (20_000 * DAY, 2_500)],
)
def test_late_days_are_working_days_and_started_ones_count(at: timedelta, late: int) -> None:
    assert days_late(midnight(5), midnight(5) + at) == late  # due at the end of Wednesday the 4th


@pytest.mark.parametrize(
    ("contract", "who", "until"),
    [
        (NEW, ["agency", "owner"], midnight(17)),
        (uploaded("owner"), ["agency"], midnight(6)),
        (uploaded("agency"), ["owner"], midnight(6)),
        (signed(), ["agency"], midnight(1, 4)),
        (delivered(), ["owner"], midnight(19)),
    ],
)
def test_a_duty_is_overdue_from_its_end_on(contract: Contract, who: list[str], until: datetime) -> None:
    assert [one.who for one in open_duties(contract)] == who
    assert {one.until for one in open_duties(contract)} == {until}
    assert overdue_duties(contract, at=until - TICK) == ()
    assert [one.who for one in overdue_duties(contract, at=until)] == who
    assert next_end(contract, at=until - TICK) == until
    assert next_end(contract, at=until) is None


def test_an_acceptance_is_reminded_of_from_the_seventh_day_until_its_end() -> None:
    one = delivered()
    assert one.delivery is not None
    assert reminders(one, at=one.delivery.remind_at - TICK) == ()
    assert [each.what for each in reminders(one, at=one.delivery.remind_at)] == ["accept_result"]
    assert reminders(one, at=one.delivery.accept_until.at) == ()


def test_a_rating_is_never_overdue_it_lapses() -> None:
    one = accepted()
    assert one.rating_until is not None
    assert [each.what for each in open_duties(one)] == ["rate_contract"]
    assert overdue_duties(one, at=one.rating_until.at) == ()
    scores = dict.fromkeys(DIMENSIONS, 3)
    in_time = rate(one, scores, "示例", profile=GENERIC, at=one.rating_until.at - TICK)
    assert isinstance(in_time, Happened)
    late = rate(one, scores, "示例", profile=GENERIC, at=one.rating_until.at)
    assert isinstance(late, Refused)
    assert [each.code for each in archivable(one, at=one.rating_until.at - TICK)] == ["rating_is_awaited"]
    assert archivable(one, at=one.rating_until.at) == ()


def test_a_planned_step_is_owed_to_the_end_of_its_day() -> None:
    one = signed()
    planned = then(one, plan_milestones(one, [Planned("外业", date(2026, 3, 10))], by="owner"), AT + DAY)
    assert ("reach_milestone", midnight(11)) in {(each.what, each.until) for each in open_duties(planned)}
    late = plan_milestones(one, [Planned("外业", date(2026, 4, 1))], by="owner")
    assert isinstance(late, Refused)


def test_silence_accepts_at_the_end_of_its_time_as_of_that_instant() -> None:
    one = delivered()
    assert one.delivery is not None
    end = one.delivery.accept_until.at
    assert settled(one, profile=GENERIC, at=end - TICK).contract.state == "delivered"
    prompt, late = (settled(one, profile=GENERIC, at=at) for at in (end, end + 30 * DAY))
    assert prompt == late
    assert (prompt.contract.state, prompt.contract.accepted_at, prompt.contract.is_deemed) == ("accepted", end, True)
    assert prompt.contract.accepted_at_first is None
    assert facts_due(prompt.contract, at=end) == ()


@pytest.mark.parametrize(("shift", "is_late"), [(-TICK, False), (0 * TICK, True)])
def test_uploads_and_signatures_that_came_late_say_so(shift: timedelta, is_late: bool) -> None:
    given = upload(NEW, SIGNED, by="owner", profile=GENERIC, at=midnight(7) + shift)  # three days after the 3rd
    assert isinstance(given, Happened)
    assert given.data["is_uploaded_late"] is is_late
    on = date(2026, 3, 17 if is_late else 16)
    given = upload(NEW, replace(SIGNED, signed_on=on), by="owner", profile=GENERIC, at=midnight(18))
    assert isinstance(given, Happened)
    assert given.data["is_signed_late"] is is_late


FACTS: list[tuple[Contract, datetime, list[tuple[str, int]]]] = [
    (NEW, midnight(30), []),
    (uploaded("owner"), midnight(6) - TICK, []),
    (uploaded("owner"), midnight(6), [("contract_late", 0)]),
    (uploaded("agency"), midnight(6), []),
    (signed(), midnight(30, 6), []),
    (delivered(midnight(1, 4) - TICK), midnight(2, 4), []),
    (delivered(midnight(1, 4)), midnight(2, 4), [("result_late", 1)]),
    (then(delivered(), give_back(delivered(), "示例"), AT + 3 * DAY), midnight(9), [("result_rejected", 0)]),
    (then(signed(), terminate(signed(), "示例", by=None), midnight(3, 4)), midnight(9, 4), [("result_late", 3)]),
    (then(NEW, terminate(NEW, "示例", by=None), midnight(3, 4)), midnight(9, 4), []),
]


@pytest.mark.parametrize(("contract", "at", "facts"), FACTS)
def test_what_becomes_a_credit_fact(contract: Contract, at: datetime, facts: list[tuple[str, int]]) -> None:
    due = facts_due(contract, at=at)
    assert [(one.code, one.quantity) for one in due] == facts
    noted = replace(contract, facts={one.code: "F1" for one in due})
    assert facts_due(noted, at=at) == ()


@pytest.mark.parametrize(
    ("start", "end", "is_late"),
    [
        (AT, AT + DAY, True),
        (AT, AT + DAY + TICK, False),
        (AT, None, False),
        (AT + 2 * DAY, AT + 2 * DAY, True),
        (AT + 2 * DAY, AT + 2 * DAY + TICK, False),
        (midnight(6) - TICK, None, False),
        (midnight(6), None, True),
    ],
)
def test_who_was_forbidden_to_sign_at_any_time_between_upload_and_end_was_not_late(
    start: datetime, end: datetime | None, is_late: bool
) -> None:
    due = facts_due(uploaded("owner"), at=midnight(30), barred=[Period(start, end)])  # uploaded at AT + DAY
    assert [one.code for one in due] == (["contract_late"] if is_late else [])


def test_a_dispute_moves_every_later_end_by_the_time_it_lasted() -> None:
    for one in (signed(), delivered(), accepted()):
        began, ended = AT + 4 * DAY, AT + 6 * DAY
        halted = then(one, open_dispute(one, "示例", by="agency"), began)
        assert (halted.state, open_duties(halted)) == ("disputed", ())
        over = then(halted, close_dispute(halted, "和解", by="owner"), ended)
        assert over.state == one.state
        assert [each.until - 2 * DAY for each in open_duties(over)] == [each.until for each in open_duties(one)]


@pytest.mark.parametrize("opener", ["owner", "agency"])
@pytest.mark.parametrize("closer", ["owner", "agency", None])
@pytest.mark.parametrize("one", [signed(), delivered(), accepted()])
def test_who_withdraws_its_own_dispute_gains_no_time_by_it(one: Contract, opener: Any, closer: Any) -> None:
    began, ended = AT + 4 * DAY, AT + 6 * DAY
    halted = then(one, open_dispute(one, "示例", by=opener), began)
    closing = close_dispute(halted, "示例", by=closer)
    assert closing.data["is_withdrawn"] is (opener == closer)
    over = then(halted, closing, ended)
    for before, after in zip(open_duties(one), open_duties(over), strict=True):
        gained = 0 * DAY if opener == closer == before.who else 2 * DAY
        assert after.until - before.until == gained


def test_a_dispute_that_was_closed_before_withdrawals_were_told_apart_moves_every_end() -> None:
    halted = then(signed(), open_dispute(signed(), "示例", by="agency"), AT + 4 * DAY)
    over = step(halted, "contract.dispute_closed", {"by": "agency", "outcome": "示例"}, at=AT + 6 * DAY)
    assert [each.until - 2 * DAY for each in open_duties(over)] == [each.until for each in open_duties(signed())]


def past(*ratings: int, start: datetime = AT) -> list[Past]:
    return [Past(start + number * DAY, rating=one) for number, one in enumerate(ratings)]


@pytest.mark.parametrize(
    ("ratings", "facts", "fact"),
    [
        ([100] * 9, {}, None),
        ([300] * 10, {}, None),
        ([*[300] * 9, 299], {}, "rating_low"),
        ([*[480] * 9, 479], {}, None),
        ([480] * 10, {}, "rating_high"),
        ([500, *[100] * 10], {}, "rating_low"),
        ([100] * 10, {"rating_low": AT}, None),
        ([100] * 10, {"rating_low": AT - TICK}, "rating_low"),
        ([100] * 10, {"rating_high": AT}, "rating_low"),
    ],
)
def test_ten_ratings_are_a_fact_and_each_counts_once(
    ratings: list[int], facts: dict[str, datetime], fact: str | None
) -> None:
    assert window_fact(past(*ratings), facts=facts) == fact


@pytest.mark.parametrize(
    ("steps", "fact"),
    [([True] * 9, None), ([True] * 10, "milestones_early"), ([*[True] * 9, False], None), ([None] * 20, None)],
)
def test_ten_contracts_with_every_step_early_are_a_fact(steps: list[bool | None], fact: str | None) -> None:
    every = [Past(AT + number * DAY, early=one) for number, one in enumerate(steps)]
    assert early_fact(every, facts={}) == fact
