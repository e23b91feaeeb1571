"""``re-registration``: a restricted agency comes back under another name; namesakes are left alone. Control: by name.

Each way of coming back is played in each order: the double on file before the restriction, filed after it, and filed at
the same moment. The figure is how many doubles were not held for review, plus how many innocent namesakes were held.
The control matches people by their names, as a careless site would, and catches namesakes.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pytest

from agencies.people import store as people
from marketplace.database import Database
from marketplace.identity.identifiers import DEVELOPMENT
from marketplace.usecases import stated_relations
from marketplace.usecases.claim_practitioner import ClaimPractitioner, PractitionerClaimed, claim_practitioner
from marketplace.usecases.state_relations import StateRelations, state_relations
from marketplace.usecases.stated_relations import Holder, Person, Relations
from tests.faults.figures import Figure, progress
from tests.faults.ground import own_market
from tests.usecases.market import PROFILE, Market, agency, code

NAME = "re-registration"
DEFAULT_SIZE = 1_000
"""Namesakes; of each way of coming back in each order a thirtieth as many are played."""
PART = 30
AT_ONCE = 8
CONTROL = 10
Order = Literal["before", "after", "at_once"]
ORDERS: tuple[Order, ...] = ("before", "after", "at_once")


@dataclass(frozen=True, slots=True)
class Way:
    """A way of coming back: what the restricted agency stated, what its double states, how many they share as staff.

    ``restated`` is what the restricted agency states just before it is restricted, to look like somebody else.
    """

    name: str
    first: Relations
    double: Relations
    restated: Relations | None = None
    staff: int = 0


def person(number: int, name: str = "李四") -> Person:
    """A person of that number."""
    return Person(name=name, id_number=f"3303021990{number:08d}")


def ways(number: int) -> tuple[Way, ...]:
    """Every way, with people and places of its own for that number."""
    boss, other = person(number * 10 + 1), person(number * 10 + 2)
    control = [Holder(name="王五", id_number=other.id_number)]
    first = Relations(legal_representative=boss, address=f"示例路{number}号", contact=f"0577-{number:08d}")
    led = Relations(legal_representative=boss)
    return (
        Way("new name", first, led),
        Way(
            "new representative",
            Relations(legal_representative=boss, controllers=control),
            Relations(legal_representative=person(number * 10 + 3), controllers=control),
        ),
        Way("changed in time", first, led, restated=Relations(legal_representative=other)),
        Way("successor", first, Relations(legal_representative=other, predecessors=[code(number)])),
        Way("same staff", first, Relations(legal_representative=other), staff=3),
        Way("same address", first, Relations(legal_representative=other, address=f"示例路 {number} 号")),
        Way("same contact", first, Relations(legal_representative=other, contact=f"0577{number:08d}")),
        Way("daughter", first, Relations(shareholders=[Holder(name="母公司", uscc=code(number), share_bp=6_000)])),
    )  # fmt: skip


WAYS = len(ways(1))


async def play(database: Database, number: int, way: Way, order: Order) -> bool:
    """One agency restricted, one double: whether the double is held for review."""
    market, double = Market(database), number + 1
    await market.file(number, grade=None, relations=way.first)
    claims = await _staffed(database, number, way.staff, number)
    if way.restated is not None:
        await state_relations(
            database, agency(number), StateRelations(agency=code(number), relations=way.restated), profile=PROFILE
        )

    async def come_back() -> None:
        await market.file(double, grade=None, relations=way.double)
        await _staffed(database, double, claims, number)

    if order == "before":
        await come_back()
        await market.restrict(number)
    elif order == "after":
        await market.restrict(number)
        await come_back()
    else:
        await asyncio.gather(come_back(), market.restrict(number))
    async with database.read() as connection:
        holds = (await people.holds_of(connection, [code(double)]))[code(double)]
    return [hold.linked_to for hold in holds] == [code(number)]


async def _staffed(database: Database, number: int, count: int, of: int) -> int:
    """Claim so many people of that number's team."""
    for index in range(count):
        command = ClaimPractitioner(
            agency=code(number), person=person(of * 10 + 5 + index), certificate_kind="注册测绘师",
            certificate_number=f"CH-{of}-{index}", valid_from=date(2024, 1, 1),
        )  # fmt: skip
        done = await claim_practitioner(database, agency(number), command, profile=PROFILE)
        assert isinstance(done, PractitionerClaimed), done
    return count


async def namesakes(database: Database, numbers: range) -> int:
    """Restrict one agency, file others whose people have the same names: how many are held."""
    market, first = Market(database), numbers[0]
    boss, manager = person(first * 10), person(first * 10 + 1)
    await market.file(first, grade=None, relations=Relations(legal_representative=boss, managers=[manager]))
    await market.restrict(first)
    caught = 0
    for start in range(first + 1, numbers[-1] + 1, AT_ONCE):
        filed = await asyncio.gather(
            *(
                market.file(number, grade=None, relations=Relations(legal_representative=person(number * 10)))
                for number in range(start, min(start + AT_ONCE, numbers[-1] + 1))
            )
        )
        caught += sum(bool(one.held_for_review) for one in filed)
    return caught


@contextlib.contextmanager
def by_name() -> Iterator[None]:
    """The control: a person is whoever has the name."""

    def named(made: Any, kind: Any, name: str, _number: str, share_bp: int | None = None) -> None:
        made.add(kind, str(DEVELOPMENT.digest("person", name)), name, share_bp=share_bp)

    with pytest.MonkeyPatch.context() as planted:
        planted.setattr(stated_relations._Making, "person", named)
        yield


async def measure(database: Database, size: int) -> Figure:
    """Take the figure on an open database."""
    began, number, escaped, played = time.monotonic(), 10, 0, 0
    for _ in range(max(1, size // PART)):
        for index in range(WAYS):
            for order in ORDERS:
                escaped += not await play(database, number, ways(number)[index], order)
                number, played = number + 2, played + 1
        progress(f"{NAME}: {played} doubles, {escaped} not held")
    caught = await namesakes(database, range(number, number + size + 1))
    progress(f"{NAME}: {size} namesakes, {caught} held")
    number += size + 1
    with by_name():
        wrong = await namesakes(database, range(number, number + CONTROL + 1))
    ok = escaped == 0 and caught == 0 and wrong > 0
    bar = f"{played} of {played} doubles held, 0 namesakes held; matching by name holds namesakes"
    return Figure(NAME, size, escaped + caught, wrong, bar, ok, round(time.monotonic() - began, 1))


async def run(size: int, _seed: int) -> Figure:
    """Take the figure on a server of its own."""
    async with own_market(maximum=20) as database:
        return await measure(database, size)
