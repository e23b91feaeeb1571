"""Who says how a finished step went, and who reads what was written. Source: market.md section 5."""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission

STATISTICS_RIGHTS: tuple[Permission, ...] = (
    permission("give_satisfaction", own=("owner", "agency"), mandate=True),
    permission("read_satisfaction", everyone=("operator", "auditor")),
)
