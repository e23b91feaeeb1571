"""How every use case runs: one transaction, retried whole, its answer kept under the caller's idempotency key.

Invariants: the same request under the same ``(actor, key)`` has one effect and one answer; another request under that
key is refused; a refusal commits what it recorded. Source: trust.md section 1.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from secrets import choice
from typing import Annotated, Any, TypeVar
from unicodedata import category
from uuid import uuid4

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from commons.codes import Uscc
from commons.errors import Conflict, Forbidden, Malformed, NotFound
from commons.events import Actor
from commons.instants import beijing_date, format_instant, parse_instant
from commons.money import MAX_FEN
from commons.regions import REGIONS
from commons.sources import Source
from commons.verdicts import Reason, Refused
from marketplace.catalogue.items import load_catalogue
from marketplace.database import Connection, Database
from marketplace.identity.permissions import Badge, deny_reach, deny_role
from marketplace.identity.rights import RIGHTS

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MAX_KEY = 128
YEARS = range(2000, 3000)
"""Years that an instant in a command may lie in: far from the ends of the calendar, where days cannot be added."""


class Message(BaseModel):
    """Base of commands and answers: strict, frozen, nothing unknown."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _instant(value: object) -> datetime:
    """An RFC 3339 instant in UTC, from text; a datetime passes. Both lie in ``YEARS``."""
    at = parse_instant(value) if isinstance(value, str) else value
    if not isinstance(at, datetime):
        message = "an instant is text of the form YYYY-MM-DDTHH:MM:SS[.ffffff]Z"
        raise ValueError(message)  # noqa: TRY004 - pydantic makes a fault of a ValueError alone
    if at.year not in YEARS:
        message = f"an instant lies in the years {YEARS[0]} to {YEARS[-1]}"
        raise ValueError(message)
    return at


def _uscc(value: str) -> str:
    try:
        return Uscc.parse(value).code
    except Malformed as fault:
        found = fault.faults[0]
        raise PydanticCustomError(found.code, found.detail) from fault


def _region(value: str) -> str:
    if REGIONS.is_beyond(_place(value)):
        message = "not a division of the province (GB/T 2260)"
        raise ValueError(message)
    return value


def _place(value: str) -> str:
    try:
        return REGIONS.get(value).code
    except NotFound:
        message = "not a division of the province, nor another province (GB/T 2260)"
        raise ValueError(message) from None


def _readable(value: str) -> str:
    """Refuses control characters (a line feed is none), direction overrides, and text that shows nothing."""
    kinds = {character: category(character) for character in set(value) - {"\n"}}
    if hidden := sorted(character for character, kind in kinds.items() if kind in {"Cc", "Cf", "Cs", "Co", "Cn"}):
        message = f"a character that cannot be seen: U+{ord(hidden[0]):04X}"
        raise ValueError(message)
    if value and not value.strip():
        message = "nothing to be seen"
        raise ValueError(message)
    return value


def _one_line(value: str) -> str:
    if "\n" in value:
        message = "one line"
        raise ValueError(message)
    return _readable(value)


Instant = Annotated[datetime, BeforeValidator(_instant)]
UsccText = Annotated[str, StringConstraints(min_length=18, max_length=18), AfterValidator(_uscc)]
RegionCode = Annotated[str, StringConstraints(min_length=6, max_length=6), AfterValidator(_region)]
"""A division of the market: where a project lies, where an authority acts."""
PlaceCode = Annotated[str, StringConstraints(min_length=6, max_length=6), AfterValidator(_place)]
"""Where somebody is registered: a division of the market, or another province."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True), AfterValidator(_one_line)]
Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_one_line)]
Ground = Annotated[
    str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True), AfterValidator(_one_line)
]
"""Why something is done, in words that are published."""
Prose = Annotated[str, StringConstraints(max_length=5_000), AfterValidator(_readable)]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=16)]
Fen = Annotated[int, Field(ge=0, le=MAX_FEN)]
Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and under which idempotency key (None: asked once).

    ``badge`` says what a signed-in person may act as; None in a demonstration and under the development header.
    """

    actor: Actor
    key: str | None = None
    badge: Badge | None = None


A = TypeVar("A", bound=Message)
Work = Callable[[Connection], Awaitable[A | Refused]]


def require(
    caller: Caller, act: str, *, own: str | None = None, region: str | None = None, items: Collection[str] | None = None
) -> None:
    """Refuses (``Forbidden``) an act that the table of permissions does not give to the caller.

    Asked twice where the matter must be read first: at once by role, then again with the code of the organisation it
    belongs to, the region it lies in and the items it is about. Regulators act downwards: in their region and what lies
    in it; who has a line (条线) acts on items of its department, and on nothing that is about all items.
    """
    row = RIGHTS[act]
    denied = deny_role(row, caller.actor.role, caller.badge)
    if denied is None and own is not None:
        denied = deny_reach(row, caller.actor.role, caller.actor.id, caller.badge, own=own)
    if denied is not None:
        raise Forbidden(denied.code, denied.detail)
    bound = None if caller.badge is None else caller.badge.region
    if region is not None and bound is not None and not REGIONS.contains(bound, region):
        raise Forbidden("outside_region", "this lies outside the region that you act in")
    line = None if caller.badge is None else caller.badge.line
    if items is not None and line is not None and not _in_line(line, items):
        raise Forbidden("outside_line", "this is about items of other departments than yours")


def _in_line(line: str, items: Collection[str]) -> bool:
    """Whether every item is of that department; no items stand for all of them."""
    known = [load_catalogue().item(code) for code in items]
    return bool(known) and all(one is not None and line in one.department for one in known)


async def clock(connection: Connection, *not_before: datetime) -> datetime:
    """The database's clock now, never earlier than the given instants; asked after the locks are held."""
    at: datetime = await connection.fetchval("SELECT clock_timestamp()")
    return max([at, *not_before])


def new_identifier(kind: str, *, at: datetime) -> str:
    """``D261123-7K3F2Q9M``: kind letter, Beijing day, 40 random bits."""
    return f"{kind}{beijing_date(at):%y%m%d}-{''.join(choice(_ALPHABET) for _ in range(8))}"


async def perform(database: Database, caller: Caller, command: Message, answer: type[A], work: Work[A]) -> A | Refused:
    """Run the work in one transaction under the caller's idempotency key; ``Conflict`` for a reused key."""
    key = caller.key
    if key is None:
        return await database.retrying(work)
    require_key(key)
    request = digest_of(command)
    who = who_asks(caller)

    async def once(connection: Connection) -> A | Refused:
        fresh = await connection.fetchval(_CLAIM, uuid4(), who, key, request)
        if fresh is None:
            row = await connection.fetchrow(_ANSWERED, who, key)
            if row is None or row["request"] != request:
                raise key_reused()
            return read_answer(row["answer"], answer)
        result = await work(connection)
        await connection.execute(_KEEP, fresh, write_answer(result))
        return result

    return await database.retrying(once)


_CLAIM = """
INSERT INTO request_answer (id, actor, key, request, answer, answered_at)
VALUES ($1, $2, $3, $4, '', clock_timestamp()) ON CONFLICT (actor, key) DO NOTHING RETURNING id
"""
_ANSWERED = "SELECT request, answer FROM request_answer WHERE actor = $1 AND key = $2"
_KEEP = "UPDATE request_answer SET answer = $2 WHERE id = $1"


def require_key(key: str) -> None:
    """Refuses (``Conflict``) an empty or overlong idempotency key."""
    if not 0 < len(key) <= MAX_KEY:
        raise Conflict("idempotency_key_length", f"an idempotency key has 1 to {MAX_KEY} characters")


def key_reused() -> Conflict:
    """What whoever sends another request under a used key is told."""
    return Conflict("idempotency_key_reused", "this idempotency key was used for another request")


def who_asks(caller: Caller) -> str:
    """The actor under whom idempotency keys are kept: two people of one organisation do not share theirs."""
    actor = f"{caller.actor.role}:{caller.actor.id}"
    return actor if caller.badge is None else f"{actor}/{caller.badge.person}"


def digest_of(command: Message) -> str:
    """What tells one request from another under the same key: SHA-256 of its name and values, in hex."""
    body = {"command": type(command).__name__, "body": json.loads(command.model_dump_json())}
    return sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def write_answer(result: Message | Refused) -> str:
    """An answer as it is kept under its key."""
    if isinstance(result, Refused):
        return json.dumps({"refused": reasons_json(result.reasons)}, ensure_ascii=False)
    return result.model_dump_json()


def read_answer(text: str, answer: type[A]) -> A | Refused:
    """A kept answer, as it was given."""
    body: Any = json.loads(text)
    if "refused" in body:
        return Refused(tuple(Reason(one["code"], Source(**one["source"]), one["params"]) for one in body["refused"]))
    return answer.model_validate_json(text)


def reasons_json(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """Reasons as plain JSON: code, params, source."""
    return [{"code": one.code, "params": dict(one.params), "source": asdict(one.source)} for one in reasons]


def stamp(at: datetime) -> str:
    """An instant as text, for event data."""
    return format_instant(at)
