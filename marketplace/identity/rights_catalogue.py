"""Who may do what about the catalogue, the profiles, coverage and projects. Source: market.md sections 1 and 3."""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission

CATALOGUE_RIGHTS: tuple[Permission, ...] = (
    permission("publish_catalogue_version", everyone=("operator",), step_up=True),
    permission("publish_profile_version", everyone=("operator",), step_up=True),
    permission("record_coverage", everyone=("operator",), downwards=True),
    permission("withdraw_coverage", everyone=("operator",), downwards=True),
    permission("use_coverage", own=("owner",), mandate=True),
    permission("state_milestone", own=("owner",), mandate=True, downwards=True, everyone=("operator",)),
)
