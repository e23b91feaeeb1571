"""Agencies in the database: the directory, the lock row, certificates, items and shelf offers. SQL in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from agencies.changes import Particulars
from agencies.filing import Filing
from agencies.filing_objections import Answer, FilingObjection
from agencies.life import ACTIVE, Life
from agencies.offered import OfferedItem
from agencies.qualifications import Followed, Qualification
from agencies.shelf import ShelfOffer
from commons.events import Actor
from commons.grams import grams_of, lines_of

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[Record]


def agency_words(uscc: str, name: str) -> str:
    """What an agency is searched by: its name and its code, folded."""
    return lines_of(name, uscc)


async def insert_agency(connection: Connection, filing: Filing, *, city: str, is_example: bool, at: datetime) -> None:
    """Put the agency and its lock row in place."""
    words = agency_words(filing.uscc, filing.name)
    await connection.execute(
        """INSERT INTO agency (uscc, name, kind, region, city, filed_at, is_example, words, grams)
           VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)""",
        filing.uscc, filing.name, filing.kind, filing.region, city, at, is_example, words, grams_of(words),
    )  # fmt: skip
    await connection.execute("INSERT INTO agency_status (agency) VALUES ($1)", filing.uscc)


async def is_filed(connection: Connection, uscc: str) -> bool:
    """Whether the agency is on file."""
    return bool(await connection.fetchval("SELECT true FROM agency WHERE uscc = $1", uscc))


_LOCK_SHARED = """
SELECT count(*) FROM (
  SELECT FROM agency_status WHERE agency = ANY($1::text[]) ORDER BY agency FOR SHARE
) AS held
"""
"""Counted in the database, so that a row for each need not cross the wire."""


async def lock_shared(connection: Connection, agencies: Sequence[str]) -> None:
    """Lock the status rows shared, in order of id: no restriction of these can commit before we do."""
    await connection.execute(_LOCK_SHARED, list(agencies))


async def lock_alone(connection: Connection, agency: str) -> bool:
    """Lock the status row for a restriction; waits for every act that holds it shared. False: no such agency."""
    row = await connection.fetchval("SELECT agency FROM agency_status WHERE agency = $1 FOR UPDATE", agency)
    return row is not None


async def restrict_status(connection: Connection, agency: str, *, until: datetime | None) -> None:
    """Raise the epoch and set the flag; of several ends the latest holds (None: without end)."""
    await connection.execute(
        """UPDATE agency_status SET epoch = epoch + 1, is_restricted = true,
             restricted_until = CASE WHEN $2::timestamptz IS NULL OR is_restricted AND restricted_until IS NULL
               THEN NULL ELSE greatest(restricted_until, $2) END
           WHERE agency = $1""",
        agency, until,
    )  # fmt: skip


async def mirror_status(connection: Connection, agency: str, *, is_restricted: bool, until: datetime | None) -> None:
    """Raise the epoch and set the flag to what is in force now (``until`` None: without end, or nothing is)."""
    await connection.execute(
        """UPDATE agency_status SET epoch = epoch + 1, is_restricted = $2, restricted_until = $3 WHERE agency = $1""",
        agency, is_restricted, until,
    )  # fmt: skip


async def dormant(connection: Connection, agencies: Sequence[str]) -> dict[str, Life]:
    """Those of the agencies that are not active, and how they stand; read in a statement after their locks."""
    if not agencies:
        return {}
    rows = await connection.fetch(
        """SELECT agency, standing, standing_since, standing_by FROM agency_status
           WHERE agency = ANY($1::text[]) AND standing <> 'active'""",
        list(agencies),
    )
    return {row["agency"]: Life(row["standing"], row["standing_since"], row["standing_by"]) for row in rows}


async def life_of(connection: Connection, agency: str) -> Life:
    """How the agency stands now."""
    return (await dormant(connection, [agency])).get(agency, ACTIVE)


async def set_standing(connection: Connection, agency: str, life: Life) -> None:
    """Raise the epoch and set how the agency stands; the caller holds its row alone."""
    await connection.execute(
        """UPDATE agency_status SET epoch = epoch + 1, standing = $2, standing_since = $3, standing_by = $4
           WHERE agency = $1""",
        agency, life.standing, life.since, life.by,
    )  # fmt: skip


async def particulars(connection: Connection, agency: str) -> Particulars | None:
    """What the directory says of the agency; None when it is not on file."""
    row = await connection.fetchrow("SELECT name, kind, region FROM agency WHERE uscc = $1", agency)
    return Particulars(row["name"], row["kind"], row["region"]) if row else None


async def change_particulars(connection: Connection, agency: str, now: Particulars, *, city: str) -> None:
    """The directory shows the latest; what it said before stands in the record."""
    words = agency_words(agency, now.name)
    await connection.execute(
        "UPDATE agency SET name = $2, kind = $3, region = $4, city = $5, words = $6, grams = $7 WHERE uscc = $1",
        agency, now.name, now.kind, now.region, city, words, grams_of(words),
    )  # fmt: skip


_OBJECTIONS = """
SELECT id, agency, objector_role, objector, reason, evidence_sha256, objected_at, answer_due_at, answer, answer_reason,
  answered_by, answered_at
FROM filing_objection
"""


async def insert_filing_objection(connection: Connection, one: FilingObjection) -> None:
    """Keep an objection to a filing."""
    await connection.execute(
        """INSERT INTO filing_objection (id, agency, objector_role, objector, reason, evidence_sha256, objected_at,
             answer_due_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)""",
        one.id, one.agency, one.objector.role, one.objector.id, one.reason, one.evidence_sha256, one.objected_at,
        one.answer_due_at,
    )  # fmt: skip


async def filing_objections(connection: Connection, agency: str) -> tuple[FilingObjection, ...]:
    """The objections to an agency's filing, oldest first."""
    rows = await connection.fetch(_OBJECTIONS + " WHERE agency = $1 ORDER BY objected_at, id", agency)
    return tuple(_objection(row) for row in rows)


async def answer_filing_objection(
    connection: Connection, identifier: str, *, answer: Answer, reason: str, by: str, at: datetime
) -> None:
    """Keep the answer of an objection that has none."""
    await connection.execute(
        """UPDATE filing_objection SET answer = $2, answer_reason = $3, answered_by = $4, answered_at = $5
           WHERE id = $1 AND answer IS NULL""",
        identifier, answer, reason, by, at,
    )  # fmt: skip


async def insert_qualification(connection: Connection, agency: str, held: Qualification) -> str:
    """Keep the certificate; returns its id."""
    identifier = uuid4()
    await connection.execute(
        """INSERT INTO qualification (id, agency, kind, grade, number, issuer, valid_from, valid_until, scope, regions,
             items, follows) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)""",
        identifier, agency, held.kind, held.grade, held.number, held.issuer, held.valid_from, held.valid_until,
        held.scope, list(held.regions), list(held.items), UUID(held.follows) if held.follows else None,
    )  # fmt: skip
    return str(identifier)


_QUALIFICATIONS = """
SELECT agency, nullif(regions, '{}'), nullif(items, '{}'), kind, grade, number, issuer, valid_from, valid_until,
  id::text, scope, follows::text, ended_at
FROM qualification_as_it_ends WHERE agency = ANY($1::text[]) ORDER BY agency, valid_from, number,
  qualification_as_it_ends.id
"""
"""In the order of the fields of ``Qualification``, but for the lists, which few have and cost the most to read."""


async def qualifications(connection: Connection, agencies: Sequence[str]) -> dict[str, tuple[Qualification, ...]]:
    """The certificates of each agency, ended ones too, oldest first."""
    held: dict[str, tuple[Qualification, ...]] = dict.fromkeys(agencies, ())
    for agency, regions, items, *paper in await connection.fetch(_QUALIFICATIONS, list(agencies)):
        paper[8:8] = tuple(regions or ()), tuple(items or ())
        held[agency] += (Qualification(*paper),)
    return held


async def insert_followed(
    connection: Connection, held: Qualification, what: Followed, *, by: str, reason: str, successor: str | None,
    at: datetime,
) -> None:  # fmt: skip
    """Keep what became of a certificate; all but a renewal end it at ``at``."""
    await connection.execute(
        """INSERT INTO qualification_followed (id, qualification, kind, decided_by, reason, successor, effective_at)
           VALUES ($1,$2,$3,$4,$5,$6,$7)""",
        uuid4(), UUID(held.id), what, by, reason, UUID(successor) if successor else None, at,
    )  # fmt: skip


async def is_renewed(connection: Connection, identifier: str) -> bool:
    """Whether a certificate was renewed before."""
    return bool(
        await connection.fetchval(
            "SELECT true FROM qualification_followed WHERE qualification = $1 AND kind = 'renewed'", UUID(identifier)
        )
    )


async def insert_offered_item(connection: Connection, one: OfferedItem) -> None:
    """Keep that the agency serves an item from now on."""
    await connection.execute(
        "INSERT INTO offered_item (id, agency, item, offered_at) VALUES ($1,$2,$3,$4)",
        uuid4(), one.agency, one.item, one.offered_at,
    )  # fmt: skip


async def stop_offered_item(connection: Connection, agency: str, item: str, *, at: datetime) -> None:
    """Keep that it does no longer."""
    await connection.execute(
        "UPDATE offered_item SET stopped_at = $3 WHERE agency = $1 AND item = $2 AND stopped_at IS NULL",
        agency, item, at,
    )  # fmt: skip


async def offered_items(connection: Connection, agencies: Sequence[str]) -> dict[str, tuple[OfferedItem, ...]]:
    """What each agency serves and served, by item and time."""
    rows = await connection.fetch(
        """SELECT agency, item, offered_at, stopped_at FROM offered_item
           WHERE agency = ANY($1::text[]) ORDER BY agency, item, offered_at""",
        list(agencies),
    )
    found: dict[str, tuple[OfferedItem, ...]] = dict.fromkeys(agencies, ())
    for row in rows:
        found[row["agency"]] += (OfferedItem(row["agency"], row["item"], row["offered_at"], row["stopped_at"]),)
    return found


async def names(connection: Connection, agencies: Sequence[str]) -> dict[str, str]:
    """Names by USCC of those on file."""
    rows = await connection.fetch("SELECT uscc, name FROM agency WHERE uscc = ANY($1::text[])", list(agencies))
    return {row["uscc"]: row["name"] for row in rows}


_SHELF = """
SELECT id::text, agency, item, unit_price_fen, minimum_fee_fen, days, capacity, taken, valid_from, valid_until, nonce,
  put_at, renews::text
FROM shelf_offer WHERE withdrawn_at IS NULL
"""
"""In the order of the fields of ``ShelfOffer``: a thousand are read for one award."""
_LOCK_SHELF = """
SELECT count(*) FROM (
  SELECT FROM shelf_offer WHERE item = $1 AND withdrawn_at IS NULL ORDER BY id FOR UPDATE
) AS held
"""


async def insert_shelf_offer(connection: Connection, offer: ShelfOffer) -> None:
    """Keep a shelf offer."""
    await connection.execute(
        """INSERT INTO shelf_offer (id, agency, item, unit_price_fen, minimum_fee_fen, days, capacity, taken,
             valid_from, valid_until, nonce, put_at, renews)
           VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)""",
        UUID(offer.id), offer.agency, offer.item, offer.unit_price_fen, offer.minimum_fee_fen, offer.days,
        offer.capacity, offer.taken, offer.valid_from, offer.valid_until, offer.nonce, offer.put_at,
        UUID(offer.renews) if offer.renews else None,
    )  # fmt: skip


async def shelf_offers(connection: Connection, item: str) -> tuple[ShelfOffer, ...]:
    """What is on the shelf for an item, by id; restrictions and validity are judged by the caller."""
    rows = await connection.fetch(_SHELF + " AND item = $1 ORDER BY shelf_offer.id", item)
    return tuple(ShelfOffer(*row) for row in rows)


async def on_shelf(connection: Connection, item: str) -> tuple[str, ...]:
    """Who has something on the shelf for an item, by code."""
    found = await connection.fetchval(
        "SELECT array_agg(DISTINCT agency ORDER BY agency) FROM shelf_offer WHERE item = $1 AND withdrawn_at IS NULL",
        item,
    )
    return tuple(found or ())


async def shelf_offers_of(connection: Connection, agency: str) -> tuple[ShelfOffer, ...]:
    """What an agency has on the shelf, by item."""
    rows = await connection.fetch(_SHELF + " AND agency = $1 ORDER BY item, shelf_offer.id", agency)
    return tuple(ShelfOffer(*row) for row in rows)


async def lock_shelf_offers(connection: Connection, item: str) -> None:
    """Lock the item's shelf rows, in order of id: capacity is counted under this lock."""
    await connection.execute(_LOCK_SHELF, item)


async def lock_shelf_offers_of(connection: Connection, agency: str) -> None:
    """Lock the agency's shelf rows, in order of id: nobody takes from them meanwhile."""
    await connection.execute(
        "SELECT 1 FROM shelf_offer WHERE agency = $1 AND withdrawn_at IS NULL ORDER BY id FOR UPDATE", agency
    )


async def take_capacity(connection: Connection, offer_id: str) -> bool:
    """Count one award against the capacity; False when nothing is left."""
    taken = await connection.fetchval(
        "UPDATE shelf_offer SET taken = taken + 1 WHERE id = $1 AND taken < capacity RETURNING id", UUID(offer_id)
    )
    return taken is not None


async def withdraw_shelf_offers(connection: Connection, agency: str, *, at: datetime, items: Sequence[str] = ()) -> int:
    """Take the agency's offers for these items (none: for all) off the shelf; returns how many."""
    rows = await connection.fetch(
        """UPDATE shelf_offer SET withdrawn_at = $2
           WHERE agency = $1 AND withdrawn_at IS NULL AND (cardinality($3::text[]) = 0 OR item = ANY($3))
           RETURNING id""",
        agency, at, list(items),
    )  # fmt: skip
    return len(rows)


async def withdraw_shelf_offer(connection: Connection, offer_id: str, *, at: datetime) -> bool:
    """Take one offer off the shelf; what it gave stays. False when it is not on it."""
    gone = await connection.fetchval(
        "UPDATE shelf_offer SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL RETURNING id",
        UUID(offer_id), at,
    )  # fmt: skip
    return gone is not None


def _objection(row: Record) -> FilingObjection:
    values = dict(row)
    objector = Actor(values.pop("objector_role"), values.pop("objector"))
    return FilingObjection(objector=objector, **values)
