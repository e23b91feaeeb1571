"""A demand of the user's own sheet, played with invented offers (示例报价): reproducible from a number, marked as such.

Invented: who of the qualified takes part, prices, days, and whom an owner chooses where the choice is the owner's. Not
invented: everything that judges them. The choice of players reads plans; who is admitted is still ruled by the
sign-up itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import assert_never, cast

from agencies.qualifications import missing
from bidding.reading.terms import parse_demand_terms
from bidding.terms import (
    ComprehensiveTerms,
    CreditDrawTerms,
    DirectTerms,
    InstantTerms,
    MeanPriceTerms,
    MultiRoundTerms,
    RandomDrawTerms,
)
from commons.instants import beijing_date
from commons.verdicts import Refused
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.requirements import requirements_of
from marketplace.demo.callers import owner
from marketplace.demo.scenes.invented_offers import enter, invented_bidder, place, play_rounds, players
from marketplace.demo.stage import Played, Scene, Stage, TurnedAway
from marketplace.seed.plans import AgencyPlan, DemandDraft
from marketplace.seed.resolving import Pace
from marketplace.usecases.award_directly import AwardDirectly, award_directly
from marketplace.usecases.pick_from_shortlist import PickFromShortlist, pick_from_shortlist
from marketplace.usecases.take_instant_award import TakeInstantAward, take_instant_award

SIGN_UP_SECONDS, ROUND_SECONDS = 2.5, 2.0
TRIES = 10
CHOSEN_BY_DICE = "程序代业主作的示例选择（示例）"


@dataclass(frozen=True, slots=True)
class Field:
    """Who could take part: the qualified, and the others with the first reason why not."""

    qualified: tuple[AgencyPlan, ...]
    unqualified: tuple[TurnedAway, ...]


def field_of(draft: DemandDraft, agencies: Sequence[AgencyPlan], stage: Stage) -> Field:
    """Who holds today what the items legally ask."""
    requirements, today = requirements_of(draft.items, load_catalogue()), beijing_date(stage.now())
    reasons = {
        plan.uscc: tuple(why for asked in requirements for why in missing(plan.qualifications, asked, on=today))
        for plan in agencies
    }
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
    terms = parse_demand_terms(dict(scene.plan.terms))
    match terms:
        case InstantTerms():
            return await _take(stage, scene)
        case DirectTerms():
            return await _name(stage, scene, field, dice, terms)
        case ComprehensiveTerms() | MeanPriceTerms():
            for one in await enter(stage, scene, field.qualified, dice, terms):
                await place(stage, scene, one, price_fen=one.price_fen, dice=dice, terms=terms)
            await _close(stage, scene)
        case MultiRoundTerms():
            bidders = await enter(stage, scene, field.qualified, dice, terms)
            await play_rounds(stage, scene, terms, bidders, dice)
        case RandomDrawTerms() | CreditDrawTerms():
            for plan in players(field.qualified, dice):
                await stage.sign_up(scene, plan.uscc)
            await _close(stage, scene)
            if isinstance(terms, CreditDrawTerms):
                await _pick(stage, scene, dice)
        case _:
            assert_never(terms)
    return await _ended(stage, scene)


async def _close(stage: Stage, scene: Scene) -> None:
    assert scene.plan.closes_at is not None, "sealed offers and draws have their close"
    await stage.until(scene.plan.closes_at)


async def _ended(stage: Stage, scene: Scene) -> Played:
    """The settled selection; a few looks more where its last close has just been moved."""
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
    _note(scene, "即时选取", answer)
    return Played(scene, await stage.settled(scene), time.monotonic() - scene.began)


async def _pick(stage: Stage, scene: Scene, dice: Random) -> None:
    """Let the owner choose of the short list, where one was drawn."""
    evaluation = (await stage.settled(scene)).evaluation or {}
    if evaluation.get("outcome") != "owner_choice":
        return
    chosen = dice.choice(cast("list[str]", evaluation["shortlist"]))
    command = PickFromShortlist(selection=scene.selection, agency=chosen, reason=CHOSEN_BY_DICE)
    _note(scene, "择定", await pick_from_shortlist(stage.database, owner(scene.draft.owner_uscc), command))


async def _name(stage: Stage, scene: Scene, field: Field, dice: Random, terms: DirectTerms) -> Played:
    """Let the owner name one of the qualified, where there is one."""
    for plan in players(field.qualified, dice)[:1]:
        agreed = invented_bidder(plan, terms, dice)
        command = AwardDirectly(
            selection=scene.selection, agency=plan.uscc, price_fen=agreed.price_fen, days=agreed.days,
            reason=CHOSEN_BY_DICE,
        )  # fmt: skip
        _note(scene, "选定", await award_directly(stage.database, owner(scene.draft.owner_uscc), command))
    return Played(scene, await stage.settled(scene), time.monotonic() - scene.began)


def _note(scene: Scene, act: str, answer: object) -> None:
    """Keep what an owner was refused."""
    if isinstance(answer, Refused):
        scene.turned_away.append(TurnedAway(scene.draft.owner_name, act, answer.reasons))
