"""Is the market in order, for whoever watches it from the site: ``read_health``, asked of the table of permissions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from marketplace.database import Database
from marketplace.files.port import Files
from marketplace.settings import Settings
from marketplace.usecases.act import Caller, require
from marketplace.usecases.read_health import Check, read_health


async def read_machine(
    database: Database, caller: Caller, settings: Settings, files: Files, *, here: Callable[[], datetime]
) -> tuple[Check, ...]:
    """Every check in its fixed order, for operators and auditors; ``here`` is this machine's clock."""
    require(caller, "read_machine")
    return await read_health(database, settings, files, here=here)
