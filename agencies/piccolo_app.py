"""Piccolo app of agencies: its tables and where their migrations are."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="agencies",
    migrations_folder_path=str(Path(__file__).parent.parent / "migrations" / "agencies"),
    table_classes=table_finder(["agencies.tables", "agencies.people.tables"]),
    migration_dependencies=[],
)
