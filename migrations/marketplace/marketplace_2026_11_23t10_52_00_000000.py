from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T10:52:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Versions, coverage, its ends and savings, and milestones are only added"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

TABLES = ("rule_version", "coverage", "coverage_end", "coverage_saving", "project_milestone")
FUNCTION = """
CREATE FUNCTION rules_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
KEPT = """
CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION rules_are_kept()
"""


async def keep() -> None:
    await ENGINE.run_ddl(FUNCTION)
    for table in TABLES:
        await ENGINE.run_ddl(KEPT.format(table=table))


async def let_go() -> None:
    await ENGINE.run_ddl("DROP FUNCTION rules_are_kept() CASCADE")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
