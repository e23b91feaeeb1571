"""What neighbours send: kept once each; a case that wants a result goes onto the work list of its region's regulators.

A message may be pushed or fetched, twice, late, out of order: it is known by the neighbour's own id, and what is
missing before it is asked for again from the last number up to which nothing is missing. Source: market.md section 5.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, ValidationError

from commons.errors import Fault, Malformed, NotFound, Unrecognised
from commons.regions import REGIONS
from marketplace.database import Connection, Database
from marketplace.neighbours import store as neighbours
from marketplace.neighbours.lookups import InboundText
from marketplace.neighbours.opened import Neighbours
from marketplace.neighbours.port import Correspondent, Inbound
from marketplace.neighbours.signing import check_signed
from marketplace.record import outbox
from marketplace.usecases.act import Message, clock, new_identifier
from marketplace.usecases.deliver_letters import letter_document

CASES = frozenset({"complaint.case", "supervision.case"})
"""Types of messages that want a result."""
CASE_DAYS = timedelta(days=30)
"""By when a case wants its result, as complaints do (market.md 4)."""
MOST = 200


class Taken(Message):
    """The message is kept; ``is_repeated``: it was kept before."""

    receipt: str
    is_repeated: bool


class SentLetter(Message):
    """One letter as it was sent, to be read again."""

    sequence: int
    letter: dict[str, object]


class SentLetters(Message):
    """What a neighbour was sent behind a number, in order."""

    messages: list[SentLetter]


class AskSent(Message):
    """From where on."""

    after: Annotated[int, Field(ge=0, le=2**53)] = 0


async def take_inbound(
    database: Database, around: Neighbours, name: str, *, target: str, headers: dict[str, str], body: bytes
) -> Taken:
    """Keep a pushed message; ``Unrecognised`` for whoever has not signed it, ``Malformed`` for what cannot be read."""
    message_id = await _signed(
        database, around, name, method="POST", target=target, headers=headers, body=body
    )  # fmt: skip
    try:
        one = InboundText.model_validate_json(body).read()
    except ValidationError as wrong:
        faults = [Fault("/" + "/".join(map(str, each["loc"])), "malformed", each["msg"]) for each in wrong.errors()]
        raise Malformed(tuple(faults)) from None
    except ValueError:
        raise Malformed((Fault("/at", "malformed", "an instant: YYYY-MM-DDTHH:MM:SS[.ffffff]Z"),)) from None
    if one.message != message_id:
        raise Malformed((Fault("/id", "another_id", "the id that was signed is the message's own"),))
    return await _keep(database, name, one)


async def sent_letters(
    database: Database, around: Neighbours, name: str, asked: AskSent, *, target: str, headers: dict[str, str]
) -> SentLetters:
    """What a neighbour was sent behind a number: it reads again what it lost; signed as a push is."""
    await _signed(database, around, name, method="GET", target=target, headers=headers, body=b"")
    async with database.read() as connection:
        rows = await outbox.sent_after(connection, name, asked.after, limit=MOST)
        found = [
            SentLetter(
                sequence=one.sequence,
                letter=dict(await letter_document(connection, one.sequence, one.about, one.type, one.payload)),
            )
            for one in rows
        ]
    return SentLetters(messages=found)


async def catch_up(database: Database, name: str, correspondent: Correspondent) -> bool | None:
    """Fetch what is missing of a neighbour's messages; whether there was any, None when there is nothing to do."""
    async with database.read() as connection:
        whole = await neighbours.whole_until(connection, name)
    found = await correspondent.sent_after(whole)
    if not found:
        return None
    kept = [await _keep(database, name, one) for one in found]
    return any(not one.is_repeated for one in kept) or None


async def _keep(database: Database, name: str, one: Inbound) -> Taken:
    if one.region is not None:
        try:
            REGIONS.get(one.region)
        except NotFound:
            raise Malformed((Fault("/region", "unknown_region", "not a division of the province"),)) from None

    async def work(connection: Connection) -> Taken:
        at = await clock(connection)
        due_at = at + CASE_DAYS if one.type in CASES else None
        is_new = await neighbours.keep_inbound(
            connection, new_identifier("N", at=at), name, one, at=at, due_at=due_at
        )  # fmt: skip
        return Taken(receipt=one.message, is_repeated=not is_new)

    return await database.retrying(work)


async def _signed(
    database: Database, around: Neighbours, name: str, *, method: str, target: str, headers: dict[str, str], body: bytes
) -> str:
    """The id that was signed; the same answer for a neighbour that is not configured and for a wrong signature."""
    key = around.key_of(name)
    if key is None:
        raise Unrecognised("signature_wrong", "this neighbour has not signed this request")
    async with database.borrow() as connection:
        at: datetime = await clock(connection)
    return check_signed(headers, key, method, target, body, at=at)
