"""What follows what follows: chains of documents are judged when they come, and never keep anybody from filing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from commons.errors import Malformed
from credit import store as credit
from credit.importing import MAX_LINES, DecisionLine, line_of
from marketplace.database import SESSION, Database
from marketplace.record.store import load
from marketplace.usecases.read_agency import read_agency
from tests.usecases.market import PROFILE, Market, code
from tests.usecases.test_credit_imports import CORRECTION, DECISION, REVOCATION, facts_of, take

SECOND_CORRECTION = {**CORRECTION, "document_number": "示更〔2026〕2号", "severity": "minor"}
ON_A_CORRECTION = {**SECOND_CORRECTION, "follows": CORRECTION["document_number"]}
ON_A_REVOCATION = {**SECOND_CORRECTION, "follows": REVOCATION["document_number"]}
SECOND_REVOCATION = {**REVOCATION, "document_number": "示撤〔2026〕2号"}


async def refused(database: Database, *lines: Any) -> list[tuple[str, str]]:
    with pytest.raises(Malformed) as told:
        await take(database, *lines)
    return [(one.pointer, one.code) for one in told.value.faults]


@pytest.mark.parametrize("is_filed", [True, False])
@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ([DECISION, CORRECTION], ON_A_CORRECTION, "follows_no_decision"),
        ([DECISION, CORRECTION], {**SECOND_REVOCATION, "follows": "示更〔2026〕1号"}, "follows_no_decision"),
        ([DECISION, REVOCATION], ON_A_REVOCATION, "follows_no_decision"),
        ([DECISION, REVOCATION], SECOND_CORRECTION, "fact_is_over"),
        ([DECISION, REVOCATION], SECOND_REVOCATION, "fact_is_over"),
        ([DECISION], {**CORRECTION, "follows": "没有的文号"}, "unknown_decision"),
    ],
)
async def test_a_line_names_a_decision_that_still_stands_whether_its_subject_is_on_file_or_not(
    database: Database, first: list[Any], then: Any, told: str, *, is_filed: bool
) -> None:
    market = Market(database)
    if is_filed:
        await market.file(1)
    assert await refused(database, *first, then) == [(f"/lines/{len(first) + 1}/follows", told)]
    await take(database, *first)
    assert await refused(database, then) == [("/lines/1/follows", told)]
    if not is_filed:
        await market.file(1)
    (fact,) = await facts_of(database, 1)
    assert len(fact.followed) == len(first) - 1


async def test_a_fault_of_one_line_brings_none_upon_those_that_follow_a_good_one(database: Database) -> None:
    bad = {**CORRECTION, "document_number": "x", "follows": "没有的文号"}
    assert await refused(database, bad, DECISION, CORRECTION) == [("/lines/1/follows", "unknown_decision")]


async def test_two_corrections_of_one_decision_apply_in_their_order_when_the_subject_files(database: Database) -> None:
    await take(database, DECISION, CORRECTION, SECOND_CORRECTION)
    await Market(database).file(1)
    (fact,) = await facts_of(database, 1)
    assert [one.severity for one in fact.followed] == ["general", "minor"]


async def test_a_waiting_line_that_cannot_be_applied_is_left_and_told_and_the_subject_is_on_file(
    database: Database,
) -> None:
    done = await take(database, DECISION, CORRECTION)
    late = [
        line(ON_A_CORRECTION, 2),
        line({**DECISION, "document_number": "示" * 200}, 3),
        line({**SECOND_CORRECTION, "document_number": "示更〔2026〕3号"}, 4),
    ]
    async with database.transaction() as connection:
        at = await connection.fetchval("SELECT clock_timestamp()")
        for one in late:
            await credit.insert_line(connection, f"W{one.number}", one, source=done.import_id, at=at, matched_at=None)
    await Market(database).file(1)
    (fact,) = await facts_of(database, 1)
    assert [one.severity for one in fact.followed] == ["general", "minor"]
    async with database.read() as connection:
        waiting = [key for key, _, is_matched in await credit.lines_of(connection, code(1)) if not is_matched]
        events = await load(connection, [f"agency/{code(1)}"])
    assert waiting == ["W2", "W3"]
    left = [one.event.data for one in events if one.event.type == "authority_line.left_waiting"]
    assert [(one["line"], one["why"]) for one in left] == [("W2", "follows_no_decision"), ("W3", "not_a_text")]
    assert await refused(database, {**REVOCATION, "follows": "示" * 100}) == [("/lines/1/follows", "unknown_decision")]


async def test_a_line_that_was_left_waiting_takes_effect_when_its_decision_comes(database: Database) -> None:
    done = await take(database, {**DECISION, "document_number": "示罚〔2026〕8号"})
    late = line({**CORRECTION, "follows": DECISION["document_number"]}, 2)
    async with database.transaction() as connection:
        at = await connection.fetchval("SELECT clock_timestamp()")
        await credit.insert_line(connection, "W2", late, source=done.import_id, at=at, matched_at=None)
    await Market(database).file(1)
    told = (await read_agency(database, code(1), profile=PROFILE)).history
    assert "authority_line_left_waiting" in [one.what for one in told]
    await take(database, {**DECISION, "document_number": "示罚〔2026〕9号"})  # another one: it waits on
    assert await waiting(database) == ["W2"]
    await take(database, DECISION)
    assert await waiting(database) == []
    found = [one for one in await facts_of(database, 1) if one.followed]
    assert [(one.decision and one.decision.document_number, one.followed[0].severity) for one in found] == [
        (DECISION["document_number"], "general")
    ]


async def waiting(database: Database) -> list[str]:
    async with database.read() as connection:
        return [key for key, _, is_matched in await credit.lines_of(connection, code(1)) if not is_matched]


async def test_a_revocation_finds_its_decision_whatever_spaces_stand_around_the_names(database: Database) -> None:
    await Market(database).file(1)
    await take(database, {**DECISION, "authority": " 示例局", "document_number": "示罚〔2026〕1号\u3000"})
    await take(database, {**REVOCATION, "authority": "示例局 "})
    (fact,) = await facts_of(database, 1)
    assert [one.kind for one in fact.followed] == ["revoked"]


@pytest.mark.parametrize("is_filed", [True, False])
async def test_a_number_too_long_to_be_recorded_is_not_read(database: Database, *, is_filed: bool) -> None:
    market = Market(database)
    if is_filed:
        await market.file(1)
    assert await refused(database, {**DECISION, "document_number": "示" * 200}) == [
        ("/lines/1/document_number", "not_a_text")
    ]
    if not is_filed:
        await market.file(1)


@pytest.mark.parametrize("kind", ["decisions", "corrections"])
async def test_the_longest_file_holds_its_subject_no_longer_than_others_wait_for_a_lock(
    database: Database, kind: str
) -> None:
    await Market(database).file(1)
    lines = [{**DECISION, "document_number": f"示罚{number}号"} for number in range(MAX_LINES)]
    if kind == "corrections":
        await take(database, *lines)
        lines = [
            {**CORRECTION, "document_number": f"示更{number}号", "follows": f"示罚{number}号"}
            for number in range(MAX_LINES)
        ]
    began = asyncio.get_running_loop().time()
    done = await take(database, *lines)
    taken = asyncio.get_running_loop().time() - began
    assert done.recorded + done.followed == MAX_LINES
    assert taken < float(SESSION["lock_timeout"].removesuffix("s"))


def line(content: dict[str, Any], number: int) -> DecisionLine:
    """A line as an earlier version may have kept it."""
    return line_of({key: value for key, value in content.items() if key != "v"}, number=number)
