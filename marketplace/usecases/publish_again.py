"""Publish a demand again (再次发布) that found too few bidders, or has nobody left: a new selection, new clocks.

Once with the same terms; after a second failure once more in another mode; each with a published reason. The earlier
selections stay on record under their own ids. Order: the selection that failed and what it holds, then the demand's
row, as every act on a selection does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from bidding.reading.terms import parse_demand_terms
from bidding.terms import DemandTerms, InstantTerms, needs_draw
from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed, NotFound
from commons.instants import format_instant, parse_instant
from commons.verdicts import Refused
from marketplace.catalogue.store import hold_rules
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.demand import LOTLESS, judge_publication
from marketplace.demands.outcomes import judge_publishing_again
from marketplace.demands.store import Demand
from marketplace.record.store import Act, append, hold, load
from marketplace.usecases.act import (
    Caller,
    Ground,
    Identifier,
    Instant,
    Message,
    Nonce,
    clock,
    new_identifier,
    perform,
    require,
)
from marketplace.usecases.barred import barred
from marketplace.usecases.post_demand import beyond, last_close, read_items
from marketplace.usecases.publish_demand import clocks_of, open_selection, owner_nonce
from marketplace.usecases.rules_in_force import catalogue_of, rules_in_force, under_rules
from marketplace.usecases.standing import Held, hold_selection
from marketplace.usecases.weigh_terms import digest_of

_PUBLISHED = {"demand.published", "demand.published_again"}


class PublishAgain(Message):
    """Which demand, why, and its new clocks; ``terms`` only to change the mode, in full, under the same ceiling.

    The rounds of terms that stay move so that the first opens at ``first_round_opens_at``. Terms that may need a draw
    need a nonce of their own: the earlier one may be public.
    """

    demand: Identifier
    reason: Ground
    sign_up_closes_at: Instant | None = None
    closes_at: Instant | None = None
    first_round_opens_at: Instant | None = None
    terms: dict[str, Any] | None = None
    nonce: Nonce | None = None


class DemandPublishedAgain(Message):
    """Public anew since, by this selection; ``publication`` counts from 1."""

    demand: str
    selection: str
    publication: int
    published_at: datetime
    terms_digest: str
    draw_commitment: str | None


async def publish_again(database: Database, caller: Caller, command: PublishAgain) -> DemandPublishedAgain | Refused:
    """Publish again for lack of bidders; refused for every other end, a third time, and a mode that does not fit."""
    require(caller, "publish_again")

    async def work(connection: Connection) -> DemandPublishedAgain | Refused:
        found = await demands.demand_by_id(connection, command.demand)
        if found is None or found.published_at is None:
            raise NotFound("demand", command.demand)
        require(caller, "publish_again", own=found.owner_code)
        held = await hold_selection(connection, found.selection)
        demand = await demands.demand_by_id(connection, command.demand, for_update=True)
        assert demand is not None, "demands are never deleted"
        if demand.selection != found.selection:
            raise Conflict("published_again_already", "somebody else published this demand again just now")
        return await _publish(connection, caller, command, demand, held)

    return await perform(database, caller, command, DemandPublishedAgain, work)


async def _publish(
    connection: Connection, caller: Caller, command: PublishAgain, demand: Demand, held: Held
) -> DemandPublishedAgain | Refused:  # fmt: skip
    """Judge by the failed selection, the record and the profile; then open the next selection."""
    failed = held.state
    await hold_rules(connection)
    at = await clock(connection, held.at, *await hold(connection, f"demand/{demand.id}"))
    demand = await under_rules(connection, demand, at=at)
    rules = await rules_in_force(connection, demand.profile, demand.region, at=at)
    recorded = await load(connection, [f"demand/{demand.id}"])
    publications = sum(one.event.type in _PUBLISHED for one in recorded)
    annulled = sum(one.event.type == "demand.annulled" for one in recorded)
    if command.nonce is not None and command.nonce in {await owner_nonce(connection, demand.id), failed.owner_nonce}:
        raise Malformed((Fault("/nonce", "nonce_used", "every publication has a nonce of its own"),))
    terms, parsed = _terms(command, demand)
    again = replace(
        demand,
        selection=new_identifier("S", at=at),
        mode=parsed.mode,
        terms=terms,
        terms_digest=digest_of(terms),
        max_days=parsed.max_days,
        sign_up_closes_at=command.sign_up_closes_at,
        closes_at=last_close(parsed, sign_up_closes_at=command.sign_up_closes_at, closes_at=command.closes_at),
    )
    reasons = judge_publishing_again(
        lacked_bidders=failed.is_unsuccessful,
        publications=publications - annulled,
        mode=demand.mode,
        new_mode=None if command.terms is None else parsed.mode,
        is_annulled=failed.annulled_at is not None,
    )
    ruling = judge_publication(
        is_regional_assessment=again.is_regional_assessment,
        buyer_class=again.buyer_class,
        clocks=(*reasons, *await barred(connection, again, parsed, rules, at=at), *clocks_of(again, parsed, at=at)),
        needs_draw=needs_draw(parsed),
        has_nonce=command.nonce is not None,
    )
    if isinstance(ruling, Refused):
        return ruling
    number, drawn = publications + 1, command.nonce if needs_draw(parsed) else None
    commitment = await open_selection(
        connection, caller, again, drawn, at=at, publication=number, anchor=held.lock.anchor
    )
    act = Act("demand.published_again", _data(again, demand, number, command.reason))
    await append(connection, f"demand/{demand.id}", [act], actor=caller.actor, at=at)
    await demands.mark_published_again(connection, again, at=at)
    return DemandPublishedAgain(
        demand=again.id, selection=again.selection, publication=number, published_at=at,
        terms_digest=again.terms_digest, draw_commitment=commitment,
    )  # fmt: skip


def _data(again: Demand, before: Demand, publication: int, reason: str) -> dict[str, Json]:
    return {
        "selection": again.selection,
        "after": before.selection,
        "publication": publication,
        "reason": reason,
        "mode": again.mode,
        "terms_digest": again.terms_digest,
        "rules": dict(again.rules),
    }


def _terms(command: PublishAgain, demand: Demand) -> tuple[dict[str, Json], DemandTerms]:
    """The terms of the next publication, complete; ``Malformed`` with what is wrong in those given."""
    if command.terms is None:
        terms = dict(demand.terms)
        if "rounds" in terms:
            terms["rounds"] = _moved(cast("list[dict[str, Json]]", terms["rounds"]), command.first_round_opens_at)
        return terms, parse_demand_terms(terms)
    terms = cast("dict[str, Json]", dict(command.terms))
    if "lot_cap" in demand.terms:
        terms.setdefault("lot_cap", demand.terms["lot_cap"])
    parsed = parse_demand_terms(terms)
    faults = list(beyond(parsed))
    if demand.notice is not None and parsed.mode in LOTLESS:
        faults.append(Fault("/terms/mode", "lot_mode_not_allowed", "a lot is not awarded at once"))
    if terms.get("lot_cap") != demand.terms.get("lot_cap"):
        faults.append(Fault("/terms/lot_cap", "lot_cap_differs", "the cap on lots stays the notice's"))
    faults.extend(read_items(demand.items, mode=parsed.mode, catalogue=catalogue_of(demand))[1])
    if isinstance(parsed, InstantTerms) and parsed.quantity != demand.quantity:
        faults.append(Fault("/terms/quantity", "quantity_differs", "the terms and the demand name one quantity"))
    if parsed.ceiling_fen != demand.ceiling_fen:
        faults.append(Fault("/terms/ceiling_fen", "ceiling_differs", "another mode keeps the demand's ceiling"))
    if faults:
        raise Malformed(tuple(faults))
    return terms, parsed


def _moved(rounds: list[dict[str, Json]], first: datetime | None) -> list[Json]:
    """The same rounds, the first of them at that instant; ``Malformed`` without one."""
    if first is None:
        raise Malformed((Fault("/first_round_opens_at", "missing", "these terms have rounds: say when they begin"),))
    by = first - parse_instant(str(rounds[0]["opens_at"]))
    keys = ("opens_at", "closes_at")
    return [{**one, **{key: format_instant(parse_instant(str(one[key])) + by) for key in keys}} for one in rounds]
