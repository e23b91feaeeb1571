"""Piccolo app of the marketplace: tables of its own rooms and where their migrations are."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="marketplace",
    migrations_folder_path=str(Path(__file__).parent.parent / "migrations" / "marketplace"),
    table_classes=table_finder(
        [
            "marketplace.announcements.tables",
            "marketplace.attachments.tables",
            "marketplace.catalogue.tables",
            "marketplace.contracts.tables",
            "marketplace.demands.tables",
            "marketplace.identity.tables",
            "marketplace.inbox.tables",
            "marketplace.longwork.tables",
            "marketplace.neighbours.tables",
            "marketplace.reference.tables",
            "marketplace.sessions.tables",
            "marketplace.statistics.tables",
            "marketplace.record.tables",
        ]
    ),
    migration_dependencies=[],
)
