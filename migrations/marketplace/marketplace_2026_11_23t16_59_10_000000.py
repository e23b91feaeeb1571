from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T16:59:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "Jobs are found by who waits, and by whose they are"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

# Every server looks for work once a second: it walks the few jobs that have not ended, however many have.
WAITING = "CREATE INDEX long_job_waiting ON long_job (queued_at, id) WHERE state IN ('queued', 'running')"
OWN = "CREATE INDEX long_job_own ON long_job (owner, queued_at DESC, id DESC)"


async def index() -> None:
    await ENGINE.run_ddl(WAITING)
    await ENGINE.run_ddl(OWN)


async def let_go() -> None:
    await ENGINE.run_ddl("DROP INDEX long_job_waiting")
    await ENGINE.run_ddl("DROP INDEX long_job_own")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(index)
    manager.add_raw_backwards(let_go)
    return manager
