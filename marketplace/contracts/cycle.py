"""The life of a contract (合同生命周期) as a table: who does what in which state, and where it leads.

The side states are ``disputed``, which goes back to where it came from, and ``terminated``. What runs against a clock
names it by its key in the rule profile. Source: market.md section 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from commons.cycles import Cycle, Step
from commons.events import Role

State = Literal["awarded", "contracted", "delivered", "accepted", "rated", "archived", "disputed", "terminated"]

OWNER: frozenset[Role] = frozenset({"owner", "delegate"})
AGENCY: frozenset[Role] = frozenset({"agency"})
BOTH: frozenset[Role] = OWNER | AGENCY
REGULATOR: frozenset[Role] = frozenset({"regulator"})

PAUSED = ("contracted", "delivered", "accepted")
"""States that a dispute interrupts and goes back to."""
RUNNING = ("contracted", "delivered", "accepted", "rated", "disputed")
"""States in which invoices and payments are noted."""
ENDING = ("awarded", "contracted", "delivered", "disputed")
"""States that a termination may end."""

DONE = ("accepted", "rated", "terminated")
"""States from which a contract goes to the archive."""


def _staying(action: str, roles: frozenset[Role], states: Iterable[str]) -> Iterator[Step]:
    return (Step(state, action, roles, state) for state in states)


CONTRACT_CYCLE = Cycle(
    "contract",
    (
        Step("awarded", "upload_contract", BOTH, "awarded", "contract_signing"),
        Step("awarded", "confirm_contract", BOTH, "contracted", "contract_confirmation"),
        Step("contracted", "propose_change", BOTH, "contracted"),
        Step("contracted", "answer_change", BOTH, "contracted"),
        Step("contracted", "plan_milestones", BOTH, "contracted"),
        Step("contracted", "reach_milestone", AGENCY, "contracted"),
        Step("contracted", "arrange_visit", BOTH, "contracted"),
        Step("contracted", "note_visit", BOTH, "contracted"),
        Step("contracted", "hand_in_result", AGENCY, "delivered"),
        Step("delivered", "accept_result", OWNER, "accepted", "acceptance"),
        Step("delivered", "return_result", OWNER, "contracted", "acceptance"),
        Step("delivered", "deemed_accepted", frozenset(), "accepted", "acceptance", by_clock=True),
        Step("accepted", "rate_contract", OWNER, "rated", "rating"),
        Step("rated", "answer_rating", AGENCY, "rated", "rating_answer"),
        *_staying("record_review", REGULATOR, ("delivered", "accepted", "rated")),
        *_staying("note_invoice", AGENCY, RUNNING),
        *_staying("note_payment", OWNER, RUNNING),
        *(Step(state, "open_dispute", BOTH, "disputed") for state in PAUSED),
        Step("disputed", "note_dispute", REGULATOR, "disputed"),
        *(Step("disputed", "close_dispute", BOTH | REGULATOR, state) for state in PAUSED),
        *_staying("propose_termination", BOTH, ENDING),
        *(Step(state, "terminate_contract", BOTH | REGULATOR, "terminated") for state in ENDING),
        *(
            Step(state, "archive_contract", OWNER | REGULATOR, "archived")
            for state in ("accepted", "rated", "terminated")
        ),
    ),
)
"""Printed with the demand's own life in docs/reference/life-cycle.md."""
