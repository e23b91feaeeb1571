from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T07:26:40:000000"
VERSION = "1.38.0"
DESCRIPTION = "What follows a certificate is kept; one open row for each item and objector; ways to find agencies"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

KEPT = """
CREATE FUNCTION certificate_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a certificate and what followed it are never edited or deleted' USING ERRCODE = 'restrict_violation';
END $$
"""
CERTIFICATES = """
CREATE TRIGGER qualification_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON qualification
FOR EACH STATEMENT EXECUTE FUNCTION certificate_is_kept()
"""
FOLLOWED = """
CREATE TRIGGER qualification_followed_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON qualification_followed
FOR EACH STATEMENT EXECUTE FUNCTION certificate_is_kept()
"""
ENDED = """
CREATE VIEW qualification_as_it_ends AS
SELECT held.id, held.agency, held.kind, held.grade, held.number, held.issuer, held.valid_from, held.valid_until,
  held.scope, held.regions, held.items, held.follows, ends.effective_at AS ended_at, ends.kind AS ended_by
FROM qualification AS held
  LEFT JOIN qualification_followed AS ends ON ends.qualification = held.id AND ends.kind <> 'renewed'
"""
ONCE_OFFERED = """
CREATE UNIQUE INDEX offered_item_once ON offered_item (agency, item) WHERE stopped_at IS NULL
"""
ONCE_OBJECTED = """
CREATE UNIQUE INDEX filing_objection_once ON filing_objection (agency, objector_role, objector) WHERE answer IS NULL
"""
OF_AGENCY = "CREATE INDEX qualification_of_agency ON qualification (agency)"
OF_KIND = """
CREATE INDEX qualification_of_kind ON qualification (kind, grade, agency)
INCLUDE (id, valid_from, valid_until, items, regions)
"""
ENDS_ONCE = """
CREATE UNIQUE INDEX qualification_ends_once ON qualification_followed (qualification) WHERE kind <> 'renewed'
"""
RENEWED_ONCE = """
CREATE UNIQUE INDEX qualification_renewed_once ON qualification_followed (qualification) WHERE kind = 'renewed'
"""
IN_CITY = "CREATE INDEX agency_in_city ON agency (city, uscc)"
IN_REGION = "CREATE INDEX agency_in_region ON agency (region, uscc)"
DORMANT = "CREATE INDEX agency_status_dormant ON agency_status (agency) WHERE standing <> 'active'"


async def keep() -> None:
    for statement in (
        KEPT, CERTIFICATES, FOLLOWED, ENDED, ONCE_OFFERED, ONCE_OBJECTED, OF_AGENCY, OF_KIND, ENDS_ONCE,
        RENEWED_ONCE, IN_CITY, IN_REGION, DORMANT,
    ):  # fmt: skip
        await ENGINE.run_ddl(statement)


GONE = (
    "DROP INDEX agency_status_dormant",
    "DROP INDEX agency_in_region",
    "DROP INDEX agency_in_city",
    "DROP INDEX qualification_renewed_once",
    "DROP INDEX qualification_ends_once",
    "DROP INDEX qualification_of_kind",
    "DROP INDEX qualification_of_agency",
    "DROP INDEX filing_objection_once",
    "DROP INDEX offered_item_once",
    "DROP VIEW qualification_as_it_ends",
    "DROP FUNCTION certificate_is_kept() CASCADE",
)


async def let_go() -> None:
    for statement in GONE:
        await ENGINE.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="agencies", description=DESCRIPTION)
    manager.add_raw(keep)
    manager.add_raw_backwards(let_go)
    return manager
