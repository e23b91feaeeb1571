from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T10:58:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "No contract is signed with whom a restriction bars, and a contract is never another one's"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

# As the triggers of 07:30: behind the use cases, by statement, judged by refuse_restricted. An upload and a
# confirmation bind the agency whoever makes them, so does a change that both agree to; a longer time alone does not.
EVENTS = """
CREATE FUNCTION contract_event_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held record;
BEGIN
  SELECT array_agg(data->>'agency') AS agencies, array_agg('contract'::text) AS acts,
    array_agg(substr(subject, 10)) AS selections, array_agg(NULL::text) AS items,
    array_agg(greatest(at, clock_timestamp())) AS instants INTO held
  FROM fresh WHERE type IN ('contract.uploaded', 'contract.confirmed')
    OR type = 'contract.change_agreed' AND data->>'kind' = 'change';
  IF held.agencies IS NOT NULL THEN
    PERFORM refuse_restricted(held.agencies, held.acts, held.selections, held.items, held.instants, held.instants);
  END IF;
  RETURN NULL;
END $$
"""
BEHIND_EVENTS = """
CREATE TRIGGER contract_event_is_free AFTER INSERT ON record_event REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION contract_event_is_free()
"""
KEEP = """
CREATE FUNCTION contract_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a contract is kept as it was written: %', TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""
KEPT = """
CREATE TRIGGER contract_is_kept
BEFORE UPDATE OF id, demand, agency, owner_code, region, title, is_example, awarded_at OR DELETE OR TRUNCATE ON contract
FOR EACH STATEMENT EXECUTE FUNCTION contract_is_kept()
"""
ONCE = """
CREATE TRIGGER contract_goes_on BEFORE UPDATE ON contract FOR EACH ROW
WHEN (NEW.last_at < OLD.last_at OR OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at
  OR OLD.accepted_at IS NOT NULL AND NEW.accepted_at IS DISTINCT FROM OLD.accepted_at
  OR OLD.rating IS NOT NULL AND (NEW.rating, NEW.rated_at) IS DISTINCT FROM (OLD.rating, OLD.rated_at)
  OR OLD.state = 'archived')
EXECUTE FUNCTION contract_is_kept()
"""


async def stand_behind() -> None:
    for statement in (EVENTS, BEHIND_EVENTS, KEEP, KEPT, ONCE):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP FUNCTION contract_event_is_free() CASCADE")
    await ENGINE.run_ddl("DROP FUNCTION contract_is_kept() CASCADE")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(stand_behind)
    manager.add_raw_backwards(let_go)
    return manager
