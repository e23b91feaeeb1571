"""Publish a demand: its terms freeze, its clocks start, and the operator's part of any draw is committed."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import cast

from bidding import store as bidding
from bidding.commitments import commitment_of
from bidding.reading.terms import parse_demand_terms
from bidding.terms import ComprehensiveTerms, DemandTerms, DirectTerms, InstantTerms, MultiRoundTerms, Plan, needs_draw
from commons.canonical import Json
from commons.errors import Conflict, NotFound
from commons.verdicts import Reason, Refused, Verdict
from marketplace.catalogue.store import hold_rules
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.demand import (
    DEMAND_RULE,
    RoundPlan,
    Schedule,
    judge_direct,
    judge_minimum,
    judge_publication,
    judge_schedule,
)
from marketplace.demands.life_cycle import GIVEN_UP
from marketplace.demands.store import Demand
from marketplace.record.store import Act, append, hold, load
from marketplace.usecases.act import Caller, Ground, Identifier, Message, clock, perform, require, stamp
from marketplace.usecases.barred import barred
from marketplace.usecases.rules_in_force import profile_of, rules_in_force, under_rules

CANDIDATES = {
    "random_draw": "admitted bidders",
    "credit_draw": "admitted bidders; of those with the highest credit as many as the big list takes",
}
"""Who is drawn among, as it is announced before any input is known: trust.md section 5."""
STATED = ("demand.posted", "demand.draft_changed")
"""Events that state a draft as a whole."""


class PublishDemand(Message):
    """Which draft; ``despite_coverage``: why the owner goes on where a regional assessment stands for it; published."""

    demand: Identifier
    despite_coverage: Ground | None = None


class DemandPublished(Message):
    """Public since; the frozen terms' hash; the draw commitment where the terms may need one."""

    demand: str
    selection: str
    published_at: datetime
    terms_digest: str
    draw_commitment: str | None


async def publish_demand(database: Database, caller: Caller, command: PublishDemand) -> DemandPublished | Refused:
    """Publish the draft; refuses clocks and minimums below the profile's, with every reason and its source."""
    require(caller, "publish_demand")

    async def work(connection: Connection) -> DemandPublished | Refused:
        demand = await demands.demand_by_id(connection, command.demand, for_update=True)
        if demand is None:
            raise NotFound("demand", command.demand)
        require(caller, "publish_demand", own=demand.owner_code)
        if demand.state in GIVEN_UP:
            raise Conflict("not_a_draft", "this draft was given up")
        if demand.state != "draft":
            raise Conflict("already_published", "this demand is published; its terms are frozen")
        if demand.notice is not None:
            raise Conflict("published_with_notice", "a lot is published with its notice")
        await hold_rules(connection)
        at = await clock(connection, *await hold(connection, f"demand/{demand.id}"))
        demand = await under_rules(connection, demand, despite=command.despite_coverage, at=at)
        ruling = await judge(connection, demand, at=at)
        return ruling if isinstance(ruling, Refused) else await publish(connection, caller, demand, at=at)

    return await perform(database, caller, command, DemandPublished, work)


async def judge(connection: Connection, demand: Demand, *, at: datetime) -> Verdict:
    """Whether a draft may be published under the rules of that instant, with every reason against it."""
    terms = parse_demand_terms(dict(demand.terms))
    rules = await rules_in_force(connection, demand.profile, demand.region, at=at)
    return judge_publication(
        is_regional_assessment=demand.is_regional_assessment,
        buyer_class=demand.buyer_class,
        clocks=(*await barred(connection, demand, terms, rules, at=at), *clocks_of(demand, terms, at=at)),
        needs_draw=needs_draw(terms),
        has_nonce=await owner_nonce(connection, demand.id) is not None,
    )


async def publish(
    connection: Connection, caller: Caller, demand: Demand, *, at: datetime, anchor: str | None = None
) -> DemandPublished:
    """Make a draft public that may be: its selection opens, its terms are frozen.

    ``anchor`` is the selection of the notice's first lot where lots hang together.
    """
    draws = needs_draw(parse_demand_terms(dict(demand.terms)))
    nonce = await owner_nonce(connection, demand.id) if draws else None
    commitment = await open_selection(connection, caller, demand, nonce, at=at, anchor=anchor)
    said = demand.declared.get("despite_coverage")
    opened: dict[str, Json] = {
        "selection": demand.selection,
        "terms_digest": demand.terms_digest,
        "rules": dict(demand.rules),
        **({"despite_coverage": said} if said else {}),
    }
    await append(
        connection, f"demand/{demand.id}", [Act("demand.published", opened)], actor=caller.actor, at=at
    )  # fmt: skip
    await demands.mark_published(connection, demand.id, demand.rules, demand.declared, at=at)
    return DemandPublished(
        demand=demand.id,
        selection=demand.selection,
        published_at=at,
        terms_digest=demand.terms_digest,
        draw_commitment=commitment,
    )


def clocks_of(demand: Demand, terms: DemandTerms, *, at: datetime) -> tuple[Reason, ...]:
    """Everything the profile asks of this demand's minimum, clocks and rounds, and what is not on offer yet."""
    profile = profile_of(demand)
    planned = terms.rounds if isinstance(terms, MultiRoundTerms) else ()
    rounds = tuple(RoundPlan(one.opens_at, one.closes_at) for one in planned)
    schedule = Schedule(demand.sign_up_closes_at, demand.closes_at)
    criteria = terms.criteria if isinstance(terms, ComprehensiveTerms | InstantTerms) else ()
    preferences = isinstance(terms, MultiRoundTerms) and terms.preferences
    plans = any(isinstance(criterion, Plan) for criterion in criteria)
    return (
        *judge_minimum(profile, demand.mode, demand.buyer_class, given=terms.min_bidders),
        *judge_schedule(profile, demand.mode, schedule, rounds, at=at),
        *(judge_direct(profile, demand.buyer_class) if isinstance(terms, DirectTerms) else ()),
        *((Reason("plan_marks_not_taken", DEMAND_RULE),) if plans else ()),
        *((Reason("preferences_not_taken", DEMAND_RULE),) if preferences else ()),
    )


async def owner_nonce(connection: Connection, demand: str) -> str | None:
    """The owner's nonce as committed with the draft: with its posting, or its last change."""
    stated = [one for one in await load(connection, [f"demand/{demand}"]) if one.event.type in STATED]
    return cast("str | None", (stated[-1].private or {}).get("owner_nonce"))


async def open_selection(
    connection: Connection, caller: Caller, demand: Demand, nonce: str | None, *, at: datetime,
    publication: int = 1, anchor: str | None = None,
) -> str | None:  # fmt: skip
    """Open the selection: lock row, first events, draw commitment; returns the commitment."""
    opened: dict[str, Json] = {
        "demand": demand.id,
        "mode": demand.mode,
        "terms": dict(demand.terms),
        "terms_digest": demand.terms_digest,
        "sign_up_closes_at": stamp(demand.sign_up_closes_at) if demand.sign_up_closes_at else None,
        "closes_at": stamp(demand.closes_at) if demand.closes_at else None,
        "profile": demand.profile,
    }
    if demand.mode != "instant" and "award_confirmation" in profile_of(demand).values:
        opened["confirmation"] = True
    if demand.further_items:
        opened["items"] = list(demand.items)
    if publication > 1:
        opened["publication"] = publication
    acts = [Act("selection.opened", opened, private={"salt": token_bytes(32).hex()})]
    commitment: str | None = None
    if nonce is not None:
        preimage = token_bytes(32)
        commitment = commitment_of(demand.selection, preimage)
        announced: dict[str, Json] = {
            "commitment": commitment,
            "owner_commitment": sha256(b"draw-nonce-v1" + bytes.fromhex(nonce)).hexdigest(),
            "candidates": CANDIDATES.get(demand.mode, "admitted bidders with an accepted offer"),
            "public_source": None,
        }
        acts.append(Act("draw.announced", announced, private={"preimage": preimage.hex(), "owner_nonce": nonce}))
    due_at = None if demand.mode in {"instant", "direct"} else first_close(demand)
    await bidding.insert_selection(
        connection, demand.selection, demand=demand.id, mode=demand.mode, due_at=due_at, at=at,
        anchor=anchor, lot=demand.lot if anchor is not None else None,
    )  # fmt: skip
    await append(connection, f"selection/{demand.selection}", acts, actor=caller.actor, at=at)
    return commitment


def first_close(demand: Demand) -> datetime | None:
    """When settling first has work: the first round's close, or the close of offers."""
    terms = parse_demand_terms(dict(demand.terms))
    return terms.rounds[0].closes_at if isinstance(terms, MultiRoundTerms) else demand.closes_at
