from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T07:40:20:000000"
VERSION = "1.38.0"
DESCRIPTION = "Notes are never edited; those that are due are found at once"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

FUNCTION = """
CREATE FUNCTION outbox_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what others are told is never edited or deleted' USING ERRCODE = 'restrict_violation';
END $$
"""
KEPT = """
CREATE TRIGGER outbox_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON outbox
FOR EACH STATEMENT EXECUTE FUNCTION outbox_is_kept()
"""
DELIVERIES = """
CREATE TRIGGER outbox_delivery_is_kept BEFORE DELETE OR TRUNCATE ON outbox_delivery
FOR EACH STATEMENT EXECUTE FUNCTION outbox_is_kept()
"""
DUE = "CREATE INDEX outbox_delivery_due ON outbox_delivery (due_at, id) WHERE delivered_at IS NULL"


async def keep() -> None:
    for statement in (FUNCTION, KEPT, DELIVERIES, DUE):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP INDEX outbox_delivery_due")
    await ENGINE.run_ddl("DROP FUNCTION outbox_is_kept() CASCADE")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
