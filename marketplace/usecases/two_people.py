"""When two officers are two people: by what the platform knows of them, wherever two of them decide.

Another account, another contact, and not both put into office by one single person alone: whoever could give two
offices to accounts of his own would approve what he proposes. What it cannot know: one human being with two telephones
whom two others have appointed twice. Source: market.md section 1, docs/adr/0028.
"""

from __future__ import annotations

from commons.errors import Forbidden
from marketplace.database import Connection
from marketplace.identity import store as identity
from marketplace.usecases.act import Caller


async def require_apart(connection: Connection, caller: Caller, first: str) -> None:
    """Refuses (``Forbidden``) a second officer who, by account, contact or appointment, may be the first (``acting``).

    Nothing is known of who acts under the development header.
    """
    if caller.badge is None:
        return
    if await identity.is_of_person(connection, caller.badge.person, [first]):
        raise Forbidden("own_proposal", "the two accounts are one, or state the same contact: somebody else approves")
    if await identity.are_of_one_appointer(connection, caller.actor.id, first):
        raise Forbidden("same_appointer", "one person alone put both into office: somebody else approves")
