"""What happens in one market, decided beforehand by its seed: selections, messages, crashes, ticks, in order of time.

Steps of one and the same millisecond are sent at once. Times are milliseconds after the market's epoch.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from commons.canonical import Json
from tests.simulation.faults import FAULTS, FaultKind
from tests.simulation.plans import AGENCIES, SelectionPlan, plan_selection

Verb = Literal[
    "shelve", "post", "publish", "sign_up", "offer", "take", "restrict", "credit_fact",
    "repeat", "other_body", "wrong_actor", "settle", "tick", "read", "jump",
]  # fmt: skip

SELECTIONS = 8
"""Selections of one market at most; a larger simulation plays more markets."""
STATEMENTS = (0, 0, 0, 0, *range(1, 17))
"""Before which statement of a message a crash strikes: COMMIT (0) more often than any other."""
UNTIL_SETTLED = 60_000
"""Milliseconds after the last close at which every clock has run out, extensions and publicity included."""


@dataclass(frozen=True, slots=True)
class Step:
    """One message or happening; ``of`` is the step whose message is meant, ``values`` what the message says."""

    number: int
    at: int
    verb: Verb
    selection: int | None = None
    agency: int | None = None
    of: int | None = None
    values: Mapping[str, Json] = field(default_factory=dict)
    fault: FaultKind | None = None
    strikes_at: int = 0
    comes_back: bool = True

    def words(self) -> str:
        """The step in one line, for the script of a failure."""
        who = "" if self.agency is None else f" agency {self.agency}"
        of = "" if self.of is None else f" of step {self.of}"
        values = " ".join(f"{key}={value}" for key, value in self.values.items() if key != "terms")
        crash = f" [{self.fault} at {self.strikes_at}{'' if self.comes_back else ', never back'}]" if self.fault else ""
        return f"{self.at:>7} ms  step {self.number}: {self.verb}{who}{of} {values}{crash}".rstrip()


@dataclass(frozen=True, slots=True)
class Script:
    """A whole market."""

    seed: int
    selections: tuple[SelectionPlan, ...]
    steps: tuple[Step, ...]
    ends_at: int


class Writer:
    """Collects steps; each gets its number and its crash as it is written down."""

    def __init__(self, dice: random.Random, *, crashes: float, strikes: float) -> None:
        self.dice = dice
        self.strikes = strikes
        self.crashes = crashes
        self.steps: list[Step] = []

    def add(
        self, at: int, verb: Verb, *, selection: int | None = None, agency: int | None = None, of: int | None = None,
        **values: Json,
    ) -> int:  # fmt: skip
        """Write one step down; returns its number."""
        number = len(self.steps)
        crash = verb not in {"read", "jump"} and self.dice.random() < self.crashes
        kind = self.dice.choice(FAULTS) if crash else None
        self.steps.append(Step(
            number, at, verb, selection, agency, of, values, kind, self.dice.choice(STATEMENTS) if crash else 0,
            self.dice.random() < 0.85,
        ))  # fmt: skip
        return number


def write_script(seed: int, size: int, *, crashes: float = 0.25, storms: bool = True, strikes: float = 0.15) -> Script:
    """The market of that seed with so many selections.

    ``crashes`` is the share of messages that a crash strikes, ``strikes`` that of storms in which somebody is
    restricted; without ``storms`` nothing is ever sent at once, and everything repeats to the last byte.
    """
    plans = tuple(plan_selection(random.Random(f"{seed}/{index}/plan"), index) for index in range(size))
    steps: list[Step] = []
    last = max(plan.closes_at for plan in plans)
    common = Writer(random.Random(f"{seed}/common"), crashes=crashes, strikes=strikes)
    _common(common, last, storms=storms)
    for writer in (common, *(_selection(seed, plan, crashes, strikes, storms=storms) for plan in plans)):
        shift = len(steps)
        steps.extend(_shifted(one, shift) for one in writer.steps)
    ordered = sorted(steps, key=lambda one: (one.at, one.number))
    return Script(seed, plans, tuple(ordered), last + UNTIL_SETTLED)


def _shifted(one: Step, shift: int) -> Step:
    of = None if one.of is None else one.of + shift
    return Step(
        one.number + shift, one.at, one.verb, one.selection, one.agency, of, one.values, one.fault, one.strikes_at,
        one.comes_back,
    )  # fmt: skip


def _common(writer: Writer, last: int, *, storms: bool) -> None:
    """What concerns no selection alone: shelves, restrictions of one agency in ten, facts, and a faulty ticker."""
    dice = writer.dice
    for agency in AGENCIES:
        for at in sorted(dice.sample(range(500, last), 2)):
            price = dice.choice((50_000, 50_000, dice.randrange(40_000, 90_000)))
            writer.add(at, "shelve", agency=agency, unit_price_fen=price, capacity=dice.randint(1, 2))
        if dice.random() < 0.10:
            _strike(writer, agency, dice.randrange(5_000, last + 5_000))
        if dice.random() < 0.15:
            writer.add(dice.randrange(5_000, last), "credit_fact", agency=agency, code=dice.choice(
                ("result_late", "contract_late", "collusion")))  # fmt: skip
    at = 4_000
    while at < last + 8_000:  # now and then the ticker sleeps long, or two of them run at once
        for _ in range(dice.choice((1, 1, 1, 2)) if storms else 1):
            writer.add(at, "tick")
        at += dice.choice((700, 2_000, 5_000, 15_000))


def _strike(writer: Writer, agency: int, at: int) -> None:
    """A restriction, sometimes with one approver too few before it, sometimes with an end."""
    if writer.dice.random() < 0.3:
        writer.add(at - 1, "restrict", agency=agency, approvers=["R1"], ends_at=None)
    ends_at = at + 9_000 if writer.dice.random() < 0.4 else None
    first = writer.add(at, "restrict", agency=agency, approvers=["R1", "R2"], ends_at=ends_at)
    if writer.dice.random() < 0.5:
        writer.add(at + 40, "repeat", of=first, agency=agency)


def _selection(seed: int, plan: SelectionPlan, crashes: float, strikes: float, *, storms: bool) -> Writer:
    """One selection's life: posted, published, joined, offered in, asked about, and gone on shouting at."""
    writer = Writer(random.Random(f"{seed}/{plan.index}/steps"), crashes=crashes, strikes=strikes)
    index, dice = plan.index, writer.dice
    posted = writer.add(plan.starts_at, "post", selection=index)
    published = writer.add(plan.starts_at + 20, "publish", selection=index)
    if dice.random() < 0.3:
        writer.add(plan.starts_at + 40, "repeat", selection=index, of=dice.choice((posted, published)))
    if dice.random() < 0.3:
        writer.add(plan.starts_at + 60, "wrong_actor", selection=index, of=published)
    if plan.mode == "instant":
        _takes(writer, plan, storms=storms)
    else:
        _offers(writer, plan, storms=storms)
    for _ in range(3):
        reader = dice.choice((None, *AGENCIES))
        writer.add(dice.randrange(plan.starts_at + 100, plan.closes_at + 8_000), "read", selection=index, agency=reader)
    return writer


def _takes(writer: Writer, plan: SelectionPlan, *, storms: bool) -> None:
    """Awards at once: two owners' clicks in the same moment, the same click again, and once more much later."""
    index, dice, at = plan.index, writer.dice, plan.closes_at
    first = writer.add(at, "take", selection=index)
    writer.add(at if storms else at + 1, "take", selection=index)
    if dice.random() < 0.6:
        writer.add(at if storms else at + 2, "repeat", selection=index, of=first)
    writer.add(at + dice.randrange(100, 9_000), "repeat", selection=index, of=first)
    writer.add(at + 50, "wrong_actor", selection=index, of=first)
    if dice.random() < 0.3:
        writer.add(at + 70, "offer", selection=index, agency=1, price_fen=12_345_671, days=5)


def _offers(writer: Writer, plan: SelectionPlan, *, storms: bool) -> None:
    index, dice = plan.index, writer.dice
    joining = dice.sample(AGENCIES, dice.randint(4, 9))
    sent: list[int] = []
    for agency in joining:
        late = dice.random() < 0.08
        at = dice.randrange(plan.starts_at + 100, plan.sign_up_closes_at - 500) if not late else plan.sign_up_closes_at
        signed = dice.random() > 0.06
        sent.append(writer.add(at, "sign_up", selection=index, agency=agency, commitment_signed=signed))
    _joined_twice(writer, plan, sent)
    for opens_at, closes_at in plan.windows:
        _window(writer, plan, joining, (opens_at, closes_at), storms=storms)
    late_at = plan.closes_at + dice.randrange(100, 4_000)
    writer.add(late_at, "offer", selection=index, agency=dice.choice(joining), price_fen=11_000_000, days=5)
    if dice.random() < writer.strikes:  # in the days of publicity, of somebody who may be the winner
        _strike(writer, dice.choice(joining), plan.closes_at + dice.randrange(200, 6_000))


def _joined_twice(writer: Writer, plan: SelectionPlan, sent: list[int]) -> None:
    again = writer.steps[writer.dice.choice(sent)]
    writer.add(again.at + 30, "repeat", selection=plan.index, agency=again.agency, of=again.number)
    writer.add(again.at + 60, "sign_up", selection=plan.index, agency=again.agency, commitment_signed=True)


def _window(writer: Writer, plan: SelectionPlan, joining: list[int], window: tuple[int, int], *, storms: bool) -> None:
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
    if storms and dice.random() < 0.5:
        _storm(writer, plan, joining, closes_at - 1, passes=closes_at + 1)
    if storms and dice.random() < 0.5:
        _storm(writer, plan, joining, dice.randrange(opens_at, closes_at - 5))


def _storm(writer: Writer, plan: SelectionPlan, joining: list[int], at: int, *, passes: int | None = None) -> None:
    """Everything at once: offers, a restriction of one who offers, two tickers, readers; the clock may pass a close."""
    dice = writer.dice
    here = dice.sample(joining, min(3, len(joining)))
    if dice.random() < writer.strikes:
        _strike(writer, here[0], at)
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
