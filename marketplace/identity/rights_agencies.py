"""Who may do what about an agency: filing, certificates, people, the shelf. Source: market.md sections 1 and 2."""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission

AGENCY_RIGHTS: tuple[Permission, ...] = (
    permission("file_agency", own=("agency",), everyone=("operator",)),
    permission("change_agency", own=("agency",), everyone=("operator",)),
    permission("object_to_filing", everyone=("owner", "agency", "public")),
    permission("answer_filing_objection", downwards=True),
    permission("suspend_agency", own=("agency",), administrators=("agency",)),
    permission("withdraw_agency", own=("agency",), administrators=("agency",)),
    permission("return_agency", own=("agency",), downwards=True, administrators=("agency",)),
    permission("add_qualification", own=("agency",), everyone=("operator",)),
    permission("correct_qualification", own=("agency",), everyone=("operator",)),
    permission("renew_qualification", own=("agency",)),
    permission("withdraw_qualification", own=("agency",), downwards=True),
    permission("revoke_qualification", downwards=True),
    permission("offer_item", own=("agency",)),
    permission("stop_item", own=("agency",)),
    permission("put_shelf_offer", own=("agency",), step_up=True),
    permission("withdraw_shelf_offer", own=("agency",)),
    permission("state_relations", own=("agency",)),
    permission("claim_practitioner", own=("agency",)),
    permission("release_practitioner", own=("agency",), downwards=True),
)
