from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T09:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A note takes its number as its transaction commits, one transaction after the other"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

LET_GO = "DROP TRIGGER outbox_is_kept ON outbox"
NUMBER = """
UPDATE outbox SET number = earlier.number
FROM (SELECT id, row_number() OVER (ORDER BY place) AS number FROM outbox) AS earlier WHERE earlier.id = outbox.id
"""
ONCE = "CREATE UNIQUE INDEX outbox_number_once ON outbox (number)"
FUNCTION = """
CREATE FUNCTION outbox_takes_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('outbox', 2));
  UPDATE outbox SET number = (SELECT coalesce(max(number), 0) + 1 FROM outbox) WHERE id = NEW.id;
  RETURN NULL;
END $$
"""
TAKES = """
CREATE CONSTRAINT TRIGGER outbox_takes_number AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION outbox_takes_number()
"""
KEPT = """
CREATE TRIGGER outbox_is_kept BEFORE DELETE OR TRUNCATE ON outbox
FOR EACH STATEMENT EXECUTE FUNCTION outbox_is_kept()
"""
NUMBERED = """
CREATE TRIGGER outbox_is_numbered_once BEFORE UPDATE ON outbox FOR EACH ROW
WHEN (OLD.number IS NOT NULL OR NEW.number IS NULL OR to_jsonb(OLD) - 'number' <> to_jsonb(NEW) - 'number')
EXECUTE FUNCTION outbox_is_kept()
"""
KEPT_BEFORE = """
CREATE TRIGGER outbox_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON outbox
FOR EACH STATEMENT EXECUTE FUNCTION outbox_is_kept()
"""


async def take_numbers() -> None:
    for statement in (LET_GO, NUMBER, ONCE, FUNCTION, TAKES, KEPT, NUMBERED):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    for statement in (
        "DROP TRIGGER outbox_is_numbered_once ON outbox",
        "DROP TRIGGER outbox_is_kept ON outbox",
        "DROP FUNCTION outbox_takes_number() CASCADE",
        "DROP INDEX outbox_number_once",
        KEPT_BEFORE,
    ):
        await ENGINE.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(take_numbers)
    manager.add_raw_backwards(let_go)
    return manager
