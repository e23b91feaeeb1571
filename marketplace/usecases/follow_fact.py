"""What every act on a credit fact shares: the agency held alone, the fact as it is now, what follows it written down.

Order: the agency's status row alone, then its chain, as a restriction takes them. Source: trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agencies import store as agencies
from commons.canonical import Json
from commons.errors import NotFound
from commons.events import Actor
from credit import store as credit
from credit.facts import CreditFact, FactState, Followed, FollowedKind, Severity, fact_state
from credit.restrictions import Restriction
from marketplace.database import Connection
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import clock, new_identifier, stamp
from marketplace.usecases.tell_changes import tell_of_fact, tell_of_restriction


@dataclass(frozen=True, slots=True)
class HeldFact:
    """A fact whose agency is held alone: as recorded, as believed at ``at``, and what restricts the agency."""

    fact: CreditFact
    state: FactState
    restrictions: tuple[Restriction, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Following:
    """What is to follow a fact: ``effective_at`` None takes effect at once, ``data`` is what the record says of it."""

    kind: FollowedKind
    reason: str
    data: dict[str, Json]
    effective_at: datetime | None = None
    code: str | None = None
    quantity: int | None = None
    severity: Severity | None = None


async def hold_fact(connection: Connection, agency: str, identifier: str) -> HeldFact:
    """Hold the agency alone and read the fact; ``NotFound`` for an unknown agency or a fact that is not its own."""
    if not await agencies.lock_alone(connection, agency):
        raise NotFound("agency", agency)
    last = await hold(connection, f"agency/{agency}")
    fact = await fact_of(connection, agency, identifier)
    bound = (await credit.restrictions(connection, [agency]))[agency]
    at = await clock(connection, *last, fact.recorded_at, *(one.starts_at for one in bound))
    state = fact_state(fact, at=at, known_at=at)
    assert state is not None, "a fact takes effect no later than it is recorded"
    return HeldFact(fact, state, bound, at)


async def fact_of(connection: Connection, agency: str, identifier: str) -> CreditFact:
    """The agency's fact of that id; ``NotFound`` otherwise."""
    known = (await credit.facts(connection, [agency]))[agency]
    fact = next((one for one in known if one.id == identifier), None)
    if fact is None:
        raise NotFound("credit_fact", identifier)
    return fact


async def follow_fact(connection: Connection, held: HeldFact, *then: Following, actor: Actor) -> tuple[Followed, ...]:
    """Write down what follows the fact, in order, and say so in the agency's record."""
    written = []
    for place, one in enumerate(then, start=len(held.fact.followed) + 1):
        followed = Followed(
            id=new_identifier("N", at=held.at), fact=held.fact.id, place=place, kind=one.kind, by=actor.id,
            reason=one.reason, effective_at=one.effective_at or held.at, recorded_at=held.at, code=one.code,
            quantity=one.quantity, severity=one.severity,
        )  # fmt: skip
        await credit.insert_followed(connection, followed)
        written.append(followed)
    acts = [
        Act(
            f"credit_fact.{one.kind}",
            {
                "fact": held.fact.id,
                "reason": one.reason,
                "effective_at": stamp(one.effective_at or held.at),
                **one.data,
            },
        )
        for one in then
    ]
    events = await append(connection, f"agency/{held.fact.subject}", acts, actor=actor, at=held.at)
    after = fact_state(replace(held.fact, followed=(*held.fact.followed, *written)), at=held.at, known_at=held.at)
    assert after is not None, "the fact took effect before what follows it"
    await tell_of_fact(connection, events, after, at=held.at)
    return tuple(written)


async def lift_caused(connection: Connection, held: HeldFact, *, reason: str, actor: Actor) -> tuple[str, ...]:
    """Lift every restriction in force that the fact caused, and mirror what is left; returns the ids lifted.

    From the commit on the agency has its rights back; what was voided or withdrawn meanwhile stays so.
    """
    in_force = [one for one in held.restrictions if one.is_in_force(at=held.at)]
    lifted = [one for one in in_force if one.fact == held.fact.id]
    return await lift(connection, lifted, in_force, reason=reason, actor=actor, at=held.at)


async def lift(
    connection: Connection, lifted: Sequence[Restriction], in_force: Sequence[Restriction], *,
    reason: str, actor: Actor, at: datetime, approvers: Sequence[str] = (),
) -> tuple[str, ...]:  # fmt: skip
    """Lift these of one agency's restrictions in force and mirror what is left; its row is held alone."""
    if not lifted:
        return ()
    subject = lifted[0].subject
    lifts = [(new_identifier("L", at=at), one) for one in lifted]
    await credit.lift(connection, lifts, by=actor.id, reason=reason, at=at)
    await mirror(connection, subject, [one for one in in_force if one not in lifted])
    approved: dict[str, Json] = {"approvers": list(approvers)} if approvers else {}
    acts = [
        Act(
            "restriction.lifted",
            {"restriction": one.id, "fact": one.fact, "basis": one.basis, "reason": reason, **approved},
        )
        for one in lifted
    ]
    events = await append(connection, f"agency/{subject}", acts, actor=actor, at=at)
    for event, one in zip(events, lifted, strict=True):
        await tell_of_restriction(connection, event, one, is_lifted=True, at=at)
    return tuple(one.id for one in lifted)


async def mirror(connection: Connection, agency: str, in_force: list[Restriction]) -> None:
    """Set the status row to the restrictions in force that bar everything; its lock is held alone."""
    ends = [one.ends_at for one in in_force if not one.measures and not one.items]
    bounded = [end for end in ends if end is not None]
    until = max(bounded) if bounded and len(bounded) == len(ends) else None
    await agencies.mirror_status(connection, agency, is_restricted=bool(ends), until=until)
