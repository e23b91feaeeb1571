from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T09:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Objections, offered items and shelf offers are kept; what follows is written once"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

# By statement what never changes; by row what is written once: an answer, an end, a withdrawal. Awards counted against
# a shelf offer go on being counted.
FUNCTION = """
CREATE FUNCTION agency_row_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what is on file about an agency is followed, never edited or deleted'
    USING ERRCODE = 'restrict_violation';
END $$
"""
OBJECTIONS = """
CREATE TRIGGER filing_objection_is_kept BEFORE
  UPDATE OF id, agency, objector_role, objector, reason, evidence_sha256, objected_at, answer_due_at
  OR DELETE OR TRUNCATE ON filing_objection
FOR EACH STATEMENT EXECUTE FUNCTION agency_row_is_kept()
"""
ANSWERED_ONCE = """
CREATE TRIGGER filing_objection_is_answered_once BEFORE UPDATE ON filing_objection
FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL OR NEW.answered_at IS NULL)
EXECUTE FUNCTION agency_row_is_kept()
"""
ITEMS = """
CREATE TRIGGER offered_item_is_kept BEFORE UPDATE OF id, agency, item, offered_at OR DELETE OR TRUNCATE ON offered_item
FOR EACH STATEMENT EXECUTE FUNCTION agency_row_is_kept()
"""
STOPPED_ONCE = """
CREATE TRIGGER offered_item_is_stopped_once BEFORE UPDATE ON offered_item
FOR EACH ROW WHEN (OLD.stopped_at IS NOT NULL) EXECUTE FUNCTION agency_row_is_kept()
"""
SHELF = """
CREATE TRIGGER shelf_offer_is_kept BEFORE
  UPDATE OF id, agency, item, unit_price_fen, minimum_fee_fen, days, capacity, valid_from, valid_until, nonce, put_at,
    renews
  OR DELETE OR TRUNCATE ON shelf_offer
FOR EACH STATEMENT EXECUTE FUNCTION agency_row_is_kept()
"""
WITHDRAWN_ONCE = """
CREATE TRIGGER shelf_offer_is_withdrawn_once BEFORE UPDATE OF withdrawn_at ON shelf_offer
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION agency_row_is_kept()
"""


async def keep() -> None:
    for statement in (FUNCTION, OBJECTIONS, ANSWERED_ONCE, ITEMS, STOPPED_ONCE, SHELF, WITHDRAWN_ONCE):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP FUNCTION agency_row_is_kept() CASCADE")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="agencies", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
