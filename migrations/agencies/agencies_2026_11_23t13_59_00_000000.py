from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from commons.grams import grams_of, lines_of
from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T13:59:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What agencies are searched by: filled for those on file, and indexed"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "600s"

AT_ONCE = 2_000
NEXT = "SELECT uscc, name FROM agency WHERE uscc > $1 ORDER BY uscc LIMIT $2"
FILL = """
UPDATE agency SET words = found.words, grams = string_to_array(found.grams, E'\n')
FROM unnest($1::text[], $2::text[], $3::text[]) AS found(uscc, words, grams) WHERE agency.uscc = found.uscc
"""
INDEX = "CREATE INDEX agency_by_grams ON agency USING gin (grams)"


async def fill() -> None:
    after = ""
    async with ENGINE.database.borrow() as connection:
        while rows := await connection.fetch(NEXT, after, AT_ONCE):
            words = [lines_of(row["name"], row["uscc"]) for row in rows]
            grams = ["\n".join(grams_of(one)) for one in words]
            await connection.execute(FILL, [row["uscc"] for row in rows], words, grams)
            after = rows[-1]["uscc"]
    await ENGINE.run_ddl(INDEX)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP INDEX agency_by_grams")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="agencies", description=DESCRIPTION)
    manager.add_raw(fill)
    manager.add_raw_backwards(let_go)
    return manager
