"""Idempotency for many requests in one transaction: the rules of ``act.perform``, a statement for all of a batch.

Invariants: keys are claimed before any row is locked, as ``perform`` does, and in one order, so that nobody who holds a
row waits for a key; a claim is answered or let go in the same transaction. Source: trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from commons.verdicts import Refused
from marketplace.database import Connection
from marketplace.usecases.act import (
    A,
    Caller,
    Message,
    digest_of,
    key_reused,
    read_answer,
    require_key,
    who_asks,
    write_answer,
)

_CLAIM = """
INSERT INTO request_answer (id, actor, key, request, answer, answered_at)
SELECT id, actor, key, request, '', clock_timestamp()
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS claim(id, actor, key, request) ORDER BY actor, key
ON CONFLICT (actor, key) DO NOTHING RETURNING id
"""
_ANSWERED = """
SELECT kept.actor, kept.key, kept.request, kept.answer
FROM unnest($1::text[], $2::text[]) AS asked(actor, key) JOIN request_answer AS kept USING (actor, key)
"""
_KEEP = """
UPDATE request_answer SET answer = given.answer FROM unnest($1::uuid[], $2::text[]) AS given(id, answer)
WHERE request_answer.id = given.id
"""
_LET_GO = "DELETE FROM request_answer WHERE id = ANY($1::uuid[])"


@dataclass(frozen=True, slots=True)
class Claim:
    """One request under its key: who asks, and what for."""

    who: str
    key: str
    request: str
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered under a key before, and to which request."""

    request: str
    answer: str

    def again(self, claim: Claim, answer: type[A]) -> A | Refused:
        """The answer once more; ``Conflict`` when it was given to another request."""
        if self.request != claim.request:
            raise key_reused()
        return read_answer(self.answer, answer)


def claim_of(caller: Caller, command: Message) -> Claim | None:
    """The claim of a request, None when it has no key; ``Conflict`` for a key that is none."""
    if caller.key is None:
        return None
    require_key(caller.key)
    return Claim(who_asks(caller), caller.key, digest_of(command))


async def claim_all(connection: Connection, claims: Sequence[Claim]) -> dict[UUID, KeptAnswer]:
    """Claim the keys, all different; those that were answered before come back with their answer, by claim."""
    if not claims:
        return {}
    rows = await connection.fetch(
        _CLAIM,
        [one.id for one in claims], [one.who for one in claims], [one.key for one in claims],
        [one.request for one in claims],
    )  # fmt: skip
    ours = {row["id"] for row in rows}
    used = [one for one in claims if one.id not in ours]
    if not used:
        return {}
    answered = await connection.fetch(_ANSWERED, [one.who for one in used], [one.key for one in used])
    kept = {(row["actor"], row["key"]): KeptAnswer(row["request"], row["answer"]) for row in answered}
    return {one.id: kept[one.who, one.key] for one in used}


async def keep_all(connection: Connection, answers: Sequence[tuple[Claim, Message | Refused]]) -> None:
    """Keep the answers under the keys claimed in this transaction."""
    if answers:
        texts = [write_answer(answer) for _, answer in answers]
        await connection.execute(_KEEP, [claim.id for claim, _ in answers], texts)


async def let_go_all(connection: Connection, claims: Sequence[Claim]) -> None:
    """Give up keys claimed in this transaction for requests that are not answered by it."""
    if claims:
        await connection.execute(_LET_GO, [claim.id for claim in claims])
