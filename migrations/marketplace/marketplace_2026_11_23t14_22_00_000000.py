from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T14:22:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The access log is found by whose hand it was and by act, a page at a time"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

OF_ROLE = "CREATE INDEX access_entry_of_role ON access_entry (split_part(actor, ':', 1), place)"
OF_ACT = "CREATE INDEX access_entry_of_act ON access_entry (what, place)"


async def index() -> None:
    for statement in (OF_ROLE, OF_ACT):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    for statement in ("DROP INDEX access_entry_of_role", "DROP INDEX access_entry_of_act"):
        await ENGINE.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(index)
    manager.add_raw_backwards(let_go)
    return manager
