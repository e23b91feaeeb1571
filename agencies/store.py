"""Agencies in the database: the directory, the lock row, certificates and shelf offers. SQL in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from agencies.filing import Filing
from agencies.qualifications import Qualification
from agencies.shelf import ShelfOffer

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[Record]


async def insert_agency(connection: Connection, filing: Filing, *, city: str, is_example: bool, at: datetime) -> None:
    """Put the agency and its lock row in place."""
    await connection.execute(
        "INSERT INTO agency (uscc, name, kind, region, city, filed_at, is_example) VALUES ($1,$2,$3,$4,$5,$6,$7)",
        filing.uscc, filing.name, filing.kind, filing.region, city, at, is_example,
    )  # fmt: skip
    await connection.execute("INSERT INTO agency_status (agency) VALUES ($1)", filing.uscc)


async def is_filed(connection: Connection, uscc: str) -> bool:
    """Whether the agency is on file."""
    return bool(await connection.fetchval("SELECT true FROM agency WHERE uscc = $1", uscc))


async def lock_shared(connection: Connection, agencies: Sequence[str]) -> None:
    """Lock the status rows shared, in order of id: no restriction of these can commit before we do."""
    await connection.execute(
        "SELECT 1 FROM agency_status WHERE agency = ANY($1::text[]) ORDER BY agency FOR SHARE", list(agencies)
    )


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


async def insert_qualification(connection: Connection, agency: str, held: Qualification) -> str:
    """Keep the certificate; returns its id."""
    identifier = uuid4()
    await connection.execute(
        """INSERT INTO qualification (id, agency, kind, grade, number, issuer, valid_from, valid_until)
           VALUES ($1,$2,$3,$4,$5,$6,$7,$8)""",
        identifier, agency, held.kind, held.grade, held.number, held.issuer, held.valid_from, held.valid_until,
    )  # fmt: skip
    return str(identifier)


async def qualifications(connection: Connection, agencies: Sequence[str]) -> dict[str, tuple[Qualification, ...]]:
    """The certificates of each agency, oldest first."""
    rows = await connection.fetch(
        """SELECT agency, kind, grade, number, issuer, valid_from, valid_until FROM qualification
           WHERE agency = ANY($1::text[]) ORDER BY agency, valid_from, number, id""",
        list(agencies),
    )
    held: dict[str, tuple[Qualification, ...]] = dict.fromkeys(agencies, ())
    for row in rows:
        one = Qualification(
            row["kind"], row["grade"], row["number"], row["issuer"], row["valid_from"], row["valid_until"]
        )
        held[row["agency"]] += (one,)
    return held


async def names(connection: Connection, agencies: Sequence[str]) -> dict[str, str]:
    """Names by USCC of those on file."""
    rows = await connection.fetch("SELECT uscc, name FROM agency WHERE uscc = ANY($1::text[])", list(agencies))
    return {row["uscc"]: row["name"] for row in rows}


_SHELF = """
SELECT id, agency, item, unit_price_fen, minimum_fee_fen, days, capacity, taken, valid_from, valid_until, nonce, put_at
FROM shelf_offer WHERE withdrawn_at IS NULL
"""


async def insert_shelf_offer(connection: Connection, offer: ShelfOffer) -> None:
    """Keep a shelf offer."""
    await connection.execute(
        """INSERT INTO shelf_offer (id, agency, item, unit_price_fen, minimum_fee_fen, days, capacity, taken,
             valid_from, valid_until, nonce, put_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)""",
        UUID(offer.id), offer.agency, offer.item, offer.unit_price_fen, offer.minimum_fee_fen, offer.days,
        offer.capacity, offer.taken, offer.valid_from, offer.valid_until, offer.nonce, offer.put_at,
    )  # fmt: skip


async def shelf_offers(connection: Connection, item: str) -> tuple[ShelfOffer, ...]:
    """What is on the shelf for an item, by id; restrictions and validity are judged by the caller."""
    rows = await connection.fetch(_SHELF + " AND item = $1 ORDER BY id", item)
    return tuple(_shelf_offer(row) for row in rows)


async def shelf_offers_of(connection: Connection, agency: str) -> tuple[ShelfOffer, ...]:
    """What an agency has on the shelf, by item."""
    rows = await connection.fetch(_SHELF + " AND agency = $1 ORDER BY item, id", agency)
    return tuple(_shelf_offer(row) for row in rows)


async def lock_shelf_offers(connection: Connection, item: str) -> None:
    """Lock the item's shelf rows, in order of id: capacity is counted under this lock."""
    await connection.execute(
        "SELECT 1 FROM shelf_offer WHERE item = $1 AND withdrawn_at IS NULL ORDER BY id FOR UPDATE", item
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


def _shelf_offer(row: Record) -> ShelfOffer:
    return ShelfOffer(
        id=str(row["id"]),
        agency=row["agency"],
        item=row["item"],
        unit_price_fen=row["unit_price_fen"],
        minimum_fee_fen=row["minimum_fee_fen"],
        days=row["days"],
        capacity=row["capacity"],
        taken=row["taken"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        nonce=row["nonce"],
        put_at=row["put_at"],
    )
