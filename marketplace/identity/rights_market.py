"""Who may do what about demands and selections. Source: market.md sections 1 and 4."""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission

MARKET_RIGHTS: tuple[Permission, ...] = (
    permission("post_demand", own=("owner",), mandate=True),
    permission("post_notice", own=("owner",), mandate=True),
    permission("publish_demand", own=("owner",), mandate=True),
    permission("publish_notice", own=("owner",), mandate=True),
    permission("publish_again", own=("owner",), mandate=True),
    permission("take_instant_award", own=("owner",), mandate=True, step_up=True),
    permission("award_directly", own=("owner",), mandate=True, step_up=True),
    permission("pick_from_shortlist", own=("owner",), mandate=True, step_up=True),
    permission("cancel_selection", own=("owner",), mandate=True, two_persons=True, second="regulator"),
    permission("suspend_selection", own=("owner",), mandate=True, downwards=True),
    permission("resume_selection", own=("owner",), mandate=True, downwards=True),
    permission("rule_low_price", own=("owner",), mandate=True),
    permission("explain_low_price", own=("agency",)),
    permission("sign_up", own=("agency",)),
    permission("place_offer", own=("agency",), step_up=True),
    permission("abandon_award", own=("agency",), administrators=("agency",)),
)
