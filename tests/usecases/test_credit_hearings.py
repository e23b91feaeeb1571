"""Prior notice, what an agency states at the hearing, and the decision that answers it."""

from __future__ import annotations

import pytest

from commons.errors import Conflict, NotFound
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.notice_restriction import NoticeRestriction, RestrictionNoticed, notice_restriction
from marketplace.usecases.restrict_agency import AgencyRestricted
from marketplace.usecases.state_at_hearing import StateAtHearing, StatementMade, state_at_hearing
from tests.usecases.market import PROFILE, REGULATOR, Market, agency, code, until
from tests.usecases.test_credit_following import flag, restrict


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in (1, 2):
        await market.file(number)
    return market


async def test_a_notice_bars_nothing_and_leads_to_one_restriction_after_its_hearing(market: Market) -> None:
    command = NoticeRestriction(agency=code(1), basis="示例", region="330302")
    noticed = await notice_restriction(market.database, REGULATOR, command, profile=PROFILE)
    assert isinstance(noticed, RestrictionNoticed)
    assert await flag(market) == (False, None)
    early = await restrict(market, notice=noticed.notice)
    assert isinstance(early, Refused)
    assert early.codes == ("hearing_not_over",)
    await until(noticed.hearing_until)
    assert isinstance(await restrict(market, notice=noticed.notice), AgencyRestricted)
    with pytest.raises(Conflict):
        await restrict(market, notice=noticed.notice)
    with pytest.raises(NotFound):
        await restrict(market, notice="H0")
    async with market.database.read() as connection:
        last = (await load(connection, [f"agency/{code(1)}"]))[-1].event
    assert (last.data["notice"], last.data["is_urgent"]) == (noticed.notice, False)


async def test_what_an_agency_states_at_the_hearing_is_answered_by_the_decision(market: Market) -> None:
    command = NoticeRestriction(agency=code(1), basis="示例", region="330302")
    noticed = await notice_restriction(market.database, REGULATOR, command, profile=PROFILE)
    assert isinstance(noticed, RestrictionNoticed)
    early = await restrict(market, notice=noticed.notice, statement_answer="未采纳（示例）")
    assert isinstance(early, Refused)
    assert early.codes == ("hearing_not_over", "no_statement_made")
    stated = StateAtHearing(
        agency=code(1), notice=noticed.notice, statement="证书为他人伪造（示例）", evidence_sha256="0" * 64
    )
    made = await state_at_hearing(market.database, agency(1), stated)
    assert isinstance(made, StatementMade)
    again = await state_at_hearing(market.database, agency(1), stated)
    assert isinstance(again, Refused)
    assert again.codes == ("statement_was_made",)
    with pytest.raises(NotFound):
        await state_at_hearing(market.database, agency(2), stated.model_copy(update={"agency": code(2)}))
    await until(noticed.hearing_until)
    unheard = await restrict(market, notice=noticed.notice)
    assert isinstance(unheard, Refused)
    assert unheard.codes == ("statement_not_answered",)
    done = await restrict(market, notice=noticed.notice, statement_answer="经核证书确系出借（示例）")
    assert isinstance(done, AgencyRestricted)
    late = await state_at_hearing(market.database, agency(1), stated)
    assert isinstance(late, Refused)
    assert late.codes == ("statement_was_made", "hearing_is_over")
    async with market.database.read() as connection:
        events = await load(connection, [f"agency/{code(1)}"])
    said = next(one for one in events if one.event.type == "restriction.statement_made")
    assert "证书为他人伪造（示例）" not in str(said.event.data)
    assert said.private == {"statement": "证书为他人伪造（示例）"}
    assert said.event.data["evidence_sha256"] == "0" * 64
    decided = next(one.event for one in events if one.event.type == "agency.restricted")
    assert decided.data["statement_answer"] == "经核证书确系出借（示例）"
