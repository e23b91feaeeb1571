"""Holds for review as a review tried to get round them: late rulings, new ties, narrow restrictions, queues, rounds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agencies.people import store as people
from agencies.people.holds import Hold
from bidding.selection import Selection
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.read_holds import read_holds
from marketplace.usecases.restrict_agency import AgencyRestricted, RestrictAgency, restrict_agency
from marketplace.usecases.rule_hold import HoldRuled, RuleHold, rule_hold
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.state_relations import RelationsStated, StateRelations, state_relations
from marketplace.usecases.stated_relations import Person, Relations
from marketplace.usecases.suspend_agency import SuspendAgency, suspend_agency
from tests.usecases.market import (
    PROFILE,
    REGULATOR,
    Market,
    agency,
    code,
    now,
    pass_by,
    round_terms,
    sealed_terms,
    until,
)

BOSS = Person(name="张三", id_number="330302199001011234")
UNDER_ONE = Relations(managers=[BOSS])


@pytest.fixture
def market(database: Database) -> Market:
    return Market(database)


async def newest(market: Market, number: int) -> Hold:
    async with market.database.read() as connection:
        return (await people.holds_of(connection, [code(number)]))[code(number)][-1]


async def rule(market: Market, number: int, ruling: str, *approvers: str) -> HoldRuled | Refused:
    hold = await newest(market, number)
    body: dict[str, Any] = {"agency": code(number), "hold": hold.id, "ruling": ruling, "reason": "经核查（示例）"}
    return await rule_hold(market.database, REGULATOR, RuleHold.model_validate({**body, "approvers": list(approvers)}))


async def restate(market: Market, number: int, relations: Relations) -> RelationsStated:
    command = StateRelations(agency=code(number), relations=relations)
    done = await state_relations(market.database, agency(number), command, profile=PROFILE)
    assert isinstance(done, RelationsStated)
    return done


async def restrict(market: Market, number: int, **changes: Any) -> AgencyRestricted:
    command = RestrictAgency(agency=code(number), basis="示例", region="330302", approvers=["R1", "R2"], **changes)
    done = await restrict_agency(market.database, REGULATOR, command, profile=PROFILE)
    assert isinstance(done, AgencyRestricted)
    return done


async def offered(market: Market, *numbers: int) -> str:
    """A sealed selection in which these agencies have offered, the first the least."""
    published = await market.publish(sealed_terms(ties=["draw"]))
    for number in numbers:
        await market.sign_up(published.selection, number)
        await market.offer(published.selection, number, 10_000_000 + number * 1_000_000)
    return published.selection


async def proposed(market: Market, selection: str) -> Selection:
    """After the close, with its first in publicity."""
    await pass_by(2.1)
    state = await settle_selection(market.database, selection)
    assert state.proposed == code(1)
    return state


@pytest.mark.parametrize("is_prompt", [True, False], ids=["seen", "unseen"])
async def test_who_is_found_related_after_the_publicity_does_not_keep_the_award(
    market: Market, is_prompt: bool
) -> None:
    for number in (1, 2, 3, 4):
        await market.file(number, relations=UNDER_ONE if number in {1, 2} else None)
    selection = await offered(market, 1, 2, 3, 4)
    state = await proposed(market, selection)
    await until(state.publicity[code(1)].at)
    if is_prompt:
        assert not (await settle_selection(market.database, selection)).is_confirmed
    alone = await rule(market, 1, "linked", "R1")
    assert isinstance(alone, Refused)
    assert alone.codes == ("two_approvers_needed",)
    assert isinstance(await rule(market, 1, "linked", "R1", "R2"), HoldRuled)
    state = await settle_selection(market.database, selection)
    assert state.proposed == code(3)


async def test_what_runs_is_not_awarded_on_a_restriction_of_something_else(market: Market) -> None:
    for number in (1, 2, 3, 4):
        await market.file(number, relations=UNDER_ONE if number == 1 else None)
    selection = await offered(market, 1, 2, 3)
    state = await proposed(market, selection)
    await restate(market, 4, Relations(legal_representative=BOSS))
    await restate(market, 1, Relations(legal_representative=BOSS))
    await market.restrict(4)
    await until(state.publicity[code(1)].at)
    assert (await restrict(market, 1, items=["SV15"], measures=["award"])).voided_in == []
    narrow = await rule(market, 1, "linked", "R1", "R2")
    assert isinstance(narrow, Refused)
    assert narrow.codes == ("restriction_missing",)
    await market.restrict(1)
    assert isinstance(await rule(market, 1, "linked", "R1", "R2"), HoldRuled)
    assert (await settle_selection(market.database, selection)).proposed == code(2)


async def test_something_new_holds_again_and_what_was_looked_at_does_not(market: Market) -> None:
    address = "温州市示例路 1 号"
    await market.file(1, relations=Relations(legal_representative=BOSS, address=address))
    await market.file(2, relations=Relations(address=address))
    await market.restrict(1)
    assert isinstance(await rule(market, 2, "unlinked"), HoldRuled)
    assert (await restate(market, 2, Relations(address="温州市示例路1号"))).held_for_review == []
    assert len((await restate(market, 2, Relations(address=address, legal_representative=BOSS))).held_for_review) == 1


async def test_what_is_stated_while_a_hold_waits_is_looked_at_after_its_ruling(market: Market) -> None:
    address = "温州市示例路 1 号"
    await market.file(1, relations=Relations(legal_representative=BOSS, address=address))
    await market.file(2, relations=Relations(address=address))
    await market.restrict(1)
    first = await newest(market, 2)
    assert (await restate(market, 2, Relations(address=address, legal_representative=BOSS))).held_for_review == []
    assert isinstance(await rule(market, 2, "unlinked"), HoldRuled)
    second = await newest(market, 2)
    assert (first.kinds, second.kinds) == (("address",), ("address", "legal_representative"))
    assert isinstance(await rule(market, 2, "unlinked"), HoldRuled)
    assert await newest(market, 2) != first
    assert (await read_holds(market.database)).rows == ()


async def test_what_a_restricted_agency_states_holds_whoever_it_points_at(market: Market) -> None:
    await market.file(1)
    await market.file(2, relations=Relations(legal_representative=BOSS))
    await market.restrict(1)
    assert len((await restate(market, 1, Relations(legal_representative=BOSS))).held_for_review) == 1
    assert [row.hold.agency for row in (await read_holds(market.database)).rows] == [code(2)]


async def test_numbers_of_houses_and_empty_words_are_not_taken_for_each_other(market: Market) -> None:
    await market.file(1, relations=Relations(address="温州市人民路1号12室", contact="-"))
    await market.file(2, relations=Relations(address="温州市人民路11号2室", contact="（）"))
    await market.file(3, relations=Relations(address="温州市人民路 1 号 12 室"))
    await market.file(4, relations=Relations(address="室"))
    await market.file(5, relations=Relations(address="号"))
    assert (await market.restrict(1)).held_for_review == [code(3)]
    assert (await market.restrict(4)).held_for_review == []


async def test_ties_stated_after_the_sign_up_hold_in_what_runs(market: Market) -> None:
    for number in (1, 2, 3):
        await market.file(number)
    selection = await offered(market, 1, 2, 3)
    for number in (1, 2, 1):
        await restate(market, number, UNDER_ONE)
    await pass_by(2.1)
    rows = (await read_holds(market.database)).rows
    assert sorted((row.hold.agency, row.hold.selection) for row in rows) == [(code(1), selection), (code(2), selection)]


async def test_between_rounds_nobody_learns_who_is_related(market: Market) -> None:
    for number in (1, 2, 3, 4):
        await market.file(number, relations=UNDER_ONE if number in {1, 2} else None)
    published = await market.publish(round_terms(opens_in=1.6, length=0.5, rounds=3, rest=0.5), sign_up_s=1.5)
    for number in (1, 2, 3, 4):
        await market.sign_up(published.selection, number)
    await pass_by(2.0)
    assert (await read_holds(market.database)).rows == ()
    early = await rule(market, 1, "linked", "R1", "R2")
    assert isinstance(early, Refused)
    assert early.codes == ("selection_not_closed",)
    await pass_by(2.3)
    assert len((await read_holds(market.database)).rows) == 2


async def test_what_is_over_does_not_stand_before_what_is_open_in_the_queue(market: Market) -> None:
    for number in (1, 2, 3):
        await market.file(number)
    done, at = await market.restrict(1), now()
    long_ago = at - timedelta(days=300)
    async with market.database.transaction() as connection:
        await connection.execute(
            """INSERT INTO restriction (id, subject, layer, basis, region, starts_at, ends_at, measures, items)
               VALUES ('ROLD', $1, 'market', '示例', '330302', $2, $3, '{}', '{}')""",
            code(1), long_ago, long_ago + timedelta(days=1),
        )  # fmt: skip
        over = [
            Hold(f"H{index}", code(2), code(1), "ROLD", None, ("address",), long_ago, long_ago) for index in range(120)
        ]
        fresh = [
            Hold(f"FRESH{index}", code(2 + index), code(1), done.restriction, None, ("address",), at, at)
            for index in range(2)
        ]
        await people.insert_holds(connection, [*over, *fresh])
    first = await read_holds(market.database, limit=1)
    assert [row.hold.id for row in first.rows] == ["FRESH0"]
    second = await read_holds(market.database, after=first.after or "", limit=1)
    assert ([row.hold.id for row in second.rows], second.after) == (["FRESH1"], None)


@pytest.mark.parametrize("what", ["suspended", "restricted"])
async def test_in_rounds_too_nothing_is_accepted_of_who_stands_back_or_may_not_offer(market: Market, what: str) -> None:
    for number in (1, 2, 3):
        await market.file(number)
    published = await market.publish(round_terms(opens_in=1.3, length=1.2, rounds=1), sign_up_s=1.2)
    if what == "restricted":
        await restrict(market, 1, measures=["offer"])
    for number in (1, 2, 3):
        await market.sign_up(published.selection, number)
    if what == "suspended":
        await suspend_agency(market.database, agency(1), SuspendAgency(agency=code(1), reason="停业（示例）"))
    await pass_by(1.35)
    for number in (2, 3, 1, 1):
        done = await market.offer(published.selection, number, 19_000_000 - 100_000 * number)
        assert isinstance(done, Refused if number == 1 else OfferPlaced), (number, done)
    await pass_by(1.3)
    state = await settle_selection(market.database, published.selection)
    bidders = [line.bidder for line in state.offers if line.reason is None]
    assert bidders == [code(2), code(3)]
    assert state.closed_at is not None
