"""Piccolo app of bidding: its tables and where their migrations are."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="bidding",
    migrations_folder_path=str(Path(__file__).parent.parent / "migrations" / "bidding"),
    table_classes=table_finder(["bidding.tables"]),
    migration_dependencies=[],
)
