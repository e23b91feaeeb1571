"""What does an agency's own credit look like: each point with its cause, what is held against it, what would mend it?

Invariants: the sum is the score that everybody sees; a way back is what the very same rule gives once that one thing
has changed. Source: credit.md sections 2, 4 and 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from commons.errors import Forbidden, NotFound
from commons.instants import parse_instant, start_of_day
from credit import store as credit
from credit.clocks import credit_clocks
from credit.facts import CreditFact, FactState, Severity, fact_state
from credit.repair import pending, repair_window, severity_of
from credit.restrictions import Restriction
from credit.rulebook import CreditRule, Rulebook, rulebook
from credit.scoring import Score, score
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller
from marketplace.usecases.read_agency import AgencyFile, read_agency
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.record_credit_fact import RULEBOOK

_NOTICES = """
SELECT announced.data->>'notice' AS id, announced.data->>'basis' AS basis, announced.at AS noticed_at,
  announced.data->>'hearing_until' AS hearing_until, stated.at AS stated_at
FROM record_event AS announced LEFT JOIN record_event AS stated
  ON stated.subject = announced.subject AND stated.type = 'restriction.statement_made'
    AND stated.data->>'notice' = announced.data->>'notice'
WHERE announced.subject = $1 AND announced.type = 'restriction.noticed'
ORDER BY announced.seq DESC LIMIT 50
"""

WayKind = Literal["expires", "revoked", "earned"]


@dataclass(frozen=True, slots=True)
class OwnFact:
    """A fact with what may be done about it; ``repairable_from`` None: nothing to repair, or nothing any more."""

    state: FactState
    rule: CreditRule | None
    severity: Severity | None
    repairable_from: datetime | None
    is_repair_pending: bool

    @property
    def fact(self) -> CreditFact:
        """As it now reads."""
        return self.state.fact


@dataclass(frozen=True, slots=True)
class Way:
    """What the score would be, in hundredths, once one thing has changed; ``at`` is when it will by itself."""

    kind: WayKind
    words: str
    value: int
    grade: str | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnNotice:
    """A restriction that was announced: heard until, what was said since, decided or not."""

    id: str
    basis: str
    noticed_at: datetime
    hearing_until: datetime
    stated_at: datetime | None
    is_decided: bool


@dataclass(frozen=True, slots=True)
class OwnCredit:
    """An agency's own credit ``now``; ``next_grade`` is the next better one with what it takes, None for none."""

    now: datetime
    file: AgencyFile
    score: Score
    facts: tuple[OwnFact, ...]
    restrictions: tuple[Restriction, ...]
    notices: tuple[OwnNotice, ...]
    ways: tuple[Way, ...]
    next_grade: tuple[str, int] | None


async def read_own_credit(database: Database, caller: Caller, *, profile: str) -> OwnCredit:
    """The caller's own; ``Forbidden`` for whoever is no agency, ``NotFound`` before it is on file."""
    if caller.actor.role != "agency":
        raise Forbidden("role_not_allowed", "only an agency has a credit file of its own")
    agency = caller.actor.id
    file = await read_agency(database, agency, profile=profile)
    async with reading(database) as snapshot:
        now = snapshot.now
        facts = (await credit.facts(snapshot.connection, [agency]))[agency]
        bound = (await credit.restrictions(snapshot.connection, [agency]))[agency]
        notices = await _notices(snapshot.connection, agency, bound)
    book = rulebook(RULEBOOK)
    found = score(facts, book, at=now, known_at=now)
    return OwnCredit(
        now=now,
        file=file,
        score=found,
        facts=tuple(_own(one, book, profile, now=now) for one in reversed(facts)),
        restrictions=tuple(reversed(bound)),
        notices=notices,
        ways=ways_back(facts, book, found, now=now),
        next_grade=next_grade(found, book),
    )


async def _notices(connection: Connection, agency: str, bound: Sequence[Restriction]) -> tuple[OwnNotice, ...]:
    decided = {one.notice for one in bound}
    return tuple(
        OwnNotice(
            row["id"], row["basis"] or "", row["noticed_at"], parse_instant(row["hearing_until"]), row["stated_at"],
            row["id"] in decided,
        )
        for row in await connection.fetch(_NOTICES, f"agency/{agency}")
    )  # fmt: skip


def _own(fact: CreditFact, book: Rulebook, profile: str, *, now: datetime) -> OwnFact:
    state = fact_state(fact, at=now, known_at=now) or FactState(fact, "counts", is_disputed=False)
    severity = severity_of(state.fact, book)
    from_: datetime | None = None
    if severity is not None and state.status == "counts":
        window = repair_window(severity, credit_clocks(profile), decided_at=state.fact.effective_at)
        from_ = window.repairable_from
    is_pending = pending(fact.followed) is not None and state.status == "counts"
    return OwnFact(state, book.rules.get(state.fact.code), severity, from_, is_pending)


def next_grade(found: Score, book: Rulebook) -> tuple[str, int] | None:
    """The next better grade and from which value on, in hundredths; None at the best."""
    better = [one for one in book.grades if one.value > found.value]
    return (better[-1].code, better[-1].value) if better else None


def ways_back(facts: Sequence[CreditFact], book: Rulebook, found: Score, *, now: datetime) -> tuple[Way, ...]:
    """What one change alone would give: a line that ends, one that is revoked, a fact that is earned."""
    ways: list[Way] = []
    for line in found.lines:
        if line.points >= 0:
            continue
        others = [one for one in facts if one.id != line.fact.id]
        without = score(others, book, at=now, known_at=now)
        words = line.rule.words
        if line.until is not None:
            at = start_of_day(line.until)
            ways.append(Way("expires", words, without.value, without.grade, at))
        ways.append(Way("revoked", words, without.value, without.grade))
    for rule in book.rules.values():
        if rule.points > 0:
            more = replace(_PATTERN, code=rule.code, effective_at=now, recorded_at=now)
            with_it = score([*facts, more], book, at=now, known_at=now)
            if with_it.value > found.value:
                ways.append(Way("earned", rule.words, with_it.value, with_it.grade))
    return tuple(sorted(ways, key=lambda one: (one.value <= found.value, -one.value)))


_LONG_AGO = parse_instant("2000-01-01T00:00:00Z")
_PATTERN = CreditFact("+", "", "", "", _LONG_AGO, _LONG_AGO)


def own_fact(own: OwnCredit, identifier: str) -> OwnFact:
    """A fact of one's own; ``NotFound`` for what is none."""
    found = next((one for one in own.facts if one.fact.id == identifier), None)
    if found is None:
        raise NotFound("credit_fact", identifier)
    return found
