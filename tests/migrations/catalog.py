"""What a database's schema is, as a set of sentences that can be compared: order and numbers play no part."""

from __future__ import annotations

from marketplace.database import Connection

PARTS = (
    """SELECT format('column %s.%s %s null=%s default=%s identity=%s generated=%s collation=%s storage=%s',
                     c.relname, a.attname,
                     format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
                     a.attidentity, a.attgenerated, a.attcollation::regcollation, a.attstorage)
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')""",
    """SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT format('trigger %s enabled=%s', pg_get_triggerdef(t.oid), t.tgenabled)
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT tgisinternal AND c.relnamespace = 'public'::regnamespace""",
    """SELECT format('function %s', pg_get_functiondef(oid))
         FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')""",
    """SELECT format('sequence %s %s %s %s', sequencename, data_type, start_value, increment_by)
         FROM pg_sequences WHERE schemaname = 'public'""",
    """SELECT format('view %s %s', viewname, definition) FROM pg_views WHERE schemaname = 'public'""",
    """SELECT format('type %s %s', typname, typtype)
         FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'r')""",
)


async def catalog(connection: Connection) -> frozenset[str]:
    """Describe every table, column, constraint, index, trigger, function, sequence, view and type of ours."""
    return frozenset([row[0] for part in PARTS for row in await connection.fetch(part)])


async def columns(connection: Connection) -> frozenset[tuple[str, str, str, bool]]:
    """List table, column, type and whether null is allowed, without Piccolo's own table of what ran."""
    rows = await connection.fetch(
        """SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'migration'"""
    )
    return frozenset((row[0], row[1], row[2], row[3]) for row in rows)
