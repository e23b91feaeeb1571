from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T13:59:20:000000"
VERSION = "1.38.0"
DESCRIPTION = "Demands are counted as they move, and every list has an index in its own order"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "600s"

# docs/adr/0032: a step for every place and item that a demand counts in, one more and one fewer; never an update of a
# row that another transaction counts in too. Every so many steps, whoever writes folds them into the tally.
STEP = """
CREATE FUNCTION note_demand_tally(one demand, step integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO demand_tally_step (place, item, state, outcome, mode, number)
  SELECT DISTINCT place, item, one.state, coalesce(one.outcome, ''), one.mode, step
  FROM unnest(ARRAY['', one.city, one.region]) AS place CROSS JOIN unnest(ARRAY['', one.item]) AS item
$$
"""
FOLD = """
CREATE FUNCTION fold_demand_tally() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock(7204211032) THEN
    RETURN;
  END IF;
  WITH gone AS (
    DELETE FROM demand_tally_step WHERE id IN (
      SELECT id FROM demand_tally_step ORDER BY id LIMIT 8192 FOR UPDATE SKIP LOCKED)
    RETURNING place, item, state, outcome, mode, number)
  INSERT INTO demand_tally (place, item, state, outcome, mode, number)
  SELECT place, item, state, outcome, mode, sum(number) FROM gone
  GROUP BY place, item, state, outcome, mode HAVING sum(number) <> 0
  ON CONFLICT (place, item, state, outcome, mode) DO UPDATE SET number = demand_tally.number + excluded.number;
END $$
"""
TALLY = """
CREATE FUNCTION tally_demand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_noted boolean := false;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.published_at IS NOT NULL THEN
    PERFORM note_demand_tally(OLD, -1);
    is_noted := true;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.published_at IS NOT NULL THEN
    PERFORM note_demand_tally(NEW, 1);
    is_noted := true;
  END IF;
  IF is_noted AND currval('demand_tally_step_id_seq') % 1024 < 12 THEN
    PERFORM fold_demand_tally();
  END IF;
  RETURN NULL;
END $$
"""
BEHIND_INSERT = """
CREATE TRIGGER tally_new_demand AFTER INSERT ON demand FOR EACH ROW
WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION tally_demand()
"""
BEHIND_UPDATE = """
CREATE TRIGGER tally_moved_demand AFTER UPDATE ON demand FOR EACH ROW
WHEN ((OLD.state, OLD.outcome, OLD.mode, OLD.city, OLD.region, OLD.item, OLD.published_at IS NULL)
  IS DISTINCT FROM (NEW.state, NEW.outcome, NEW.mode, NEW.city, NEW.region, NEW.item, NEW.published_at IS NULL))
EXECUTE FUNCTION tally_demand()
"""
BEHIND_DELETE = """
CREATE TRIGGER tally_gone_demand AFTER DELETE ON demand FOR EACH ROW
WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION tally_demand()
"""
COUNT = """
INSERT INTO demand_tally (place, item, state, outcome, mode, number)
SELECT at.place, of.item, state, coalesce(outcome, ''), mode, count(*) FROM demand
  CROSS JOIN LATERAL (SELECT DISTINCT place FROM unnest(ARRAY['', city, region]) AS place) AS at
  CROSS JOIN LATERAL (SELECT unnest(ARRAY['', demand.item]) AS item) AS of
WHERE published_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5
"""
STEPS_BY_KEY = "CREATE INDEX demand_tally_step_by_place ON demand_tally_step (place, item)"

# Lists begin with what still collects, by its close, then what collects without one, then the rest, newest first.
# What else a list may be narrowed by stands in the index: rows that are not shown are never fetched.
INDEXES = (
    """
    CREATE INDEX demand_closing ON demand (closes_at, id)
      INCLUDE (item, city, region, mode, ceiling_fen, is_regional_assessment)
    WHERE state IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended') AND closes_at IS NOT NULL
    """,
    """
    CREATE INDEX demand_closing_region ON demand (region, closes_at, id)
      INCLUDE (item, mode, ceiling_fen)
    WHERE state IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended') AND closes_at IS NOT NULL
    """,
    """
    CREATE INDEX demand_closing_city ON demand (city, closes_at, id)
      INCLUDE (item, mode, ceiling_fen)
    WHERE state IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended') AND closes_at IS NOT NULL
    """,
    """
    CREATE INDEX demand_closing_item ON demand (item, closes_at, id)
      INCLUDE (region, city, mode, ceiling_fen)
    WHERE state IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended') AND closes_at IS NOT NULL
    """,
    """
    CREATE INDEX demand_lasting ON demand (published_at, id)
      INCLUDE (item, city, region, mode, ceiling_fen, is_regional_assessment)
    WHERE state IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended') AND closes_at IS NULL
    """,
    """
    CREATE INDEX demand_past ON demand (published_at, id)
      INCLUDE (item, city, region, mode, state, ceiling_fen, is_regional_assessment)
    WHERE state NOT IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended')
      AND published_at IS NOT NULL
    """,
    """
    CREATE INDEX demand_past_region ON demand (region, published_at, id)
      INCLUDE (item, city, mode, state, ceiling_fen, is_regional_assessment)
    WHERE state NOT IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended')
      AND published_at IS NOT NULL
    """,
    """
    CREATE INDEX demand_past_item ON demand (item, published_at, id)
      INCLUDE (region, city, mode, state, ceiling_fen, is_regional_assessment)
    WHERE state NOT IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended')
      AND published_at IS NOT NULL
    """,
    """
    CREATE INDEX demand_past_ceiling ON demand (ceiling_fen)
      INCLUDE (item, city, region, mode, state, is_regional_assessment)
    WHERE state NOT IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended')
      AND published_at IS NOT NULL
    """,
    """
    CREATE INDEX demand_decided ON demand (decided_at, id)
      INCLUDE (item, city, region, mode, outcome, published_at)
    WHERE outcome IN ('award', 'unsuccessful')
    """,
    """
    CREATE INDEX demand_decided_region ON demand (region, decided_at, id)
      INCLUDE (item, mode, outcome, published_at)
    WHERE outcome IN ('award', 'unsuccessful')
    """,
    """
    CREATE INDEX demand_decided_item ON demand (item, decided_at, id)
      INCLUDE (region, city, mode, outcome, published_at)
    WHERE outcome IN ('award', 'unsuccessful')
    """,
    """
    CREATE INDEX demand_open_grams ON demand USING gin (grams)
    WHERE state IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended')
    """,
    """
    CREATE INDEX demand_grams ON demand USING gin (grams)
    WHERE published_at IS NOT NULL
    """,
)
NO_INDEXES = """
DROP INDEX demand_closing, demand_closing_region, demand_closing_city, demand_closing_item, demand_lasting,
demand_past, demand_past_region, demand_past_item, demand_past_ceiling, demand_decided, demand_decided_region,
demand_decided_item, demand_open_grams, demand_grams, demand_tally_step_by_place
"""
UNDO = (
    "DROP FUNCTION note_demand_tally(demand, integer) CASCADE",
    "DROP FUNCTION fold_demand_tally() CASCADE",
    "DROP FUNCTION tally_demand() CASCADE",
    "DELETE FROM demand_tally",
    "DELETE FROM demand_tally_step",
)


async def count_and_index() -> None:
    for statement in (STEP, FOLD, TALLY, BEHIND_INSERT, BEHIND_UPDATE, BEHIND_DELETE, COUNT, STEPS_BY_KEY, *INDEXES):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    for statement in (NO_INDEXES, *UNDO):
        await ENGINE.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(count_and_index)
    manager.add_raw_backwards(let_go)
    return manager
