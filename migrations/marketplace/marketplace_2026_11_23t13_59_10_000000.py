from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from commons.grams import grams_of, lines_of
from commons.regions import REGIONS
from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T13:59:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "What demands are searched by, filled for those that are there"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "600s"

# The grams stand in the row itself as long as there is room: a search that walks the list reads them without a detour.
INLINE = "ALTER TABLE demand ALTER COLUMN grams SET STORAGE MAIN, ALTER COLUMN words SET STORAGE MAIN"
AT_ONCE = 2_000
NEXT = """
SELECT id, title, project_name, owner_name, project_code, place, demand.region, coalesce(won.words, '') AS winner_words
FROM demand LEFT JOIN agency AS won ON won.uscc = winner WHERE id > $1 ORDER BY id LIMIT $2
"""
FILL = """
UPDATE demand SET words = found.words, winner_words = found.winner_words, grams = string_to_array(found.grams, E'\n')
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS found(id, words, winner_words, grams)
WHERE demand.id = found.id
"""
TEXTS = ("title", "project_name", "owner_name", "project_code", "place")


async def fill() -> None:
    await ENGINE.run_ddl(INLINE)
    after = ""
    async with ENGINE.database.borrow() as connection:
        while rows := await connection.fetch(NEXT, after, AT_ONCE):
            words = [lines_of(*(row[one] for one in TEXTS), REGIONS.full_name(row["region"])) for row in rows]
            won = [row["winner_words"] for row in rows]
            grams = ["\n".join(grams_of(f"{own}\n{more}")) for own, more in zip(words, won, strict=True)]
            await connection.execute(FILL, [row["id"] for row in rows], words, won, grams)
            after = rows[-1]["id"]


async def let_go() -> None:
    await ENGINE.run_ddl(
        "ALTER TABLE demand ALTER COLUMN grams SET STORAGE DEFAULT, ALTER COLUMN words SET STORAGE DEFAULT"
    )


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(fill)
    manager.add_raw_backwards(let_go)
    return manager
