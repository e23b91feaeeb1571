"""Who may do what about announcements: the operator speaks for the platform. Source: pages.md (Operator), ADR 0036."""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission

ANNOUNCEMENT_RIGHTS: tuple[Permission, ...] = (
    permission("announce", everyone=("operator",)),
    permission("take_down_announcement", everyone=("operator",)),
)
"""Reading them needs nobody."""
