"""Credit in a real database: facts come back with what followed them, lifted restrictions end, nothing is edited."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from credit import store
from credit.facts import CreditFact, Decision, Followed
from credit.restrictions import Restriction
from marketplace.database import Database

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DECISION = Decision("示例局", "示罚〔2026〕1号", date(2026, 11, 20), "severe", "示例法第一条")
MARKET = CreditFact("F1", "A", "result_late", "依据（示例）", AT, AT, quantity=7, evidence_sha256="0" * 64)
STATUTORY = CreditFact("F2", "A", "penalty", "依据（示例）", AT - HOUR, AT, "statutory", decision=DECISION)
OBJECTED = Followed("N1", "F1", 1, "objected", "A", "示例", AT + HOUR, AT + HOUR)
CORRECTED = Followed("N2", "F1", 2, "corrected", "R1", "示例", AT, AT + 2 * HOUR, "contract_late", 0)
BOUND = Restriction("R1", "A", "market", "示例", "330302", AT, AT + 9 * HOUR, ("offer", "shelf"), ("SV22",), "F1", "N1")


async def keep(database: Database) -> None:
    """Everything above, written down."""
    async with database.transaction() as connection:
        for fact in (MARKET, STATUTORY):
            await store.insert_fact(connection, fact, points=-300, rulebook="generic-v1")
        for followed in (CORRECTED, OBJECTED):
            await store.insert_followed(connection, followed)
        await store.insert_restriction(connection, BOUND)


async def test_facts_come_back_as_they_were_written_with_what_followed_in_order(database: Database) -> None:
    await keep(database)
    async with database.transaction() as connection:
        found = await store.facts(connection, ["A", "B"])
    followed = CreditFact(
        "F1", "A", "result_late", "依据（示例）", AT, AT, quantity=7, evidence_sha256="0" * 64,
        followed=(OBJECTED, CORRECTED),
    )  # fmt: skip
    assert found == {"A": (STATUTORY, followed), "B": ()}


async def test_a_lifted_restriction_ends_where_it_was_lifted_first(database: Database) -> None:
    await keep(database)
    async with database.transaction() as connection:
        assert (await store.restrictions(connection, ["A", "B"])) == {"A": (BOUND,), "B": ()}
        for number, at in enumerate((AT + 3 * HOUR, AT + 2 * HOUR)):
            await store.lift(connection, [(f"L{number}", BOUND)], by="R2", reason="示例", at=at)
        (lifted,) = (await store.restrictions(connection, ["A"]))["A"]
    assert lifted.ends_at == lifted.lifted_at == AT + 2 * HOUR
    assert (lifted.is_in_force(at=AT), lifted.is_in_force(at=AT + 2 * HOUR)) == (True, False)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credit_fact_followed SET kind = 'revoked'",
        "DELETE FROM credit_fact_followed",
        "TRUNCATE credit_fact_followed",
        "UPDATE restriction_followed SET effective_at = now()",
        "DELETE FROM restriction_followed",
    ],
)
async def test_what_followed_is_never_edited_or_deleted(database: Database, statement: str) -> None:
    with pytest.raises(asyncpg.RestrictViolationError):
        async with database.transaction() as connection:
            await connection.execute(statement)


async def test_a_place_in_the_history_of_a_fact_is_taken_once(database: Database) -> None:
    await keep(database)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.transaction() as connection:
            await store.insert_followed(connection, Followed("N9", "F1", 2, "kept", "R1", "示例", AT, AT))
