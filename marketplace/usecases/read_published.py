"""What did the market publish of one award, to be held against a case that is computed anew (核验)?

Terms, participants, offers and draw inputs as their own events in the record have them, the facts looked up at the
close as the published case has them, the decision, and who holds the award now. Invariant: nothing is here that the
award's own page does not show. Source: trust.md section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bidding.comparing import Held, Published
from bidding.on_record import case_on_record
from bidding.passing import gone
from commons.canonical import canonical
from marketplace.database import Database
from marketplace.demands.store import Demand
from marketplace.usecases.read_award import CaseFile, award_ruling, case_file_of
from marketplace.usecases.read_demand import names_said, published
from marketplace.usecases.read_snapshot import reading


@dataclass(frozen=True, slots=True)
class PublishedAward:
    """One award as published ``now``; ``file`` and ``published`` are None for a direct choice: nothing is computed.

    ``case_digest`` is SHA-256 of the case alone, as its page and its notice print it.
    """

    now: datetime
    demand: Demand
    names: Mapping[str, str]
    file: CaseFile | None
    published: Published | None
    case_digest: str | None
    events: int
    decided_at: datetime


async def read_published(database: Database, identifier: str) -> PublishedAward:
    """The award of that demand; ``NotFound`` while there is none."""
    async with reading(database) as snapshot:
        demand, standing = await published(snapshot, identifier)
        ruling = award_ruling(standing, identifier)
        names = await names_said(snapshot, demand, standing)
    state = standing.state
    given: Published | None = None
    if ruling.case:
        held = Held(
            demand.winner if demand.outcome == "award" else None,
            demand.winning_fen if demand.outcome == "award" else None,
            frozenset(gone(state)),
            None if state.picked is None else state.picked.bidder,
        )
        given = Published(case_on_record(state, ruling.case), ruling.decision, held)
    return PublishedAward(
        now=snapshot.now,
        demand=demand,
        names=names,
        file=case_file_of(identifier, ruling) if ruling.case else None,
        published=given,
        case_digest=sha256(canonical(dict(ruling.case))).hexdigest() if ruling.case else None,
        events=len(standing.recorded),
        decided_at=ruling.as_of,
    )
