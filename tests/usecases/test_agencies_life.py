"""An agency's life on a real database: objections, changes, standing back, leaving and returning."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from agencies import store as agencies
from agencies.life import Life
from commons.errors import Forbidden, Malformed, NotFound
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.record.store import load
from marketplace.usecases.act import Caller, clock
from marketplace.usecases.agency_leaving import AgencyLeft
from marketplace.usecases.answer_filing_objection import (
    AnswerFilingObjection,
    FilingObjectionAnswered,
    answer_filing_objection,
)
from marketplace.usecases.award_directly import AwardDirectly, award_directly
from marketplace.usecases.change_agency import AgencyChanged, ChangeAgency, change_agency
from marketplace.usecases.object_to_filing import FilingObjectedTo, ObjectToFiling, object_to_filing
from marketplace.usecases.return_agency import AgencyReturned, ReturnAgency, return_agency
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.suspend_agency import SuspendAgency, suspend_agency
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from marketplace.usecases.withdraw_agency import WithdrawAgency, withdraw_agency
from tests.usecases.market import (
    PROFILE,
    REGULATOR,
    Market,
    agency,
    code,
    instant_terms,
    now,
    owner,
    sealed_terms,
    until,
)

SOMEBODY = Caller(Actor("public", "somebody"))
EVIDENCE = "ab" * 32
RACES = 12


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in (1, 2, 3):
        await market.file(number)
    return market


async def objected(market: Market, number: int = 1, caller: Caller = SOMEBODY) -> FilingObjectedTo | Refused:
    command = ObjectToFiling(agency=code(number), reason="注册地不实（示例）", evidence_sha256=EVIDENCE)
    return await object_to_filing(market.database, caller, command, profile=PROFILE)


async def answered(
    market: Market, objection: str, answer: str, *, number: int = 1, **changes: str
) -> FilingObjectionAnswered | Refused:
    given = {"agency": code(number), "objection": objection, "answer": answer, "reason": "核查（示例）", **changes}
    return await answer_filing_objection(market.database, REGULATOR, AnswerFilingObjection.model_validate(given))


async def suspended(market: Market, number: int = 1) -> AgencyLeft:
    done = await suspend_agency(
        market.database, agency(number), SuspendAgency(agency=code(number), reason="停业（示例）")
    )
    assert isinstance(done, AgencyLeft), done
    return done


async def returned(market: Market, number: int = 1, caller: Caller | None = None) -> AgencyReturned | Refused:
    command = ReturnAgency(agency=code(number), reason="复业（示例）")
    return await return_agency(market.database, caller or agency(number), command)


async def types_of(market: Market, number: int) -> list[str]:
    async with market.database.read() as connection:
        return [one.event.type for one in await load(connection, [f"agency/{code(number)}"])]


async def test_an_objection_is_recorded_and_holds_nothing_up(market: Market) -> None:
    made = await objected(market)
    assert isinstance(made, FilingObjectedTo)
    twice = await objected(market)
    assert isinstance(twice, Refused)
    assert twice.codes == ("objection_is_open",)
    assert isinstance(await objected(market, caller=owner()), FilingObjectedTo)
    published = await market.publish(sealed_terms(), sign_up_s=20.0, close_s=30.0)
    assert isinstance(await market.sign_up(published.selection, 1), SignedUp)
    done = await answered(market, made.objection, "rejected")
    assert isinstance(done, FilingObjectionAnswered)
    again = await answered(market, made.objection, "rejected")
    assert isinstance(again, Refused)
    assert again.codes == ("objection_was_answered",)
    with pytest.raises(NotFound):
        await answered(market, made.objection, "rejected", number=2)
    with pytest.raises(NotFound):
        await objected(market, number=9)
    with pytest.raises(Forbidden):
        await objected(market, caller=REGULATOR)


async def test_after_the_window_nobody_objects_any_more(market: Market) -> None:
    filed = now()
    await until(filed + timedelta(seconds=5.1))
    late = await objected(market)
    assert isinstance(late, Refused)
    assert late.codes == ("objection_window_over",)


async def test_a_correction_shows_in_the_directory_and_the_record_says_why(market: Market) -> None:
    made = await objected(market)
    assert isinstance(made, FilingObjectedTo)
    nothing = await answered(market, made.objection, "corrected", region="330302")
    assert isinstance(nothing, Refused)
    assert nothing.codes == ("correction_changes_nothing",)
    done = await answered(market, made.objection, "corrected", region="330102", name="改名（示例）")
    assert isinstance(done, FilingObjectionAnswered)
    async with market.database.read() as connection:
        now = await agencies.particulars(connection, code(1))
        events = await load(connection, [f"agency/{code(1)}"])
        assert await connection.fetchval("SELECT city FROM agency WHERE uscc = $1", code(1)) == "330100"
    assert now is not None
    assert (now.name, now.region) == ("改名（示例）", "330102")
    assert events[-1].event.type == "agency.changed"
    assert events[-1].event.data["objection"] == made.objection
    assert events[-1].event.data["changes"] == [
        {"what": "name", "from": "测绘1号（示例）", "to": "改名（示例）"},
        {"what": "region", "from": "330302", "to": "330102"},
    ]


async def test_a_filing_that_a_regulator_withdrew_comes_back_by_a_regulator_alone(market: Market) -> None:
    made = await objected(market)
    assert isinstance(made, FilingObjectedTo)
    await market.shelve(1, 100_000)
    done = await answered(market, made.objection, "withdrawn")
    assert isinstance(done, FilingObjectionAnswered)
    assert done.shelf_offers_withdrawn == 1
    published = await market.publish(sealed_terms(), sign_up_s=20.0, close_s=30.0)
    refused = await market.sign_up(published.selection, 1)
    assert isinstance(refused, Refused)
    assert refused.codes == ("agency_not_in_force",)
    by_itself = await returned(market)
    assert isinstance(by_itself, Refused)
    assert by_itself.codes == ("withdrawn_by_regulator",)
    assert isinstance(await returned(market, caller=REGULATOR), AgencyReturned)
    assert isinstance(await market.sign_up(published.selection, 1), SignedUp)


async def test_a_change_shows_the_latest_and_keeps_every_reading(market: Market) -> None:
    await market.restrict(1)
    for name in ("甲测绘（示例）", "乙测绘（示例）"):
        done = await change_agency(market.database, agency(1), ChangeAgency(agency=code(1), name=name))
        assert isinstance(done, AgencyChanged)
        assert done.changed == ["name"]
    contact = await change_agency(market.database, agency(1), ChangeAgency(agency=code(1), contact_phone="0577-1"))
    assert isinstance(contact, AgencyChanged)
    assert contact.changed == ["contact"]
    same = await change_agency(market.database, agency(1), ChangeAgency(agency=code(1), name="乙测绘（示例）"))
    assert isinstance(same, Refused)
    assert same.codes == ("change_changes_nothing",)
    async with market.database.read() as connection:
        events = [one for one in await load(connection, [f"agency/{code(1)}"]) if one.event.type == "agency.changed"]
        assert (await agencies.names(connection, [code(1)]))[code(1)] == "乙测绘（示例）"
    rows = [one.event.data["changes"] for one in events]
    assert rows == [
        [{"what": "name", "from": "测绘1号（示例）", "to": "甲测绘（示例）"}],
        [{"what": "name", "from": "甲测绘（示例）", "to": "乙测绘（示例）"}],
        [],
    ]
    assert "0577" not in str(events[-1].event.data)
    published = await market.publish(sealed_terms(), sign_up_s=20.0, close_s=30.0)
    barred = await market.sign_up(published.selection, 1)  # a new name leaves the restriction behind nowhere
    assert isinstance(barred, Refused)
    assert barred.codes == ("restricted",)
    with pytest.raises(Forbidden):
        await change_agency(market.database, agency(2), ChangeAgency(agency=code(1), name="丙（示例）"))


async def test_the_operator_corrects_what_is_published_with_a_reason_and_no_contact(market: Market) -> None:
    operator = Caller(Actor("operator", "O1"))
    wrong = ChangeAgency(agency=code(1), name="丁（示例）")
    with pytest.raises(Malformed) as malformed:
        await change_agency(market.database, operator, wrong)
    assert [fault.pointer for fault in malformed.value.faults] == ["/reason"]
    reached = ChangeAgency(agency=code(1), contact_phone="0577-1", reason="示例")
    with pytest.raises(Forbidden):
        await change_agency(market.database, operator, reached)
    mended = wrong.model_copy(update={"reason": "与营业执照不符（示例）"})
    assert isinstance(await change_agency(market.database, operator, mended), AgencyChanged)
    await change_agency(market.database, agency(2), ChangeAgency(agency=code(2), name="戊（示例）"))
    async with market.database.read() as connection:
        said = [
            one.event.data.get("reason")
            for number in (1, 2)
            for one in await load(connection, [f"agency/{code(number)}"])
            if one.event.type == "agency.changed"
        ]
    assert said == ["与营业执照不符（示例）", None]


async def test_who_stands_back_begins_nothing_new_stays_bound_and_returns(market: Market) -> None:
    running = await market.publish(sealed_terms(), close_s=2.0)
    for number in (1, 2, 3):
        assert isinstance(await market.sign_up(running.selection, number), SignedUp)
        await market.offer(running.selection, number, 10_000_000 + number)
    await market.shelve(1, 100_000)
    done = await suspended(market)
    assert (done.standing, done.shelf_offers_withdrawn, done.bound_in) == ("suspended", 1, [running.selection])
    direct = await market.publish({"mode": "direct", "ceiling_fen": 20_000_000}, buyer_class="voluntary")
    other = await market.publish(sealed_terms(), sign_up_s=30.0, close_s=40.0)
    instant = await market.publish(instant_terms())
    named = AwardDirectly(selection=direct.selection, agency=code(1), price_fen=1_000_000, reason="延续（示例）")
    for refused in (
        await market.sign_up(other.selection, 1),
        await award_directly(market.database, owner(), named),
    ):
        assert isinstance(refused, Refused)
        assert refused.codes == ("agency_not_in_force",)
    nothing = await take_instant_award(market.database, owner(), TakeInstantAward(demand=instant.demand))
    assert isinstance(nothing, Refused)
    with pytest.raises(AssertionError, match="agency_not_in_force"):
        await market.shelve(1, 100_000)
    assert running.published_at is not None
    await until(running.published_at + timedelta(seconds=2.1))
    assert (await settle_selection(market.database, running.selection)).proposed == code(1)  # it stays bound
    assert isinstance(await returned(market), AgencyReturned)
    assert isinstance(await market.sign_up(other.selection, 1), SignedUp)
    await market.shelve(1, 100_000)
    awarded = await take_instant_award(market.database, owner(), TakeInstantAward(demand=instant.demand))
    assert isinstance(awarded, InstantAwarded)
    told = [one for one in await types_of(market, 1) if one.startswith("agency.")]
    assert told == ["agency.filed", "agency.suspended", "agency.returned"]


async def test_a_suspended_agency_offers_nothing_more_where_it_takes_part(market: Market) -> None:
    running = await market.publish(sealed_terms(), sign_up_s=20.0, close_s=30.0)
    await market.sign_up(running.selection, 1)
    assert not isinstance(await market.offer(running.selection, 1, 10_000_000), Refused)
    await suspended(market)
    refused = await market.offer(running.selection, 1, 9_000_000)
    assert isinstance(refused, Refused)
    assert refused.codes == ("agency_not_in_force",)
    await returned(market)
    assert not isinstance(await market.offer(running.selection, 1, 9_000_000), Refused)


async def test_leaving_and_returning_keep_the_code_and_the_whole_history(market: Market) -> None:
    await suspended(market)
    gone = await withdraw_agency(market.database, agency(1), WithdrawAgency(agency=code(1), reason="注销（示例）"))
    assert isinstance(gone, AgencyLeft)
    twice = await withdraw_agency(market.database, agency(1), WithdrawAgency(agency=code(1), reason="注销（示例）"))
    assert isinstance(twice, Refused)
    assert twice.codes == ("already_withdrawn",)
    assert isinstance(await returned(market), AgencyReturned)
    nowhere = await returned(market)
    assert isinstance(nowhere, Refused)
    assert nowhere.codes == ("agency_is_active",)
    told = [one for one in await types_of(market, 1) if one.startswith("agency.")]
    assert told == ["agency.filed", "agency.suspended", "agency.withdrawn", "agency.returned"]
    with pytest.raises(NotFound):
        await suspended(market, 9)


async def admitted_at(market: Market, selection: str, number: int) -> datetime | None:
    async with market.database.read() as connection:
        events = await load(connection, [f"selection/{selection}"])
    found = [
        one.event.at
        for one in events
        if one.event.type == "bidder.admitted" and (one.private or {}).get("bidder") == code(number)
    ]
    return found[0] if found else None


async def test_a_sign_up_comes_before_the_suspension_or_is_refused(market: Market) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=60.0, close_s=61.0)
    before, refused = 0, 0
    for race in range(RACES):
        number = 100 + race
        await market.file(number)

        async def strike(number: int = number, pause: float = race * 0.002) -> AgencyLeft:
            await asyncio.sleep(pause)
            return await suspended(market, number)

        answer, done = await asyncio.gather(market.sign_up(published.selection, number), strike())
        at = await admitted_at(market, published.selection, number)
        assert isinstance(answer, SignedUp) is (at is not None)
        assert at is None or at <= done.since
        assert (at is not None) is (published.selection in done.bound_in)  # what is bound is said, all of it
        before, refused = before + (at is not None), refused + isinstance(answer, Refused)
    assert before + refused == RACES


async def naive_sign_up(
    connection: Connection, number: int, has_read: asyncio.Event, has_left: asyncio.Event
) -> datetime:
    """The control: reads how the agency stands without holding its row, then acts."""
    assert (await agencies.life_of(connection, code(number))).is_active
    has_read.set()
    await has_left.wait()
    return await clock(connection)


async def test_the_naive_order_admits_somebody_who_has_left(market: Market) -> None:
    has_read, has_left = asyncio.Event(), asyncio.Event()

    async def naive() -> datetime:
        async with market.database.transaction() as connection:
            return await naive_sign_up(connection, 1, has_read, has_left)

    async def strike() -> AgencyLeft:
        await has_read.wait()
        done = await suspended(market)
        has_left.set()
        return done

    admitted, done = await asyncio.gather(naive(), strike())
    assert admitted > done.since
    async with market.database.read() as connection:
        assert await agencies.life_of(connection, code(1)) == Life("suspended", done.since, "agency")
