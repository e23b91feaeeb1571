"""``idempotency``: the same request 100 times in parallel. Control: the same requests without a key.

By turns a filing, a sign-up, an offer and a shelf offer; of each all answers must be one and the same, and the record
must have grown by one event. The figure counts rounds where it is otherwise.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from commons.errors import Unavailable
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.file_agency import FileAgency, file_agency
from marketplace.usecases.place_offer import PlaceOffer, place_offer
from marketplace.usecases.put_shelf_offer import put_shelf_offer
from marketplace.usecases.sign_up import SignUp, sign_up
from tests.faults.figures import Figure, progress
from tests.faults.ground import city_of, file_many, own_market
from tests.faults.race_scenes import shelf_offer
from tests.usecases.market import PROFILE, Market, agency, code, nonce, sealed_terms

NAME = "idempotency"
DEFAULT_SIZE = 500
COPIES = 100
A_SELECTION = 20
"""Rounds that share a selection."""
CONTROLS = 3
FIRST = 1_000
ITEM = "RA02"

Send = Callable[[Caller], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, by whom, and the subject whose record it adds one event to."""

    number: int
    subject: str
    send: Send


def filing(database: Database, number: int) -> Request:
    """An agency files itself."""
    command = FileAgency(
        uscc=code(number), name=f"勘察{number}号（示例）", kind="company", region=city_of(number),
        legal_representative="示例", commitment_signed=True, is_example=True,
    )  # fmt: skip
    return Request(
        number, f"agency/{code(number)}", lambda caller: file_agency(database, caller, command, profile=PROFILE)
    )


def signing(database: Database, selection: str, number: int) -> Request:
    """An agency signs up."""
    command = SignUp(selection=selection, agency=code(number), commitment_signed=True)
    return Request(number, f"selection/{selection}", lambda caller: sign_up(database, caller, command))


def offering(database: Database, selection: str, number: int) -> Request:
    """An agency offers."""
    command = PlaceOffer(selection=selection, agency=code(number), price_fen=9_000_000, days=20, nonce=nonce(number))
    return Request(number, f"selection/{selection}", lambda caller: place_offer(database, caller, command))


def shelving(database: Database, number: int) -> Request:
    """An agency goes on the shelf."""
    command = shelf_offer(number, ITEM)
    return Request(number, f"agency/{code(number)}", lambda caller: put_shelf_offer(database, caller, command))


async def effects(database: Database, request: Request, *, key: str | None) -> tuple[int, int]:
    """Send it COPIES times at once; events added to the record, and different answers given."""
    before = await events_of(database, request.subject)

    async def send() -> str:
        while True:
            try:
                answer = await request.send(Caller(agency(request.number).actor, key))
                return repr(answer) if isinstance(answer, Refused) else str(answer.model_dump_json())
            except Unavailable:
                continue

    answers = await asyncio.gather(*(send() for _ in range(COPIES)))
    return await events_of(database, request.subject) - before, len(set(answers))


async def events_of(database: Database, subject: str) -> int:
    """How many events the record has of a subject."""
    async with database.read() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM record_event WHERE subject = $1", subject))


async def requests(database: Database, size: int) -> list[Request]:
    """Make the requests ready, four kinds by turns; offers come from agencies that were signed up."""
    market = Market(database)
    await file_many(database, [number for number in range(FIRST, FIRST + size) if number % 4])
    made = []
    selection = ""
    for index, number in enumerate(range(FIRST, FIRST + size)):
        if index % A_SELECTION == 0:
            selection = (await market.publish(sealed_terms(), sign_up_s=3_600, close_s=7_200)).selection
        match number % 4:
            case 0:
                made.append(filing(database, number))
            case 1:
                made.append(signing(database, selection, number))
            case 2:
                await market.sign_up(selection, number)
                made.append(offering(database, selection, number))
            case _:
                made.append(shelving(database, number))
    return made


async def control(database: Database) -> int:
    """Offers sent without a key: how many effects beyond one they have."""
    market = Market(database)
    numbers = range(FIRST - CONTROLS, FIRST)
    await file_many(database, numbers)
    selection = (await market.publish(sealed_terms(), sign_up_s=3_600, close_s=7_200)).selection
    more = 0
    for number in numbers:
        await market.sign_up(selection, number)
        more += (await effects(database, offering(database, selection, number), key=None))[0] - 1
    return more


async def measure(database: Database, size: int, seed: int) -> Figure:
    """Take the figure on an open database: ``size`` rounds, then the control's."""
    began = time.monotonic()
    dice = random.Random(seed)
    wrong = 0
    for done, request in enumerate(await requests(database, size), start=1):
        added, answers = await effects(database, request, key=f"key-{dice.getrandbits(64):016x}")
        wrong += (added, answers) != (1, 1)
        if done % 50 == 0:
            progress(f"{NAME}: {done} of {size} rounds, wrong {wrong}")
    broken = await control(database)
    ok = wrong == 0 and broken > 0
    bar = f"{COPIES} copies at once, one effect and one answer each; without a key there are more"
    return Figure(NAME, size, wrong, broken, bar, ok, round(time.monotonic() - began, 1))


async def run(size: int, seed: int) -> Figure:
    """Take the figure on a server of its own."""
    async with own_market(maximum=40) as database:
        return await measure(database, size, seed)
