"""Who may do what about contracts, from their signing to the archive. Source: market.md sections 1 and 4."""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission

CONTRACT_RIGHTS: tuple[Permission, ...] = (
    permission("upload_contract", own=("owner", "agency"), mandate=True, step_up=True),
    permission("confirm_contract", own=("owner", "agency"), mandate=True, step_up=True),
    permission("propose_change", own=("owner", "agency"), mandate=True),
    permission("answer_change", own=("owner", "agency"), mandate=True, step_up=True),
    permission("plan_milestones", own=("owner", "agency"), mandate=True),
    permission("reach_milestone", own=("agency",)),
    permission("arrange_visit", own=("owner", "agency"), mandate=True),
    permission("note_visit", own=("owner", "agency"), mandate=True),
    permission("hand_in_result", own=("agency",)),
    permission("accept_result", own=("owner",), mandate=True, step_up=True),
    permission("return_result", own=("owner",), mandate=True),
    permission("record_review", downwards=True),
    permission("note_invoice", own=("agency",)),
    permission("note_payment", own=("owner",), mandate=True),
    permission("open_dispute", own=("owner", "agency"), mandate=True),
    permission("note_dispute", downwards=True),
    permission("close_dispute", own=("owner", "agency"), mandate=True, downwards=True),
    permission("propose_termination", own=("owner", "agency"), mandate=True),
    permission("terminate_contract", own=("owner", "agency"), mandate=True, downwards=True, step_up=True),
    permission("rate_contract", own=("owner",), mandate=True),
    permission("answer_rating", own=("agency",)),
    permission("archive_contract", own=("owner",), mandate=True, downwards=True),
    permission("read_contract_archive", own=("owner", "agency"), everyone=("auditor",), mandate=True, downwards=True),
)
