from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T09:10:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "Who signed up and who was voided is never edited or deleted"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

FUNCTION = """
CREATE FUNCTION selection_row_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'who signed up and who was voided is never edited or deleted' USING ERRCODE = 'restrict_violation';
END $$
"""
BIDDERS = """
CREATE TRIGGER selection_bidder_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON selection_bidder
FOR EACH STATEMENT EXECUTE FUNCTION selection_row_is_kept()
"""
VOIDS = """
CREATE TRIGGER selection_void_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON selection_void
FOR EACH STATEMENT EXECUTE FUNCTION selection_row_is_kept()
"""


async def keep() -> None:
    for statement in (FUNCTION, BIDDERS, VOIDS):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP FUNCTION selection_row_is_kept() CASCADE")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="bidding", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
