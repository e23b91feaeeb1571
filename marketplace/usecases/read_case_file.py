"""What does a regulator see of one agency before he decides: facts, score, restrictions, hearings, holds, what runs?

Invariants: the sum is the score that everybody sees; what an agency stated at a hearing is read where the hearing is
decided, and above it, alone; who is linked is looked up as the restriction itself would look it up.
Source: credit.md sections 3 and 6, market.md section 1 (downwards).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies import store as agencies
from agencies.people import store as people
from agencies.people.holds import Hold
from agencies.people.relations import Link, links
from commons.instants import parse_instant
from commons.regions import REGIONS
from credit import store as credit
from credit.facts import CreditFact, FactState, fact_state
from credit.repair import approvals, pending
from credit.restrictions import Restriction
from credit.rulebook import CreditRule, rulebook
from credit.scoring import Score, score
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, require
from marketplace.usecases.holding import holds_now
from marketplace.usecases.read_agency import AgencyFile, read_agency
from marketplace.usecases.read_holds import shown_holds
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.record_credit_fact import RULEBOOK

_NOTICES = """
SELECT announced.data->>'notice' AS id, announced.data->>'basis' AS basis, announced.data->>'region' AS region,
  announced.at AS noticed_at, announced.data->>'hearing_until' AS hearing_until, stated.at AS stated_at,
  stated.private->>'statement' AS statement
FROM record_event AS announced LEFT JOIN record_event AS stated
  ON stated.subject = announced.subject AND stated.type = 'restriction.statement_made'
    AND stated.data->>'notice' = announced.data->>'notice'
WHERE announced.subject = $1 AND announced.type = 'restriction.noticed' ORDER BY announced.seq DESC LIMIT 50
"""
_CONTRACTS = """
SELECT contract.id, demand.id AS demand, demand.title, demand.city, contract.state FROM contract
JOIN demand ON demand.selection = contract.id
WHERE contract.agency = $1 AND contract.state NOT IN ('archived', 'terminated')
ORDER BY demand.city, contract.id LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A fact as it now reads; ``approved_by`` are who approved its repair so far, None: none is applied for."""

    state: FactState
    rule: CreditRule | None
    points: int | None
    approved_by: tuple[str, ...] | None

    @property
    def fact(self) -> CreditFact:
        """As it now reads."""
        return self.state.fact


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """A prior notice; ``statement`` None: nothing was stated, or it is not this reader's to read (``is_here``)."""

    id: str
    basis: str
    region: str
    noticed_at: datetime
    hearing_until: datetime
    stated_at: datetime | None
    statement: str | None
    is_decided: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class RunningContract:
    """A contract that was signed, or is to be, and is not over."""

    id: str
    demand: str
    title: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """An agency as of ``now``; ``linked`` are whom a restriction of it would hold for review."""

    now: datetime
    file: AgencyFile
    score: Score
    facts: tuple[CaseFact, ...]
    restrictions: tuple[Restriction, ...]
    notices: tuple[CaseNotice, ...]
    holds: tuple[Hold, ...]
    contracts: tuple[RunningContract, ...]
    linked: tuple[Link, ...]
    names: dict[str, str]


async def read_case_file(database: Database, caller: Caller, agency: str, *, profile: str) -> CaseFile:
    """The file; ``Forbidden`` to anybody but regulators, ``NotFound`` for a code that is not on file."""
    require(caller, "notice_restriction")
    file = await read_agency(database, agency, profile=profile)
    async with reading(database) as snapshot:
        connection, now = snapshot.connection, snapshot.now
        facts = (await credit.facts(connection, [agency]))[agency]
        bound = (await credit.restrictions(connection, [agency]))[agency]
        notices = await _notices(connection, caller, agency, bound)
        holds = await shown_holds(snapshot, (await holds_now(connection, [agency]))[agency])
        rows = await connection.fetch(_CONTRACTS, agency)
        linked = await _linked(connection, agency, at=now)
        codes = {*(one.linked_to for one in holds), *(one.agency for one in linked)}
        known = await agencies.names(connection, sorted(codes))
    book = rulebook(RULEBOOK)
    found = score(facts, book, at=now, known_at=now)
    points = {one.fact.id: one.points for one in found.lines}
    return CaseFile(
        now=now,
        file=file,
        score=found,
        facts=tuple(_fact(one, book.rules.get(one.code), points.get(one.id), now=now) for one in reversed(facts)),
        restrictions=tuple(reversed(bound)),
        notices=notices,
        holds=tuple(reversed(holds)),
        contracts=tuple(RunningContract(**row) for row in rows),
        linked=linked,
        names={code: known.get(code, code) for code in codes},
    )


def _fact(fact: CreditFact, rule: CreditRule | None, points: int | None, *, now: datetime) -> CaseFact:
    state = fact_state(fact, at=now, known_at=now) or FactState(fact, "counts", is_disputed=False)
    is_applied_for = pending(fact.followed) is not None and state.status == "counts"
    return CaseFact(state, rule, points, approvals(fact.followed) if is_applied_for else None)


async def _notices(
    connection: Connection, caller: Caller, agency: str, bound: Sequence[Restriction]
) -> tuple[CaseNotice, ...]:
    decided = {one.notice for one in bound}
    region = None if caller.badge is None else caller.badge.region
    found = []
    for row in await connection.fetch(_NOTICES, f"agency/{agency}"):
        is_here = region is None or REGIONS.contains(region, row["region"])
        found.append(
            CaseNotice(
                row["id"], row["basis"] or "", row["region"], row["noticed_at"], parse_instant(row["hearing_until"]),
                row["stated_at"], row["statement"] if is_here else None, row["id"] in decided, is_here,
            )
        )  # fmt: skip
    return tuple(found)


async def _linked(connection: Connection, agency: str, *, at: datetime) -> tuple[Link, ...]:
    """Whom a restriction decided now would hold for review."""
    around = await people.sharing(connection, agency)
    if not around:
        return ()
    found = links(agency, await people.ties(connection, [agency, *around]), at=at)
    return tuple(one for one in found if one.agency != agency)
