from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T07:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties, practitioners and holds are kept; one hold for each restriction and agency"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

KEPT = """
CREATE FUNCTION people_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ties, practitioners and holds are followed, never edited or deleted'
    USING ERRCODE = 'restrict_violation';
END $$
"""
TABLES = (
    "agency_tie", "agency_tie_ended", "practitioner", "practitioner_ended", "agency_hold", "agency_hold_ruled",
)  # fmt: skip
GUARD = "CREATE TRIGGER people_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON "
EACH = " FOR EACH STATEMENT EXECUTE FUNCTION people_are_kept()"
ONCE = """
CREATE UNIQUE INDEX agency_hold_once
ON agency_hold (agency, linked_to, coalesce(restriction, ''), coalesce(selection, ''))
"""


async def keep() -> None:
    await ENGINE.run_ddl(KEPT)
    for table in TABLES:
        await ENGINE.run_ddl(GUARD + table + EACH)
    await ENGINE.run_ddl(ONCE)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP INDEX agency_hold_once")
    await ENGINE.run_ddl("DROP FUNCTION people_are_kept() CASCADE")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="agencies", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
