"""What happens in one market, decided beforehand by its seed: selections, messages, crashes, ticks, by time."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.simulation.aftermath import BESIDE, aftermath, confirmations
from tests.simulation.plans import AGENCIES, DRAWS, FATES, Fate, SelectionPlan, plan_selection
from tests.simulation.steps import Script, Writer, joined, one_by_one

SELECTIONS = len(FATES)
"""Selections of one market at most, one of each fate; a larger simulation plays more markets."""
UNTIL_SETTLED = 60_000
"""Milliseconds after the last close at which every clock has run out, extensions and publicity included."""


def write_script(
    seed: int, size: int, *, crashes: float = 0.25, storms: bool = True, strikes: float = 0.15,
    fates: Sequence[Fate] = (),
) -> Script:  # fmt: skip
    """The market of that seed with so many selections.

    ``crashes`` is the share of messages that a crash strikes, ``strikes`` that of storms in which somebody is
    restricted; without ``storms`` nothing is ever sent at once, and everything repeats to the last byte. ``fates`` are
    dealt in their order, where none are given a shuffled deck of all.
    """
    deck = list(fates) or random.Random(f"{seed}/fates").sample(FATES, len(FATES))
    plans = tuple(
        plan_selection(random.Random(f"{seed}/{index}/plan"), index, deck[index % len(deck)]) for index in range(size)
    )
    last = max(plan.closes_at for plan in plans)
    common = Writer(random.Random(f"{seed}/common"), crashes=crashes, strikes=strikes, storms=storms)
    _common(common, last, shelves=any(plan.mode == "instant" for plan in plans))
    writers = [common]
    for plan in plans:
        dice = random.Random(f"{seed}/{plan.index}/steps")
        writers.append(Writer(dice, crashes=crashes, strikes=strikes, storms=storms))
        _selection(writers[-1], plan)
    for plan in plans:  # dice of their own, behind everybody else's steps: those stay what they were
        dice = random.Random(f"{seed}/{plan.index}/confirmations")
        writers.append(Writer(dice, crashes=crashes, strikes=strikes, storms=storms))
        confirmations(writers[-1], plan)
    steps = sorted(joined(writers), key=lambda one: (one.at, one.number))
    ends_at = max(last, steps[-1].at) + UNTIL_SETTLED
    return Script(seed, plans, tuple(steps if storms else one_by_one(steps)), ends_at)


def _common(writer: Writer, last: int, *, shelves: bool) -> None:
    """What concerns no selection alone: shelves, restrictions of one agency in ten, facts, and a faulty ticker."""
    dice = writer.dice
    for agency in AGENCIES:
        for at in sorted(dice.sample(range(500, last), 2)) if shelves else ():
            price = dice.choice((50_000, 50_000, dice.randrange(40_000, 90_000)))
            writer.add(at, "shelve", agency=agency, unit_price_fen=price, capacity=dice.randint(1, 2))
        if dice.random() < 0.10:
            strike(writer, agency, dice.randrange(5_000, last + 5_000))
        if dice.random() < 0.15:
            writer.add(dice.randrange(5_000, last), "credit_fact", agency=agency, code=dice.choice(
                ("result_late", "contract_late", "collusion")))  # fmt: skip
    at = 4_000
    while at < last + 8_000:  # now and then the ticker sleeps long, or two of them run at once
        for _ in range(dice.choice((1, 1, 1, 2)) if writer.storms else 1):
            writer.add(at, "tick")
        at += dice.choice((700, 2_000, 5_000, 15_000))


def strike(writer: Writer, agency: int, at: int) -> None:
    """A restriction, sometimes with one approver too few before it, sometimes with an end."""
    if writer.dice.random() < 0.3:
        writer.add(at - 1, "restrict", agency=agency, approvers=["R1"], ends_at=None)
    ends_at = at + 9_000 if writer.dice.random() < 0.4 else None
    first = writer.add(at, "restrict", agency=agency, approvers=["R1", "R2"], ends_at=ends_at)
    if writer.dice.random() < 0.5:
        writer.add(at + 40, "repeat", of=first, agency=agency)


def _selection(writer: Writer, plan: SelectionPlan) -> None:
    """One selection's life: posted, published, joined, offered in, asked about, and gone on shouting at."""
    index, dice = plan.index, writer.dice
    posted = writer.add(plan.starts_at, "post", selection=index)
    published = writer.add(plan.starts_at + 20, "publish", selection=index)
    if dice.random() < 0.3:
        writer.add(plan.starts_at + 40, "repeat", selection=index, of=dice.choice((posted, published)))
    if dice.random() < 0.3:
        writer.add(plan.starts_at + 60, "wrong_actor", selection=index, of=published)
    if plan.mode == "instant":
        _takes(writer, plan)
    elif plan.mode == "direct":
        _names(writer, plan)
    else:
        take_part(writer, plan)
    aftermath(writer, plan, take_part)
    for _ in range(3):
        reader = dice.choice((None, *AGENCIES))
        writer.add(dice.randrange(plan.starts_at + 100, plan.closes_at + 8_000), "read", selection=index, agency=reader)


def _takes(writer: Writer, plan: SelectionPlan) -> None:
    """Awards at once: two owners' clicks in the same moment, the same click again, and once more much later."""
    index, dice, at = plan.index, writer.dice, plan.closes_at
    first = writer.add(at, "take", selection=index)
    writer.add(at, "take", selection=index)
    if dice.random() < 0.6:
        writer.add(at, "repeat", selection=index, of=first)
    writer.add(at + dice.randrange(100, 9_000), "repeat", selection=index, of=first)
    writer.add(at + 50, "wrong_actor", selection=index, of=first)
    if dice.random() < 0.3:
        writer.add(at + 70, "offer", selection=index, agency=1, price_fen=12_345_671, days=5)


def _names(writer: Writer, plan: SelectionPlan) -> None:
    """Direct choices: of somebody, twice in the same moment, of the unqualified and beyond the ceiling, too late."""
    index, dice, at = plan.index, writer.dice, plan.closes_at
    first = writer.add(at, "name", selection=index, agency=dice.choice(plan.joining), price_fen=9_000_000)
    if dice.random() < 0.5:
        writer.add(at, "name", selection=index, agency=dice.choice(AGENCIES), price_fen=8_000_000)
    if dice.random() < 0.5:
        strange = dice.choice(((12, 9_000_000), (1, 0), (2, 30_000_000)))
        writer.add(at - 200, "name", selection=index, agency=strange[0], price_fen=strange[1])
    writer.add(at + dice.choice((0, 50, 900)), "repeat", selection=index, of=first)
    writer.add(at + 60, "wrong_actor", selection=index, of=first)
    writer.add(at + dice.randrange(100, 4_000), "name", selection=index, agency=3, price_fen=7_000_000)
    if dice.random() < writer.strikes:
        strike(writer, dice.choice(plan.joining), at)
    if dice.random() < 0.3:
        writer.add(at - 100, "sign_up", selection=index, agency=1, commitment_signed=True)


def take_part(writer: Writer, plan: SelectionPlan) -> None:
    """Bidders ask in and offer: in time, late, twice, at once, and some who never asked in."""
    index, dice, joining = plan.index, writer.dice, list(plan.joining)
    sent: list[int] = []
    for agency in joining:
        late = dice.random() < 0.08
        at = dice.randrange(plan.starts_at + 100, plan.sign_up_closes_at - 500) if not late else plan.sign_up_closes_at
        signed = dice.random() > 0.06
        sent.append(writer.add(at, "sign_up", selection=index, agency=agency, commitment_signed=signed))
    _joined_twice(writer, plan, sent)
    for opens_at, closes_at in plan.windows:
        _window(writer, plan, joining, (opens_at, closes_at))
    if writer.storms and plan.mode in DRAWS and dice.random() < 0.5:  # around the close of the sign-up
        _crowd(writer, plan)
    late_at = plan.closes_at + dice.randrange(100, 4_000)
    writer.add(late_at, "offer", selection=index, agency=dice.choice(joining), **plan.offer(dice, plan.closes_at - 1))
    if dice.random() < writer.strikes:  # in the days of publicity, of somebody who may be the winner
        strike(writer, dice.choice(joining), plan.closes_at + dice.randrange(200, 6_000))


def _crowd(writer: Writer, plan: SelectionPlan) -> None:
    """The last to sign up for a draw, restrictions and tickers at once; the clock may pass the close."""
    dice, at = writer.dice, plan.closes_at - 1
    for agency in dice.sample(AGENCIES, 3):
        writer.add(at, "sign_up", selection=plan.index, agency=agency, commitment_signed=True)
    if dice.random() < writer.strikes:
        strike(writer, dice.choice(plan.joining), at)
    writer.add(at, "jump", to=plan.closes_at + 1)
    for verb in BESIDE:
        writer.add(at, verb, selection=plan.index)


def _joined_twice(writer: Writer, plan: SelectionPlan, sent: list[int]) -> None:
    again = writer.steps[writer.dice.choice(sent)]
    writer.add(again.at + 30, "repeat", selection=plan.index, agency=again.agency, of=again.number)
    writer.add(again.at + 60, "sign_up", selection=plan.index, agency=again.agency, commitment_signed=True)


def _window(writer: Writer, plan: SelectionPlan, joining: list[int], window: tuple[int, int]) -> None:
    """Offers within one round, or before the close of a sealed selection; some come all at once at its end."""
    (opens_at, closes_at), index, dice = window, plan.index, writer.dice
    offers: list[int] = []
    for agency in joining:
        for _ in range(dice.choice(plan.offers_a_window)):
            at = dice.randrange(opens_at, closes_at - 5)
            offers.append(writer.add(at, "offer", selection=index, agency=agency, **plan.offer(dice, at)))
    stranger = dice.choice([one for one in AGENCIES if one not in joining])
    writer.add(
        dice.randrange(opens_at, closes_at), "offer", selection=index, agency=stranger, **plan.offer(dice, opens_at)
    )
    for verb in ("repeat", "repeat", "other_body", "wrong_actor"):
        if offers and dice.random() < 0.7:
            of = writer.steps[dice.choice(offers)]
            at = of.at + dice.choice((1, 500, 20_000))
            writer.add(at, verb, selection=index, agency=of.agency, of=of.number)
    if writer.storms and dice.random() < 0.5:
        _storm(writer, plan, joining, closes_at - 1, passes=closes_at + 1)
    if writer.storms and dice.random() < 0.5:
        _storm(writer, plan, joining, dice.randrange(opens_at, closes_at - 5))


def _storm(writer: Writer, plan: SelectionPlan, joining: list[int], at: int, *, passes: int | None = None) -> None:
    """Everything at once: offers, a restriction of one who offers, two tickers, readers; the clock may pass a close."""
    dice = writer.dice
    here = dice.sample(joining, min(3, len(joining)))
    if dice.random() < writer.strikes:
        strike(writer, here[0], at)
        here += [here[0], here[0]]
    for agency in here:
        one = writer.add(at, "offer", selection=plan.index, agency=agency, **plan.offer(dice, at))
        if dice.random() < 0.3:
            writer.add(at, "repeat", selection=plan.index, agency=agency, of=one)
    if passes is not None:
        writer.add(at, "jump", to=passes)
    for verb in ("tick", "tick", "settle", "read"):
        if dice.random() < 0.6:
            writer.add(at, verb, selection=plan.index)
