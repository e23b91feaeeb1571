"""What an upheld objection or complaint brings: the next in the ranking, or an annulled selection that may come again.

Invariants: the ranking stays frozen: who is set aside gives way as one who abandons does, without a credit fact; a
selection that is annulled stays on record with its reason. Source: market.md section 4, docs/adr/0022.
"""

from __future__ import annotations

from collections.abc import Sequence

from bidding import store as bidding
from bidding.objections import Remedy
from commons.canonical import Json
from commons.events import Actor
from marketplace.database import Connection
from marketplace.demands import store as demands
from marketplace.demands.store import Result
from marketplace.record.store import Act, append, hold
from marketplace.usecases.stages import Staged, now_at
from marketplace.usecases.standing import follow, settle_others


async def uphold(
    connection: Connection, staged: Staged, first: Sequence[Act], remedy: Remedy, reason: str, *, actor: Actor
) -> str | None:
    """Append the ruling and what it brings; returns who is proposed then."""
    state, at = staged.state, staged.at
    if remedy == "next":
        act = Act("award.set_aside", {"bidder": state.proposed, "reason": reason})
        return (await follow(connection, state, [*first, act], actor=actor, at=at)).proposed
    data: dict[str, Json] = {"reason": reason, "bidder": state.proposed}
    await append(connection, f"selection/{state.id}", [*first, Act("selection.annulled", data)], actor=actor, at=at)
    await bidding.touch(connection, state.id, state="closed", due_at=None, at=at)
    result = Result("unsuccessful", "unsuccessful", "annulled", None, None, at, None)
    await demands.mark_result(connection, staged.demand.id, result)
    subject = f"demand/{staged.demand.id}"
    await hold(connection, subject)
    annulled = Act("demand.annulled", {"selection": state.id, "reason": reason})
    await append(connection, subject, [annulled], actor=actor, at=at)
    await settle_others(connection, staged.held.lock, at=at)
    return None


async def go_on(connection: Connection, staged: Staged, act: Act, *, actor: Actor) -> None:
    """Append what leaves the award as it is, settle it, and show in the lists where it is now."""
    after = await follow(connection, staged.state, [act], actor=actor, at=staged.at)
    if not after.is_confirmed:
        stage = now_at(after, staged.demand, at=staged.at)
        await demands.mark_stage(connection, staged.demand.id, stage)
