"""A demand of the user's own sheet, played with invented offers (示例报价): reproducible from a number, marked as such.

Invented: who of the qualified takes part (at most ``MAX_PLAYERS``), prices, days. Not invented: everything that judges
them. The choice of players reads plans; who is admitted is still ruled by the sign-up itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from agencies.qualifications import missing
from bidding.reading.terms import parse_terms
from bidding.room import bound
from bidding.rounds import State
from bidding.terms import ComprehensiveTerms, InstantTerms, MultiRoundTerms
from commons.instants import beijing_date
from commons.verdicts import Refused
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.requirements import requirement_of
from marketplace.demo.callers import owner
from marketplace.demo.stage import Played, Scene, Stage, TurnedAway
from marketplace.seed.plans import AgencyPlan, DemandDraft
from marketplace.seed.resolving import Pace
from marketplace.usecases.settlement import rounds_at
from marketplace.usecases.take_instant_award import TakeInstantAward, take_instant_award

MAX_PLAYERS = 6
LOWEST_BP, HIGHEST_BP = 8_600, 9_700
"""Invented prices lie between these parts of the ceiling, above what usually counts as abnormally low."""
ROUND_FEN = 10_000
USUAL_DAYS = 20
MAX_STEPS = 4
KEEPS_STILL = 4
"""One in so many keeps its standing offer in a later round."""
SIGN_UP_SECONDS, ROUND_SECONDS = 2.5, 2.0
START = timedelta(milliseconds=200)
TRIES = 10


@dataclass(frozen=True, slots=True)
class Field:
    """Who could take part: the qualified, and the others with the first reason why not."""

    qualified: tuple[AgencyPlan, ...]
    unqualified: tuple[TurnedAway, ...]


@dataclass(frozen=True, slots=True)
class Bidder:
    """An invented bidder: its days stay, its price falls."""

    agency: str
    price_fen: int
    days: int


def field_of(draft: DemandDraft, agencies: Sequence[AgencyPlan], stage: Stage) -> Field:
    """Who holds today what the item legally asks."""
    catalogue = load_catalogue()
    item = catalogue.item(draft.item)
    assert item is not None, "a sheet's items are of the catalogue"
    requirement, today = requirement_of(item, catalogue), beijing_date(stage.now())
    reasons = {plan.uscc: missing(plan.qualifications, requirement, on=today) for plan in agencies}
    return Field(
        tuple(plan for plan in agencies if not reasons[plan.uscc]),
        tuple(TurnedAway(uscc, "资质核对", why) for uscc, why in reasons.items() if why),
    )


def pace_for(draft: DemandDraft, slowness: int) -> Pace:
    """Long enough to sign up and to offer in, however short the sheet's own clocks are."""
    workdays = max(1, draft.schedule.sign_up_workdays)
    shortest = min((one.minutes for one in draft.schedule.rounds), default=1)
    return Pace(
        workday=timedelta(seconds=max(1.0, SIGN_UP_SECONDS / workdays)) * slowness,
        minute=timedelta(seconds=ROUND_SECONDS / max(1, shortest)) * slowness,
    )


async def invented(stage: Stage, draft: DemandDraft, field: Field, dice: Random) -> Played:
    """Play a demand of whatever mode to its end."""
    scene = await stage.open(draft, pace=pace_for(draft, stage.slowness))
    terms = parse_terms(dict(scene.plan.terms))
    match terms:
        case InstantTerms():
            return await _take(stage, scene)
        case ComprehensiveTerms():
            for one in await _bidders(stage, scene, field, dice, terms):
                await stage.offer(scene, one.agency, one.price_fen, one.days)
            assert scene.plan.closes_at is not None, "sealed offers have their close"
            await stage.until(scene.plan.closes_at)
        case MultiRoundTerms():
            bidders = await _bidders(stage, scene, field, dice, terms)
            await _rounds(stage, scene, terms, bidders, dice)
        case _:
            message = f"no sheet plays {terms.mode} yet"
            raise AssertionError(message)
    state = await stage.settled(scene)
    for _ in range(TRIES):
        if state.is_decided:
            break
        await asyncio.sleep(0.2 * stage.slowness)
        state = await stage.settled(scene)
    return Played(scene, state, time.monotonic() - scene.began)


async def _take(stage: Stage, scene: Scene) -> Played:
    """Take the first of the shelf; an empty shelf is a refusal to show."""
    command = TakeInstantAward(demand=scene.demand)
    answer = await take_instant_award(stage.database, owner(scene.draft.owner_uscc), command)
    if isinstance(answer, Refused):
        scene.turned_away.append(TurnedAway(scene.draft.owner_name, "即时选取", answer.reasons))
    return Played(scene, await stage.settled(scene), time.monotonic() - scene.began)


async def _bidders(
    stage: Stage, scene: Scene, field: Field, dice: Random, terms: ComprehensiveTerms | MultiRoundTerms
) -> list[Bidder]:
    """Sign up some of the qualified, and invent what those admitted will offer."""
    chosen = dice.sample(field.qualified, min(MAX_PLAYERS, len(field.qualified)))
    bidders: list[Bidder] = []
    for plan in chosen:
        price_fen = terms.ceiling_fen * dice.randrange(LOWEST_BP, HIGHEST_BP) // 10_000
        price_fen = max(1, price_fen - price_fen % ROUND_FEN if price_fen > ROUND_FEN else price_fen)
        longest = terms.max_days or USUAL_DAYS
        days = dice.randrange((longest + 1) // 2, longest + 1)
        if not isinstance(await stage.sign_up(scene, plan.uscc), Refused):
            bidders.append(Bidder(plan.uscc, price_fen, days))
    return bidders


async def _rounds(stage: Stage, scene: Scene, terms: MultiRoundTerms, bidders: Sequence[Bidder], dice: Random) -> None:
    """Everybody offers in round 1; later some keep still and some go down by whole steps."""
    for number, planned in enumerate(terms.rounds):
        live = await _live(stage, scene)
        if live.is_finished:
            return
        await stage.until(planned.opens_at + live.shift + START)
        for one in bidders:
            if number and dice.randrange(KEEPS_STILL) == 0:
                continue
            price_fen = _price(await _live(stage, scene), one, dice)
            if price_fen is not None:
                await stage.offer(scene, one.agency, price_fen, one.days)
    await stage.until(terms.rounds[-1].closes_at + (await _live(stage, scene)).shift)


async def _live(stage: Stage, scene: Scene) -> State:
    """The rounds as they stand; credit bears on ties alone and is left out here."""
    state = await stage.settled(scene)
    return rounds_at(state, dict.fromkeys(state.participants, 0), at=stage.now())


def _price(live: State, one: Bidder, dice: Random) -> int | None:
    """Some whole steps below what would just be accepted; None for somebody who cannot offer."""
    terms, highest = live.terms, bound(live, one.agency, days=one.days).max_price_fen
    if highest is None:
        return None
    reference = live.standing.get(one.agency) if terms.step_basis == "own" else live.best
    if reference is not None:
        price_fen = highest - dice.randrange(MAX_STEPS) * terms.step_fen
    elif terms.step_multiple:
        price_fen = terms.ceiling_fen - (terms.ceiling_fen - one.price_fen) // terms.step_fen * terms.step_fen
    else:
        price_fen = min(highest, one.price_fen)
    return price_fen if price_fen > 0 else None
