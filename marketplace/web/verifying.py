"""Files that somebody drops to have them computed anew: whose award it is, and the engine's work off the loop.

Invariants: nothing is kept; a file is bounded in size, its computing in time, and how often one address may drop one is
counted; a file names its award itself, unless somebody says which one to hold it against.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from commons.errors import NotFound
from marketplace.database import Database
from marketplace.publication.case_file import CaseFile, read_case_file
from marketplace.publication.verify import Verified, verify
from marketplace.sessions.limits import VERIFY_ADDRESS
from marketplace.usecases.read_published import PublishedAward, read_published
from marketplace.usecases.signing_in import count_try
from marketplace.web.api.computing import computed

MAX_DROPPED = 4 * 1024 * 1024
"""Bytes of a dropped file at most: some ten thousand offers; larger ones are for the command at home."""
LONGEST_S = 15
"""Seconds that somebody waits for a dropped file."""

_CODE = re.compile(r"D\d{6}-[0-9A-Z]{8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Held:
    """A verification and the award that stood against it; None where this market does not know it."""

    done: Verified
    award: PublishedAward | None


def code_in(text: str) -> str | None:
    """The code of an award in what somebody typed, scanned or pasted: the code itself, an address, a file's name."""
    found = _CODE.search(text.upper())
    return None if found is None else found[0]


async def own(award: PublishedAward) -> Held | None:
    """The published file of an award computed anew; None for a direct choice, which computes nothing."""
    kept, published = award.file, award.published
    if kept is None or published is None:
        return None
    return Held(await computed(lambda: verify(kept.body, read_case_file(kept.body), published)), award)


async def dropped(database: Database, data: bytes, *, address: str, code: str | None = None, name: str = "") -> Held:
    """A file from anywhere, held against the award of ``code``, else the one it names, else the one its name has.

    ``TooOften`` for an address that drops too many; ``NotFound`` for a code that nothing is published under;
    ``Malformed`` with every fault of the file.
    """
    await count_try(database, (VERIFY_ADDRESS, address))
    file = await computed(lambda: read_case_file(data, max_bytes=MAX_DROPPED), longest_s=LONGEST_S)
    award = await read_published(database, code) if code is not None else await _named(database, file, name)
    published = None if award is None else award.published
    done = await computed(lambda: verify(data, file, published), longest_s=LONGEST_S)
    return Held(done, award if done.is_known else None)


async def _named(database: Database, file: CaseFile, name: str) -> PublishedAward | None:
    """The award that a file says it is of; None where it says none, or one that is not known here."""
    said = code_in(file.award) if isinstance(file.award, str) else code_in(name)
    if said is None:
        return None
    try:
        return await read_published(database, said)
    except NotFound:
        return None
