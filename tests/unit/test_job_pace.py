"""How fast a job goes and how long it will take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.longwork.job import Job
from marketplace.longwork.pace import Pace, pace

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


def job(**given: object) -> Job:
    made: dict[str, object] = {
        "id": "J1", "kind": "import_demands", "owner": "owner:O", "actor_role": "owner", "actor_id": "O", "badge": None,
        "asked": {}, "state": "running", "queued_at": AT, "started_at": AT, "taken_at": AT,
    }  # fmt: skip
    made |= given
    return Job(**made)  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize(
    ("given", "seconds", "expected"),
    [
        ({"done": 500, "total": 5_000}, 1, Pace(30_000, 9)),
        ({"done": 3, "total": 10}, 2, Pace(90, 5)),  # 4.67 s, rounded up
        ({"done": 10, "total": None}, 2, Pace(300, None)),
        ({"done": 0, "total": 10}, 30, Pace(None, None)),
        ({"done": 9, "total": 10}, 0, Pace(None, None)),  # nobody knows within the first second
        ({"done": 600, "done_before": 500, "total": 1_100}, 10, Pace(600, 50)),  # since it was taken up again
        ({"done": 5, "total": 3}, 5, Pace(60, 0)),
        ({"started_at": None, "taken_at": None, "state": "queued"}, 9, Pace(None, None)),
        ({"done": 60, "total": 60, "state": "done", "ended_at": AT + timedelta(seconds=30)}, 99, Pace(120, None)),
        ({"done": 0, "total": 60, "state": "failed", "ended_at": AT}, 99, Pace(None, None)),
    ],
)
def test_speed_and_what_is_left_are_counted_since_it_was_taken_up(
    given: dict[str, object], seconds: int, expected: Pace
) -> None:
    assert pace(job(**given), at=AT + timedelta(seconds=seconds)) == expected
