"""Who keeps the reference data of the back office: the operator, by hand, on the site alone. Source: ADR 0037."""

from __future__ import annotations

from dataclasses import replace

from marketplace.identity.permissions import Permission, permission

REFERENCE_RIGHTS: tuple[Permission, ...] = tuple(
    replace(permission(act, everyone=("operator",)), is_by_hand=True) for act in ("set_help_desk", "remove_help_desk")
)
"""Reading it needs nobody."""
