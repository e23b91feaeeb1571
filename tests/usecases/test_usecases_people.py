"""People behind agencies on a real database: holds for review, practitioners, bidders under one roof."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import asyncpg
import pytest

from agencies.people import store as people
from commons.errors import Forbidden, NotFound
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.award_directly import AwardDirectly, award_directly
from marketplace.usecases.change_agency import AgencyChanged, ChangeAgency, change_agency
from marketplace.usecases.claim_practitioner import ClaimPractitioner, PractitionerClaimed, claim_practitioner
from marketplace.usecases.file_agency import AgencyFiled, FileAgency, file_agency
from marketplace.usecases.read_holds import read_holds
from marketplace.usecases.release_practitioner import (
    PractitionerReleased,
    ReleasePractitioner,
    release_practitioner,
)
from marketplace.usecases.restrict_agency import RestrictAgency, restrict_agency
from marketplace.usecases.rule_hold import HoldRuled, RuleHold, rule_hold
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.state_relations import RelationsStated, StateRelations, state_relations
from marketplace.usecases.stated_relations import Holder, Person, Relations
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.usecases.market import (
    PROFILE,
    REGULATOR,
    Market,
    agency,
    code,
    instant_terms,
    now,
    owner,
    pass_by,
    sealed_terms,
    until,
)

BOSS = Person(name="张三", id_number="330302199001011234")
OTHER = Person(name="张三", id_number="330302199001014321")


def led_by(person: Person, **more: Any) -> Relations:
    return Relations(legal_representative=person, **more)


@pytest.fixture
def market(database: Database) -> Market:
    return Market(database)


async def held_of(market: Market, number: int) -> list[str]:
    """Whom the open holds of an agency link it to."""
    listed = await read_holds(market.database)
    return [row.hold.linked_to for row in listed.rows if row.hold.agency == code(number)]


async def rule(market: Market, number: int, ruling: str) -> HoldRuled | Refused:
    async with market.database.read() as connection:
        hold = (await people.holds_of(connection, [code(number)]))[code(number)][-1]
    command = RuleHold.model_validate(
        {
            "agency": code(number), "hold": hold.id, "ruling": ruling, "reason": "经核查（示例）",
            "approvers": ["R1", "R2"] if ruling == "linked" else [],
        }
    )  # fmt: skip
    return await rule_hold(market.database, REGULATOR, command)


async def test_a_new_name_for_a_restricted_agency_is_on_file_and_held(market: Market) -> None:
    await market.file(1, relations=led_by(BOSS))
    await market.restrict(1)
    filed = await market.file(2, relations=led_by(BOSS))
    assert len(filed.held_for_review) == 1
    assert await held_of(market, 2) == [code(1)]


async def test_a_namesake_is_not_held(market: Market) -> None:
    await market.file(1, relations=led_by(BOSS))
    await market.restrict(1)
    filed = await market.file(2, relations=led_by(OTHER))
    assert filed.held_for_review == []
    assert await held_of(market, 2) == []


async def test_whoever_is_on_file_already_is_held_when_the_other_is_restricted(market: Market) -> None:
    await market.file(1, relations=led_by(BOSS, address="温州市示例路 1 号"))
    await market.file(2, relations=led_by(OTHER, address="温州市示例路1号"))
    await market.file(3, relations=Relations(predecessors=[code(1)]))
    await market.file(4, relations=Relations(controllers=[Holder(name="母公司（示例）", uscc=code(1))]))
    await market.file(5, relations=led_by(OTHER))
    done = await market.restrict(1)
    assert done.held_for_review == [code(2), code(3), code(4)]


async def test_what_is_stated_later_holds_and_what_ended_long_before_does_not(market: Market) -> None:
    for number in (1, 2):
        await market.file(number)
    await market.restrict(1)
    command = StateRelations(agency=code(2), relations=Relations(predecessors=[code(1)]))
    stated = await state_relations(market.database, agency(2), command, profile=PROFILE)
    assert isinstance(stated, RelationsStated)
    assert (stated.stated, stated.ended, len(stated.held_for_review)) == (1, 0, 1)
    again = await state_relations(market.database, agency(2), command, profile=PROFILE)
    assert isinstance(again, RelationsStated)
    assert (again.stated, again.ended, again.held_for_review) == (0, 0, [])


async def test_a_telephone_number_links_and_a_new_one_from_then_on(market: Market) -> None:
    await market.file(1, relations=Relations(contact="0577-88888888"))
    for number in (2, 3):
        await market.file(number)
    await market.restrict(1)
    for number, phone in ((2, "0577 8888 8888"), (3, "0577-88888880")):
        command = ChangeAgency(agency=code(number), contact_phone=phone)
        assert isinstance(await change_agency(market.database, agency(number), command, profile=PROFILE), AgencyChanged)
    assert (await held_of(market, 2), await held_of(market, 3)) == ([code(1)], [])


async def _proposed_while_held(market: Market) -> str:
    """A sealed selection that agency 1 wins, agency 4, its double, being restricted in its publicity."""
    for number in (1, 2, 3):
        await market.file(number, relations=led_by(BOSS) if number == 1 else None)
    await market.file(4, relations=led_by(BOSS))
    published = await market.publish(sealed_terms(ties=["draw"]))
    for number in (1, 2, 3):
        await market.sign_up(published.selection, number)
        await market.offer(published.selection, number, 10_000_000 + number * 1_000_000)
    await pass_by(2.1)
    state = await settle_selection(market.database, published.selection)
    assert state.proposed == code(1)
    await market.confirm(published.selection, 1)
    done = await market.restrict(4)
    assert done.held_for_review == [code(1)]
    await until(state.publicity[code(1)].at)
    state = await settle_selection(market.database, published.selection)
    assert not state.is_confirmed
    return published.selection


async def test_an_award_waits_for_the_ruling_and_stands_from_it_on(market: Market) -> None:
    selection = await _proposed_while_held(market)
    ruled = await rule(market, 1, "unlinked")
    assert isinstance(ruled, HoldRuled)
    assert ruled.selections == [selection]
    state = await settle_selection(market.database, selection)
    assert state.is_confirmed
    assert state.proposed == code(1)
    again = await rule(market, 1, "unlinked")
    assert isinstance(again, Refused)
    assert again.codes == ("hold_is_over",)


async def test_an_agency_found_linked_is_restricted_first_and_the_next_is_proposed(market: Market) -> None:
    selection = await _proposed_while_held(market)
    early = await rule(market, 1, "linked")
    assert isinstance(early, Refused)
    assert early.codes == ("restriction_missing",)
    await market.restrict(1)
    state = await settle_selection(market.database, selection)
    assert state.proposed == code(2)
    assert isinstance(await rule(market, 1, "linked"), HoldRuled)


async def test_a_hold_ends_with_the_restriction_that_brought_it(market: Market) -> None:
    await market.file(1, relations=led_by(BOSS))
    await market.file(2, relations=led_by(BOSS))
    ends_at = now().replace(microsecond=0)
    command = RestrictAgency(
        agency=code(1), basis="短期（示例）", region="330302", approvers=["R1", "R2"],
        ends_at=datetime.fromtimestamp(ends_at.timestamp() + 2, UTC),
    )  # fmt: skip
    await restrict_agency(market.database, REGULATOR, command, profile=PROFILE)
    assert await held_of(market, 2) == [code(1)]
    assert command.ends_at is not None
    await until(command.ends_at)
    assert await held_of(market, 2) == []


async def test_nobody_held_is_bound_at_once(market: Market) -> None:
    for number in (1, 2):
        await market.file(number, relations=led_by(BOSS) if number == 1 else None)
        await market.shelve(number, 100_000 * number)
    await market.file(3, relations=led_by(BOSS))
    await market.restrict(3)
    published = await market.publish(instant_terms())
    done = await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    assert isinstance(done, InstantAwarded)
    assert done.winner == code(2)
    direct = await market.publish({"mode": "direct", "ceiling_fen": 20_000_000}, buyer_class="voluntary")
    command = AwardDirectly(selection=direct.selection, agency=code(1), price_fen=1_000_000, reason="熟悉（示例）")
    named = await award_directly(market.database, owner(), command)
    assert isinstance(named, Refused)
    assert named.codes == ("held_for_review",)


async def test_bidders_under_one_roof_are_both_held_in_that_selection_and_out_when_found_related(
    market: Market,
) -> None:
    for number in (1, 2, 3, 4, 5):
        await market.file(number, relations=Relations(managers=[BOSS]) if number in {1, 2} else None)
    published = await market.publish(sealed_terms(ties=["draw"]))
    for number in (1, 2, 3, 4, 5):
        await market.sign_up(published.selection, number)
        await market.offer(published.selection, number, 10_000_000 + number * 1_000_000)
    assert (await read_holds(market.database)).rows == ()  # nobody learns who is in
    await pass_by(2.1)
    state = await settle_selection(market.database, published.selection)
    assert state.proposed == code(1)
    assert await held_of(market, 1) == [code(2)]
    assert await held_of(market, 2) == [code(1)]
    assert isinstance(await rule(market, 2, "linked"), HoldRuled)
    state = await settle_selection(market.database, published.selection)
    assert state.proposed == code(3)
    assert await held_of(market, 1) == []


async def test_an_agency_under_its_owner_may_not_serve_it(market: Market) -> None:
    published_owner = code(1, "11990000MA")
    await market.file(
        1, relations=Relations(shareholders=[Holder(name="业主（示例）", uscc=published_owner, share_bp=5100)])
    )
    published = await market.publish(sealed_terms())
    refused = await market.sign_up(published.selection, 1)
    assert isinstance(refused, Refused)
    assert refused.codes == ("related_to_owner",)


def claiming(number: int, person: Person = BOSS) -> ClaimPractitioner:
    return ClaimPractitioner(
        agency=code(number), person=person, certificate_kind="注册测绘师", certificate_number="CH-1",
        valid_from=date(2024, 1, 1),
    )  # fmt: skip


async def claim(market: Market, number: int, person: Person = BOSS) -> PractitionerClaimed | Refused:
    return await claim_practitioner(market.database, agency(number), claiming(number, person), profile=PROFILE)


async def happened(market: Market, number: int) -> list[str]:
    async with market.database.read() as connection:
        rows = await connection.fetch(
            "SELECT type FROM record_event WHERE subject = $1 ORDER BY seq", f"agency/{code(number)}"
        )
    return [row["type"] for row in rows]


async def test_a_second_claim_on_a_person_is_held_and_both_are_told(market: Market) -> None:
    for number in (1, 2):
        await market.file(number, grade=None)
    first, second = await claim(market, 1), await claim(market, 2)
    assert isinstance(first, PractitionerClaimed)
    assert isinstance(second, PractitionerClaimed)
    assert (first.is_held, second.is_held) == (False, True)
    assert await happened(market, 1) == ["agency.filed", "practitioner.claimed", "practitioner.contested"]
    assert await happened(market, 2) == ["agency.filed", "practitioner.claimed"]
    twice = await claim(market, 1)
    assert isinstance(twice, Refused)
    assert twice.codes == ("practitioner_claimed_already",)
    left = await release_practitioner(
        market.database, agency(1), ReleasePractitioner(agency=code(1), claim=first.claim, reason="离职（示例）")
    )
    assert isinstance(left, PractitionerReleased)
    assert left.passes_to == code(2)
    assert (await happened(market, 2))[-1] == "practitioner.active"
    with pytest.raises(Forbidden):
        await release_practitioner(
            market.database, agency(1), ReleasePractitioner(agency=code(2), claim=second.claim, reason="（示例）")
        )
    with pytest.raises(NotFound):
        await release_practitioner(
            market.database, REGULATOR, ReleasePractitioner(agency=code(1), claim=second.claim, reason="（示例）")
        )


async def test_of_claims_made_at_once_one_is_active(market: Market) -> None:
    for number in range(1, 6):
        await market.file(number, grade=None)
    done = await asyncio.gather(*(claim(market, number) for number in range(1, 6)))
    assert sorted(one.is_held for one in done if isinstance(one, PractitionerClaimed)) == [
        False,
        True,
        True,
        True,
        True,
    ]


async def test_the_same_staff_under_a_new_name_is_held(market: Market) -> None:
    for number in (1, 2, 3):
        await market.file(number, grade=None)
    first, second = await claim(market, 1), await claim(market, 1, OTHER)
    assert isinstance(first, PractitionerClaimed)
    assert isinstance(second, PractitionerClaimed)
    await market.restrict(1)
    for one in (first, second):
        command = ReleasePractitioner(agency=code(1), claim=one.claim, reason="离职（示例）")
        await release_practitioner(market.database, agency(1), command)
    await claim(market, 2)
    await claim(market, 3)
    assert (await held_of(market, 2), await held_of(market, 3)) == ([], [])
    await claim(market, 2, OTHER)
    assert (await held_of(market, 2), await held_of(market, 3)) == ([code(1)], [])


async def test_identifiers_lie_nowhere_in_the_clear(market: Market) -> None:
    await market.file(1, relations=led_by(BOSS, contact="0577-88888888"))
    await claim(market, 1)
    filing = FileAgency(
        uscc=code(2), name="示例", kind="company", region="330302", legal_representative="示例",
        contact_phone="0577-77777777", commitment_signed=True,
    )  # fmt: skip
    assert isinstance(await file_agency(market.database, agency(2), filing, profile=PROFILE), AgencyFiled)
    secrets = [one.encode() for one in (BOSS.id_number, "88888888", "77777777")]
    async with market.database.read() as connection:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {str(row["tablename"]) for row in rows}
        assert {"agency_tie", "practitioner", "record_event", "request_answer"} <= tables
        for table in sorted(tables):
            kept = BytesIO()
            await connection.copy_from_table(table, output=kept)
            for secret in secrets:
                assert secret not in kept.getvalue(), table
                assert secret.hex().encode() not in kept.getvalue(), table


async def test_what_was_stated_is_never_edited(market: Market) -> None:
    await market.file(1, relations=led_by(BOSS))
    with pytest.raises(asyncpg.RestrictViolationError):
        async with market.database.transaction() as connection:
            await connection.execute("UPDATE agency_tie SET digest = 'x'")
