"""Lifting a restriction: by two, with a reason, never past the fact that caused it; rights are back at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commons.errors import Forbidden, NotFound
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.lift_restriction import LiftRestriction, RestrictionLifted, lift_restriction
from marketplace.usecases.read_holds import read_holds
from marketplace.usecases.record_credit_fact import CreditFactRecorded, RecordCreditFact, record_credit_fact
from marketplace.usecases.restrict_agency import AgencyRestricted, RestrictAgency, restrict_agency
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.stated_relations import Relations
from tests.usecases.market import PROFILE, REGULATOR, Market, agency, code, now, sealed_terms, until


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    await market.file(1)
    return market


async def lift(market: Market, restriction: str, *approvers: str) -> RestrictionLifted | Refused:
    command = LiftRestriction(
        agency=code(1), restriction=restriction, reason="依据不成立（示例）", approvers=list(approvers or ("R1", "R2"))
    )
    return await lift_restriction(market.database, REGULATOR, command)


async def test_an_open_ended_restriction_is_lifted_and_what_it_barred_is_open_again(market: Market) -> None:
    await market.file(2, relations=Relations(predecessors=[code(1)]))
    done = await market.restrict(1)
    published = await market.publish(sealed_terms())
    assert isinstance(await market.sign_up(published.selection, 1), Refused)
    assert len((await read_holds(market.database)).rows) == 1
    assert isinstance(await lift(market, done.restriction), RestrictionLifted)
    assert isinstance(await market.sign_up(published.selection, 1), SignedUp)
    assert (await read_holds(market.database)).rows == ()
    again = await lift(market, done.restriction)
    assert isinstance(again, Refused)
    assert again.codes == ("restriction_is_over",)


async def test_one_regulator_alone_lifts_nothing_and_nobody_else_does(market: Market) -> None:
    done = await market.restrict(1)
    for approvers, codes in ((("R1",), 1), (("R1", "r1"), 1), (("R2", "R3"), 1)):
        refused = await lift(market, done.restriction, *approvers)
        assert isinstance(refused, Refused)
        assert len(refused.codes) == codes, approvers
    with pytest.raises(NotFound):
        await lift(market, "R0")
    with pytest.raises(Forbidden):
        command = LiftRestriction(agency=code(1), restriction=done.restriction, reason="示例", approvers=["R1", "R2"])
        await lift_restriction(market.database, agency(1), command)


async def test_what_a_fact_caused_ends_with_the_fact_alone(market: Market) -> None:
    recorded = await record_credit_fact(
        market.database, REGULATOR, RecordCreditFact(agency=code(1), code="certificate_lent", basis="示例")
    )
    assert isinstance(recorded, CreditFactRecorded)
    command = RestrictAgency(agency=code(1), basis="示例", region="330302", approvers=["R1", "R2"], fact=recorded.fact)
    done = await restrict_agency(market.database, REGULATOR, command, profile=PROFILE)
    assert isinstance(done, AgencyRestricted)
    refused = await lift(market, done.restriction)
    assert isinstance(refused, Refused)
    assert refused.codes == ("fact_still_counts",)


async def test_of_two_restrictions_the_other_still_bars(market: Market) -> None:
    first = await market.restrict(1)
    ends_at = now().replace(microsecond=0) + timedelta(seconds=3)
    command = RestrictAgency(agency=code(1), basis="示例", region="330302", approvers=["R1", "R2"], ends_at=ends_at)
    assert isinstance(await restrict_agency(market.database, REGULATOR, command, profile=PROFILE), AgencyRestricted)
    assert isinstance(await lift(market, first.restriction), RestrictionLifted)
    published = await market.publish(sealed_terms(), sign_up_s=8, close_s=9)
    assert isinstance(await market.sign_up(published.selection, 1), Refused)
    await until(ends_at)
    assert isinstance(await market.sign_up(published.selection, 1), SignedUp)
