"""How much of what somebody was told he has not read: counted once a page, for its head."""

from __future__ import annotations

from litestar.handlers import BaseRouteHandler

from marketplace.usecases.notifications import count_unread
from marketplace.web.signed_in import Connection, reader_of

_SLOT = "marketplace_unread"


async def look_for_unread(connection: Connection, _: BaseRouteHandler) -> None:
    """Count for whoever reads a page as something; nobody else is asked about."""
    visitor = reader_of(connection)
    if visitor is not None and visitor.bearer.actor_role is not None and connection.scope["method"] == "GET":  # type: ignore[typeddict-item]  # HTTP alone
        found = await count_unread(connection.app.state.database, visitor.caller(None))
        connection.scope["state"][_SLOT] = found


def unread_of(connection: Connection) -> int:
    """What was counted, 0 where nobody counted."""
    found: int = connection.scope["state"].get(_SLOT, 0)
    return found
