"""Loading the seed: whole after an end in the middle, once, never into somebody else's market."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from commons.errors import Conflict
from marketplace.database import Database
from marketplace.demo.loading import SEED, begin, is_loaded, load_market
from marketplace.demo.operating import DESK, FILLING, PATIENCE, say_that_it_fills
from marketplace.demo.playing import claim
from marketplace.usecases.mark_load import BEGUN, MarkLoad, load_mark, mark_load
from marketplace.usecases.read_announcements import read_open_announcements
from tests.usecases.market import Market, now

COUNTS = """
SELECT (SELECT count(*) FROM agency) AS agencies, (SELECT count(*) FROM qualification) AS qualifications,
  (SELECT count(*) FROM shelf_offer) AS shelf, (SELECT count(*) FROM credit_fact) AS facts,
  (SELECT count(*) FROM demand WHERE state = 'published') AS demands, (SELECT count(*) FROM record_event) AS events
"""


async def counts(database: Database) -> dict[str, int]:
    async with database.borrow() as connection:
        return dict(await connection.fetchrow(COUNTS) or {})


async def load(database: Database, *, later: timedelta = timedelta()) -> None:
    await load_market(database, profile="generic-v1", at=now() + later)


async def test_a_load_that_ended_in_the_middle_is_completed_by_the_next_one(database: Database) -> None:
    interrupted = 0
    for pause in (0.02, 0.1, 0.2, 0.35):
        task = asyncio.create_task(load(database))
        await asyncio.sleep(pause)
        interrupted += not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert interrupted, "some load was ended before its end"
    await load(database)
    done = await counts(database)
    assert await is_loaded(database)
    await load(database)
    assert await counts(database) == done
    assert done["agencies"] == 69
    assert done["facts"] > 0
    assert done["demands"] == 12
    async with database.borrow() as connection:
        told = await connection.fetch(
            "SELECT title, announcement_end.kind FROM announcement JOIN announcement_end ON announcement = id"
        )
        desks = await connection.fetch("SELECT name, phone FROM help_desk")
    assert [tuple(one) for one in told] == [(FILLING, "taken_down")], "said once, and taken down once it was full"
    assert [tuple(one) for one in desks] == [(DESK.name, DESK.phone)]


async def test_a_load_that_began_long_ago_is_completed_without_a_word_of_it(database: Database) -> None:
    begun = (await begin(database, SEED, profile="generic-v1")).begun_at
    assert await say_that_it_fills(database, SEED, begun_at=begun, at=begun + PATIENCE) is None
    assert await read_open_announcements(database) == ()


async def test_two_loads_at_once_make_one_market(database: Database) -> None:
    await asyncio.gather(load(database), load(database))
    done = await counts(database)
    assert done["agencies"] == 69
    assert done["demands"] == 12


async def test_nothing_is_loaded_into_a_market_in_which_something_has_happened(database: Database) -> None:
    await Market(database).file(1)
    with pytest.raises(Conflict, match="nothing is loaded"):
        await load(database)
    assert (await counts(database))["agencies"] == 1
    assert not await is_loaded(database)


async def test_looking_at_a_mark_leaves_nothing_behind(database: Database) -> None:
    assert await load_mark(database, SEED, BEGUN) is None
    assert await load_mark(database, SEED, BEGUN) is None
    marked = await mark_load(database, MarkLoad(load=SEED, step=BEGUN))
    assert await load_mark(database, SEED, BEGUN) == marked
    assert await mark_load(database, MarkLoad(load=SEED, step=BEGUN)) == marked


async def test_of_two_hands_that_want_to_play_one_may(database: Database) -> None:
    begun = await load_market(database, profile="generic-v1", at=now())
    ended = await asyncio.gather(*(claim(database, begun, loading_seconds=0) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in ended) == 3
