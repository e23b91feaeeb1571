"""Selections for the benches of the hot path: open for an hour, their bidders in, as many earlier offers as wanted.

One selection is published and joined by the use cases; further ones are copies of it with a chain of their own, so that
a bench costs the bench. Earlier offers are placed by the product's own batches.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from uuid import uuid4

from bidding import store as bidding
from bidding.commitments import pseudonym
from bidding.selection import Selection
from commons.events import Actor
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, load
from marketplace.usecases.offer_batch import Placing, Sheet, carry
from marketplace.usecases.offer_desk import Desk
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer
from tests.bench.load import post
from tests.faults.ground import file_many
from tests.usecases.market import Market, agency, code, nonce, sealed_terms

FIRST = 1_000
AN_HOUR = 3_600.0
AT_ONCE = 200
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Opened:
    """A selection that takes offers, and the numbers of its bidders."""

    id: str
    bidders: Sequence[int]


class Ground:
    """What a bench stands on."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._template: Opened | None = None
        self._made = 0

    async def begin(self, agencies: int) -> None:
        """File agencies, make the bench's table, publish the one selection that the others are copies of."""
        await file_many(self.database, range(FIRST, FIRST + agencies))
        async with self.database.transaction() as connection:
            await connection.execute(
                "CREATE TABLE bench_row (id uuid PRIMARY KEY, agency text NOT NULL, price_fen bigint NOT NULL)"
            )
        published = await Market(self.database).publish(sealed_terms(), sign_up_s=AN_HOUR / 2, close_s=AN_HOUR)
        self._template = Opened(published.selection, ())

    async def open(self, bidders: Sequence[int]) -> Opened:
        """Open a selection with these bidders in it."""
        async with self.database.transaction() as connection:
            return await self._open(connection, bidders)

    async def open_many(self, count: int, bidders: Sequence[int], each: int) -> list[Opened]:
        """Open so many, with so many of the bidders by turns."""
        turn = cycle(bidders)
        async with self.database.transaction() as connection:
            return [await self._open(connection, sorted({next(turn) for _ in range(each)})) for _ in range(count)]

    async def _open(self, connection: Connection, bidders: Sequence[int]) -> Opened:
        assert self._template is not None, "prepared"
        recorded = await load(connection, [f"selection/{self._template.id}"])
        lock = await bidding.lock_selection(connection, self._template.id)
        assert lock is not None, "published"
        self._made += 1
        low, high = self._made % 32, self._made // 32
        identifier = f"S261123-BENCH{_LETTERS[high // 32]}{_LETTERS[high % 32]}{_LETTERS[low]}"
        at = recorded[0].event.at
        await bidding.insert_selection(
            connection, identifier, demand=lock.demand, mode=lock.mode, due_at=lock.due_at, at=at
        )
        subject = f"selection/{identifier}"
        acts = [Act(one.event.type, dict(one.event.data), private=_own(one.private)) for one in recorded]
        await append(connection, subject, acts, actor=recorded[0].event.actor, at=at)
        salt = next(one.private["salt"] for one in recorded if one.private and "salt" in one.private)
        state = Selection(identifier, salt=str(salt))
        joined = []
        for number in bidders:
            alias = pseudonym(state, code(number))
            private: Any = {"bidder": code(number), "grade": "甲级", "experience": 0}
            joined.append(Act("bidder.admitted", {"bidder": alias}, private=private))
        await append(connection, subject, joined, actor=Actor("system", "bench"), at=at)
        await connection.executemany(
            "INSERT INTO selection_bidder (id, selection, agency, signed_up_at) VALUES ($1, $2, $3, $4)",
            [(uuid4(), identifier, code(number), at) for number in bidders],
        )
        return Opened(identifier, bidders)

    async def fill(self, opened: Opened, offers: int) -> None:
        """Place so many earlier offers, by the product's own batches."""
        desk: Desk | None = None
        turn = cycle(opened.bidders)
        for first in range(0, offers, AT_ONCE):
            batch = [
                Placing(agency(number), command(opened.id, number, first + place))
                for place, number in zip(range(min(AT_ONCE, offers - first)), turn, strict=False)
            ]
            async with self.database.transaction() as connection:
                carried = await carry(connection, [Sheet(opened.id, desk, batch)], may_wait=True)
            assert all(isinstance(one, OfferPlaced) for one in carried.answers.values()), "an earlier offer"
            desk = carried.desks[opened.id]


def _own(private: Any) -> Any:
    return None if private is None else dict(private)


def command(selection: str, number: int, sent: int) -> PlaceOffer:
    """One offer of an agency."""
    return PlaceOffer(
        selection=selection, agency=code(number), price_fen=9_000_000 + sent % 1_000_000, days=20, nonce=nonce(number)
    )


def offers(opened: Sequence[Opened], prefix: str, *, keys: str | None = None) -> Iterator[bytes]:
    """Offers without end, of every selection's bidders by turns; under keys of their own where asked for."""
    turns = [(one.id, cycle([(number, _body(number)) for number in one.bidders])) for one in opened]
    for sent, (identifier, turn) in enumerate(cycle(turns)):
        number, body = next(turn)
        key = None if keys is None else f"{keys}-{sent}"
        price = b'{"price_fen":%d,' % (9_000_000 + sent % 1_000_000)
        yield post(f"{prefix}/selections/{identifier}/offers", f"agency:{code(number)}", price + body, key)


def _body(number: int) -> bytes:
    """The body of an offer behind its price."""
    return json.dumps({"days": 20, "nonce": nonce(number), "agency": code(number)}).encode()[1:]
