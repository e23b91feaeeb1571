"""What may be read of credit facts by anybody: what is on a list now, and of the rest only that there was something."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from commons.errors import Malformed
from commons.instants import beijing_date
from marketplace.database import Database
from marketplace.record import outbox
from marketplace.usecases.apply_for_repair import ApplyForRepair, RepairAppliedFor, apply_for_repair
from marketplace.usecases.grant_repair import GrantRepair, RepairApproved, grant_repair
from marketplace.usecases.lift_restriction import LiftRestriction, RestrictionLifted, lift_restriction
from marketplace.usecases.read_agency import read_agency
from marketplace.usecases.read_changes import read_changes
from marketplace.usecases.read_happenings import Happening
from marketplace.usecases.restrict_agency import AgencyRestricted, RestrictAgency, restrict_agency
from tests.usecases.market import PROFILE, REGULATOR, Market, agency, code, now, until
from tests.usecases.test_credit_following import SECOND, record
from tests.usecases.test_credit_imports import CORRECTION, DECISION, facts_of, notes, take

REAL = "generic-v1"
BOUND_BY = "出具虚假监测报告（示例）"
YESTERDAY = (beijing_date(now()) - timedelta(days=1)).isoformat()
LATER = {**DECISION, "decided_on": YESTERDAY}


@pytest.fixture
async def market(database: Database) -> Market:
    made = Market(database)
    await made.file(1)
    return made


async def read(market: Market, profile: str = REAL) -> list[tuple[str, Any, Any]]:
    """By change: its type, how it reads for anybody, the event's data."""
    found = await read_changes(market.database, after=0, limit=100, profile=profile)
    return [(one.note.type, one.note.payload["now"], one.note.payload["event"]) for one in found]


async def recorded(market: Market, profile: str = REAL) -> Happening:
    """How the agency's page tells of the fact."""
    told = (await read_agency(market.database, code(1), profile=profile)).history
    return next(one for one in told if one.what == "credit_fact_recorded")


async def repair(market: Market, fact: str) -> None:
    command = ApplyForRepair(
        agency=code(1), fact=fact, correction="已改正（示例）", is_corrected=True, commitment_signed=True
    )
    assert isinstance(await apply_for_repair(market.database, agency(1), command, profile=PROFILE), RepairAppliedFor)
    for by in (REGULATOR, SECOND):
        done = await grant_repair(market.database, by, GrantRepair(agency=code(1), fact=fact, reason="示例"))
        assert isinstance(done, RepairApproved)


async def test_nothing_is_noted_of_a_fact_that_is_on_no_list_until_it_is_on_one(market: Market) -> None:
    await take(market.database, {**LATER, "severity": "minor"})
    assert await notes(market.database) == ()
    await take(market.database, {**CORRECTION, "decided_on": YESTERDAY})
    assert [one.note.type for one in await notes(market.database)] == ["credit_fact.corrected"]
    ((_, now, event),) = await read(market)
    assert (now["decision"]["severity"], event["data"]["severity"]) == ("general", "general")


async def test_a_repaired_fact_is_told_by_its_id_alone_to_whoever_reads_and_whole_to_whoever_had_it(
    market: Market,
) -> None:
    await take(market.database, {**LATER, "severity": "general"})
    (fact,) = await facts_of(market.database, 1)
    ((_, now, event),) = await read(market)
    assert (now["basis"], now["is_published"], event["data"]["basis"]) == (fact.basis, True, fact.basis)
    assert dict((await recorded(market)).params)["basis"] == fact.basis
    await repair(market, fact.id)
    assert [(kind, now, set(event)) for kind, now, event in await read(market)] == [
        (f"credit_fact.{kind}", {"kind": "fact", "id": fact.id, "status": status, "is_published": False},
         {"v", "id", "type", "at"})
        for kind, status in (("recorded", "counts"), ("repaired", "repaired"))
    ]  # fmt: skip
    assert dict((await recorded(market)).params) == {}
    sent: list[Any] = [one.note.payload["now"] for one in await notes(market.database)]
    assert {one["basis"] for one in sent} == {fact.basis}


async def test_a_fact_whose_publication_has_ended_is_told_without_its_basis(market: Market) -> None:
    await take(market.database, {**LATER, "severity": "general"})
    ((_, now, _),) = await read(market, profile=PROFILE)  # there it was public for some seconds
    assert (now["status"], now["is_published"], "basis" in now) == ("counts", False, False)
    assert dict((await recorded(market, PROFILE)).params) == {"code": "penalty", "points": 0}


async def test_a_minor_fact_of_the_market_counts_on_the_agencys_page_without_its_basis(market: Market) -> None:
    done = await record(market, "result_late")
    assert dict((await recorded(market)).params) == {"code": "result_late", "points": done.points}
    assert await read(market) == []


async def test_a_restriction_that_was_lifted_is_told_by_its_id_alone(market: Market) -> None:
    bound = await market.restrict(1)
    ((_, now, _),) = await read(market)
    assert (now["is_published"], now["subject"]) == (True, code(1))
    command = LiftRestriction(agency=code(1), restriction=bound.restriction, reason="示例", approvers=["R1", "R2"])
    assert isinstance(await lift_restriction(market.database, REGULATOR, command), RestrictionLifted)
    told = [now for _, now, _ in await read(market)]
    assert [one["status"] for one in told] == ["in_force", "lifted"]
    assert all(set(one) == {"kind", "id", "status", "is_published"} for one in told)


@pytest.mark.parametrize("way", ["lifted", "repaired", "ended"])
async def test_the_basis_of_a_restriction_that_is_over_is_told_nowhere(market: Market, way: str) -> None:
    fact = (await record(market)).fact if way == "repaired" else None
    ends_at = now().replace(microsecond=0) + timedelta(seconds=2) if way == "ended" else None
    command = RestrictAgency(
        agency=code(1), basis=BOUND_BY, region="330302", approvers=["R1", "R2"], fact=fact, ends_at=ends_at
    )
    bound = await restrict_agency(market.database, REGULATOR, command)
    assert isinstance(bound, AgencyRestricted)
    file = await read_agency(market.database, code(1), profile=REAL)
    assert [(one.basis, one.fact) for one in file.restrictions] == [(BOUND_BY, fact)]
    assert {"basis": BOUND_BY} in [one.params for one in file.history if one.what == "restricted"]
    if ends_at is not None:
        await until(ends_at)
    elif fact is not None:
        await repair(market, fact)
    else:
        lift = LiftRestriction(agency=code(1), restriction=bound.restriction, reason="示例", approvers=["R1", "R2"])
        assert isinstance(await lift_restriction(market.database, REGULATOR, lift), RestrictionLifted)
    file = await read_agency(market.database, code(1), profile=REAL)
    assert [(one.basis, one.fact, one.starts_at) for one in file.restrictions] == [("", None, bound.starts_at)]
    over = "restriction_ended" if way == "ended" else "restriction_lifted"
    told = {one.what: dict(one.params) for one in file.history}
    assert (told["restricted"], told[over]) == ({}, {})
    assert BOUND_BY not in repr((file.restrictions, file.history))


async def test_a_reader_skips_no_change_whoever_began_or_noted_first(database: Database) -> None:
    """The one that began first notes last and commits first; what the other noted earlier is read after it."""
    has_begun, has_noted, has_ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
    read: list[tuple[int, ...]] = []

    async def note(name: str) -> None:
        connection = database.joined
        assert connection is not None
        payload: dict[str, Any] = {"event": {}, "digest": "", "now": {}}
        await outbox.note(connection, outbox.Note(str(uuid4()), name, "F1", payload), [], at=now())

    async def early() -> None:
        async with database.transaction() as connection:
            await connection.execute("SELECT pg_current_xact_id()")
            has_begun.set()
            await has_noted.wait()
            await note("early")
        has_ended.set()

    async def late() -> None:
        await has_begun.wait()
        async with database.transaction():
            await note("late")
            await note("late too")
            has_noted.set()
            await has_ended.wait()
            read.append(tuple(one.place for one in await asyncio.create_task(notes(database))))

    await asyncio.gather(early(), late())
    assert read == [(1,)], "an open transaction keeps nothing back"
    async with database.read() as connection:
        rest = await outbox.after(connection, 1, limit=100)
    assert [(one.place, one.note.type) for one in rest] == [(2, "late"), (3, "late too")]


async def test_the_number_of_a_note_is_given_once_and_what_was_undone_leaves_no_gap(market: Market) -> None:
    await take(market.database, LATER)
    with pytest.raises(Malformed):
        await take(market.database, {**LATER, "document_number": "x"}, {**CORRECTION, "follows": "y"})
    await take(market.database, {**CORRECTION, "decided_on": YESTERDAY})
    assert [one.place for one in await notes(market.database)] == [1, 2]
    async with market.database.transaction() as connection:
        for statement in ("UPDATE outbox SET number = 9", "UPDATE outbox SET number = NULL"):
            with pytest.raises(asyncpg.RestrictViolationError):
                async with market.database.savepoint():
                    await connection.execute(statement)
