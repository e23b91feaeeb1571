from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.columns import Serial, Text
from piccolo.conf.apps import AppConfig
from piccolo.table import Table, create_table_class

from marketplace.database import Database
from marketplace.migrate import APPS, all_steps, all_tables, app_config, migrate_backward, migrate_forward
from tests.migrations.catalog import catalog, columns

TYPES = {
    "VARCHAR": "character varying",
    "TIMESTAMPTZ": "timestamp with time zone",
    "SERIAL": "integer",
    "BIGSERIAL": "bigint",
}
"""How PostgreSQL spells what Piccolo declares."""


@pytest.fixture
async def empty(empty_dsn: str) -> AsyncIterator[Database]:
    opened = await Database.open(empty_dsn)
    yield opened
    await opened.close()


async def schema_of(database: Database) -> frozenset[str]:
    async with database.borrow() as connection:
        return await catalog(connection)


def test_every_app_has_steps_with_names_and_ids_of_their_own() -> None:
    steps = all_steps()
    assert {step.app for step in steps} == set(APPS)
    assert len({(step.app, step.id) for step in steps}) == len(steps)
    assert len({step.path.name for step in steps}) == len(steps)


@pytest.mark.parametrize("earlier", range(1, len(all_steps())))
async def test_an_upgraded_schema_equals_a_fresh_one(empty: Database, database: Database, earlier: int) -> None:
    fresh = await schema_of(database)
    await migrate_forward(empty, all_steps()[:earlier])
    before = await schema_of(empty)
    assert before != fresh
    await migrate_forward(empty)
    assert await schema_of(empty) == fresh


async def test_migrating_again_does_nothing(database: Database) -> None:
    before = await schema_of(database)
    assert await migrate_forward(database) == ()
    assert await schema_of(database) == before


async def test_backward_leaves_nothing_and_forward_again_gives_the_same_schema(empty: Database) -> None:
    nothing = await schema_of(empty)
    steps = all_steps()
    assert len(await migrate_forward(empty)) == len(steps)
    for step in reversed(steps):  # each step back and forward again, then back for good
        there = await schema_of(empty)
        assert len(await migrate_backward(empty, (step,))) == 1
        assert await schema_of(empty) != there
        await migrate_forward(empty, (step,))
        assert await schema_of(empty) == there
        await migrate_backward(empty, (step,))
    assert await schema_of(empty) == nothing
    await migrate_forward(empty)
    assert [step.id for step in await migrate_backward(empty)] == [step.id for step in reversed(steps)]
    assert await schema_of(empty) == nothing


async def differences(config: AppConfig) -> list[str]:
    statements = await AutoMigrationManager(auto_input="y").get_alter_statements(config)
    return [text for statement in statements for text in statement.statements]


@pytest.mark.parametrize("app", APPS)
async def test_the_tables_have_not_drifted_from_the_steps(app: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PICCOLO_CONF", "marketplace.piccolo_conf")
    assert await differences(app_config(app)) == [], f'run: python -m marketplace.migrate new {app} "what changes"'


async def test_a_planted_drift_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PICCOLO_CONF", "marketplace.piccolo_conf")
    config = app_config("credit")
    planted = create_table_class("Planted", class_members={"id": Serial(primary_key=True), "words": Text()})
    drifted = AppConfig("credit", config.migrations_folder_path, [*config.table_classes, planted])
    assert any("Planted" in line for line in await differences(drifted))


def declared(table: type[Table]) -> frozenset[tuple[str, str, str, bool]]:
    found = set()
    for column in table._meta.columns:
        kind, bracket, size = column.column_type.partition("(")
        name = TYPES.get(kind.upper(), kind.lower()) + bracket + size
        found.add((table._meta.tablename, column._meta.db_column_name, name, bool(column._meta.null)))
    return frozenset(found)


async def test_the_database_has_exactly_the_columns_of_the_tables(database: Database) -> None:
    async with database.borrow() as connection:
        present = await columns(connection)
    assert present == frozenset().union(*(declared(table) for table in all_tables()))


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE agency ADD COLUMN planted text",
        "ALTER TABLE agency ALTER COLUMN name SET DEFAULT 'x'",
        "ALTER TABLE agency ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE agency ALTER COLUMN name TYPE varchar(9)",
        "ALTER TABLE agency ADD CONSTRAINT planted CHECK (name <> '')",
        "CREATE INDEX planted ON agency (name)",
        "CREATE FUNCTION planted() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TRIGGER planted BEFORE UPDATE ON agency EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
)
async def test_the_comparison_of_schemas_sees_each_kind_of_change(database: Database, change: str) -> None:
    before = await schema_of(database)
    async with database.transaction() as connection:
        await connection.execute(change)
    assert await schema_of(database) != before
