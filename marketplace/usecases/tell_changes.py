"""Tell others of changes of credit: facts and restrictions, from the act itself, to whom the joint measures name.

Whoever was told of a fact or restriction is told again of everything that becomes of it, whatever list it is on by
then: a repair reaches every receiver that got the fact. What is published nowhere is told to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commons.canonical import Json
from commons.events import Event
from commons.instants import format_instant
from credit.facts import CreditFact, FactState
from credit.joint import ListName, receivers_of
from credit.lists import list_of
from credit.restrictions import Restriction
from credit.rulebook import rulebook
from marketplace.database import Connection
from marketplace.record import outbox

RULEBOOK = "generic-v1"
TOLD_OF_FACTS = ("recorded", "corrected", "revoked", "repaired", "expired")
"""What becomes of a fact and concerns whoever has it."""


async def tell_of_fact(connection: Connection, events: Sequence[Event], state: FactState, *, at: datetime) -> None:
    """Note those of the events that change the fact, with the fact as it now reads."""
    name = list_of(state.fact, rulebook(RULEBOOK)) if state.status == "counts" else None
    telling = [one for one in events if one.type.removeprefix("credit_fact.") in TOLD_OF_FACTS]
    await _tell(connection, telling, state.fact.id, name, fact_now(state), at=at)


async def tell_of_restriction(
    connection: Connection, event: Event, one: Restriction, *, is_lifted: bool, at: datetime
) -> None:
    """Note that the restriction is in force, or was lifted."""
    await _tell(connection, [event], one.id, "debarment", restriction_now(one, is_lifted=is_lifted), at=at)


async def _tell(
    connection: Connection, events: Sequence[Event], about: str, name: ListName | None, now: dict[str, Json], *,
    at: datetime,
) -> None:  # fmt: skip
    for event in events:
        if name is None and not await outbox.is_noted(connection, about):
            return  # it is published nowhere, and nobody has heard of it
        receivers = sorted({*receivers_of(name), *await outbox.told(connection, about)})
        payload: dict[str, Json] = {"event": event.envelope(), "digest": event.digest, "now": now}
        await outbox.note(connection, outbox.Note(event.id, event.type, about, payload), receivers, at=at)


def fact_now(state: FactState) -> dict[str, Json]:
    """A fact as it reads, for others."""
    fact = state.fact
    told: dict[str, Json] = {"kind": "fact", "status": state.status, "is_disputed": state.is_disputed, **_fact(fact)}
    if fact.decision is not None:
        told["decision"] = {
            "authority": fact.decision.authority,
            "document_number": fact.decision.document_number,
            "decided_on": fact.decision.decided_on.isoformat(),
            "severity": fact.decision.severity,
            "legal_ground": fact.decision.legal_ground,
        }
    return told


def _fact(fact: CreditFact) -> dict[str, Json]:
    return {
        "id": fact.id, "subject": fact.subject, "layer": fact.layer, "code": fact.code, "quantity": fact.quantity,
        "basis": fact.basis, "effective_at": format_instant(fact.effective_at),
    }  # fmt: skip


def restriction_now(one: Restriction, *, is_lifted: bool) -> dict[str, Json]:
    """A restriction as it reads, for others."""
    measures: list[Json] = list(one.measures)
    items: list[Json] = list(one.items)
    return {
        "kind": "restriction", "status": "lifted" if is_lifted else "in_force", "id": one.id, "subject": one.subject,
        "layer": one.layer, "basis": one.basis, "region": one.region, "measures": measures, "items": items,
        "starts_at": format_instant(one.starts_at),
        "ends_at": None if one.ends_at is None else format_instant(one.ends_at), "fact": one.fact,
    }  # fmt: skip
