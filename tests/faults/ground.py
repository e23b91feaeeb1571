"""The ground that faults are played on: a database of one's own with the whole schema, and agencies by the hundred.

One agency is filed by the use cases as any other is; further ones are copies of its rows, so that a race costs the
race and not the filing before it. Nothing else is made past the use cases.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence

import asyncpg

from commons.regions import REGIONS
from marketplace.database import Database
from marketplace.migrate import all_tables, migrate_forward
from marketplace.piccolo_engine import ENGINE, bind
from tests.faults.figures import own_database
from tests.usecases.market import Market, code

CITIES = tuple(f"33{number:02d}00" for number in range(1, 12))
"""The eleven regions of the province."""
FIRST = 1
"""The number of the agency that others are copies of; it takes part in nothing."""

_COPY = (
    """INSERT INTO agency SELECT (jsonb_populate_record(NULL::agency, to_jsonb(first) || jsonb_build_object(
         'uscc', fresh.uscc, 'name', first.name || fresh.uscc, 'region', fresh.region, 'city', fresh.region))).*
       FROM agency first, unnest($2::text[], $3::text[]) AS fresh(uscc, region) WHERE first.uscc = $1""",
    """INSERT INTO agency_status SELECT (jsonb_populate_record(NULL::agency_status, to_jsonb(first)
         || jsonb_build_object('agency', fresh.uscc))).*
       FROM agency_status first, unnest($2::text[], $3::text[]) AS fresh(uscc, region) WHERE first.agency = $1""",
    """INSERT INTO qualification SELECT (jsonb_populate_record(NULL::qualification, to_jsonb(first)
         || jsonb_build_object('agency', fresh.uscc, 'id', gen_random_uuid(), 'number', fresh.uscc))).*
       FROM qualification first, unnest($2::text[], $3::text[]) AS fresh(uscc, region) WHERE first.agency = $1""",
)


@contextlib.asynccontextmanager
async def own_market(*, maximum: int) -> AsyncIterator[Database]:
    """Open a durable server of this run alone with the whole schema and nothing in it."""
    async with own_database() as dsn:
        database = await Database.open(dsn, maximum=maximum)
        ENGINE.attach(database)
        bind(all_tables())
        try:
            await migrate_forward(database)
            yield database
        finally:
            ENGINE.attach(None)
            await database.close()


def city_of(number: int) -> str:
    """Spread agencies evenly over the eleven regions."""
    assert {REGIONS.get(city).code for city in CITIES} == set(CITIES), "a region of the catalogue each"
    return CITIES[number % len(CITIES)]


async def file_many(database: Database, numbers: Sequence[int]) -> None:
    """File the agencies of these numbers with a surveying certificate each, spread over the regions."""
    async with database.read() as connection:
        known = await connection.fetchval("SELECT true FROM agency WHERE uscc = $1", code(FIRST))
    if not known:
        await Market(database).file(FIRST)
    async with database.transaction() as connection:
        for statement in _COPY:
            await connection.execute(
                statement, code(FIRST), [code(one) for one in numbers], [city_of(one) for one in numbers]
            )


@contextlib.asynccontextmanager
async def without_triggers(database: Database) -> AsyncIterator[None]:
    """Connections opened inside the block run no triggers: a control has nothing standing behind it."""
    async with database.borrow() as connection:
        await connection.execute(_TRIGGERS_OFF)
    try:
        yield
    finally:
        async with database.borrow() as connection:
            await connection.execute(_TRIGGERS_ON)


async def drop_guards(dsn: str) -> None:
    """Take away what stands behind the restriction check, for good, in a database of a control."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_GUARDS_OFF)
    finally:
        await connection.close()


_GUARDS_OFF = """
DROP TRIGGER record_event_is_free ON record_event;
DROP TRIGGER contract_event_is_free ON record_event;
DROP TRIGGER selection_bidder_is_free ON selection_bidder;
DROP TRIGGER shelf_offer_is_free ON shelf_offer;
DROP TRIGGER offered_item_is_free ON offered_item
"""
_TRIGGERS_OFF = """DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica', current_database());
END $$"""
_TRIGGERS_ON = """DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I RESET session_replication_role', current_database());
END $$"""
