"""Why something was refused in the life of a demand, in words; codes are stable for ever (market.md section 4)."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.web.locale.phrases import Phrase

LIFE_CYCLE: Mapping[str, Phrase] = {
    "not_in_this_state": Phrase("当前阶段（{state}）不能这样做", "This is not possible at this stage ({state})"),
    "role_not_allowed": Phrase("这一步不由您办理", "This step is not yours to take"),
}
"""Stages of a demand, enquiries, objections and complaints."""
