"""``history``: concurrent histories of one agency that no serial order explains. Control: the naive order of reading.

In every history one agency is restricted, twice sometimes, has a restriction lifted, signs up, offers and goes on the
shelf, all at once; agencies share selections. ``linear.py`` looks for an order that gives every operation its answer:
who was voided where, what came off the shelf, what was lifted, accepted or refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from commons.errors import Conflict, Unavailable
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.answer_objection import AnswerObjection, ObjectionAnswered, answer_objection
from marketplace.usecases.object_to_fact import FactObjectedTo, ObjectToFact, object_to_fact
from marketplace.usecases.put_shelf_offer import put_shelf_offer
from marketplace.usecases.record_credit_fact import CreditFactRecorded, RecordCreditFact, record_credit_fact
from marketplace.usecases.restrict_agency import AgencyRestricted, restrict_agency
from tests.faults.figures import Figure, progress
from tests.faults.ground import city_of, file_many, own_market, without_triggers
from tests.faults.linear import Operation, Verb, is_linearizable
from tests.faults.race_scenes import KNOWN, naive_order, restriction, shelf_offer
from tests.usecases.market import PROFILE, REGULATOR, Market, agency, code, sealed_terms

NAME = "history"
DEFAULT_SIZE = 20_000
AT_ONCE = 8
"""Histories at once, whose agencies share two selections."""
SPREAD = 0.12
"""Seconds over which the operations of one history are asked."""
ITEM = "RA02"
CONTROLS = 10
"""Groups of the control at most; it ends at the first history that nothing explains."""
FIRST = 100
PLAN: tuple[tuple[Verb, int], ...] = (
    ("restrict", 0), ("lift", 0), ("sign_up", 0), ("sign_up", 1), ("offer", 0), ("offer", 0), ("offer", 1),
    ("shelf", 0), ("shelf", 0),
)  # fmt: skip
SOMETIMES: tuple[Verb, int] = ("restrict", 1)


@dataclass(frozen=True, slots=True)
class Stage:
    """One agency made ready: its number, the fact that a restriction is based on, and the two selections."""

    number: int
    fact: str
    selections: tuple[str, str]


async def ready(database: Database, numbers: Sequence[int]) -> list[Stage]:
    """File the agencies, record a fact of each with an objection to it, and publish the selections they share."""
    market = Market(database)
    await file_many(database, numbers)
    both = [(await market.publish(sealed_terms(), sign_up_s=3_600, close_s=7_200)).selection for _ in range(2)]

    async def one(number: int) -> Stage:
        KNOWN.set({})
        fact = RecordCreditFact(agency=code(number), code="result_late", basis="示例", quantity=6)
        recorded = await record_credit_fact(database, REGULATOR, fact)
        assert isinstance(recorded, CreditFactRecorded), recorded
        objection = ObjectToFact(agency=code(number), fact=recorded.fact, reason="按期交付（示例）")
        disputed = await object_to_fact(database, agency(number), objection, profile=PROFILE)
        assert isinstance(disputed, FactObjectedTo), disputed
        return Stage(number, recorded.fact, (both[0], both[1]))

    return list(await asyncio.gather(*(one(number) for number in numbers)))


async def played(database: Database, stage: Stage, dice: random.Random) -> list[Operation]:
    """Let everything happen to one agency at once; what was asked, answered, and how."""
    plan = [*PLAN, *([SOMETIMES] if dice.random() < 1 / 3 else [])]

    async def one(verb: Verb, target: int, delay: float) -> Operation:
        await asyncio.sleep(delay)
        KNOWN.set({})
        asked = time.monotonic()
        while True:
            with contextlib.suppress(Unavailable):
                answer = await ask(database, stage, verb, target)
                return Operation(verb, target, asked, time.monotonic(), answer)

    return list(await asyncio.gather(*(one(verb, target, dice.uniform(0, SPREAD)) for verb, target in plan)))


async def ask(database: Database, stage: Stage, verb: Verb, target: int) -> object:
    """Do it by its use case; the answer as the model gives it."""
    market, number = Market(database), stage.number
    match verb:
        case "restrict":
            order = restriction(number, city_of(number))
            caused = order.model_copy(update={"fact": stage.fact if target == 0 else None})
            return what_it_did(await restrict_agency(database, REGULATOR, caused), stage)
        case "lift":
            told = AnswerObjection(agency=code(number), fact=stage.fact, answer="revoked", reason="经核实（示例）")
            lifted = await answer_objection(database, REGULATOR, told, profile=PROFILE)
            assert isinstance(lifted, ObjectionAnswered), lifted
            return len(lifted.restrictions_lifted)
        case "sign_up":
            with contextlib.suppress(Conflict):
                return not isinstance(await market.sign_up(stage.selections[target], number), Refused)
            return False
        case "offer":
            return not isinstance(await market.offer(stage.selections[target], number, 9_000_000), Refused)
        case "shelf":
            return not isinstance(await put_shelf_offer(database, agency(number), shelf_offer(number, ITEM)), Refused)


def what_it_did(done: AgencyRestricted | Refused, stage: Stage) -> object:
    """A restriction's answer as the model gives it: where it voided, what it took down; False: its cause is over."""
    if isinstance(done, Refused):
        assert done.codes == ("fact_is_over",), done
        return False
    return tuple(sorted(stage.selections.index(each) for each in done.voided_in)), done.shelf_offers_withdrawn


async def group(database: Database, numbers: Sequence[int], dice: random.Random) -> list[list[Operation]]:
    """Play a group of histories at once; those that no order explains."""
    stages = await ready(database, numbers)
    histories = await asyncio.gather(*(played(database, stage, dice) for stage in stages))
    return [one for one in histories if not is_linearizable(one)]


def told(history: Sequence[Operation]) -> str:
    """A history in the order in which it was asked, in milliseconds."""
    first = min(one.asked for one in history)
    lines = (
        f"{(one.asked - first) * 1000:.1f}-{(one.answered - first) * 1000:.1f} {one.verb} {one.target}: {one.answer}"
        for one in sorted(history, key=lambda one: one.asked)
    )
    return "; ".join(lines)


async def measure(database: Database, size: int, seed: int) -> Figure:
    """Take the figure on an open database: ``size`` histories, then the control's."""
    began = time.monotonic()
    dice, numbers = random.Random(seed), itertools.count(FIRST)
    found = 0
    for done in range(0, size, AT_ONCE):
        wrong = await group(database, list(itertools.islice(numbers, min(AT_ONCE, size - done))), dice)
        found += len(wrong)
        for one in wrong:
            progress(f"{NAME}: nothing explains {told(one)}")
        if done % (25 * AT_ONCE) == 0:
            progress(f"{NAME}: {done} of {size} histories, not linearizable {found}")
    broken = 0
    async with without_triggers(database):
        bare = await Database.open(database.dsn, maximum=16)
        try:
            with naive_order():
                for _ in range(CONTROLS):
                    broken += len(await group(bare, list(itertools.islice(numbers, AT_ONCE)), dice))
                    if broken:
                        break
        finally:
            await bare.close()
    ok = found == 0 and broken > 0
    bar = "0 histories that no order explains; the naive order makes some"
    return Figure(NAME, size, found, broken, bar, ok, round(time.monotonic() - began, 1))


async def run(size: int, seed: int) -> Figure:
    """Take the figure on a server of its own."""
    async with own_market(maximum=24) as database:
        return await measure(database, size, seed)
