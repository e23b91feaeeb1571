from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T17:05:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "Announcements and how they ended are only added"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

TABLES = ("announcement", "announcement_end")
FUNCTION = """
CREATE FUNCTION announcements_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
KEPT = """
CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION announcements_are_kept()
"""


async def keep() -> None:
    await ENGINE.run_ddl(FUNCTION)
    for table in TABLES:
        await ENGINE.run_ddl(KEPT.format(table=table))


async def let_go() -> None:
    await ENGINE.run_ddl("DROP FUNCTION announcements_are_kept() CASCADE")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
