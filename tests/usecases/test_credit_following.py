"""What becomes of a fact: objection and answer, repair by two regulators, restrictions that end with their cause."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from agencies import store as agencies
from commons.errors import Forbidden, Malformed, NotFound
from commons.events import Actor
from commons.instants import start_of_day
from commons.verdicts import Refused
from credit import store as credit
from credit.rulebook import rulebook
from credit.scoring import Score, score
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.act import Caller
from marketplace.usecases.answer_objection import AnswerObjection, ObjectionAnswered, answer_objection
from marketplace.usecases.apply_for_repair import ApplyForRepair, RepairAppliedFor, apply_for_repair
from marketplace.usecases.grant_repair import GrantRepair, RepairApproved, grant_repair
from marketplace.usecases.object_to_fact import FactObjectedTo, ObjectToFact, object_to_fact
from marketplace.usecases.read_agencies import AgencyQuery, read_agencies
from marketplace.usecases.read_agency import read_agency
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_restrictions import RestrictionQuery, read_restrictions
from marketplace.usecases.record_credit_fact import (
    AuthorityDecision,
    CreditFactRecorded,
    RecordCreditFact,
    record_credit_fact,
)
from marketplace.usecases.restrict_agency import AgencyRestricted, RestrictAgency, restrict_agency
from marketplace.usecases.sign_up import SignedUp
from tests.usecases.market import PROFILE, REGULATOR, Market, agency, code, now, sealed_terms, until

SECOND = Caller(Actor("regulator", "R2"))
FIRST_PAGE = Slice(1, 20)


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in (1, 2):
        await market.file(number)
    return market


async def record(market: Market, rule: str = "result_late", **changes: Any) -> CreditFactRecorded:
    command = RecordCreditFact(agency=code(1), code=rule, basis="示例", **changes)
    done = await record_credit_fact(market.database, REGULATOR, command)
    assert isinstance(done, CreditFactRecorded), done
    return done


async def dispute(market: Market, fact: str, *, profile: str = PROFILE) -> FactObjectedTo | Refused:
    command = ObjectToFact(agency=code(1), fact=fact, reason="按期交付（示例）")
    return await object_to_fact(market.database, agency(1), command, profile=profile)


async def answer(market: Market, fact: str, given: str, **changes: Any) -> ObjectionAnswered | Refused:
    command = AnswerObjection.model_validate(
        {"agency": code(1), "fact": fact, "answer": given, "reason": "经核实（示例）", **changes}
    )
    return await answer_objection(market.database, REGULATOR, command, profile=PROFILE)


async def apply(market: Market, fact: str, **changes: Any) -> RepairAppliedFor | Refused:
    command = ApplyForRepair.model_validate(
        {
            "agency": code(1), "fact": fact, "correction": "已改正（示例）", "is_corrected": True,
            "commitment_signed": True, **changes,
        }
    )  # fmt: skip
    return await apply_for_repair(market.database, agency(1), command, profile=PROFILE)


async def grant(market: Market, fact: str, by: Caller) -> RepairApproved | Refused:
    command = GrantRepair(agency=code(1), fact=fact, reason="符合条件（示例）")
    return await grant_repair(market.database, by, command)


async def restrict(market: Market, **changes: Any) -> AgencyRestricted | Refused:
    command = RestrictAgency.model_validate(
        {"agency": code(1), "basis": "示例", "region": "330302", "approvers": ["R1", "R2"], **changes}
    )
    return await restrict_agency(market.database, REGULATOR, command)


async def believed(market: Market, *, at: datetime, known_at: datetime) -> Score:
    async with market.database.read() as connection:
        facts = (await credit.facts(connection, [code(1)]))[code(1)]
    return score(facts, rulebook("generic-v1"), at=at, known_at=known_at)


async def flag(market: Market) -> tuple[bool, datetime | None]:
    async with market.database.read() as connection:
        row = await connection.fetchrow("SELECT * FROM agency_status WHERE agency = $1", code(1))
    assert row is not None
    return row["is_restricted"], row["restricted_until"]


async def types(market: Market) -> list[str]:
    async with market.database.read() as connection:
        return [one.event.type for one in await load(connection, [f"agency/{code(1)}"])]


async def test_a_disputed_fact_counts_until_it_is_revoked_and_what_was_believed_stays(market: Market) -> None:
    fact = await record(market, quantity=6)
    assert (fact.points, fact.score) == (-400, 7_600)
    objected = await dispute(market, fact.fact)
    assert isinstance(objected, FactObjectedTo)
    assert objected.answer_due_at - objected.objected_at == timedelta(seconds=2)
    now = await believed(market, at=objected.objected_at, known_at=objected.objected_at)
    assert [(line.points, line.is_disputed) for line in now.lines] == [(-400, True)]
    answered = await answer(market, fact.fact, "revoked")
    assert isinstance(answered, ObjectionAnswered)
    assert (answered.score, answered.is_late) == (8_000, False)
    looking_back = await believed(market, at=fact.recorded_at, known_at=answered.answered_at)
    then = await believed(market, at=fact.recorded_at, known_at=fact.recorded_at)
    assert (looking_back.value, then.value) == (8_000, 7_600)
    assert (await types(market))[-3:] == ["credit_fact.recorded", "credit_fact.objected", "credit_fact.revoked"]


async def test_a_correction_is_scored_as_the_fact_now_reads(market: Market) -> None:
    fact = await record(market, "collusion")
    await dispute(market, fact.fact)
    answered = await answer(market, fact.fact, "corrected", code="result_late", quantity=11)
    assert isinstance(answered, ObjectionAnswered)
    assert answered.score == 7_500
    again = await dispute(market, fact.fact)
    assert isinstance(again, Refused)
    assert again.codes == ("objection_was_answered",)
    with pytest.raises(Malformed):
        await answer(market, fact.fact, "corrected", code="unheard")


async def test_a_fact_that_is_kept_counts_on_and_an_answer_past_the_last_day_says_so(market: Market) -> None:
    fact = await record(market)
    nothing = await answer(market, fact.fact, "kept")
    assert isinstance(nothing, Refused)
    assert nothing.codes == ("no_objection_open",)
    objected = await dispute(market, fact.fact)
    assert isinstance(objected, FactObjectedTo)
    kept = await answer(market, fact.fact, "kept")
    assert isinstance(kept, ObjectionAnswered)
    assert (kept.score, kept.is_late) == (7_700, False)
    late = (await record(market)).fact
    overdue = await dispute(market, late)
    assert isinstance(overdue, FactObjectedTo)
    assert overdue.answer_limit_at - overdue.objected_at == timedelta(seconds=4)
    await until(overdue.answer_limit_at)
    answered = await answer(market, late, "kept")
    assert isinstance(answered, ObjectionAnswered)
    assert answered.is_late


async def test_nobody_objects_or_applies_for_somebody_else_and_agencies_decide_nothing(market: Market) -> None:
    fact = (await record(market)).fact
    stranger = agency(2)
    with pytest.raises(Forbidden):
        await object_to_fact(
            market.database, stranger, ObjectToFact(agency=code(1), fact=fact, reason="示例"), profile=PROFILE
        )
    with pytest.raises(NotFound):  # its own agency, somebody else's fact
        await object_to_fact(
            market.database, stranger, ObjectToFact(agency=code(2), fact=fact, reason="示例"), profile=PROFILE
        )
    for use in (
        grant_repair(market.database, agency(1), GrantRepair(agency=code(1), fact=fact, reason="示例")),
        answer_objection(
            market.database, agency(1),
            AnswerObjection(agency=code(1), fact=fact, answer="revoked", reason="示例"), profile=PROFILE,
        ),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            await use


async def test_a_repair_by_two_regulators_lifts_what_the_fact_caused_and_rights_are_back_at_once(
    market: Market,
) -> None:
    fact = (await record(market)).fact
    assert isinstance(await restrict(market, fact=fact), AgencyRestricted)
    selection = (await market.publish(sealed_terms(), sign_up_s=20, close_s=21)).selection
    refused = await market.sign_up(selection, 1)
    assert isinstance(refused, Refused)
    assert refused.codes == ("restricted",)
    assert isinstance(await apply(market, fact), RepairAppliedFor)
    first = await grant(market, fact, REGULATOR)
    assert isinstance(first, RepairApproved)
    assert (first.approvals, first.is_granted, first.score, first.restrictions_lifted) == (1, False, 7_700, [])
    same = await grant(market, fact, REGULATOR)
    assert isinstance(same, Refused)
    assert same.codes == ("two_approvers_needed",)
    assert await flag(market) == (True, None)
    second = await grant(market, fact, SECOND)
    assert isinstance(second, RepairApproved)
    assert (second.is_granted, second.score, len(second.restrictions_lifted)) == (True, 8_000, 1)
    assert await flag(market) == (False, None)
    assert isinstance(await market.sign_up(selection, 1), SignedUp)
    assert (await types(market))[-3:] == ["credit_fact.repair_approved", "credit_fact.repaired", "restriction.lifted"]
    assert (await read_restrictions(market.database, RestrictionQuery(), FIRST_PAGE)).rows == ()
    assert not (await read_agencies(market.database, AgencyQuery(restricted_only=True), FIRST_PAGE)).rows
    told = [one.what for one in (await read_agency(market.database, code(1), profile=PROFILE)).history]
    assert "restriction_lifted" in told
    assert "restriction_ended" not in told


async def test_what_another_fact_caused_stays_and_the_flag_tells_what_is_left(market: Market) -> None:
    repaired, other = (await record(market)).fact, (await record(market)).fact
    end = now().replace(microsecond=0) + timedelta(days=9)
    assert isinstance(await restrict(market, fact=repaired), AgencyRestricted)
    assert isinstance(await restrict(market, fact=other, ends_at=end), AgencyRestricted)
    assert await flag(market) == (True, None)
    await apply(market, repaired)
    await grant(market, repaired, REGULATOR)
    done = await grant(market, repaired, SECOND)
    assert isinstance(done, RepairApproved)
    assert len(done.restrictions_lifted) == 1
    assert await flag(market) == (True, end)
    page = await read_restrictions(market.database, RestrictionQuery(), FIRST_PAGE)
    assert [one.restriction.ends_at for one in page.rows] == [end]


async def test_revoking_a_fact_lifts_what_it_caused(market: Market) -> None:
    fact = (await record(market)).fact
    bound = await restrict(market, fact=fact)
    assert isinstance(bound, AgencyRestricted)
    await dispute(market, fact)
    answered = await answer(market, fact, "revoked")
    assert isinstance(answered, ObjectionAnswered)
    assert answered.restrictions_lifted == [bound.restriction]
    assert await flag(market) == (False, None)


async def test_two_regulators_at_once_grant_once_and_one_alone_twice_at_once_does_not(market: Market) -> None:
    fact = (await record(market)).fact
    assert isinstance(await restrict(market, fact=fact), AgencyRestricted)
    await apply(market, fact)
    alone = await asyncio.gather(*(grant(market, fact, REGULATOR) for _ in range(4)))
    assert sum(isinstance(one, RepairApproved) for one in alone) == 1
    assert await flag(market) == (True, None)
    others = [Caller(Actor("regulator", f"R{number}")) for number in range(2, 6)]
    done = await asyncio.gather(*(grant(market, fact, one) for one in others))
    assert sum(isinstance(one, RepairApproved) and one.is_granted for one in done) == 1
    assert (await types(market)).count("restriction.lifted") == 1


async def test_a_repair_waits_for_every_act_that_looks_at_the_agency(market: Market) -> None:
    fact = (await record(market)).fact
    await apply(market, fact)
    async with market.database.transaction() as connection:
        await agencies.lock_shared(connection, [code(1)])
        waiting = asyncio.create_task(grant(market, fact, REGULATOR))
        await asyncio.sleep(0.3)
        assert not waiting.done()
    assert isinstance(await waiting, RepairApproved)


async def test_repair_waits_for_its_minimum_by_the_decisions_own_day(market: Market) -> None:
    decision = AuthorityDecision(
        authority="示例局", document_number="示罚〔2026〕1号", decided_on=date(2026, 1, 5), severity="severe",
        legal_ground="示例法第一条",
    )  # fmt: skip
    old = await record(market, "penalty", decision=decision)
    assert (old.points, old.score) == (0, 8_000)
    fresh = await record(market, "material_false", evidence_sha256="0" * 64)
    assert isinstance(await apply(market, old.fact), RepairAppliedFor)
    early = await apply(market, fresh.fact, is_corrected=False)
    assert isinstance(early, Refused)
    assert early.codes == ("repair_too_early", "not_corrected")
    async with market.database.read() as connection:
        first, second = (await credit.facts(connection, [code(1)]))[code(1)]
    assert (first.layer, first.effective_at) == ("statutory", start_of_day(date(2026, 1, 5)))
    assert first.decision is not None
    assert first.decision.severity == "severe"
    assert (second.layer, second.evidence_sha256) == ("market", "0" * 64)


async def test_a_statutory_code_needs_its_decision_and_a_decision_a_day_that_has_been(market: Market) -> None:
    with pytest.raises(Malformed):
        await record(market, "penalty")
    decision = AuthorityDecision(
        authority="示例局", document_number="示罚", decided_on=date(2999, 1, 1), severity="minor", legal_ground="示例"
    )
    with pytest.raises(Malformed, match="decided_on"):
        await record(market, "penalty", decision=decision)


@pytest.mark.parametrize(
    ("measures", "items", "shelved", "voided"),
    [
        ([], [], 1, 1),
        (["shelf"], [], 1, 0),
        (["offer"], [], 0, 1),
        (["contract"], [], 0, 0),
        ([], ["SV22"], 1, 1),
        ([], ["SV23"], 0, 0),
    ],
)
async def test_a_restriction_takes_down_what_its_measures_and_items_cover(
    market: Market, measures: list[str], items: list[str], shelved: int, voided: int
) -> None:
    await market.shelve(1, 100_000)
    selection = (await market.publish(sealed_terms(), sign_up_s=20, close_s=21)).selection
    assert isinstance(await market.sign_up(selection, 1), SignedUp)
    done = await restrict(market, measures=measures, items=items)
    assert isinstance(done, AgencyRestricted)
    assert (done.shelf_offers_withdrawn, len(done.voided_in)) == (shelved, voided)
    assert (await flag(market))[0] == (not measures and not items)


async def test_a_restriction_names_items_of_the_catalogue_and_a_fact_of_the_agency(market: Market) -> None:
    with pytest.raises(Malformed):
        await restrict(market, items=["SV22", "XX99"])
    with pytest.raises(NotFound):
        await restrict(market, fact="F0")


async def test_a_fact_that_is_over_restricts_nobody_for_nothing_would_lift_it(market: Market) -> None:
    revoked, repaired = (await record(market)).fact, (await record(market)).fact
    await dispute(market, revoked)
    assert isinstance(await answer(market, revoked, "revoked"), ObjectionAnswered)
    await apply(market, repaired)
    await grant(market, repaired, REGULATOR)
    await grant(market, repaired, SECOND)
    for fact, status in ((revoked, "revoked"), (repaired, "repaired")):
        refused = await restrict(market, fact=fact)
        assert isinstance(refused, Refused)
        assert [(one.code, one.params) for one in refused.reasons] == [("fact_is_over", {"status": status})]
    assert await flag(market) == (False, None)


async def test_a_repair_under_way_is_seen_before_its_fact_restricts(market: Market) -> None:
    fact = (await record(market)).fact
    await apply(market, fact)
    await grant(market, fact, REGULATOR)
    granted, bound = await asyncio.gather(grant(market, fact, SECOND), restrict(market, fact=fact))
    assert isinstance(granted, RepairApproved)
    assert isinstance(bound, Refused) or granted.restrictions_lifted == [bound.restriction]
    assert await flag(market) == (False, None)
