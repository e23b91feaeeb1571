from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T10:49:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Attachments are only added; what refers to one stays, and what was published stays public"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

FUNCTION = """
CREATE FUNCTION attachment_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
FILES = """
CREATE TRIGGER attachment_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON attachment
FOR EACH STATEMENT EXECUTE FUNCTION attachment_is_kept()
"""
USES_STAY = """
CREATE TRIGGER attachment_use_stays BEFORE DELETE OR TRUNCATE ON attachment_use
FOR EACH STATEMENT EXECUTE FUNCTION attachment_is_kept()
"""
USES_KEPT = """
CREATE TRIGGER attachment_use_is_kept BEFORE UPDATE ON attachment_use FOR EACH ROW
WHEN ((OLD.is_public AND NOT NEW.is_public)
  OR to_jsonb(OLD) - '{parties,is_public}'::text[] <> to_jsonb(NEW) - '{parties,is_public}'::text[])
EXECUTE FUNCTION attachment_is_kept()
"""


async def keep() -> None:
    for statement in (FUNCTION, FILES, USES_STAY, USES_KEPT):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    for statement in (
        "DROP TRIGGER attachment_use_is_kept ON attachment_use",
        "DROP TRIGGER attachment_use_stays ON attachment_use",
        "DROP TRIGGER attachment_is_kept ON attachment",
        "DROP FUNCTION attachment_is_kept()",
    ):
        await ENGINE.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
