"""Who may do what with neighbours, subscribers and messages. Source: market.md section 5."""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission
from marketplace.identity.rights_accounts import PEOPLE

NEIGHBOUR_RIGHTS: tuple[Permission, ...] = (
    permission("subscribe_webhook", own=("owner", "agency"), everyone=("operator",), step_up=True),
    permission("rotate_webhook", own=("owner", "agency"), everyone=("operator",), step_up=True),
    permission("end_webhook", own=("owner", "agency"), everyone=("operator",)),
    permission("read_webhooks", own=("owner", "agency"), everyone=("operator",)),
    permission("read_notifications", everyone=PEOPLE),
    permission("set_preferences", everyone=PEOPLE),
    permission("read_work_list", everyone=PEOPLE),
    permission("read_letters", everyone=("operator", "auditor", "system")),
    permission("requeue_letter", everyone=("operator", "system")),
    permission("answer_case", downwards=True),
    permission("read_prefill", own=("agency",)),
    permission("request_seal", own=("owner",), mandate=True),
)
