"""Import decisions of authorities (行政决定归集) from a signed file of JSON lines: whole, or not at all.

The market does not make these facts, it obeys them: a decision becomes a statutory fact as of its day, a correction or
revocation follows the earlier one. The same document again changes nothing. Lines about subjects that are not on file
are kept and take effect when they file; what could not be applied then is looked at again with each further file.
Source: credit.md section 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import Field, StringConstraints

from agencies import store as agencies
from commons.errors import Fault, Forbidden, Malformed
from commons.events import Actor
from commons.instants import beijing_date
from commons.verdicts import Refused
from credit import store as credit
from credit.importing import DecisionLine, line_fault, read_lines
from marketplace.database import Connection, Database
from marketplace.record.store import hold
from marketplace.usecases.act import Caller, Message, clock, new_identifier, perform, require
from marketplace.usecases.apply_decision import Effect, contradiction, known_of, match_left, take_line

MAX_FILE = 400_000
"""Characters of a file at most."""
SIGNED = b"credit-import-v1\n"
"""What a feed signs: these bytes and the file's own, in UTF-8."""
SIGNATURE_BYTES = 64


class ImportDecisions(Message):
    """The file's text, the feed that it comes from, and the feed's Ed25519 signature of it, in hex."""

    lines: Annotated[str, Field(min_length=1, max_length=MAX_FILE)]
    feed: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]


class DecisionsImported(Message):
    """Loaded whole: new facts, what followed earlier ones, what was known before, what waits for its subject to file.

    ``is_repeated``: this very file was loaded before, and nothing changed.
    """

    import_id: str
    imported_at: datetime
    lines: int
    recorded: int
    followed: int
    known: int
    waiting: int
    is_repeated: bool = False


async def import_decisions(
    database: Database, caller: Caller, command: ImportDecisions, *, feeds: Mapping[str, bytes]
) -> DecisionsImported | Refused:
    """Load the file; ``Forbidden`` for an unknown feed or a wrong signature, ``Malformed`` with every line's faults.

    ``feeds`` are the public keys by name. In one transaction: the status rows alone, in order of id, then the chains.
    """
    require(caller, "import_decisions")
    check_signature(command, feeds)

    async def work(connection: Connection) -> DecisionsImported | Refused:
        digest = sha256(command.lines.encode()).hexdigest()
        await hold(connection, f"credit-import/{digest}")
        earlier = await credit.import_of(connection, digest)
        if earlier is not None:
            return DecisionsImported(**asdict(earlier), is_repeated=True)
        at = await clock(connection)
        lines = read_lines(command.lines, today=beijing_date(at))
        filed = await _hold_subjects(connection, sorted({one.subject for one in lines}))
        identifier = new_identifier("I", at=at)
        counts = await _load(connection, caller.actor, lines, filed, identifier)
        done = credit.Imported(
            identifier, await clock(connection), len(lines), counts["recorded"], counts["followed"], counts["known"],
            counts["waiting"],
        )  # fmt: skip
        await credit.insert_import(connection, done, feed=command.feed, digest=digest, by=caller.actor.id)
        return DecisionsImported(**asdict(done))

    return await perform(database, caller, command, DecisionsImported, work)


def check_signature(command: ImportDecisions, feeds: Mapping[str, bytes]) -> None:
    """Refuses (``Forbidden``) a feed without a configured key and a file that the feed did not sign."""
    key = feeds.get(command.feed)
    if key is None:
        raise Forbidden("unknown_feed", "no key is configured for this feed")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            bytes.fromhex(command.signature), SIGNED + command.lines.encode()
        )
    except InvalidSignature:
        raise Forbidden("signature_is_wrong", "this feed has not signed this file") from None


async def _hold_subjects(connection: Connection, subjects: list[str]) -> set[str]:
    """Hold every subject: the rows of those on file alone, in order of id, then all chains; returns those on file.

    Who files meanwhile waits for its chain, or is seen by the second look.
    """
    for one in subjects:
        await agencies.lock_alone(connection, one)
    for one in subjects:
        await hold(connection, f"agency/{one}")
    return {one for one in subjects if await agencies.lock_alone(connection, one)}


async def _load(
    connection: Connection, actor: Actor, lines: tuple[DecisionLine, ...], filed: set[str], identifier: str
) -> Counter[Effect]:
    """Apply the lines in order, or ``Malformed`` with what each contradicts; nothing is kept then."""
    known = {
        one: await known_of(connection, one, is_filed=one in filed) for one in sorted({line.subject for line in lines})
    }
    faults: list[Fault] = []
    new: list[DecisionLine] = []
    for line in lines:
        its = known[line.subject]
        fault = contradiction(line, its)
        if fault is not None:
            faults.append(line_fault(line.number, *fault))
        elif line.document not in its.lines and line.document not in its.facts:
            new.append(line)
            its.take(line)
    if faults:
        raise Malformed(tuple(faults))
    counts: Counter[Effect] = Counter({"known": len(lines) - len(new)})
    for line in new:
        counts[await take_line(connection, actor, line, known[line.subject], source=identifier)] += 1
    for subject in sorted(filed):
        await match_left(connection, known[subject])
    return counts
