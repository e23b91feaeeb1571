from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from marketplace.announcements.announcement import (
    MAX_DAYS,
    Announcement,
    Ended,
    Stretch,
    judge_correcting,
    judge_stretch,
    judge_taking_down,
    newest_in_force,
)
from marketplace.web.locale.announcement_words import standing_of

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def stretch(**changes: Any) -> Stretch:
    return Stretch(**{"kind": "information", "from_at": NOW, "until": NOW + DAY, **changes})


def announcement(id: str = "G1", ended: Ended | None = None, **changes: Any) -> Announcement:
    return Announcement(id, "标题（示例）", "正文（示例）", stretch(**changes), NOW, ended=ended)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"kind": "maintenance", "work_from": NOW + HOUR, "work_until": NOW + 2 * HOUR}, []),
        ({"until": NOW + MAX_DAYS * DAY}, []),
        ({"until": NOW + MAX_DAYS * DAY + HOUR}, ["announcement_stands_too_long"]),
        ({"from_at": NOW + 30 * DAY, "until": NOW + (30 + MAX_DAYS) * DAY}, []),
        ({"until": NOW}, ["announcement_ends_first", "announcement_is_over"]),
        ({"from_at": NOW + 2 * DAY}, ["announcement_ends_first"]),
        ({"work_until": NOW + HOUR}, ["only_maintenance_has_hours"]),
        ({"kind": "maintenance"}, ["maintenance_hours_missing"]),
        ({"kind": "maintenance", "work_from": NOW}, ["maintenance_hours_missing"]),
        ({"kind": "maintenance", "work_from": NOW, "work_until": NOW}, ["maintenance_ends_first"]),
        (
            {"kind": "rule_change", "until": NOW - HOUR, "work_from": NOW, "work_until": NOW - HOUR},
            ["announcement_ends_first", "announcement_is_over", "only_maintenance_has_hours", "maintenance_ends_first"],
        ),
    ],
)
def test_every_reason_against_an_announcement_comes_at_once(changes: dict[str, Any], codes: list[str]) -> None:
    assert [one.code for one in judge_stretch(stretch(**changes), at=NOW)] == codes


def test_the_one_that_began_last_stands_and_the_clock_begins_and_ends_it() -> None:
    long, short = announcement("G1", until=NOW + 3 * DAY), announcement("G2", from_at=NOW + HOUR)
    known = (long, short)
    assert newest_in_force(known, at=NOW - HOUR) is None
    assert newest_in_force(known, at=NOW) is long
    assert newest_in_force(known, at=NOW + HOUR) is short
    assert newest_in_force(known, at=NOW + DAY) is long, "the end is the first instant without it"
    assert newest_in_force(known, at=NOW + 3 * DAY) is None


def test_what_was_taken_down_stands_no_longer_and_is_ended_once() -> None:
    down = announcement(ended=Ended("taken_down", "时间有变（示例）", None, NOW + HOUR))
    assert newest_in_force([down], at=NOW) is down
    assert newest_in_force([down], at=NOW + HOUR) is None
    assert [one.code for one in judge_taking_down(down, at=NOW)] == ["announcement_taken_down"]
    corrected = announcement(ended=Ended("corrected", "", "G2", NOW))
    assert [(one.code, dict(one.params)) for one in judge_correcting(corrected)] == [
        ("announcement_corrected", {"successor": "G2"})
    ]


def test_one_whose_time_is_over_is_corrected_but_not_taken_down() -> None:
    one = announcement()
    assert not judge_correcting(one)
    assert not judge_taking_down(one, at=NOW)
    assert [each.code for each in judge_taking_down(one, at=NOW + DAY)] == ["announcement_is_over"]


def test_how_one_stands_is_said_in_a_word() -> None:
    ahead, one = announcement(from_at=NOW + HOUR), announcement()
    ends = [announcement(ended=Ended(kind, "", None, NOW)) for kind in ("corrected", "taken_down")]
    words = [standing_of(each, at=NOW)[0] for each in (ahead, one, *ends)]
    assert words == ["尚未开始", "公告中", "已更正", "已撤下"]
    assert standing_of(one, at=NOW + DAY)[0] == "已结束"
