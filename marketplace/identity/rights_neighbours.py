"""Who may do what with neighbours, subscribers and messages. Source: market.md section 5."""

from __future__ import annotations

from commons.events import Role
from marketplace.identity.permissions import Permission, permission
from marketplace.identity.rights_accounts import PEOPLE

SUBSCRIBERS: tuple[Role, ...] = ("owner", "agency", "operator")
"""Who subscribes: each to what is its own to hear, so that the address of a subscription names nobody."""

NEIGHBOUR_RIGHTS: tuple[Permission, ...] = (
    permission("subscribe_webhook", everyone=SUBSCRIBERS, step_up=True),
    permission("rotate_webhook", everyone=SUBSCRIBERS, step_up=True),
    permission("end_webhook", everyone=SUBSCRIBERS),
    permission("read_webhooks", everyone=SUBSCRIBERS),
    permission("read_notifications", everyone=PEOPLE),
    permission("mark_read", everyone=PEOPLE),
    permission("read_preferences", everyone=PEOPLE),
    permission("set_preferences", everyone=PEOPLE),
    permission("read_work_list", everyone=PEOPLE),
    permission("read_letters", everyone=("operator", "auditor", "system")),
    permission("requeue_letter", everyone=("operator", "system")),
    permission("answer_case", downwards=True),
    permission("read_prefill", own=("agency",)),
    permission("request_seal", own=("owner",), mandate=True),
)
