from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T13:58:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "What changes a number of the statistics says so by itself; answers about steps are kept"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

DEMAND = """
CREATE FUNCTION statistics_demand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO statistics_past (selection, "row")
    SELECT was.selection, to_jsonb(was) FROM was JOIN now USING (id)
    WHERE was.selection <> now.selection AND was.decided_at IS NOT NULL ON CONFLICT (selection) DO NOTHING;
    INSERT INTO statistics_due (kind, subject)
    SELECT 'selection', now.selection FROM was JOIN now USING (id)
    WHERE now.decided_at IS NOT NULL OR was.decided_at IS NOT NULL AND was.selection = now.selection
    UNION ALL
    SELECT 'selection', was.selection FROM was JOIN now USING (id)
    WHERE was.decided_at IS NOT NULL AND was.selection <> now.selection;
  ELSE
    INSERT INTO statistics_due (kind, subject) SELECT 'selection', selection FROM now WHERE decided_at IS NOT NULL;
  END IF;
  RETURN NULL;
END $$
"""
CONTRACT = """
CREATE FUNCTION statistics_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistics_due (kind, subject) SELECT 'selection', id FROM now WHERE accepted_at IS NOT NULL;
  RETURN NULL;
END $$
"""
AGENCY = """
CREATE FUNCTION statistics_agency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO statistics_due (kind, subject)
    SELECT 'agency', now.uscc FROM was JOIN now USING (uscc) WHERE was.region <> now.region OR was.city <> now.city
    UNION ALL
    SELECT 'selection', demand.selection FROM was JOIN now USING (uscc) JOIN demand ON demand.winner = now.uscc
    WHERE was.city <> now.city;
  ELSE
    INSERT INTO statistics_due (kind, subject) SELECT 'agency', uscc FROM now;
  END IF;
  RETURN NULL;
END $$
"""
SAVING = """
CREATE FUNCTION statistics_saving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistics_due (kind, subject) SELECT 'saving', demand FROM now;
  RETURN NULL;
END $$
"""
SATISFACTION = """
CREATE FUNCTION statistics_satisfaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistics_due (kind, subject) SELECT 'satisfaction', id FROM now;
  RETURN NULL;
END $$
"""
WATCHED = (
    """
CREATE TRIGGER statistics_demand_inserted AFTER INSERT ON demand REFERENCING NEW TABLE AS now
FOR EACH STATEMENT EXECUTE FUNCTION statistics_demand()
""",
    """
CREATE TRIGGER statistics_contract_inserted AFTER INSERT ON contract REFERENCING NEW TABLE AS now
FOR EACH STATEMENT EXECUTE FUNCTION statistics_contract()
""",
    """
CREATE TRIGGER statistics_agency_inserted AFTER INSERT ON agency REFERENCING NEW TABLE AS now
FOR EACH STATEMENT EXECUTE FUNCTION statistics_agency()
""",
    """
CREATE TRIGGER statistics_saving_inserted AFTER INSERT ON coverage_saving REFERENCING NEW TABLE AS now
FOR EACH STATEMENT EXECUTE FUNCTION statistics_saving()
""",
    """
CREATE TRIGGER statistics_satisfaction_inserted AFTER INSERT ON satisfaction REFERENCING NEW TABLE AS now
FOR EACH STATEMENT EXECUTE FUNCTION statistics_satisfaction()
""",
    """
CREATE TRIGGER statistics_demand_updated AFTER UPDATE ON demand REFERENCING OLD TABLE AS was NEW TABLE AS now
FOR EACH STATEMENT EXECUTE FUNCTION statistics_demand()
""",
    """
CREATE TRIGGER statistics_contract_updated AFTER UPDATE ON contract REFERENCING OLD TABLE AS was NEW TABLE AS now
FOR EACH STATEMENT EXECUTE FUNCTION statistics_contract()
""",
    """
CREATE TRIGGER statistics_agency_updated AFTER UPDATE ON agency REFERENCING OLD TABLE AS was NEW TABLE AS now
FOR EACH STATEMENT EXECUTE FUNCTION statistics_agency()
""",
)
"""Whose rows are watched; a saving and an answer are only added."""
KEPT = """
CREATE FUNCTION satisfaction_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'an answer about a step is kept as it was given' USING ERRCODE = 'restrict_violation'; END $$
"""
KEPT_BY = """
CREATE TRIGGER satisfaction_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON satisfaction
FOR EACH STATEMENT EXECUTE FUNCTION satisfaction_is_kept()
"""
BASELINES = """
CREATE INDEX statistics_case_baseline ON statistics_case (item, is_example, awarded_in)
INCLUDE (unit_fen, award_days) WHERE awarded_in IS NOT NULL
"""
RESULTS = """
CREATE INDEX statistics_case_result ON statistics_case (item, is_example, accepted_in)
INCLUDE (result_days) WHERE accepted_in IS NOT NULL
"""
PUBLISHED = "CREATE INDEX statistics_case_published ON statistics_case (item, is_example, published_in)"
STALE = "CREATE INDEX statistics_baseline_stale ON statistics_baseline (id) WHERE is_stale"
SHARES = "CREATE INDEX statistics_share_shown ON statistics_share (is_example, year, item)"


async def watch() -> None:
    for statement in (DEMAND, CONTRACT, AGENCY, SAVING, SATISFACTION, *WATCHED, KEPT, KEPT_BY):
        await ENGINE.run_ddl(statement)
    for statement in (BASELINES, RESULTS, PUBLISHED, STALE, SHARES):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    for statement in (
        "DROP TRIGGER statistics_demand_updated ON demand",
        "DROP TRIGGER statistics_contract_updated ON contract",
        "DROP TRIGGER statistics_agency_updated ON agency",
        "DROP TRIGGER statistics_demand_inserted ON demand",
        "DROP TRIGGER statistics_contract_inserted ON contract",
        "DROP TRIGGER statistics_agency_inserted ON agency",
        "DROP TRIGGER statistics_saving_inserted ON coverage_saving",
        "DROP TRIGGER statistics_satisfaction_inserted ON satisfaction",
        "DROP FUNCTION statistics_demand()",
        "DROP FUNCTION statistics_contract()",
        "DROP FUNCTION statistics_agency()",
        "DROP FUNCTION statistics_saving()",
        "DROP FUNCTION statistics_satisfaction()",
        "DROP TRIGGER satisfaction_is_kept ON satisfaction",
        "DROP FUNCTION satisfaction_is_kept()",
        "DROP INDEX statistics_case_baseline",
        "DROP INDEX statistics_case_result",
        "DROP INDEX statistics_case_published",
        "DROP INDEX statistics_baseline_stale",
        "DROP INDEX statistics_share_shown",
    ):
        await ENGINE.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(watch)
    manager.add_raw_backwards(let_go)
    return manager
