"""What is on file about one agency: certificates, items, shelf, awards, restrictions, credit line by line, history.

Invariants: private parts (persons, contacts, nonces) never leave; a selection that the agency takes part in counts
once it is decided, so that nobody learns from here who is in a sealed one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from agencies import store as agencies
from agencies.filing_objections import FilingObjection
from agencies.life import Life
from agencies.offered import OfferedItem
from agencies.qualifications import Qualification
from agencies.shelf import ShelfOffer
from commons.errors import NotFound
from commons.instants import beijing_date, parse_instant, start_of_day
from commons.money import half_up
from credit import store as credit
from credit.clocks import credit_clocks
from credit.restrictions import Restriction
from credit.rulebook import rulebook
from credit.scoring import Score, score
from marketplace.database import Database
from marketplace.usecases.agency_happenings import TOLD, PartsTold, told_of, told_of_facts, told_of_restrictions
from marketplace.usecases.read_awards import AwardPage, AwardQuery, award_page
from marketplace.usecases.read_happenings import Happening
from marketplace.usecases.read_listing import MIN_ROWS, SHOWN, Slice, columns_of
from marketplace.usecases.read_people import People, people_behind
from marketplace.usecases.read_restrictions import disputed_facts
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import ahead_of_settling
from marketplace.usecases.record_credit_fact import RULEBOOK

MAX_EVENTS = 50
"""Events of the history at most, the latest ones."""

_AGENCY = "SELECT uscc, name, kind, region, filed_at, is_example FROM agency WHERE uscc = $1"
_EVENTS = """
SELECT type, at, data, count(*) OVER () AS total FROM record_event
WHERE subject = $1 AND type = ANY($2::text[]) ORDER BY seq DESC LIMIT $3
"""
_FILED = "SELECT data->>'objection_until' FROM record_event WHERE subject = $1 AND type = 'agency.filed' ORDER BY seq"
_OWN = " WHERE winner = $10 AND outcome = 'award'"
_NUMBERING = "SELECT count(*) AS awards, count(DISTINCT city) AS cities FROM "
_NUMBERS = _NUMBERING + SHOWN + _OWN
_PRICE = "SELECT winning_fen FROM "
_MIDDLE = _PRICE + SHOWN + _OWN + " ORDER BY winning_fen OFFSET $11 LIMIT $12"
_TAKEN = """
SELECT count(*) FROM selection_bidder JOIN demand ON demand.selection = selection_bidder.selection
WHERE agency = $1 AND published_at IS NOT NULL AND (outcome IS NOT NULL
  OR demand.id IN (SELECT id FROM unnest($2::text[], $3::text[]) AS ahead(id, outcome) WHERE outcome IS NOT NULL))
"""
"""From the bidders, of whom an agency has few: whoever begins with the demands walks through all of them."""


@dataclass(frozen=True, slots=True)
class AgencyFile:
    """The public file as of ``now``; prices in fen, credit in hundredths; the history latest first, cut to 50."""

    now: datetime
    uscc: str
    name: str
    kind: str
    region: str
    filed_at: datetime
    is_example: bool
    objection_until: datetime | None
    life: Life
    items: tuple[OfferedItem, ...]
    objections: tuple[FilingObjection, ...]
    people: People
    qualifications: tuple[Qualification, ...]
    shelf: tuple[ShelfOffer, ...]
    restrictions: tuple[Restriction, ...]
    credit: Score
    disputed: frozenset[str]
    awards: AwardPage
    award_cities: int
    median_price_fen: int | None
    participations: int
    history: tuple[Happening, ...]
    history_total: int


@dataclass(frozen=True, slots=True)
class _Won:
    awards: AwardPage
    cities: int
    median_price_fen: int | None
    participations: int


async def read_agency(database: Database, uscc: str, *, profile: str) -> AgencyFile:
    """The agency's public file; ``NotFound`` for a code that is not on file.

    The clocks of ``profile`` end the publication of its facts: the history tells of those without the basis then, as of
    restrictions that are over.
    """
    async with reading(database, is_planned_once=True) as snapshot:
        connection, now = snapshot.connection, snapshot.now
        row = await connection.fetchrow(_AGENCY, uscc)
        if row is None:
            raise NotFound("agency", uscc)
        held = (await agencies.qualifications(connection, [uscc]))[uscc]
        bound = (await credit.restrictions(connection, [uscc]))[uscc]
        facts = (await credit.facts(connection, [uscc]))[uscc]
        shelf = await agencies.shelf_offers_of(connection, uscc)
        won = await _won(snapshot, uscc)
        life = await agencies.life_of(connection, uscc)
        items = (await agencies.offered_items(connection, [uscc]))[uscc]
        objections = await agencies.filing_objections(connection, uscc)
        people = await people_behind(snapshot, uscc)
        objection = await connection.fetchval(_FILED, f"agency/{uscc}")
        bound = tuple(one.told(at=now) for one in bound)
        parts = {**told_of_facts(facts, credit_clocks(profile), at=now), **told_of_restrictions(bound, at=now)}
        entered, total = await _entered(snapshot, uscc, parts)
    ended = _ended(held, bound, now=now)
    gained = tuple(
        Happening(one.decided_at, "won", {"title": one.title, "price_fen": one.winning_fen})
        for one in won.awards.rows
        if one.decided_at is not None
    )
    history = sorted((*entered, *ended, *gained), key=lambda one: one.at, reverse=True)
    return AgencyFile(
        now=now,
        **dict(row),
        objection_until=parse_instant(objection) if objection else None,
        life=life,
        items=items,
        objections=objections,
        people=people,
        qualifications=held,
        shelf=shelf,
        restrictions=tuple(reversed(bound)),
        credit=score(facts, rulebook(RULEBOOK), at=now, known_at=now),
        disputed=disputed_facts(facts, at=now),
        awards=won.awards,
        award_cities=won.cities,
        median_price_fen=won.median_price_fen,
        participations=won.participations,
        history=tuple(history[:MAX_EVENTS]),
        history_total=total + len(ended) + won.awards.total,
    )


async def _won(snapshot: Reading, uscc: str) -> _Won:
    """What the agency won, and how often it took part in what is decided."""
    connection, ahead = snapshot.connection, columns_of(await ahead_of_settling(snapshot))
    numbers = await connection.fetchrow(_NUMBERS, *ahead, uscc)
    assert numbers is not None, "an aggregate has one row"
    count = numbers["awards"]
    middle = await connection.fetch(_MIDDLE, *ahead, uscc, max(0, (count - 1) // 2), 1 + (count % 2 == 0))
    prices = [row["winning_fen"] for row in middle]
    return _Won(
        awards=await award_page(snapshot, ahead, AwardQuery(winner=uscc, outcome="award"), Slice(1, MIN_ROWS)),
        cities=numbers["cities"],
        median_price_fen=half_up(Fraction(sum(prices), len(prices))) if prices else None,
        participations=await connection.fetchval(_TAKEN, uscc, ahead[0], ahead[3]),
    )


async def _entered(snapshot: Reading, uscc: str, parts: PartsTold) -> tuple[tuple[Happening, ...], int]:
    """The latest events of the agency's record, and how many there are."""
    rows = await snapshot.connection.fetch(_EVENTS, f"agency/{uscc}", list(TOLD), MAX_EVENTS)
    told = tuple(told_of(row["type"], row["at"], row["data"], parts) for row in rows)
    return told, rows[0]["total"] if rows else 0


def _ended(held: tuple[Qualification, ...], bound: tuple[Restriction, ...], *, now: datetime) -> tuple[Happening, ...]:
    """Certificates that ran out and restrictions that ended, by the clock or by a lift."""
    today = beijing_date(now)
    expired = (
        Happening(start_of_day(one.valid_until), "qualification_expired", {"kind": one.kind, "grade": one.grade})
        for one in held
        if one.valid_until is not None and one.valid_until <= today and one.ended_at is None
    )
    over = (
        Happening(one.ends_at, "restriction_lifted" if one.lifted_at == one.ends_at else "restriction_ended")
        for one in bound
        if one.ends_at is not None and one.ends_at <= now
    )
    return (*expired, *over)
