"""A body for each write about neighbours and messages, as the OpenAPI document shows it. All is invented."""

from __future__ import annotations

from collections.abc import Mapping

from commons.canonical import Json

NEIGHBOUR_EXAMPLES: Mapping[str, Json] = {
    "subscribeWebhook": {"address": "https://agency.example/hooks", "types": ["award.proposed", "contract.opened"]},
    "rotateWebhook": {},
    "endWebhook": {},
    "markRead": {"places": [1, 2]},
    "setPreferences": {"preferences": [{"kind": "contract", "channel": "email", "is_on": True}]},
    "requeueLetter": {},
    "answerCase": {"result": "已核实并答复当事人（示例）"},
    "keepFilter": {"listed": "demands", "name": "温州的测绘（示例）", "query": "q=%E6%B5%8B%E7%BB%98&city=330300"},
    "dropFilter": {},
    "startExport": {"listed": "demands", "query": "city=330300&state=open"},
    "startVerification": {"since": "2026-10-01", "until": "2026-10-31"},
    "cancelJob": {},
    "requestSeal": {"paper": "award-notice", "digest": "ab" * 32},
}
"""By operation."""
