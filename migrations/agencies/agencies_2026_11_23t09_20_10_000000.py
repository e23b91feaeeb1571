from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T09:20:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "Awards counted against a shelf offer are never counted back, nor beyond what it offers"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

COUNTED_UP = """
CREATE TRIGGER shelf_offer_is_counted_up BEFORE UPDATE OF taken ON shelf_offer
FOR EACH ROW WHEN (NEW.taken < OLD.taken OR NEW.taken > NEW.capacity) EXECUTE FUNCTION agency_row_is_kept()
"""


async def count_up() -> None:
    await ENGINE.run_ddl(COUNTED_UP)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP TRIGGER shelf_offer_is_counted_up ON shelf_offer")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="agencies", description=DESCRIPTION)
    manager.add_raw(count_up)
    manager.add_raw_backwards(let_go)
    return manager
