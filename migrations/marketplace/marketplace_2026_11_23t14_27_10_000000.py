from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T14:27:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "What was counted of a city and an item together is found by both"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

FOUND_BY = "CREATE INDEX statistics_case_cut ON statistics_case (is_example, item, city)"


async def find() -> None:
    await ENGINE.run_ddl(FOUND_BY)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP INDEX statistics_case_cut")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(find)
    manager.add_raw_backwards(let_go)
    return manager
