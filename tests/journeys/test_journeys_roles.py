"""One journey for each role over HTTP; days are seconds by the profile ``demo-v1``, and the clocks really run.

All journeys run at once on one site: while one waits for publicity to pass, the others act. What is theirs alone is
the code of their owner and agencies and the address they come from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import monotonic

import pytest

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.settings import Settings
from tests.journeys.people import Site
from tests.journeys.roles_disputes import objected_and_complained, restricted_and_repaired
from tests.journeys.roles_market import (
    abandoned_by_act_and_by_silence,
    from_filing_to_archive,
    overdue_contracts,
    too_few_twice_then_another_mode,
)
from tests.journeys.roles_offices import covered_demands, delegate_with_mandate, operator_and_auditor
from tests.store.fixtures import fresh

Journey = Callable[[Site], Awaitable[None]]
LONGEST_S = 120
JOURNEYS: tuple[Journey, ...] = (
    from_filing_to_archive, objected_and_complained, abandoned_by_act_and_by_silence, too_few_twice_then_another_mode,
    covered_demands, overdue_contracts, restricted_and_repaired, operator_and_auditor, delegate_with_mandate,
)  # fmt: skip


@dataclass(frozen=True)
class Travelled:
    """How each journey ended (None: well) and how long it took, in seconds."""

    ends: Mapping[str, BaseException | None]
    seconds: Mapping[str, float]


async def travel(site: Site) -> Travelled:
    """All journeys at once; none that fails stops another."""
    seconds: dict[str, float] = {}

    async def timed(journey: Journey) -> None:
        began = monotonic()
        try:
            async with asyncio.timeout(LONGEST_S):
                await journey(site)
        except BaseException:
            await site.gate.abort()  # nobody waits for who does not come
            raise
        finally:
            seconds[journey.__name__] = round(monotonic() - began, 1)

    ends = await asyncio.gather(*(timed(one) for one in JOURNEYS), return_exceptions=True)
    return Travelled({one.__name__: end for one, end in zip(JOURNEYS, ends, strict=True)}, seconds)


@pytest.fixture(scope="module")
def travelled(database_server: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Travelled:
    """The journeys, travelled once for all tests here."""
    folder = tmp_path_factory.mktemp("journeys")

    async def run() -> Travelled:
        async with fresh(database_server, migrated_template) as dsn:
            database = await Database.open(dsn)
            ENGINE.attach(database)
            bind(all_tables())
            try:
                app = create_app(Settings(profile="demo-v1", data_dir=folder), database)
                return await travel(Site(app, database, folder, asyncio.Barrier(len(JOURNEYS))))
            finally:
                ENGINE.attach(None)
                await database.close()

    return asyncio.run(run())


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.__name__)
def test_every_journey_comes_to_its_end(travelled: Travelled, journey: Journey) -> None:
    end = travelled.ends[journey.__name__]
    if end is not None:
        raise end
