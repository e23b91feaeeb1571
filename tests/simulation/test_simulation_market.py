"""Whole markets from a seed: random actors, crashes, doubles, late messages; everything holds after every step."""

from __future__ import annotations

from collections.abc import Callable

from tests.simulation.play import play, play_all
from tests.simulation.script import write_script

SHORT = 40
HAPPENS = (
    "cancelled", "connection ended", "the answer of COMMIT was lost", "voided in a selection", "comprehensive: award",
    "event round.closed", "event award.confirmed", "event bidder.refused", "repeat", "other_body", "wrong_actor",
    "read", "settle", "restrict",
)  # fmt: skip
"""Each happens ten times or more in an ordinary run of that size."""


async def test_whole_markets_keep_every_promise_after_every_step(
    database_server: str, migrated_template: str, seed: int, sized: Callable[[int], int]
) -> None:
    size = sized(SHORT)
    tally = await play_all(database_server, migrated_template, seed=seed, size=size)
    print(dict(sorted(tally.items())))  # noqa: T201 - what was played, shown by pytest -s
    if size >= SHORT:  # a simulation in which nothing happens would prove nothing
        assert [word for word in HAPPENS if not tally[word]] == []


async def test_the_same_seed_gives_the_same_record_to_the_last_byte(
    database_server: str, migrated_template: str, seed: int
) -> None:
    script = write_script(seed, 3, storms=False)
    first, second = [await play(database_server, migrated_template, script) for _ in range(2)]
    assert first == second
    assert script == write_script(seed, 3, storms=False)
