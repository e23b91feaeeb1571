"""Which explanations of abnormally low prices were asked for, and what became of them?

Invariant: the words are for the owner, its delegates and the agency itself until the result, for everybody after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bidding.selection import Ruled
from commons.errors import NotFound
from commons.events import Actor, Recorded
from marketplace.database import Database
from marketplace.usecases.read_demand import published
from marketplace.usecases.read_snapshot import reading

_DEMAND = "SELECT demand FROM selection WHERE id = $1"


@dataclass(frozen=True, slots=True)
class ExplanationFile:
    """One explanation; ``text`` None while it is not given, or not for this reader; ``reason`` is the owner's."""

    agency: str
    asked_at: datetime
    until: datetime
    given_at: datetime | None
    text: str | None
    ruling: Ruled | None
    reason: str | None
    ruled_at: datetime | None


async def read_explanations(database: Database, identifier: str, reader: Actor | None) -> tuple[ExplanationFile, ...]:
    """The explanations of that selection in the order asked; ``NotFound`` for an unknown one."""
    async with reading(database) as snapshot:
        of = await snapshot.connection.fetchval(_DEMAND, identifier)
        if of is None:
            raise NotFound("selection", identifier)
        demand, standing = await published(snapshot, of, selection=identifier)
    state = standing.state
    words, reasons = _said(standing.recorded)
    found = []
    for agency, asked in sorted(state.explanations.items(), key=lambda one: (one[1].asked_at, one[0])):
        theirs = reader in {Actor("owner", demand.owner_code), Actor("agency", agency)}
        is_open = state.is_decided or theirs or (reader is not None and reader.role == "delegate")
        found.append(
            ExplanationFile(
                agency,
                asked.asked_at,
                asked.until.at,
                asked.given_at,
                words.get(agency) if is_open else None,
                asked.ruling,
                reasons.get(agency),
                asked.ruled_at,
            )
        )
    return tuple(found)


def _said(recorded: tuple[Recorded, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """The words given and the owner's reasons, by agency."""
    words: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for one in recorded:
        data = one.event.data
        if one.event.type == "explanation.given" and one.private is not None:
            words[str(data["bidder"])] = str(one.private["text"])
        elif one.event.type in {"explanation.accepted", "explanation.rejected"} and data["reason"] is not None:
            reasons[str(data["bidder"])] = str(data["reason"])
    return words, reasons
