from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T10:46:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The access log is only added to; a role is ended once and reads as it read; one open mandate at a time"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

FUNCTION = """
CREATE FUNCTION account_evidence_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
LOG = """
CREATE TRIGGER access_entry_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON access_entry
FOR EACH STATEMENT EXECUTE FUNCTION account_evidence_is_kept()
"""
ROLE = """
CREATE TRIGGER account_role_is_kept BEFORE UPDATE ON account_role FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL OR to_jsonb(OLD) - '{ended_at,ended_by,is_verified}'::text[]
  <> to_jsonb(NEW) - '{ended_at,ended_by,is_verified}'::text[])
EXECUTE FUNCTION account_evidence_is_kept()
"""
ROLE_STAYS = """
CREATE TRIGGER account_role_stays BEFORE DELETE OR TRUNCATE ON account_role
FOR EACH STATEMENT EXECUTE FUNCTION account_evidence_is_kept()
"""
PROPOSAL = """
CREATE TRIGGER proposal_is_kept BEFORE UPDATE ON proposal FOR EACH ROW
WHEN (OLD.verdict IS NOT NULL OR to_jsonb(OLD) - '{verdict,decided_by,decided_person,decided_at,reason}'::text[]
  <> to_jsonb(NEW) - '{verdict,decided_by,decided_person,decided_at,reason}'::text[])
EXECUTE FUNCTION account_evidence_is_kept()
"""
PROPOSAL_STAYS = """
CREATE TRIGGER proposal_stays BEFORE DELETE OR TRUNCATE ON proposal
FOR EACH STATEMENT EXECUTE FUNCTION account_evidence_is_kept()
"""
ONE_ROLE = """
CREATE UNIQUE INDEX account_role_once
ON account_role (account, role, coalesce(organisation, ''), coalesce(region, ''), coalesce(line, ''))
WHERE ended_at IS NULL
"""
ONE_MANDATE = "CREATE UNIQUE INDEX mandate_once ON mandate (owner, delegate) WHERE ended_at IS NULL"


async def keep() -> None:
    for statement in (FUNCTION, LOG, ROLE, ROLE_STAYS, PROPOSAL, PROPOSAL_STAYS, ONE_ROLE, ONE_MANDATE):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    for statement in (
        "DROP FUNCTION account_evidence_is_kept() CASCADE",
        "DROP INDEX account_role_once",
        "DROP INDEX mandate_once",
    ):
        await ENGINE.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
