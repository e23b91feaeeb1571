"""Whole markets from a seed: random actors, crashes, doubles, late messages; everything holds after every step."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from math import ceil
from typing import Any

import pytest

from marketplace.usecases.offer_writer import OfferWriter
from tests.simulation.faults import PLAN, WatchedConnection
from tests.simulation.play import play, play_all
from tests.simulation.script import SELECTIONS, write_script

SHORT = 33
HAPPENS = (
    "cancelled", "connection ended", "the answer of COMMIT was lost", "voided in a selection", "comprehensive: award",
    "event round.closed", "event award.confirmed", "event bidder.refused", "repeat", "other_body", "wrong_actor",
    "read", "settle", "restrict", "event award.abandoned", "event explanation.given", "event explanation.accepted",
    "event explanation.rejected", "event selection.cancelled", "event selection.suspended", "event selection.resumed",
    "event demand.published_again", "event choice.made", "ruled mean_price", "ruled direct",
    "offers decided together", "a batch is struck", "event confirmation.given", "event award.lapsed",
)  # fmt: skip
"""Each happens in an ordinary run of that size, what follows an outcome too: it has to have succeeded."""
PLANNED_ANEW = 0.02
"""How often the planner looks at the tables anew, where it does: before one statement in fifty."""
FURTHER = 12
"""Markets that are played on top at most, one by one, where the dice of the first ones left something out."""


async def test_whole_markets_keep_every_promise_after_every_step(
    database_server: str, migrated_template: str, monkeypatch: pytest.MonkeyPatch, seed: int,
    sized: Callable[[int], int],
) -> None:  # fmt: skip
    size = sized(SHORT)
    tally = counting_batches(monkeypatch)
    tally.update(await play_all(database_server, migrated_template, seed=seed, size=size))
    further = 0
    while size >= SHORT and missing(tally) and further < FURTHER:  # the next seeds, each a market with every fate
        after = seed + ceil(size / SELECTIONS) + further
        tally.update(await play_all(database_server, migrated_template, seed=after, size=SELECTIONS))
        further += 1
    print(further, "markets on top,", dict(sorted(tally.items())))  # noqa: T201 - what was played, shown by pytest -s
    if size >= SHORT:  # a simulation in which nothing happens would prove nothing
        assert missing(tally) == []


def missing(tally: Counter[str]) -> list[str]:
    """What has to happen and has not."""
    return [word for word in HAPPENS if not tally[word]]


def counting_batches(patch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts offers that are decided together, and batches of several in which a crash strikes."""
    tally: Counter[str] = Counter()
    decide = OfferWriter._decide

    async def counting(self: OfferWriter, batch: Any) -> None:
        plan = PLAN.get()
        struck = len(plan.struck) if plan else 0
        try:
            await decide(self, batch)
        finally:
            tally["offers decided together"] += batch.size > 1
            tally["a batch is struck"] += batch.size > 1 and plan is not None and len(plan.struck) > struck

    patch.setattr(OfferWriter, "_decide", counting)
    return tally


def test_without_storms_no_two_messages_are_sent_in_the_same_moment(seed: int) -> None:
    for one in range(seed, seed + 50):
        steps = write_script(one, 3, storms=False).steps
        assert all(before.at < after.at for before, after in pairwise(steps))


async def test_the_same_seed_gives_the_same_record_to_the_last_byte_however_slow_the_machine_is(
    database_server: str, migrated_template: str, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """What may be compared is a market in which nothing is sent at once: who comes first is up to the machine else.

    On a slow machine the planner comes to know the tables in the middle of it, and plans otherwise from then on.
    """
    script = write_script(seed, 3, storms=False)
    first = await play(database_server, migrated_template, script)
    run, dice = WatchedConnection._run, random.Random()

    async def slow(*given: Any) -> Any:
        await asyncio.sleep(dice.choice((0.0, 0.0, 0.0, 0.002)))
        plan = PLAN.get()
        if plan is not None and dice.random() < PLANNED_ANEW:
            await plan.clock.analyze()
        return await run(*given)

    monkeypatch.setattr(WatchedConnection, "_run", slow)
    assert await play(database_server, migrated_template, script) == first
    assert script == write_script(seed, 3, storms=False)
