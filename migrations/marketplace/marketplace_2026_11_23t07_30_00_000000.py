from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T07:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A trigger behind the restriction check"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

# Behind credit.restrictions.restricted: refuses what the use cases should have refused, so no path goes round them.
# Rows come by statement, so a batch costs one check. The status rows are held shared first; only the next statement
# reads what is in force. An act at an instant has since = until; an award counts from as_of to the end of publicity:
# settled late it is judged as of then, not as of now (ADR 0007), and counts no more when it passes on at once. Who
# cannot be awarded cannot sign up or offer either.
CHECK = """
CREATE FUNCTION refuse_restricted(
  agencies text[], acts text[], selections text[], items text[], since timestamptz[], until timestamptz[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  bar record;
BEGIN
  PERFORM 1 FROM agency_status WHERE agency = ANY(agencies) ORDER BY agency FOR SHARE;
  SELECT bound.id, act.agency, act.name INTO bar
  FROM unnest(agencies, acts, selections, items, since, until) AS act(agency, name, selection, item, since, until)
    JOIN restriction AS bound ON bound.subject = act.agency
    CROSS JOIN LATERAL (
      SELECT least(bound.ends_at, min(followed.effective_at)) AS ends_at FROM restriction_followed AS followed
      WHERE followed.restriction = bound.id AND followed.kind = 'lifted'
    ) AS truly
  WHERE (bound.starts_at <= act.since OR bound.starts_at < act.until)
    AND (truly.ends_at IS NULL OR act.since < truly.ends_at)
    AND (cardinality(bound.measures) = 0 OR bound.measures::text[] && CASE act.name
      WHEN 'sign_up' THEN ARRAY['sign_up', 'award'] WHEN 'offer' THEN ARRAY['offer', 'award']
      WHEN 'draw' THEN ARRAY['sign_up', 'offer', 'award'] ELSE ARRAY[act.name] END)
    AND (cardinality(bound.items) = 0 OR act.item = ANY(bound.items) OR EXISTS (
      SELECT FROM selection JOIN demand ON demand.id = selection.demand
      WHERE selection.id = act.selection
        AND (demand.item = ANY(bound.items) OR demand.further_items::text[] && bound.items::text[])))
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'restriction % bars % of %', bar.id, bar.name, bar.agency
      USING ERRCODE = 'restrict_violation';
  END IF;
END $$
"""
EVENTS = """
CREATE FUNCTION record_event_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held record;
BEGIN
  SELECT array_agg(act.agency) AS agencies, array_agg(act.name) AS acts, array_agg(act.selection) AS selections,
    array_agg(act.item) AS items, array_agg(act.since) AS since, array_agg(act.until) AS until INTO held
  FROM (
    SELECT private->>'bidder' AS agency, 'offer' AS name, substr(subject, 11) AS selection, NULL::text AS item,
      greatest(at, clock_timestamp()) AS since, greatest(at, clock_timestamp()) AS until
    FROM fresh WHERE type = 'offer.placed' AND private->>'reason' IS NULL
    UNION ALL
    SELECT data->>'bidder', 'award', substr(subject, 11), NULL, greatest(at, clock_timestamp()),
      greatest(at, clock_timestamp())
    FROM fresh WHERE type = 'explanation.given'
    UNION ALL
    SELECT data->>'bidder', 'award', substr(subject, 11), NULL, (data->>'as_of')::timestamptz,
      least((data->>'publicity_until')::timestamptz, greatest(at, clock_timestamp()))
    FROM fresh WHERE NOT EXISTS (
        SELECT FROM fresh AS later WHERE later.subject = fresh.subject AND later.seq > fresh.seq
          AND later.type IN ('award.proposed', 'selection.unsuccessful'))
      AND (type = 'award.proposed' OR type = 'award.confirmed' AND NOT EXISTS (
        SELECT FROM selection WHERE id = substr(subject, 11) AND mode = 'instant'))
  ) AS act WHERE act.agency IS NOT NULL;
  IF held.agencies IS NOT NULL THEN
    PERFORM refuse_restricted(held.agencies, held.acts, held.selections, held.items, held.since, held.until);
  END IF;
  RETURN NULL;
END $$
"""
BIDDERS = """
CREATE FUNCTION selection_bidder_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held record;
BEGIN
  SELECT array_agg(fresh.agency::text) AS agencies, array_agg(fresh.selection::text) AS selections,
    array_agg(CASE WHEN mode IN ('instant', 'direct') THEN 'award'
      WHEN mode IN ('random_draw', 'credit_draw') THEN 'draw' ELSE 'sign_up' END) AS acts,
    array_agg(NULL::text) AS items, array_agg(greatest(signed_up_at, clock_timestamp())) AS instants INTO held
  FROM fresh JOIN selection ON selection.id = fresh.selection;
  IF held.agencies IS NOT NULL THEN
    PERFORM refuse_restricted(held.agencies, held.acts, held.selections, held.items, held.instants, held.instants);
  END IF;
  RETURN NULL;
END $$
"""
SHELF = """
CREATE FUNCTION shelf_offer_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held record;
BEGIN
  SELECT array_agg(agency::text) AS agencies, array_agg('shelf'::text) AS acts, array_agg(NULL::text) AS selections,
    array_agg(item::text) AS items, array_agg(greatest(put_at, clock_timestamp())) AS instants INTO held
  FROM fresh;
  IF held.agencies IS NOT NULL THEN
    PERFORM refuse_restricted(held.agencies, held.acts, held.selections, held.items, held.instants, held.instants);
  END IF;
  RETURN NULL;
END $$
"""
ITEMS = """
CREATE FUNCTION offered_item_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held record;
BEGIN
  SELECT array_agg(agency::text) AS agencies, array_agg('new_item'::text) AS acts, array_agg(NULL::text) AS selections,
    array_agg(item::text) AS items, array_agg(greatest(offered_at, clock_timestamp())) AS instants INTO held
  FROM fresh;
  IF held.agencies IS NOT NULL THEN
    PERFORM refuse_restricted(held.agencies, held.acts, held.selections, held.items, held.instants, held.instants);
  END IF;
  RETURN NULL;
END $$
"""
BEHIND_EVENTS = """
CREATE TRIGGER record_event_is_free AFTER INSERT ON record_event REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION record_event_is_free()
"""
BEHIND_BIDDERS = """
CREATE TRIGGER selection_bidder_is_free AFTER INSERT ON selection_bidder REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION selection_bidder_is_free()
"""
BEHIND_SHELF = """
CREATE TRIGGER shelf_offer_is_free AFTER INSERT ON shelf_offer REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION shelf_offer_is_free()
"""
BEHIND_ITEMS = """
CREATE TRIGGER offered_item_is_free AFTER INSERT ON offered_item REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION offered_item_is_free()
"""
TRIGGERS = (BEHIND_EVENTS, BEHIND_BIDDERS, BEHIND_SHELF, BEHIND_ITEMS)


async def stand_behind() -> None:
    for statement in (CHECK, EVENTS, BIDDERS, SHELF, ITEMS, *TRIGGERS):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP FUNCTION record_event_is_free() CASCADE")
    await ENGINE.run_ddl("DROP FUNCTION selection_bidder_is_free() CASCADE")
    await ENGINE.run_ddl("DROP FUNCTION shelf_offer_is_free() CASCADE")
    await ENGINE.run_ddl("DROP FUNCTION offered_item_is_free() CASCADE")
    await ENGINE.run_ddl(
        "DROP FUNCTION refuse_restricted(text[], text[], text[], text[], timestamptz[], timestamptz[])"
    )


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(stand_behind)
    manager.add_raw_backwards(let_go)
    return manager
