"""Rows that are evidence are kept as they were written: one column follows where one has to, once where it is once."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg
import pytest

from agencies import store as agencies
from credit import store as credit
from marketplace.database import Database
from marketplace.usecases.object_to_filing import ObjectToFiling, object_to_filing
from marketplace.usecases.offer_item import OfferItem, offer_item
from tests.usecases.market import ITEM, PROFILE, Market, agency, code, owner
from tests.usecases.test_credit_imports import DECISION, take

FOLLOWING = {
    "authority_line": {"matched_at"},
    "filing_objection": {"answer", "answer_reason", "answered_by", "answered_at"},
    "offered_item": {"stopped_at"},
    "outbox_delivery": {
        "attempts", "due_at", "status", "delivered_at", "sequence", "dead_at", "reason", "forgiven", "receipt",
    },
    "shelf_offer": {"taken", "withdrawn_at"},
    "selection_bidder": set(),
    "selection_void": set(),
}  # fmt: skip
"""What may change, by table."""
GUARDED = """
SELECT event_object_column AS name FROM information_schema.triggered_update_columns
WHERE event_object_table = $1 AND trigger_name = $1 || '_is_kept'
"""
COLUMNS = "SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1"
EVENTS = """
SELECT tgtype & 56 FROM pg_trigger WHERE tgrelid = $1::text::regclass AND tgname = $1 || '_is_kept'
"""
DELETE_UPDATE_TRUNCATE = 8 | 16 | 32


async def refuses(database: Database, statement: str) -> None:
    with pytest.raises(asyncpg.RestrictViolationError):
        async with database.transaction() as connection:
            await connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE authority_line SET document_number = '伪造'",
        "DELETE FROM authority_line",
        "UPDATE filing_objection SET reason = '改写'",
        "TRUNCATE filing_objection",
        "DELETE FROM offered_item",
        "UPDATE outbox_delivery SET event = event",
        "UPDATE outbox_delivery SET receiver = 'somebody-else'",
        "UPDATE shelf_offer SET unit_price_fen = 1, taken = taken",
        "DELETE FROM shelf_offer",
        "DELETE FROM selection_bidder",
        "UPDATE selection_void SET voided_at = now()",
        "TRUNCATE selection_void",
    ],
)
async def test_evidence_is_never_edited_or_deleted(database: Database, statement: str) -> None:
    await refuses(database, statement)


@pytest.mark.parametrize("table", FOLLOWING)
async def test_every_column_is_guarded_or_follows(database: Database, table: str) -> None:
    async with database.read() as connection:
        columns = {row["name"] for row in await connection.fetch(COLUMNS, table)}
        guarded = {row["name"] for row in await connection.fetch(GUARDED, table)}
        events = await connection.fetchval(EVENTS, table)
    assert events == DELETE_UPDATE_TRUNCATE
    assert columns - (guarded or columns) == FOLLOWING[table]


async def test_an_import_line_takes_effect_once(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    await take(database, DECISION)
    async with database.read() as connection:
        ((line, _, is_matched),) = await credit.lines_of(connection, code(1))
    assert is_matched
    with pytest.raises(asyncpg.RestrictViolationError):
        async with database.transaction() as connection:
            await credit.match_line(connection, line, at=datetime.now(UTC))


async def test_an_objection_is_answered_once_and_whole(database: Database) -> None:
    await Market(database).file(1)
    command = ObjectToFiling(agency=code(1), reason="示例", evidence_sha256="0" * 64)
    assert await object_to_filing(database, owner(), command, profile=PROFILE)
    await refuses(database, "UPDATE filing_objection SET answer = 'rejected'")
    async with database.transaction() as connection:
        (made,) = await agencies.filing_objections(connection, code(1))
        await agencies.answer_filing_objection(
            connection, made.id, answer="rejected", reason="示例", by="R1", at=datetime.now(UTC)
        )
    await refuses(database, "UPDATE filing_objection SET answer_reason = '改写'")


async def test_an_item_is_stopped_once_and_a_shelf_offer_withdrawn_once(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    await offer_item(database, agency(1), OfferItem(agency=code(1), item=ITEM))
    await market.shelve(1, 100_000)
    async with database.transaction() as connection:
        await connection.execute("UPDATE offered_item SET stopped_at = now()")
        await connection.execute("UPDATE shelf_offer SET taken = taken + 1")
        await connection.execute("UPDATE shelf_offer SET withdrawn_at = now()")
    await refuses(database, "UPDATE offered_item SET stopped_at = NULL")
    await refuses(database, "UPDATE shelf_offer SET withdrawn_at = NULL")
    await refuses(database, "UPDATE shelf_offer SET taken = taken - 1")
    await refuses(database, "UPDATE shelf_offer SET taken = capacity + 1")


async def test_a_note_is_delivered_once_and_attempts_are_only_counted_up(database: Database) -> None:
    await Market(database).file(1)
    await take(database, DECISION)
    async with database.transaction() as connection:
        await connection.execute("UPDATE outbox_delivery SET attempts = attempts + 1, due_at = now(), status = 503")
    await refuses(database, "UPDATE outbox_delivery SET attempts = 0")
    async with database.transaction() as connection:
        await connection.execute("UPDATE outbox_delivery SET status = 200, delivered_at = now()")
    await refuses(database, "UPDATE outbox_delivery SET delivered_at = NULL")
    await refuses(database, "UPDATE outbox_delivery SET status = 500")
