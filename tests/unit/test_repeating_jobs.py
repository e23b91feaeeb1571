"""The one loop of all jobs: how long it rests, what it says of failures, that nothing but its server's end ends it."""

from __future__ import annotations

import asyncio
import logging
from types import SimpleNamespace

import pytest

from marketplace.jobs import repeating
from marketplace.jobs.repeating import beside, for_ever

AMOUNT = "12345.00"


class OverError(BaseException):
    """The end of a test's script."""


async def rests_of(
    script: list[bool | type[Exception] | None], monkeypatch: pytest.MonkeyPatch, *, rest: float, longest: float = 30.0
) -> list[float]:
    """How long the loop rests before the first turn, and after each turn of the script."""
    rests: list[float] = []

    async def sleep(seconds: float) -> None:
        rests.append(seconds)

    async def turn() -> bool | None:
        if not script:
            raise OverError
        found = script.pop(0)
        if isinstance(found, type):
            raise found(AMOUNT)
        return found

    monkeypatch.setattr(repeating, "asyncio", SimpleNamespace(sleep=sleep))
    with pytest.raises(OverError):
        await for_ever("the job", turn, rest, longest=longest)
    return rests


async def test_it_goes_on_at_once_while_there_is_more_and_rests_longer_the_more_often_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    down = OSError
    assert await rests_of([None, True, False, down, down, True], monkeypatch, rest=1) == [0, 1, 0, 1, 2, 4, 0]
    assert await rests_of([down] * 6 + [False], monkeypatch, rest=1, longest=10) == [0, 2, 4, 8, 10, 10, 10, 1]
    assert await rests_of([down, down], monkeypatch, rest=3_600) == [0, 3_600, 3_600], "seldom enough"


async def test_of_failures_it_says_the_kind_alone_and_less_often_the_longer_they_last(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        await rests_of([*([OSError] * 9), None], monkeypatch, rest=1)
    told = [f"the job failed {count} times in a row: OSError" for count in (1, 2, 4, 8)]
    assert caplog.messages == [*told, "the job works again after 9 failures"]


async def test_it_has_ended_when_its_block_is_left() -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        turns += 1

    async with beside("late", for_ever("late", turn, 60, first_after=60)) as late:
        async with beside("job", for_ever("job", turn, 60)) as task:
            await asyncio.sleep(0.01)
            assert not task.done()
        assert (task.done(), late.done(), turns) == (True, False, 1)
    assert late.done()
