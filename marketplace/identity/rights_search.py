"""Who may keep filters of the lists: everybody who is signed in, each his own. Source: pages.md (agency)."""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission
from marketplace.identity.rights_accounts import PEOPLE

SEARCH_RIGHTS: tuple[Permission, ...] = (
    permission("keep_filter", everyone=PEOPLE),
    permission("drop_filter", everyone=PEOPLE),
    permission("read_saved_filters", everyone=PEOPLE),
)
