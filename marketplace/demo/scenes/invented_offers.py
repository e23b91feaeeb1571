"""Invented offers (示例报价): who takes part, prices and rates, days, splits, round by round; all from one dice.

Invariants: the same dice gives the same offers; prices lie above what usually counts as abnormally low and below the
ceiling; a split sums to its price exactly. What comes of the offers is judged by the rules alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from bidding.discount import discounted_fen, least_discount_bp
from bidding.joint_purchase import Part
from bidding.room import bound
from bidding.rounds import State
from bidding.terms import DirectTerms, MultiRoundTerms, PricedTerms
from commons.money import BASIS
from commons.verdicts import Refused
from marketplace.demo.stage import Scene, Stage
from marketplace.seed.plans import AgencyPlan
from marketplace.usecases.settlement import rounds_at

MAX_PLAYERS = 6
LOWEST_BP, HIGHEST_BP = 8_600, 9_700
"""Invented prices lie between these parts of the ceiling, above what usually counts as abnormally low."""
ROUND_FEN = 10_000
USUAL_DAYS = 20
MAX_STEPS = 4
KEEPS_STILL = 4
"""One in so many keeps its standing offer in a later round."""
LARGEST_SHARE = 9
START = timedelta(milliseconds=200)


@dataclass(frozen=True, slots=True)
class Bidder:
    """An invented bidder: its days stay, its price falls; the price is what a rate means where rates are offered."""

    agency: str
    price_fen: int
    days: int


def players(qualified: Sequence[AgencyPlan], dice: Random) -> list[AgencyPlan]:
    """Who of the qualified takes part."""
    return dice.sample(qualified, min(MAX_PLAYERS, len(qualified)))


def invented_bidder(plan: AgencyPlan, terms: PricedTerms | DirectTerms, dice: Random) -> Bidder:
    """What an agency is going to offer, in fen and days."""
    price_fen = terms.ceiling_fen * dice.randrange(LOWEST_BP, HIGHEST_BP) // BASIS
    price_fen = max(1, price_fen - price_fen % ROUND_FEN if price_fen > ROUND_FEN else price_fen)
    longest = terms.max_days or USUAL_DAYS
    return Bidder(plan.uscc, price_fen, dice.randrange((longest + 1) // 2, longest + 1))


async def enter(
    stage: Stage, scene: Scene, qualified: Sequence[AgencyPlan], dice: Random, terms: PricedTerms
) -> list[Bidder]:
    """Sign up some of the qualified, and invent what those admitted will offer."""
    bidders: list[Bidder] = []
    for plan in players(qualified, dice):
        one = invented_bidder(plan, terms, dice)
        if not isinstance(await stage.sign_up(scene, plan.uscc), Refused):
            bidders.append(one)
    return bidders


async def place(stage: Stage, scene: Scene, one: Bidder, *, price_fen: int, dice: Random, terms: PricedTerms) -> None:
    """An offer of at most that price, named as the terms ask: an amount, or the least rate that means no more."""
    if terms.price_basis == "fen":
        split = invented_split(scene.draft.items, price_fen, dice)
        await stage.offer(scene, one.agency, price_fen, one.days, split=split)
        return
    rate = least_discount_bp(terms.ceiling_fen, price_fen)
    if rate is not None:
        split = invented_split(scene.draft.items, discounted_fen(terms.ceiling_fen, rate), dice)
        await stage.offer(scene, one.agency, None, one.days, discount_bp=rate, split=split)


def invented_split(items: Sequence[str], price_fen: int, dice: Random) -> tuple[Part, ...]:
    """How a joint price falls to its items; nothing where there is one item."""
    if len(items) == 1:
        return ()
    shares = [dice.randrange(1, LARGEST_SHARE + 1) for _ in items]
    parts = [price_fen * share // sum(shares) for share in shares]
    parts[0] += price_fen - sum(parts)
    return tuple(Part(item, fen) for item, fen in zip(items, parts, strict=True))


async def play_rounds(
    stage: Stage, scene: Scene, terms: MultiRoundTerms, bidders: Sequence[Bidder], dice: Random
) -> None:
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
                await place(stage, scene, one, price_fen=price_fen, dice=dice, terms=terms)
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
