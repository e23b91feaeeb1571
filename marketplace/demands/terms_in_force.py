"""Offers bind to terms that were looked at: whoever offers, signs up to a draw or confirms an offer names their digest.

Invariants: the digest in force is the one that the demand publishes: of the terms as they were published or changed
last; before any change an offer need not name it, after one it must; what names another one leaves no trace.
Source: market.md section 4, docs/adr/0022.
"""

from __future__ import annotations

from bidding.selection import Selection
from commons.instants import format_instant
from commons.verdicts import Param, Reason
from marketplace.demands.outcomes import OUTCOME_RULE


def judge_digest(state: Selection, given: str | None, *, is_needed: bool = False) -> tuple[Reason, ...]:
    """Refuses a digest that is not in force, and none where one is needed: always, or once the terms were changed."""
    if given == state.terms_digest:
        return ()
    if given is None and not is_needed and state.terms_changed_at is None:
        return ()
    params: dict[str, Param] = {"terms_digest": state.terms_digest}
    if state.terms_changed_at is not None:
        params["changed_at"] = format_instant(state.terms_changed_at)
    return (Reason("terms_have_changed", OUTCOME_RULE, params),)
