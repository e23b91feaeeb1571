"""Who reads a page, as its head shows it; the same on pages that say what went wrong."""

from __future__ import annotations

from marketplace.identity.proofs import form_token
from marketplace.web.page_frame import Reader
from marketplace.web.signed_in import Connection, reader_of
from marketplace.web.unread import unread_of


def reader_shown(connection: Connection) -> Reader | None:
    """Who is signed in, as the head of the page shows it."""
    visitor = reader_of(connection)
    if visitor is None or visitor.secret is None:
        return None
    one, unread = visitor.bearer, unread_of(connection)
    return Reader(one.login, one.actor_role or "", one.acting or "", one.rank or "", form_token(visitor.secret), unread)
