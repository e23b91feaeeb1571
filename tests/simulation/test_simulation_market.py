"""Whole markets from a seed: random actors, crashes, doubles, late messages; everything holds after every step."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tests.simulation.faults import WatchedConnection
from tests.simulation.play import play, play_all
from tests.simulation.script import write_script

SHORT = 33
HAPPENS = (
    "cancelled", "connection ended", "the answer of COMMIT was lost", "voided in a selection", "comprehensive: award",
    "event round.closed", "event award.confirmed", "event bidder.refused", "repeat", "other_body", "wrong_actor",
    "read", "settle", "restrict", "event award.abandoned", "event explanation.given", "event explanation.accepted",
    "event explanation.rejected", "event selection.cancelled", "event selection.suspended", "event selection.resumed",
    "event demand.published_again", "event choice.made", "ruled mean_price", "ruled direct",
)  # fmt: skip
"""Each happens in every ordinary run of that size, what follows an outcome too: it has to have succeeded."""


async def test_whole_markets_keep_every_promise_after_every_step(
    database_server: str, migrated_template: str, seed: int, sized: Callable[[int], int]
) -> None:
    size = sized(SHORT)
    tally = await play_all(database_server, migrated_template, seed=seed, size=size)
    print(dict(sorted(tally.items())))  # noqa: T201 - what was played, shown by pytest -s
    if size >= SHORT:  # a simulation in which nothing happens would prove nothing
        assert [word for word in HAPPENS if not tally[word]] == []


def test_without_storms_no_two_messages_are_sent_in_the_same_moment(seed: int) -> None:
    for one in range(seed, seed + 50):
        steps = write_script(one, 3, storms=False).steps
        assert all(before.at < after.at for before, after in pairwise(steps))


async def test_the_same_seed_gives_the_same_record_to_the_last_byte_however_slow_the_machine_is(
    database_server: str, migrated_template: str, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """What may be compared is a market in which nothing is sent at once: who comes first is up to the machine else."""
    script = write_script(seed, 3, storms=False)
    first = await play(database_server, migrated_template, script)
    run, dice = WatchedConnection._run, random.Random()

    async def slow(*given: Any) -> Any:
        await asyncio.sleep(dice.choice((0.0, 0.0, 0.0, 0.002)))
        return await run(*given)

    monkeypatch.setattr(WatchedConnection, "_run", slow)
    assert await play(database_server, migrated_template, script) == first
    assert script == write_script(seed, 3, storms=False)
