from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T05:41:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "What follows is kept as well; a restriction ends where it was lifted"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

FACTS = """
CREATE TRIGGER credit_fact_followed_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_fact_followed
FOR EACH STATEMENT EXECUTE FUNCTION credit_row_is_kept()
"""
RESTRICTIONS = """
CREATE TRIGGER restriction_followed_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON restriction_followed
FOR EACH STATEMENT EXECUTE FUNCTION credit_row_is_kept()
"""
PLACES = "CREATE UNIQUE INDEX credit_fact_followed_place ON credit_fact_followed (fact, place)"
ENDED = """
CREATE VIEW restriction_as_it_ends AS
SELECT id, subject, layer, basis, region, starts_at, least(ends_at, lifted_at) AS ends_at, measures, items, fact,
  notice, lifted_at
FROM restriction CROSS JOIN LATERAL (
  SELECT min(followed.effective_at) AS lifted_at FROM restriction_followed AS followed
  WHERE followed.restriction = restriction.id AND followed.kind = 'lifted'
) AS lifts
"""


async def keep() -> None:
    for statement in (FACTS, RESTRICTIONS, PLACES, ENDED):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP VIEW restriction_as_it_ends")
    await ENGINE.run_ddl("DROP INDEX credit_fact_followed_place")
    await ENGINE.run_ddl("DROP TRIGGER restriction_followed_is_kept ON restriction_followed")
    await ENGINE.run_ddl("DROP TRIGGER credit_fact_followed_is_kept ON credit_fact_followed")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="credit", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
