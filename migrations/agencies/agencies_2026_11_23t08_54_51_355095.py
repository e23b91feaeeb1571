from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Array, Varchar
from piccolo.columns.indexes import IndexMethod

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T08:54:51:355095"
VERSION = "1.38.0"
DESCRIPTION = "What a hold is about; something new opens another"

ONCE = """
CREATE UNIQUE INDEX agency_hold_once
ON agency_hold (agency, linked_to, coalesce(restriction, ''), coalesce(selection, ''))
"""
LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"


async def let_holds_follow() -> None:
    await ENGINE.run_ddl("DROP INDEX agency_hold_once")


async def hold_once() -> None:
    await ENGINE.run_ddl(ONCE)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="agencies", description=DESCRIPTION)

    manager.add_column(
        table_class_name="HoldRow",
        tablename="agency_hold",
        column_name="digests",
        db_column_name="digests",
        column_class_name="Array",
        column_class=Array,
        params={
            "default": list,
            "base_column": Varchar(
                length=64,
                default="",
                null=False,
                primary_key=False,
                unique=False,
                index=False,
                index_method=IndexMethod.btree,
                choices=None,
                db_column_name=None,
                secret=False,
            ),
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_raw(let_holds_follow)
    manager.add_raw_backwards(hold_once)

    return manager
