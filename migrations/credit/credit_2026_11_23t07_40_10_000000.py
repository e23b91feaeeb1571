from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T07:40:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "A line waits once; an import is never edited"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

ONCE = "CREATE UNIQUE INDEX authority_line_once ON authority_line (subject, authority, document_number)"
IMPORTS = """
CREATE TRIGGER credit_import_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_import
FOR EACH STATEMENT EXECUTE FUNCTION credit_row_is_kept()
"""


async def keep() -> None:
    for statement in (ONCE, IMPORTS):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP TRIGGER credit_import_is_kept ON credit_import")
    await ENGINE.run_ddl("DROP INDEX authority_line_once")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="credit", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
