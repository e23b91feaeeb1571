from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T17:12:40:000000"
VERSION = "1.38.0"
DESCRIPTION = "What similar demands cost is read from an index; the tally moves with what is searched"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "600s"

# Awards of an item, latest first, with all that is compared: two thousand rows that lie apart are never fetched.
SIMILAR = """
CREATE INDEX demand_similar ON demand (item, is_example, decided_at DESC, id)
  INCLUDE (region, city, winning_fen, max_days, published_at, publicity_until, further_items)
WHERE outcome = 'award' AND winner IS NOT NULL AND winning_fen IS NOT NULL
"""
NO_SIMILAR = "DROP INDEX demand_similar"

# Searches that find more than is counted are remembered as long as few demands have moved: words move a demand too.
NO_TRIGGER = "DROP TRIGGER tally_moved_demand ON demand"
MOVED = """
CREATE TRIGGER tally_moved_demand AFTER UPDATE ON demand FOR EACH ROW
WHEN ((OLD.state, OLD.outcome, OLD.mode, OLD.city, OLD.region, OLD.item, OLD.published_at IS NULL,
    OLD.words, OLD.winner_words)
  IS DISTINCT FROM (NEW.state, NEW.outcome, NEW.mode, NEW.city, NEW.region, NEW.item, NEW.published_at IS NULL,
    NEW.words, NEW.winner_words))
EXECUTE FUNCTION tally_demand()
"""
MOVED_BEFORE = """
CREATE TRIGGER tally_moved_demand AFTER UPDATE ON demand FOR EACH ROW
WHEN ((OLD.state, OLD.outcome, OLD.mode, OLD.city, OLD.region, OLD.item, OLD.published_at IS NULL)
  IS DISTINCT FROM (NEW.state, NEW.outcome, NEW.mode, NEW.city, NEW.region, NEW.item, NEW.published_at IS NULL))
EXECUTE FUNCTION tally_demand()
"""


async def index_and_watch() -> None:
    for statement in (SIMILAR, NO_TRIGGER, MOVED):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    for statement in (NO_TRIGGER, MOVED_BEFORE, NO_SIMILAR):
        await ENGINE.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(index_and_watch)
    manager.add_raw_backwards(let_go)
    return manager
