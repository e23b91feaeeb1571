"""Change the terms of a published demand (变更选取条件): only while offers are taken, with a published reason.

The sign-up clock starts again; what was offered before counts only once its bidder confirms it or offers anew, unless
the clocks alone moved; both versions stay on record by their digests. Nobody sees what was offered.
Source: market.md section 4, docs/adr/0022.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from bidding import store as bidding
from bidding.reading.terms import parse_demand_terms
from bidding.terms import DemandTerms, needs_draw
from commons.canonical import Json
from commons.errors import Fault, Malformed
from commons.verdicts import Reason, Refused
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.life_cycle import PICKED_AT_ONCE
from marketplace.demands.outcomes import judge_change
from marketplace.demands.store import Demand
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Ground, Identifier, Instant, Message, perform, require, stamp
from marketplace.usecases.barred import beyond_rules, whole_of
from marketplace.usecases.post_demand import beyond, last_close
from marketplace.usecases.publish_demand import clocks_of, first_close
from marketplace.usecases.rules_in_force import rules_kept
from marketplace.usecases.stages import Staged, hold_demand, require_here
from marketplace.usecases.standing import standing
from marketplace.usecases.weigh_terms import digest_of


class ChangeDemand(Message):
    """Which demand, why, its new clocks, and the terms in full (None: only the clocks move)."""

    demand: Identifier
    reason: Ground
    sign_up_closes_at: Instant
    closes_at: Instant | None = None
    terms: dict[str, Any] | None = None


class DemandChanged(Message):
    """Changed since: the new terms' hash and the one before; under other terms, offers wait for confirmation."""

    demand: str
    selection: str
    changed_at: datetime
    terms_digest: str
    before_digest: str
    sign_up_closes_at: datetime
    closes_at: datetime


async def change_demand(database: Database, caller: Caller, command: ChangeDemand) -> DemandChanged | Refused:
    """Change terms and clocks before offers close; refused to another mode, and clocks shorter than the profile's."""
    require(caller, "change_demand")

    async def work(connection: Connection) -> DemandChanged | Refused:
        staged = await hold_demand(connection, command.demand)
        require_here(caller, "change_demand", staged)
        return await _change(connection, caller, command, staged)

    return await perform(database, caller, command, DemandChanged, work)


async def _change(
    connection: Connection, caller: Caller, command: ChangeDemand, staged: Staged
) -> DemandChanged | Refused:
    """Judge the new terms as a publication is judged, then put them in force."""
    demand, state, at = staged.demand, staged.state, staged.at
    terms, parsed = _terms(command, demand)
    closes_at = None
    if demand.mode not in PICKED_AT_ONCE:
        closes_at = last_close(parsed, sign_up_closes_at=command.sign_up_closes_at, closes_at=command.closes_at)
    changed = replace(
        demand, terms=terms, terms_digest=digest_of(terms), ceiling_fen=parsed.ceiling_fen, max_days=parsed.max_days,
        sign_up_closes_at=command.sign_up_closes_at, closes_at=closes_at,
    )  # fmt: skip
    ruling = judge_change(
        standing(state),
        staged.stage,
        caller.actor.role,
        mode=demand.mode,
        clocks=(*await _beyond_kept(connection, changed, parsed), *clocks_of(changed, parsed, at=at)),
        is_draw_new=needs_draw(parsed) and state.commitment is None,
        at=at,
    )
    if isinstance(ruling, Refused):
        return ruling
    assert closes_at is not None, "a demand that takes sign-ups has its close"
    data: dict[str, Json] = {
        "reason": command.reason,
        "terms": terms,
        "terms_digest": changed.terms_digest,
        "before_digest": demand.terms_digest,
        "sign_up_closes_at": stamp(command.sign_up_closes_at),
        "closes_at": stamp(closes_at),
    }
    if changed.terms_digest == demand.terms_digest:
        data["keeps_offers"] = True
    act = Act("selection.terms_changed", data)
    await append(connection, f"selection/{state.id}", [act], actor=caller.actor, at=at)
    await bidding.touch(connection, state.id, state="open", due_at=first_close(changed), at=at)
    await demands.mark_changed(connection, changed)
    return DemandChanged(
        demand=demand.id, selection=state.id, changed_at=at, terms_digest=changed.terms_digest,
        before_digest=demand.terms_digest, sign_up_closes_at=command.sign_up_closes_at, closes_at=closes_at,
    )  # fmt: skip


async def _beyond_kept(connection: Connection, changed: Demand, terms: DemandTerms) -> tuple[Reason, ...]:
    """What the rules that the demand was published under say against the new terms: mode, wording, tender.

    The lots of a notice count together as they are now; the notice is held, so that two of them do not grow at once.
    """
    lots: tuple[Demand, ...] = ()
    if changed.notice is not None:
        await hold(connection, f"notice/{changed.notice}")
        lots = tuple(
            changed if one.id == changed.id else one for one in await demands.lots_of(connection, changed.notice)
        )
    return beyond_rules(changed, terms, rules_kept(changed), whole_fen=whole_of(changed, lots))


def _terms(command: ChangeDemand, demand: Demand) -> tuple[dict[str, Json], DemandTerms]:
    """The terms as they will be, complete; ``Malformed`` with what is wrong in those given."""
    terms = dict(demand.terms) if command.terms is None else cast("dict[str, Json]", dict(command.terms))
    if "lot_cap" in demand.terms:
        terms.setdefault("lot_cap", demand.terms["lot_cap"])
    parsed = parse_demand_terms(terms)
    faults = list(beyond(parsed))
    if parsed.mode != demand.mode:
        faults.append(Fault("/terms/mode", "mode_differs", "the mode changes after two failures, not before"))
    if terms.get("lot_cap") != demand.terms.get("lot_cap"):
        faults.append(Fault("/terms/lot_cap", "lot_cap_differs", "the cap on lots stays the notice's"))
    if faults:
        raise Malformed(tuple(faults))
    return terms, parsed
