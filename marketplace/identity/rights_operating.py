"""Who may do what on the machine itself: what only its command line does, and looking at it. Source: trust.md 2."""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission

OPERATING_RIGHTS: tuple[Permission, ...] = (
    permission("read_machine", everyone=("operator", "auditor")),
    permission("read_accounts", everyone=("system",)),
    permission("reset_account", everyone=("system",)),
    permission("back_up", everyone=("system",)),
    permission("restore_backup", everyone=("system",)),
    permission("verify_backup", everyone=("system",)),
)
"""``system`` is the platform's own hand (``system:cli``): nobody is recognised as it over the network."""
