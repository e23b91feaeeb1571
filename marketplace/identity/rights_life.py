"""Who may do what in the life of a demand: enquiries, changes, confirming an award, objecting and complaining.

Source: market.md section 4.
"""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission

LIFE_RIGHTS: tuple[Permission, ...] = (
    permission("ask_enquiry", own=("agency",)),
    permission("answer_enquiry", own=("owner",), mandate=True),
    permission("change_draft", own=("owner",), mandate=True),
    permission("discard_draft", own=("owner",), mandate=True),
    permission("change_demand", own=("owner",), mandate=True),
    permission("reconfirm_offer", own=("agency",), step_up=True),
    permission("withdraw_demand", own=("owner",), mandate=True),
    permission("confirm_award", own=("agency",), step_up=True),
    permission("object_to_award", everyone=("agency", "public")),
    permission("answer_award_objection", own=("owner",), mandate=True, two_persons=True, second="regulator"),
    permission("withdraw_award_objection", everyone=("agency", "public")),
    permission("lodge_complaint", everyone=("agency", "public")),
    permission("accept_complaint", downwards=True),
    permission("decide_complaint", downwards=True, two_persons=True),
)
