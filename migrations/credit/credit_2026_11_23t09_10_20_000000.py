from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T09:10:20:000000"
VERSION = "1.38.0"
DESCRIPTION = "A line of an authority's file is kept as it was signed; it takes effect once"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

LINES = """
CREATE TRIGGER authority_line_is_kept BEFORE
  UPDATE OF id, subject, authority, document_number, source_import, line, content, received_at
  OR DELETE OR TRUNCATE ON authority_line
FOR EACH STATEMENT EXECUTE FUNCTION credit_row_is_kept()
"""
MATCHED_ONCE = """
CREATE TRIGGER authority_line_is_matched_once BEFORE UPDATE OF matched_at ON authority_line
FOR EACH ROW WHEN (OLD.matched_at IS NOT NULL) EXECUTE FUNCTION credit_row_is_kept()
"""


async def keep() -> None:
    for statement in (LINES, MATCHED_ONCE):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP TRIGGER authority_line_is_matched_once ON authority_line")
    await ENGINE.run_ddl("DROP TRIGGER authority_line_is_kept ON authority_line")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="credit", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
