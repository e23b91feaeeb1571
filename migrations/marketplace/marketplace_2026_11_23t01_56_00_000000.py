from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T01:56:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The record is only ever appended to"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

# An erased private part (its salt with it) is the one change an event may see: its hash stays, so do all proofs.
FUNCTION = """
CREATE FUNCTION record_event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.private IS NULL AND NEW.salt IS NULL
       AND to_jsonb(NEW) - 'private' - 'salt' = to_jsonb(OLD) - 'private' - 'salt' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'an event of the record is never edited or deleted' USING ERRCODE = 'restrict_violation';
END $$
"""
ROWS = """
CREATE TRIGGER record_event_is_kept BEFORE UPDATE OR DELETE ON record_event
FOR EACH ROW EXECUTE FUNCTION record_event_is_kept()
"""
TABLE = """
CREATE TRIGGER record_event_is_not_emptied BEFORE TRUNCATE ON record_event
FOR EACH STATEMENT EXECUTE FUNCTION record_event_is_kept()
"""


async def keep() -> None:
    for statement in (FUNCTION, ROWS, TABLE):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP FUNCTION record_event_is_kept() CASCADE")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
