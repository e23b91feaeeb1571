"""Who may do what about accounts, roles, mandates, tokens and proposals. Source: market.md section 1, trust.md 2."""

from __future__ import annotations

from dataclasses import replace

from commons.events import Role
from marketplace.identity.permissions import Permission, permission

PEOPLE: tuple[Role, ...] = ("owner", "agency", "regulator", "operator", "auditor", "delegate", "public")
"""Everybody who signs in, whatever he acts as."""

_ROWS: tuple[Permission, ...] = (
    permission("change_password", everyone=PEOPLE),
    permission("set_second_factor", everyone=PEOPLE, step_up=True),
    permission("claim_organisation", everyone=PEOPLE),
    permission("make_token", everyone=tuple(one for one in PEOPLE if one != "public"), step_up=True),
    permission("revoke_token", everyone=PEOPLE),
    permission(
        "admit_member",
        own=("owner", "agency"),
        everyone=("operator",),
        administrators=("owner", "agency"),
        step_up=True,
    ),
    permission(
        "end_member", own=("owner", "agency"), everyone=("operator",), administrators=("owner", "agency"), step_up=True
    ),
    permission("leave_organisation", everyone=PEOPLE),
    permission("read_members", own=("owner", "agency"), everyone=("operator", "auditor")),
    permission("appoint_officer", everyone=("operator", "system"), step_up=True, two_persons=True, second="operator"),
    permission("end_officer", everyone=("operator", "system"), step_up=True),
    permission("disable_account", everyone=("operator", "system"), step_up=True),
    permission("give_mandate", own=("owner",), administrators=("owner",), step_up=True),
    permission("end_mandate", own=("owner",), administrators=("owner",)),
    permission("approve_proposal", downwards=True, everyone=("operator",), step_up=True),
    permission("reject_proposal", own=("owner",), mandate=True, downwards=True, everyone=("operator",)),
    permission("read_access_log", everyone=("auditor", "operator")),
)

ACCOUNT_RIGHTS: tuple[Permission, ...] = tuple(replace(row, is_by_hand=True) for row in _ROWS)
"""All of them by hand: a token that could change who may do what would be worth more than what it was made for."""
