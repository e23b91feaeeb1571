from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T21:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = (
    "How often agencies moved in what they are searched by is counted: a search with many hits is remembered by it"
)

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

# A sequence makes nobody wait, and never goes back: what was rolled back counts as a move too.
SEQUENCE = "CREATE SEQUENCE agency_moved"
BEGUN = "SELECT setval('agency_moved', 1)"
FUNCTION = """
CREATE FUNCTION count_agency_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM nextval('agency_moved');
  RETURN NULL;
END $$
"""
CHANGED = """
CREATE TRIGGER agency_moved_by_change AFTER UPDATE ON agency FOR EACH ROW
WHEN ((OLD.words, OLD.city, OLD.region) IS DISTINCT FROM (NEW.words, NEW.city, NEW.region))
EXECUTE FUNCTION count_agency_move()
"""
GONE = """
CREATE TRIGGER agency_moved_by_going AFTER DELETE ON agency FOR EACH ROW EXECUTE FUNCTION count_agency_move()
"""
LET_GO = (
    "DROP TRIGGER agency_moved_by_going ON agency",
    "DROP TRIGGER agency_moved_by_change ON agency",
    "DROP FUNCTION count_agency_move()",
    "DROP SEQUENCE agency_moved",
)


async def watch() -> None:
    for statement in (SEQUENCE, BEGUN, FUNCTION, CHANGED, GONE):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    for statement in LET_GO:
        await ENGINE.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="agencies", description=DESCRIPTION)
    manager.add_raw(watch)
    manager.add_raw_backwards(let_go)
    return manager
