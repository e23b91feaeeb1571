"""Every fault at a small size on the suite's own server: ours holds, its control breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from marketplace.database import Database
from tests.faults import (
    capacity,
    deadline_race,
    history,
    idempotency,
    kill_database,
    kill_worker,
    re_registration,
    restriction_race,
    score_replay,
)
from tests.faults.figures import Figure, keep, kept, table
from tests.faults.linear import Operation, Verb, is_linearizable


async def test_nothing_is_accepted_of_an_agency_from_its_restriction_on_and_the_naive_order_accepts(
    database: Database,
) -> None:
    figure = await restriction_race.measure(database, 22, seed=7)
    assert figure.figure == 0
    assert figure.ok, figure.line()


async def test_no_acknowledged_offer_misses_the_decision_and_no_late_one_counts(database: Database) -> None:
    figure = await deadline_race.measure(database, 10, seed=7)
    assert figure.figure == 0
    assert figure.ok, figure.line()


async def test_one_unit_is_sold_once_a_round_and_more_often_when_it_is_read_then_written(database: Database) -> None:
    figure = await capacity.measure(database, 2, buyers=12)
    assert figure.figure == 0
    assert figure.ok, figure.line()


async def test_the_same_request_a_hundred_times_at_once_has_one_effect_and_without_a_key_more(
    database: Database,
) -> None:
    figure = await idempotency.measure(database, 4, seed=7)
    assert figure.figure == 0
    assert figure.ok, figure.line()


async def test_a_killed_database_loses_nothing_acknowledged_and_asynchronous_commit_does() -> None:
    figure = await kill_database.run(1, seed=7)
    assert figure.figure == 0
    assert figure.ok, figure.line()


async def test_a_killed_worker_loses_nothing_acknowledged_and_an_answer_before_the_commit_does() -> None:
    figure = await kill_worker.run(1, seed=7)
    assert figure.figure == 0
    assert figure.ok, figure.line()


async def test_every_history_of_an_agency_has_an_order_and_the_naive_order_makes_some_without(
    database: Database,
) -> None:
    figure = await history.measure(database, 16, seed=7)
    assert figure.figure == 0
    assert figure.ok, figure.line()


def operation(verb: Verb, asked: float, answered: float, answer: object, target: int = 0) -> Operation:
    return Operation(verb, target, asked, answered, answer)


@pytest.mark.parametrize(
    ("later", "explained"),
    [
        (operation("offer", 4, 5, answer=True), False),
        (operation("offer", 4, 5, answer=False), True),
        (operation("offer", 2.5, 5, answer=True), True),
        (operation("sign_up", 4, 5, answer=True, target=1), False),
    ],
    ids=["offer-after", "refused-after", "offer-at-once", "sign-up-after"],
)
def test_the_search_sees_what_no_order_explains(later: Operation, explained: bool) -> None:
    before = [operation("sign_up", 0, 1, answer=True), operation("restrict", 2, 3, answer=((0,), 0))]
    assert is_linearizable([*before, later]) is explained


def test_the_search_sees_a_selection_that_a_restriction_missed() -> None:
    signed = operation("sign_up", 0, 1, answer=True)
    assert not is_linearizable([signed, operation("restrict", 2, 3, answer=((), 0))])
    lifted = [operation("lift", 4, 5, answer=1), operation("shelf", 6, 7, answer=True)]
    assert is_linearizable([signed, operation("restrict", 2, 3, answer=((0,), 0)), *lifted])


def test_the_search_sees_a_restriction_by_a_fact_that_was_revoked_before() -> None:
    revoked = operation("lift", 0, 1, answer=0)
    assert is_linearizable([revoked, operation("restrict", 2, 3, answer=False)])
    assert not is_linearizable([revoked, operation("restrict", 2, 3, answer=((), 0))])
    assert is_linearizable([revoked, operation("restrict", 2, 3, answer=((), 0), target=1)])
    assert not is_linearizable([operation("restrict", 0, 1, answer=False), operation("lift", 2, 3, answer=0)])


async def test_whoever_comes_back_under_another_name_is_held_and_a_namesake_is_not(database: Database) -> None:
    figure = await re_registration.measure(database, 20)
    assert figure.figure == 0
    assert figure.ok, figure.line()


def test_every_score_is_what_was_believed_and_the_sum_of_its_lines() -> None:
    figure = score_replay.replayed(20, seed=7)
    assert figure.figure == 0
    assert figure.ok, figure.line()


def test_figures_are_kept_and_told_as_a_table_in_which_a_broken_promise_shows(tmp_path: Path) -> None:
    keep(Figure("b", 1_000, 0, 3, "0", ok=True, seconds=1.5), tmp_path)
    keep(Figure("a", 10, 2, 3, "0", ok=False, seconds=1.5), tmp_path)
    lines = table(kept(["a", "b", "c"], tmp_path)).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| `a`", "| `b`"]
    assert [line.split(" | ")[5] for line in lines[2:]] == ["NO", "yes"]
