from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T01:56:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Credit facts and restrictions are never edited or deleted"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

FUNCTION = """
CREATE FUNCTION credit_row_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a credit fact or restriction is never edited or deleted' USING ERRCODE = 'restrict_violation';
END $$
"""
FACTS = """
CREATE TRIGGER credit_fact_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_fact
FOR EACH STATEMENT EXECUTE FUNCTION credit_row_is_kept()
"""
RESTRICTIONS = """
CREATE TRIGGER restriction_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON restriction
FOR EACH STATEMENT EXECUTE FUNCTION credit_row_is_kept()
"""


async def keep() -> None:
    for statement in (FUNCTION, FACTS, RESTRICTIONS):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP FUNCTION credit_row_is_kept() CASCADE")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="credit", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
