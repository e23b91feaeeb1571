from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T15:36:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "What an agency won is found in its order"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "600s"

# Among a million results an agency has a few: by its winner alone, or by the day alone, all were walked through.
WON = "CREATE INDEX demand_won ON demand (winner, decided_at, id) WHERE winner IS NOT NULL"
NOT_WON = "DROP INDEX demand_won"


async def index() -> None:
    await ENGINE.run_ddl(WON)


async def let_go() -> None:
    await ENGINE.run_ddl(NOT_WON)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(index)
    manager.add_raw_backwards(let_go)
    return manager
