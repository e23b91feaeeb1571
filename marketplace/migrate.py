"""The schema's way forward and back: the steps of migrations/APP, in the order of the apps, each in one transaction.

A step is a Piccolo migration file whose first lines name LOCK_TIMEOUT and STATEMENT_TIMEOUT; without both it is
refused, so that no step can hold up a running market longer than it says. Two processes may migrate at once: an
advisory lock lets one step run at a time, and a step that is done is not done again. What ran is kept in Piccolo's own
table ``migration``. Source: design, architecture.md, habit 14.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import io
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.commands.new import NoChanges, _create_new_migration
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig
from piccolo.table import Table

from marketplace.database import Connection, Database
from marketplace.piccolo_engine import ENGINE, bind

APPS = ("agencies", "bidding", "credit", "marketplace")
"""The Piccolo apps, in the order their steps run; backward it is the other way round."""

CONFIGURATION = "marketplace.piccolo_conf"
ONE_AT_A_TIME = 7_204_211_003
"""Number of the advisory lock under which a step runs."""


@dataclass(frozen=True, slots=True)
class Step:
    """One migration file."""

    app: str
    id: str
    path: Path
    module: ModuleType

    async def manager(self) -> MigrationManager:
        """Read the step afresh; the transaction is ours, not Piccolo's."""
        manager = await self.module.forwards()
        assert isinstance(manager, MigrationManager), f"{self.path} gives no MigrationManager"
        manager.wrap_in_transaction = False
        return manager


def app_config(app: str) -> AppConfig:
    """Return the Piccolo configuration of an app (imported when asked for: a lower floor knows no tables)."""
    config = importlib.import_module(f"{app}.piccolo_app").APP_CONFIG
    assert isinstance(config, AppConfig), f"{app}.piccolo_app has no APP_CONFIG"
    return config


def all_tables() -> tuple[type[Table], ...]:
    """Every Table class of every app."""
    return tuple(table for app in APPS for table in app_config(app).table_classes)


def steps_in(app: str, folder: Path) -> tuple[Step, ...]:
    """Read the steps of a folder, in the order of their ids; refuses a file without its two bounds."""
    steps = []
    for path in sorted(folder.glob("*.py")):
        if path.name == "__init__.py":
            continue
        spec = importlib.util.spec_from_file_location(f"migrations.{app}.{path.stem}", path)
        assert spec is not None, f"{path} is a Python file"
        assert spec.loader is not None, f"{path} is a Python file"
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for bound in ("LOCK_TIMEOUT", "STATEMENT_TIMEOUT"):
            assert isinstance(getattr(module, bound, None), str), f"{path} must begin with {bound}"
        steps.append(Step(app, module.ID, path, module))
    return tuple(sorted(steps, key=lambda step: step.id))


def all_steps(apps: Sequence[str] = APPS) -> tuple[Step, ...]:
    """Every step of the apps, in the order they run forward."""
    return tuple(step for app in apps for step in steps_in(app, Path(app_config(app).resolved_migrations_folder_path)))


async def migrate_forward(database: Database, steps: Sequence[Step] | None = None) -> tuple[Step, ...]:
    """Run every step (of all apps, unless given) that has not run; return those that did."""
    ran = []
    with _piccolo_on(database):
        for step in all_steps() if steps is None else steps:
            async with database.transaction() as connection:
                await _take_turn(connection)
                await Migration.create_table(if_not_exists=True)
                if await Migration.exists().where(Migration.app_name == step.app, Migration.name == step.id).run():
                    continue
                await _run(connection, step, backwards=False)
                await Migration.insert(Migration(app_name=step.app, name=step.id)).run()
            ran.append(step)
    return tuple(ran)


async def is_migrated(database: Database) -> bool:
    """Whether any step ever ran here."""
    async with database.borrow() as connection:
        return bool(await connection.fetchval("SELECT to_regclass('migration') IS NOT NULL"))


async def pending(database: Database) -> tuple[str, ...]:
    """Steps that have not run here yet, and steps that ran but are not known here, as ``app:id``."""
    if not await is_migrated(database):
        return tuple(f"{step.app}:{step.id}" for step in all_steps())
    async with database.borrow() as connection:
        ran = {row["step"] for row in await connection.fetch("SELECT app_name || ':' || name AS step FROM migration")}
    return tuple(sorted({f"{step.app}:{step.id}" for step in all_steps()} ^ ran))


async def migrate_backward(database: Database, steps: Sequence[Step] | None = None) -> tuple[Step, ...]:
    """Take back every step that ran (of all apps, unless given), last first; nothing of ours is left after all."""
    taken_back = []
    with _piccolo_on(database):
        for step in reversed(all_steps() if steps is None else steps):
            async with database.transaction() as connection:
                await _take_turn(connection)
                if not await Migration.table_exists().run():
                    continue
                where = (Migration.app_name == step.app, Migration.name == step.id)
                if not await Migration.exists().where(*where).run():
                    continue
                await _run(connection, step, backwards=True)
                await Migration.delete().where(*where).run()
                if await Migration.count().run() == 0:
                    await Migration.alter().drop_table()
            taken_back.append(step)
    return tuple(taken_back)


def new_step(app: str, description: str) -> Path | None:
    """Write a step from the difference between an app's tables and its steps; None when there is none."""
    config = app_config(app)
    Path(config.resolved_migrations_folder_path).mkdir(exist_ok=True)
    with _piccolo_on(None):
        try:
            made = asyncio.run(_create_new_migration(config, auto=True, description=description))
        except NoChanges:
            return None
    path = Path(made.migration_path)
    path.write_text(_with_bounds(path.read_text(encoding="utf-8")), encoding="utf-8")
    return path


async def _take_turn(connection: Connection) -> None:
    await connection.execute("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '60s'")
    await connection.execute("SELECT pg_advisory_xact_lock($1)", ONE_AT_A_TIME)


async def _run(connection: Connection, step: Step, *, backwards: bool) -> None:
    await connection.execute(
        "SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true)",
        step.module.LOCK_TIMEOUT,
        step.module.STATEMENT_TIMEOUT,
    )
    manager = await step.manager()
    with contextlib.redirect_stdout(io.StringIO()):  # Piccolo prints its progress
        await manager.run(backwards=backwards)


@contextlib.contextmanager
def _piccolo_on(database: Database | None) -> Iterator[None]:
    """Let Piccolo find our engine, on this database, for the length of the block."""
    before = os.environ.get("PICCOLO_CONF"), ENGINE.attached
    os.environ["PICCOLO_CONF"] = CONFIGURATION
    bind((Migration,))
    if database is not None:
        ENGINE.attach(database)
    try:
        yield
    finally:
        ENGINE.attach(before[1])
        if before[0] is None:
            del os.environ["PICCOLO_CONF"]
        else:
            os.environ["PICCOLO_CONF"] = before[0]


def _with_bounds(text: str) -> str:
    """Put the two bounds right after the step's description, where a reviewer sees them first."""
    marker = "\n\nasync def forwards():"
    assert marker in text, "Piccolo's template has changed"
    head, rest = text.split(marker, 1)
    bounds = 'LOCK_TIMEOUT = "2s"\nSTATEMENT_TIMEOUT = "60s"\n'
    return f"{head.rstrip()}\n\n{bounds}\n\nasync def forwards() -> MigrationManager:{rest}"


def main(arguments: Sequence[str]) -> int:
    """``new APP DESCRIPTION``: write a step; the database is not asked."""
    match list(arguments):
        case ["new", app, description] if app in APPS:
            path = new_step(app, description)
            sys.stdout.write(f"{path or 'no change'}\n")
            return 0
        case _:
            sys.stderr.write(f"usage: python -m marketplace.migrate new {{{'|'.join(APPS)}}} DESCRIPTION\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
