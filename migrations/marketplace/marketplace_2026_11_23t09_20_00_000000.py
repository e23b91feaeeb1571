from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T09:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "To whom a note goes is fixed; that it was delivered is written once, and attempts are only counted up"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

LET_GO = "DROP TRIGGER outbox_delivery_is_kept ON outbox_delivery"
KEPT = """
CREATE TRIGGER outbox_delivery_is_kept BEFORE UPDATE OF id, event, receiver OR DELETE OR TRUNCATE ON outbox_delivery
FOR EACH STATEMENT EXECUTE FUNCTION outbox_is_kept()
"""
DELIVERED_ONCE = """
CREATE TRIGGER outbox_delivery_is_made_once BEFORE UPDATE ON outbox_delivery FOR EACH ROW
WHEN (OLD.delivered_at IS NOT NULL OR NEW.attempts < OLD.attempts)
EXECUTE FUNCTION outbox_is_kept()
"""
KEPT_BEFORE = """
CREATE TRIGGER outbox_delivery_is_kept BEFORE DELETE OR TRUNCATE ON outbox_delivery
FOR EACH STATEMENT EXECUTE FUNCTION outbox_is_kept()
"""


async def fix_addresses() -> None:
    for statement in (LET_GO, KEPT, DELIVERED_ONCE):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    for statement in ("DROP TRIGGER outbox_delivery_is_made_once ON outbox_delivery", LET_GO, KEPT_BEFORE):
        await ENGINE.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(fix_addresses)
    manager.add_raw_backwards(let_go)
    return manager
